package io.modelserver.scripts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.modelserver.security.KeyFile;
import io.modelserver.security.KeyRing;
import io.modelserver.security.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The scripts have tests in their own languages; this runs them with all others. */
@DisabledOnOs(OS.WINDOWS)
class ScriptsIT {

    private static final String PYTHON = Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3"
            : "python3";

    @TempDir
    Path temp;

    @Test
    void theStartScriptPassesItsTests() throws Exception {
        assertPasses("bash", "tools/test_start_script.sh");
    }

    @Test
    void theInstallScriptPassesItsTests() throws Exception {
        assertPasses("bash", "tools/test_install_script.sh");
    }

    @Test
    void theAlertsPassTheirTestsWherePrometheusIsInstalled() throws Exception {
        assumeTrue(run("bash", "-c", "type -P promtool") == 0, "Prometheus is not installed");

        assertPasses("promtool", "test", "rules", "src/test/prometheus/alerts_test.yml");
    }

    @ParameterizedTest
    @MethodSource("testsOfTools")
    void theToolsPassTheirTestsWhereTheirLibrariesAreInstalled(Path tests) throws Exception {
        String libraries = libraries(tests.getFileName().toString());
        assumeTrue(run(PYTHON, "-c", "import " + libraries) == 0, () -> libraries + " is not installed");

        assertPasses(PYTHON, "-m", "unittest", "discover", "-s", "tools", "-p", tests.getFileName().toString());
    }

    @Test
    void thePythonClientPassesItsTestsWhereHttpxIsInstalled() throws Exception {
        assumeTrue(run(PYTHON, "-c", "import httpx") == 0, "httpx is not installed");

        assertPasses(PYTHON, "-m", "unittest", "discover", "-s", "clients/python/tests");
    }

    @Test
    void thePaperBotPassesItsTestsWhereItsLibrariesAreInstalled() throws Exception {
        assumeTrue(run(PYTHON, "-c", "import httpx, numpy") == 0, "httpx or NumPy is not installed");

        assertPasses(PYTHON, "-m", "unittest", "discover", "-s", "examples/bot");
    }

    private static String libraries(String tests) {
        return switch (tests) {
            case "test_train_model.py", "test_train_transformers.py" -> "torch";
            case "test_train_trees.py" -> "sklearn, onnx";
            case "test_feature_statistics.py", "test_synthetic_market.py" -> "numpy";
            default -> "json";
        };
    }

    static List<Path> testsOfTools() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("tools"))) {
            return files.filter((file) -> file.getFileName().toString().matches("test_.*\\.py")).sorted().toList();
        }
    }

    @Test
    void aNewKeyIsPrintedOnceAndItsLineIsOneThatTheServerReads() throws Exception {
        Path keys = temp.resolve("keys");
        Process script = new ProcessBuilder("bash", "tools/new_api_key.sh", "alice", "admin,predict")
            .redirectOutput(keys.toFile())
            .start();
        String[] shown = new String(script.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
        assertThat(script.waitFor()).isZero();

        KeyRing ring = new KeyRing(new KeyFile(keys), () -> 0);

        assertThat(shown[1]).matches("[A-Za-z0-9_-]{43}");
        assertThat(keys).content().doesNotContain(shown[1]);
        assertThat(ring.find(shown[1])).get().satisfies((key) -> {
            assertThat(key.name()).isEqualTo("alice");
            assertThat(key.allows(Scope.ADMIN)).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource({ "local, admin", "-x, admin", "a b, admin", "alice, root", "alice, 'admin,'", "alice, ''" })
    void aLineThatTheServerWouldRefuseIsNotPrinted(String name, String scopes) throws Exception {
        assertThat(run("bash", "tools/new_api_key.sh", name, scopes)).isEqualTo(2);
    }

    private void assertPasses(String... command) throws IOException, InterruptedException {
        assertThat(run(command)).as(() -> output()).isZero();
    }

    private int run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(temp.resolve("output").toFile());
        builder.environment().put("PYTHONPATH", "clients/python/src");
        Process process = builder.start();
        assertThat(process.waitFor(1, TimeUnit.HOURS)).isTrue();
        return process.exitValue();
    }

    private String output() {
        try {
            return Files.readString(temp.resolve("output"), StandardCharsets.UTF_8);
        }
        catch (IOException ex) {
            return ex.toString();
        }
    }

}
