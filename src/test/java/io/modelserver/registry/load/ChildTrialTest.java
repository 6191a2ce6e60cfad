package io.modelserver.registry.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A shell takes the place of the program; it gets the model as $0 and the version as $1.
 */
@DisabledOnOs(OS.WINDOWS)
class ChildTrialTest {

    private static final ModelId ID = new ModelId("m", "7");

    @Test
    void whatWasTriedIsToldByItsChecksums() throws Exception {
        assertThat(trial("echo noise; echo modelserver-trial-tried model.pt sum-of-$0-$1").run(ID))
            .isEqualTo(Map.of("model.pt", "sum-of-m-7"));
    }

    @Test
    void whyItWasRefusedIsTold() {
        assertRefused("echo modelserver-trial-refused no such luck", "no such luck");
    }

    @Test
    void aCrashIsToldWithItsSignal() {
        assertRefused("kill -SEGV $$", "it crashes: the process that tried it ended with signal 11");
    }

    @Test
    void aProcessThatEndsWithoutAWordHasNotTriedAnything() {
        assertRefused("exit 0", "the process that tried it ended without a result");
    }

    @Test
    void aProcessThatHangsIsEnded() {
        ChildTrial trial = new ChildTrial(List.of("/bin/sh", "-c", "exec sleep 600"), Duration.ZERO, Long.MAX_VALUE,
                System::nanoTime);

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> trial.run(ID))
            .withMessageContaining("took longer than 0 ms");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aProcessThatTakesTooMuchMemoryIsEnded() {
        ChildTrial trial = new ChildTrial(List.of("/bin/sh", "-c", "exec sleep 600"), Duration.ofMinutes(1), 1,
                System::nanoTime);

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> trial.run(ID))
            .withMessageContaining("memory");
    }

    @Test
    void aProgramThatCanNotBeStartedRefusesTheVersion() {
        ChildTrial trial = new ChildTrial(List.of("/no/such/program"), Duration.ofMinutes(1), 1, System::nanoTime);

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> trial.run(ID))
            .withMessageContaining("could not be tried");
    }

    private static void assertRefused(String script, String message) {
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> trial(script).run(ID))
            .withMessage(message);
    }

    private static ChildTrial trial(String script) {
        return new ChildTrial(List.of("/bin/sh", "-c", script), Duration.ofMinutes(1), Long.MAX_VALUE,
                System::nanoTime);
    }

}
