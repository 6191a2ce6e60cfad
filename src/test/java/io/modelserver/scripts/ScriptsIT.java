package io.modelserver.scripts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

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
    void theTrainingToolPassesItsTestsWherePyTorchIsInstalled() throws Exception {
        assumeTrue(run(PYTHON, "-c", "import torch") == 0, "PyTorch is not installed");

        assertPasses(PYTHON, "-m", "unittest", "discover", "-s", "tools");
    }

    private void assertPasses(String... command) throws IOException, InterruptedException {
        assertThat(run(command)).as(() -> output()).isZero();
    }

    private int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(temp.resolve("output").toFile())
            .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
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
