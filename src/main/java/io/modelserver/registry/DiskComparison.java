package io.modelserver.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what is served with the files that it was loaded from. A look costs one call
 * for the attributes of a file; only where these have changed is the file read, once for
 * each change and in the background, since a link, a backup or a change of rights alters
 * them too.
 */
final class DiskComparison {

    private static final Logger logger = LoggerFactory.getLogger(DiskComparison.class);

    private final Executor readingThread;

    private final Map<LoadedFile, Verdict> verdicts = new ConcurrentHashMap<>();

    private final Set<LoadedFile> beingRead = ConcurrentHashMap.newKeySet();

    DiskComparison(Executor readingThread) {
        this.readingThread = readingThread;
    }

    /** Whether a file is gone or is known to hold other bytes now. */
    boolean hasChanged(LoadedFile file) {
        String identity = FileIdentity.of(file.path());
        if (identity.equals(file.identity())) {
            verdicts.remove(file);
            return false;
        }
        if (Files.notExists(file.path())) {
            return true;
        }
        Verdict last = verdicts.get(file);
        boolean isKnown = last != null && last.identity().equals(identity);
        if (!isKnown && beingRead.add(file)) {
            readingThread.execute(() -> read(file));
        }
        return last != null && last.hasChanged();
    }

    /** Forgets all other files. */
    void retain(Collection<LoadedFile> files) {
        verdicts.keySet().retainAll(files);
    }

    private void read(LoadedFile file) {
        try {
            String before = FileIdentity.of(file.path());
            boolean hasChanged = !file.isSameOnDisk();
            // What changes while it is read is looked at the next time.
            if (before.equals(FileIdentity.of(file.path()))) {
                verdicts.put(file, new Verdict(before, hasChanged));
            }
        }
        catch (IOException ex) {
            logger.debug("{} can't be compared with what is served", file.path(), ex);
        }
        finally {
            beingRead.remove(file);
        }
    }

    /**
     * What came of reading a file.
     *
     * @param identity of the file that was read
     * @param hasChanged whether it held other bytes
     */
    private record Verdict(String identity, boolean hasChanged) {
    }

}
