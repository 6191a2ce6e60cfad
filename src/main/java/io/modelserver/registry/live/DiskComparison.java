package io.modelserver.registry.live;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.modelserver.registry.store.FileIdentity;
import io.modelserver.registry.store.LoadedFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what is served with the files that it was loaded from. A look costs one call
 * for the attributes of a file; only where these have changed is the file read, once for
 * each change, since a link, a backup or a change of rights alters them too. Files are
 * read in the background, and all that one round of looks finds changed is waited for
 * half a second: a health check must be quick, and should not be a look late.
 */
public final class DiskComparison {

    private static final Logger logger = LoggerFactory.getLogger(DiskComparison.class);

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Executor readingThread;

    private final Map<LoadedFile, Verdict> verdicts = new ConcurrentHashMap<>();

    private final Map<LoadedFile, CompletableFuture<Void>> beingRead = new ConcurrentHashMap<>();

    private volatile long endOfPatience = System.nanoTime();

    /**
     * Creates a comparison that reads files in the given thread.
     * @param readingThread where files are read
     */
    public DiskComparison(Executor readingThread) {
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
        if (last == null || !last.identity().equals(identity)) {
            await(startReading(file));
            last = verdicts.get(file);
        }
        return last != null && last.hasChanged();
    }

    /** Begins a round of looks at some files, and forgets all others. */
    void begin(Collection<LoadedFile> files) {
        verdicts.keySet().retainAll(files);
        endOfPatience = System.nanoTime() + PATIENCE_NANOS;
    }

    private CompletableFuture<Void> startReading(LoadedFile file) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> underWay = beingRead.putIfAbsent(file, mine);
        if (underWay != null) {
            return underWay;
        }
        readingThread.execute(() -> {
            read(file);
            beingRead.remove(file);
            mine.complete(null);
        });
        return mine;
    }

    private void await(CompletableFuture<Void> read) {
        try {
            read.get(Math.max(0, endOfPatience - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        catch (ExecutionException | TimeoutException ex) {
            logger.debug("what became of a model file is known at the next look", ex);
        }
    }

    private void read(LoadedFile file) {
        try {
            String before = FileIdentity.of(file.path());
            boolean hasChanged = !file.isSameOnDisk();
            // What changes while it is read is compared the next time.
            if (before.equals(FileIdentity.of(file.path()))) {
                verdicts.put(file, new Verdict(before, hasChanged));
            }
        }
        catch (IOException ex) {
            logger.debug("{} can't be compared with what is served", file.path(), ex);
        }
    }

    /**
     * The result of reading a file.
     *
     * @param identity of the file that was read
     * @param hasChanged whether it held other bytes
     */
    private record Verdict(String identity, boolean hasChanged) {
    }

}
