package io.modelserver.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelFormat;
import io.modelserver.storage.AppendOnlyFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers on disk which engine was chosen for which two files, by their checksums. A
 * start then loads one engine instead of two.
 */
public final class EngineMemory {

    private static final Logger logger = LoggerFactory.getLogger(EngineMemory.class);

    private static final int DIGEST = 64;

    private final @Nullable Path path;

    private final Map<String, Decision> decisions = new ConcurrentHashMap<>();

    /**
     * Reads what was decided before.
     * @param path the file, which need not exist
     */
    public EngineMemory(Path path) {
        this.path = path;
        try {
            new AppendOnlyFile(path).lines().forEach(this::read);
        }
        catch (IOException ex) {
            logger.warn("what engines were chosen before can't be read, modelserver.inference.engine-memory: {}",
                    ex.toString());
        }
    }

    private EngineMemory() {
        this.path = null;
    }

    /**
     * {@return a memory that knows nothing and keeps nothing}
     */
    static EngineMemory none() {
        return new EngineMemory();
    }

    /** What is no line of this file is passed over. */
    private void read(String line) {
        int key = 2 * DIGEST + 1;
        int end = line.indexOf(' ', key + 1);
        for (ModelFormat format : ModelFormat.values()) {
            if (end > 0 && line.substring(key + 1, end).equals(format.name())) {
                decisions.put(line.substring(0, key), new Decision(format, line.substring(end + 1)));
            }
        }
    }

    Optional<Decision> recall(ModelArtifact torchScript, ModelArtifact onnx) {
        return Optional.ofNullable(decisions.get(key(torchScript, onnx)));
    }

    void remember(ModelArtifact torchScript, ModelArtifact onnx, ModelFormat format, String reason) {
        if (path == null) {
            return;
        }
        String key = key(torchScript, onnx);
        String line = "%s %s %s".formatted(key, format, reason.replaceAll("\\R", " "));
        decisions.put(key, new Decision(format, reason));
        try {
            Files.createDirectories(path.toAbsolutePath().resolveSibling(""));
            synchronized (this) {
                new AppendOnlyFile(path).append(line);
            }
        }
        catch (IOException ex) {
            logger.info("the engine that was chosen will be chosen anew at the next start: {}", ex.toString());
        }
    }

    private static String key(ModelArtifact torchScript, ModelArtifact onnx) {
        return torchScript.sha256() + ' ' + onnx.sha256();
    }

    /**
     * An engine and why.
     *
     * @param format the file that it runs
     * @param reason for the listing
     */
    record Decision(ModelFormat format, String reason) {
    }

}
