package io.modelserver.engine.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime's native libraries, unpacked once beside DJL's. By itself ONNX Runtime
 * unpacks them anew at each start, into the temporary folder, which may not be writable
 * or not be allowed to hold programs.
 */
final class OnnxRuntimeLibraries {

    private static final Logger logger = LoggerFactory.getLogger(OnnxRuntimeLibraries.class);

    private static final List<String> NAMES = List.of("onnxruntime", "onnxruntime4j_jni");

    private final Class<?> owner;

    private final Path cache;

    /**
     * Names where they come from and where they go.
     * @param owner a class of ONNX Runtime
     * @param cache the folder that holds a folder for each release
     */
    OnnxRuntimeLibraries(Class<?> owner, Path cache) {
        this.owner = owner;
        this.cache = cache;
    }

    /**
     * Finds them unpacked, or unpacks them.
     * @return their folder, empty where ONNX Runtime has to help itself: nothing may be
     * written there, or it has none for this platform
     */
    Optional<Path> folder() {
        String platform = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
        String release = owner.getPackage().getImplementationVersion();
        if (release == null) {
            return Optional.empty();
        }
        Path folder = cache.resolve(release + '-' + platform);
        try {
            if (!Files.isDirectory(folder)) {
                unpack(platform, folder);
            }
            return Optional.of(folder);
        }
        catch (IOException ex) {
            logger.info("ONNX Runtime's libraries are unpacked at each start, {} can't be written: {}", cache,
                    ex.toString());
            return Optional.empty();
        }
    }

    /** A folder under that name is always complete, also when the server dies here. */
    private void unpack(String platform, Path folder) throws IOException {
        Files.createDirectories(cache);
        Path unfinished = Files.createTempDirectory(cache, "unpacking");
        try {
            for (String name : NAMES) {
                copy(platform, name, unfinished.resolve(System.mapLibraryName(name)));
            }
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        }
        catch (FileSystemException ex) {
            // Another server may have been faster.
            if (!Files.isDirectory(folder)) {
                throw ex;
            }
        }
        finally {
            for (String name : NAMES) {
                Files.deleteIfExists(unfinished.resolve(System.mapLibraryName(name)));
            }
            Files.deleteIfExists(unfinished);
        }
    }

    private void copy(String platform, String name, Path file) throws IOException {
        InputStream in = resource(platform, name);
        if (in == null) {
            throw new IOException(name + " is missing");
        }
        try (in;
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            in.transferTo(Channels.newOutputStream(channel));
            channel.force(true);
        }
    }

    private @Nullable InputStream resource(String platform, String name) {
        return owner
            .getResourceAsStream("/ai/onnxruntime/native/%s/%s".formatted(platform, System.mapLibraryName(name)));
    }

    /** As ONNX Runtime names it. */
    static String platform(String system, String architecture) {
        String name = system.toLowerCase(Locale.ROOT);
        boolean arm = architecture.equals("aarch64");
        return (name.startsWith("windows") ? "win" : name.startsWith("mac") ? "osx" : "linux")
                + (arm ? "-aarch64" : "-x64");
    }

}
