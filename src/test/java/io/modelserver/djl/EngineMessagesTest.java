package io.modelserver.djl;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import ai.djl.engine.EngineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

class EngineMessagesTest {

    @TempDir
    private Path folder;

    @Test
    void theReasonIsTheFirstThatHasWords() {
        Throwable ex = new ExceptionInInitializerError(new EngineException("first\n\n  at native\nlast words\n"));

        assertThat(EngineMessages.reason(ex)).isEqualTo("last words");
        assertThat(EngineMessages.reason(new NoClassDefFoundError())).isEqualTo("NoClassDefFoundError");
    }

    @Test
    void aCauseThatIsItsOwnCauseEnds() {
        Exception first = new IllegalStateException((String) null);
        first.initCause(new IllegalStateException(null, first));

        assertThat(EngineMessages.reason(first)).isEqualTo("IllegalStateException");
    }

    @Test
    void whatTheSystemSaidIsTold() {
        Throwable ex = new ExceptionInInitializerError(new EngineException("Failed to extract the library",
                new FileSystemException("/somewhere/secret", null, "No space left on device")));

        assertThat(EngineMessages.startFailure(ex, folder))
            .isEqualTo("Failed to extract the library: No space left on device");
    }

    @Test
    void aFolderThatIsNoneIsNamedHoweverLittleTheEngineSays() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(EngineMessages.startFailure(new ExceptionInInitializerError(), file.resolve("pytorch")))
            .contains(".djl.ai", "ENGINE_CACHE_DIR", "is not a folder")
            .doesNotContain("null", folder.toString());
        assertThat(EngineMessages.obstacle(file.resolve("pytorch"))).get()
            .isEqualTo(new EngineMessages.Obstacle(file.toAbsolutePath(), "is not a folder"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFolderOfAnotherUserIsNamedWithTheRightThatIsMissing() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
        assumeFalse(Files.isWritable(closed), "the superuser may do everything");

        assertThat(EngineMessages.startFailure(new EngineException("x", new AccessDeniedException(closed.toString())),
                closed.resolve("pytorch")))
            .contains(".djl.ai", "ENGINE_CACHE_DIR", "needs the right to read, write and enter it",
                    System.getProperty("user.name"))
            .doesNotContain("null");
    }

    @Test
    void aFolderThatIsStillToBeMadeIsNoObstacle() {
        assertThat(EngineMessages.obstacle(folder.resolve("new").resolve("pytorch"))).isEmpty();
    }

}
