package io.modelserver.engine;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import ai.djl.engine.EngineException;
import ai.djl.util.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

class EngineStartTest {

    @TempDir
    private Path folder;

    @Test
    void whatTheSystemSaidIsTold() {
        Throwable ex = new ExceptionInInitializerError(new EngineException("Failed to extract the library",
                new FileSystemException("/somewhere/secret", null, "No space left on device")));

        assertThat(EngineStart.failure(ex, folder)).isEqualTo("Failed to extract the library: No space left on device");
    }

    @Test
    void aFolderThatIsNoneIsNamedHoweverLittleTheEngineSays() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(EngineStart.failure(new ExceptionInInitializerError(), file.resolve("pytorch")))
            .contains(".djl.ai", "ENGINE_CACHE_DIR", "is not a folder")
            .doesNotContain("null", folder.toString());
        assertThat(EngineStart.obstacle(file.resolve("pytorch"))).get()
            .isEqualTo(new EngineStart.Obstacle(file.toAbsolutePath(), "is not a folder"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFolderOfAnotherUserIsNamedWithTheRightThatIsMissing() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
        assumeFalse(Files.isWritable(closed), "the superuser may do everything");

        assertThat(EngineStart.failure(new EngineException("x", new AccessDeniedException(closed.toString())),
                closed.resolve("pytorch")))
            .contains(".djl.ai", "ENGINE_CACHE_DIR", "needs the right to read, write and enter it",
                    System.getProperty("user.name"))
            .doesNotContain("null");
    }

    @Test
    void aFolderThatIsStillToBeMadeIsNoObstacle() {
        assertThat(EngineStart.obstacle(folder.resolve("new").resolve("pytorch"))).isEmpty();
    }

    @Test
    void allEnginesAreUnpackedWhereDjlUnpacksItsOwn() {
        assertThat(EngineStart.cacheFolder("onnxruntime")).isEqualTo(Utils.getEngineCacheDir("onnxruntime"));
    }

}
