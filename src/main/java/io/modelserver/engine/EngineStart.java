package io.modelserver.engine;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where an engine starts from, and why it did not start. */
public final class EngineStart {

    private static final Logger logger = LoggerFactory.getLogger(EngineStart.class);

    private EngineStart() {
    }

    /**
     * {@return the folder into which an engine's native libraries are unpacked, where DJL
     * unpacks those of PyTorch: {@code ENGINE_CACHE_DIR}, {@code DJL_CACHE_DIR} or
     * {@code .djl.ai} in the home folder}
     * @param engine the last part of its path
     */
    public static Path cacheFolder(String engine) {
        return setting("ENGINE_CACHE_DIR").or(() -> setting("DJL_CACHE_DIR")).map(Path::of).orElseGet(() -> {
            Path home = Path.of(System.getProperty("user.home"));
            return (Files.isWritable(home) ? home : Path.of(System.getProperty("java.io.tmpdir"))).resolve(".djl.ai");
        }).resolve(engine);
    }

    private static Optional<String> setting(String name) {
        return Stream.of(Optional.ofNullable(System.getenv(name)), Optional.ofNullable(System.getProperty(name)))
            .flatMap(Optional::stream)
            .findFirst()
            .filter((value) -> !value.isEmpty());
    }

    /**
     * {@return why an engine did not start} Where its libraries can't be unpacked, that
     * is not in every exception: only the first attempt of a process has the cause.
     * Callers of the server read this text too, so the path itself is only in the log.
     * @param ex what the engine threw
     * @param folder where its libraries are unpacked
     */
    public static String failure(Throwable ex, Path folder) {
        return obstacle(folder).map((obstacle) -> {
            logger.warn("{} {}: the engine's libraries are unpacked there", obstacle.path(), obstacle.reason());
            return "its libraries are unpacked into .djl.ai in the home folder, or into ENGINE_CACHE_DIR, and that folder "
                    + obstacle.reason() + "; the log has its path";
        })
            .orElseGet(() -> Stream.concat(Stream.of(EngineMessages.reason(ex)), systemReason(ex))
                .distinct()
                .collect(Collectors.joining(": ")));
    }

    /** What the operating system said, without the file. */
    private static Stream<String> systemReason(Throwable ex) {
        return EngineMessages.causes(ex)
            .filter(IOException.class::isInstance)
            .map((cause) -> (cause instanceof FileSystemException file) ? file.getReason() : cause.getMessage())
            .flatMap(Stream::ofNullable)
            .limit(1);
    }

    /**
     * {@return what keeps this process from writing in a folder that may have to be made}
     */
    static Optional<Obstacle> obstacle(Path folder) {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            return Optional.of(new Obstacle(there, "is not a folder"));
        }
        if (!Files.isReadable(there) || !Files.isWritable(there) || !Files.isExecutable(there)) {
            return Optional
                .of(new Obstacle(there, "needs the right to read, write and enter it for this server's user '"
                        + System.getProperty("user.name") + "'"));
        }
        return Optional.empty();
    }

    /**
     * What is in the way.
     *
     * @param path the file or folder
     * @param reason the rest of a sentence that begins with it
     */
    record Obstacle(Path path, String reason) {
    }

}
