package io.modelserver.registry.live;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import io.modelserver.model.ModelId;
import io.modelserver.registry.store.VersionFolder;

/**
 * Loads versions that requests name, or are likely to. All who ask for one version share
 * one load, which goes on when they have stopped waiting.
 */
final class OnDemandLoads {

    private final Load load;

    private final Executor loadingThread;

    private final LongSupplier nanoTime;

    private final Map<ModelId, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

    OnDemandLoads(Load load, Executor loadingThread, LongSupplier nanoTime) {
        this.load = load;
        this.loadingThread = loadingThread;
        this.nanoTime = nanoTime;
    }

    /**
     * {@return whether the load ended by the deadline, well or not}
     */
    boolean isDoneBy(long deadlineNanos, VersionFolder folder) throws InterruptedException {
        try {
            underWay(folder).get(deadlineNanos - nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
            return true;
        }
        catch (TimeoutException ex) {
            return false;
        }
        catch (ExecutionException ex) {
            throw new IllegalStateException("a load ends in a model or a rejection", ex);
        }
    }

    /**
     * Starts a load and does not wait for it.
     * @return whether it goes on
     */
    boolean start(VersionFolder folder) {
        return !underWay(folder).isDone();
    }

    private CompletableFuture<Void> underWay(VersionFolder folder) {
        return underWay.computeIfAbsent(folder.id(),
                (id) -> CompletableFuture.runAsync(() -> run(folder), loadingThread));
    }

    private void run(VersionFolder folder) {
        try {
            load.run(folder);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        finally {
            underWay.remove(folder.id());
        }
    }

    /** Prepares a version, or remembers why it is not. */
    @FunctionalInterface
    interface Load {

        void run(VersionFolder folder) throws InterruptedException;

    }

}
