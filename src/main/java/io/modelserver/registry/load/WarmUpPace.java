package io.modelserver.registry.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import io.modelserver.batching.BatchListener;
import io.modelserver.model.ModelId;

/**
 * Leaves the cores to requests: while other versions answer requests, a version that is
 * warmed up pauses after each pass for several times as long as the pass took. At a
 * start, when nobody waits for answers, it does not.
 */
final class WarmUpPace implements BatchListener {

    private static final int RESTS_PER_PASS = 4;

    private static final long RECENT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final BatchListener listener;

    private final LongSupplier nanoTime;

    private volatile long lastPassNanos;

    /**
     * Listens for passes that answer requests.
     * @param listener notified of them too
     * @param nanoTime the clock
     */
    WarmUpPace(BatchListener listener, LongSupplier nanoTime) {
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.lastPassNanos = nanoTime.getAsLong() - RECENT_NANOS;
    }

    @Override
    public void batchComputed(ModelId model, int batchSize, long computeNanos) {
        lastPassNanos = nanoTime.getAsLong();
        listener.batchComputed(model, batchSize, computeNanos);
    }

    /**
     * {@return to be run after each pass of one warm-up, on its thread}
     */
    Runnable begin() {
        long[] begun = { nanoTime.getAsLong() };
        return () -> {
            LockSupport.parkNanos(restNanos(nanoTime.getAsLong() - begun[0]));
            begun[0] = nanoTime.getAsLong();
        };
    }

    long restNanos(long passNanos) {
        return (nanoTime.getAsLong() - lastPassNanos < RECENT_NANOS) ? RESTS_PER_PASS * passNanos : 0;
    }

}
