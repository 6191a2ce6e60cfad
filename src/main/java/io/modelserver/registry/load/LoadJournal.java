package io.modelserver.registry.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.modelserver.model.ModelId;
import io.modelserver.registry.store.VersionFolder;
import io.modelserver.storage.AtomicFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers on disk which versions are being loaded, since a model that crashes natively
 * takes the process with it. What is left over from a process that died is under
 * quarantine until its files change or it has passed a trial.
 */
public final class LoadJournal {

    private static final Logger logger = LoggerFactory.getLogger(LoadJournal.class);

    private static final String SUFFIX = ".loading";

    private final Path folder;

    /** Fingerprints by the names of the files. */
    private final Map<String, String> leftOver = new ConcurrentHashMap<>();

    /**
     * Reads what an earlier process left over.
     * @param folder where the entries are; is made when it is needed
     */
    public LoadJournal(Path folder) {
        this.folder = folder;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path entry : entries) {
                leftOver.put(String.valueOf(entry.getFileName()), Files.readString(entry).strip());
            }
        }
        catch (NoSuchFileException ex) {
            logger.debug("no load was in progress in {}", folder);
        }
        catch (IOException ex) {
            logger.warn("the journal of loads can't be read, modelserver.registry.load-journal: {}", ex.toString());
        }
    }

    boolean isUnderQuarantine(VersionFolder version) {
        return version.lastingFingerprint().equals(leftOver.get(fileOf(version.id())));
    }

    void begin(VersionFolder version) {
        try {
            Files.createDirectories(folder);
            new AtomicFile(folder.resolve(fileOf(version.id())))
                .write(version.lastingFingerprint().getBytes(StandardCharsets.UTF_8));
        }
        catch (IOException ex) {
            logger.warn("a crash while {} is loaded would not be remembered, modelserver.registry.load-journal: {}",
                    version.id(), ex.toString());
        }
    }

    /** The process is still there. */
    void end(ModelId id) {
        leftOver.remove(fileOf(id));
        try {
            Files.deleteIfExists(folder.resolve(fileOf(id)));
        }
        catch (IOException ex) {
            logger.warn("{} will need a trial at the next start: {}", id, ex.toString());
        }
    }

    /** No name holds the separator. */
    private static String fileOf(ModelId id) {
        return id.name() + "@" + id.version() + SUFFIX;
    }

}
