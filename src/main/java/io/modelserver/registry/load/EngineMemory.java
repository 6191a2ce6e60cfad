package io.modelserver.registry.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.modelserver.engine.Engine;
import io.modelserver.engine.Engines;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.storage.AppendOnlyFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers on disk which engine was chosen for which files, by their checksums. A start
 * then loads one engine instead of all. A line has the checksums in the engines'
 * precedence, the word of the engine that was chosen, and why.
 */
public final class EngineMemory {

    private static final Logger logger = LoggerFactory.getLogger(EngineMemory.class);

    private static final Pattern LINE = Pattern
        .compile("(?<files>[0-9a-f]{64}(?: [0-9a-f]{64})+) (?<word>\\S+) (?<reason>.*)");

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
            logger.warn("the stored choices of engines can't be read (modelserver.inference.engine-memory): {}",
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

    /** What is not a line of this file is skipped. */
    private void read(String line) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
            decisions.put(matcher.group("files"), new Decision(matcher.group("word"), matcher.group("reason")));
        }
    }

    /**
     * {@return what was decided between these files}
     * @param files in the precedence of their engines
     */
    Optional<Decision> recall(List<ModelArtifact> files) {
        return Optional.ofNullable(decisions.get(key(files)));
    }

    void remember(List<ModelArtifact> files, Engine chosen, String reason) {
        if (path == null) {
            return;
        }
        String key = key(files);
        String line = "%s %s %s".formatted(key, Engines.word(chosen), reason.replaceAll("\\R", " "));
        decisions.put(key, new Decision(Engines.word(chosen), reason));
        try {
            Files.createDirectories(path.toAbsolutePath().resolveSibling(""));
            synchronized (this) {
                new AppendOnlyFile(path).append(line);
            }
        }
        catch (IOException ex) {
            logger.info("the choice of engine could not be stored and will be made again at the next start: {}",
                    ex.toString());
        }
    }

    private static String key(List<ModelArtifact> files) {
        return files.stream().map(ModelArtifact::sha256).collect(Collectors.joining(" "));
    }

    /**
     * An engine and why.
     *
     * @param word what stands for the engine
     * @param reason for the listing
     */
    record Decision(String word, String reason) {

        boolean isFor(Engine engine) {
            return Engines.word(engine).equals(word);
        }

    }

}
