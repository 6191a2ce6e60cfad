package io.modelserver.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@ExtendWith(OutputCaptureExtension.class)
class KeyRingTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("keys");
    }

    @Test
    void aKeyIsFoundByWhatTheCallerSends() throws IOException {
        write(ApiKeys.line("alice", "admin", "one") + ApiKeys.line("bot", "outcome,predict", "two"));

        KeyRing keys = ring();

        assertThat(keys.find("one")).get().extracting(ApiKey::name).isEqualTo("alice");
        assertThat(keys.find("two")).get().extracting(ApiKey::name).isEqualTo("bot");
        assertThat(keys.find("three")).isEmpty();
        assertThat(keys.find("")).isEmpty();
        assertThat(keys.find(ApiKeys.hashOf("one"))).isEmpty();
    }

    @Test
    void adminMayDoEverythingAndTheOthersOnlyTheirOwn() throws IOException {
        write(ApiKeys.line("alice", "admin", "one") + ApiKeys.line("bot", "outcome", "two"));
        KeyRing keys = ring();

        for (Scope scope : Scope.values()) {
            assertThat(keys.find("one").orElseThrow().allows(scope)).isTrue();
            assertThat(keys.find("two").orElseThrow().allows(scope)).isEqualTo(scope == Scope.OUTCOME);
        }
    }

    @Test
    void keysComeAndGoWithTheFileWithinASecond() throws IOException {
        write(ApiKeys.line("old", "admin", "one"));
        KeyRing keys = ring();
        write(ApiKeys.line("new", "admin", "two"));

        now.addAndGet(TimeUnit.SECONDS.toNanos(1) - 1);
        assertThat(keys.find("one")).isPresent();
        assertThat(keys.find("two")).isEmpty();
        now.incrementAndGet();
        assertThat(keys.find("one")).isEmpty();
        assertThat(keys.find("two")).isPresent();
    }

    @Test
    void aMistakeLeavesTheKeysOfBeforeAndIsLoggedOnce(CapturedOutput log) throws IOException {
        write(ApiKeys.line("old", "admin", "one"));
        KeyRing keys = ring();

        write("# the new one\nnew admin two");
        for (int i = 0; i < 3; i++) {
            now.addAndGet(TimeUnit.SECONDS.toNanos(2));
            assertThat(keys.find("one")).isPresent();
        }
        assertThat(log).containsOnlyOnce("line 2").containsOnlyOnce("keeping the previously loaded keys");

        Files.delete(file);
        now.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(keys.find("one")).isPresent();
        assertThat(log).contains("does not exist");

        write(ApiKeys.line("new", "admin", "two"));
        now.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(keys.find("two")).isPresent();
    }

    @Test
    void aFileWithoutKeysLetsNobodyIn() throws IOException {
        write("# nobody");

        assertThat(ring().find("")).isEmpty();
    }

    @Test
    void aFileThatCanNotBeUsedEndsTheStart() {
        assertThatIllegalStateException().isThrownBy(this::ring).withMessageContaining("does not exist");
    }

    @Test
    void theServersOwnKeyIsGoodUntilItIsGivenBack() throws IOException {
        write("");
        KeyRing keys = ring();

        String key;
        try (KeyRing.LentKey lent = keys.lend("warm-up", Scope.PREDICT)) {
            key = lent.key();
            assertThat(keys.find(key)).get().satisfies((found) -> {
                assertThat(found.allows(Scope.PREDICT)).isTrue();
                assertThat(found.allows(Scope.ADMIN)).isFalse();
            });
        }
        assertThat(keys.find(key)).isEmpty();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFileThatEverybodyMayReadIsWarnedOf(CapturedOutput log) throws IOException {
        write("");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        ring();
        assertThat(log).doesNotContain("every user");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        ring();
        assertThat(log).containsOnlyOnce("every user").contains("chmod 600");
    }

    private KeyRing ring() {
        return new KeyRing(new KeyFile(file), now::get);
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }

}
