package io.modelserver.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The Python client and the bot that uses it, against the packaged server. */
@DisabledOnOs(OS.WINDOWS)
class PythonClientIT {

    private static final String PYTHON = Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3"
            : "python3";

    private static final String[] SETTINGS = { "--modelserver.inference.instances=1",
            "--modelserver.batching.max-batch-size=4", "--modelserver.ledger.predictions=all" };

    @TempDir
    Path temp;

    private PackagedServer server;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(python("-c", "import httpx, numpy").waitFor() == 0, "httpx or NumPy is not installed");
        server = PackagedServer.withRegistry((models) -> PackagedServer.copy(PackagedServer.MODELS, models), SETTINGS);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void theClientPassesItsTestsAgainstThisServer() throws Exception {
        assertPasses(python("-m", "unittest", "live_server"));
    }

    @Test
    void theBotTradesOnWhileTheServerRestartsAndReportsEveryOutcome() throws Exception {
        Process bot = python("examples/bot/paper_bot.py", "--url", "http://127.0.0.1:" + server.port(), "--minutes",
                "400", "--pace", "0.05", "--every", "20", "--patience", "240", "--spool",
                temp.resolve("outcomes.jsonl").toString());
        Eventually.isSo(() -> !bot.isAlive() || output().contains("minute   100 of 400"));

        server = server.restarted(SETTINGS);

        assertPasses(bot);
        List<String> lines = output().lines().toList();
        assertThat(lines).anyMatch((line) -> line.startsWith("strategy only "))
            .anyMatch((line) -> line.startsWith("hybrid "))
            .anyMatch((line) -> line.matches("outcomes +[1-9][0-9]+ reported, 0 of them .*, 0 rejected, 0 waiting"));
        assertThat(output()).contains("by the strategy alone");
    }

    private Process python(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(temp.resolve("output").toFile());
        builder.environment().put("PYTHONPATH", "clients/python/src:clients/python/tests");
        if (server != null) {
            builder.environment().put("MODELSERVER_URL", "http://127.0.0.1:" + server.port());
        }
        return builder.start();
    }

    private void assertPasses(Process process) throws InterruptedException {
        assertThat(process.waitFor(1, TimeUnit.HOURS)).as(this::output).isTrue();
        assertThat(process.exitValue()).as(this::output).isZero();
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
