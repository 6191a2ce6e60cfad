package io.modelserver.registry.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.modelserver.model.ModelId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What was read of files is remembered until they change. */
class FingerprintTest {

    private static final ModelId ID = new ModelId("m", "1");

    @TempDir
    Path folder;

    private final AtomicInteger readings = new AtomicInteger();

    private final Fingerprint.Memory<Integer> later = new Fingerprint.Memory<>(
            () -> System.currentTimeMillis() + 60_000);

    @Test
    void filesThatStayAsTheyAreAreReadOnce() throws Exception {
        Files.writeString(folder.resolve("a"), "1");

        assertThat(List.of(ask(later, "x"), ask(later, "x"))).containsExactly(1, 1);
        assertThat(ask(later, "y")).as("in other circumstances").isEqualTo(2);
    }

    @Test
    void aChangeOfAnyFileIsSeenAtOnce() throws Exception {
        Files.writeString(folder.resolve("a"), "1");
        ask(later, "x");

        Files.writeString(folder.resolve("a"), "22");
        assertThat(ask(later, "x")).isEqualTo(2);
        Files.writeString(folder.resolve("another"), "");
        assertThat(ask(later, "x")).isEqualTo(3);
        Files.delete(folder.resolve("a"));
        assertThat(ask(later, "x")).isEqualTo(4);
    }

    @Test
    void whatHasChangedJustNowIsReadAgain() throws Exception {
        Fingerprint.Memory<Integer> now = new Fingerprint.Memory<>(System::currentTimeMillis);
        Files.writeString(folder.resolve("a"), "1");

        assertThat(List.of(ask(now, "x"), ask(now, "x"))).containsExactly(1, 2);
    }

    @Test
    void whatMayNotBeKeptIsReadAgain() {
        Fingerprint print = new Fingerprint(folder, List.of("a"));

        later.of(ID, print, List.of(), readings::incrementAndGet, (value) -> false);
        assertThat(later.of(ID, print, List.of(), readings::incrementAndGet, (value) -> false)).isEqualTo(2);
    }

    private int ask(Fingerprint.Memory<Integer> memory, String circumstance) {
        return memory.of(ID, new Fingerprint(folder, List.of("a")), List.of(circumstance), readings::incrementAndGet,
                (value) -> true);
    }

}
