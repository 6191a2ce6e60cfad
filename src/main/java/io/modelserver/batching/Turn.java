package io.modelserver.batching;

import java.util.List;
import java.util.function.LongSupplier;

import io.modelserver.engine.InferenceException;
import io.modelserver.model.ModelOutput;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One batch of one version on its way through an instance. The thread that has the turn
 * owns it; others may only give it up.
 */
final class Turn {

    private static final Logger logger = LoggerFactory.getLogger(Turn.class);

    private final InstancePool pool;

    private final List<PendingResult> batch;

    private final long queueingSinceNanos;

    private final LongSupplier nanoTime;

    private @Nullable BatchRunner runner;

    private volatile @Nullable ForwardPass pass;

    private boolean givenUp;

    /**
     * Begins a turn.
     * @param pool the instances of the version
     * @param batch its requests, at least one
     * @param runner an idle instance, or null to open another
     * @param queueingSinceNanos since when the version has waited for the turn
     * @param nanoTime the clock of durations
     */
    Turn(InstancePool pool, List<PendingResult> batch, @Nullable BatchRunner runner, long queueingSinceNanos,
            LongSupplier nanoTime) {
        this.pool = pool;
        this.batch = batch;
        this.runner = runner;
        this.queueingSinceNanos = queueingSinceNanos;
        this.nanoTime = nanoTime;
    }

    InstancePool pool() {
        return pool;
    }

    List<PendingResult> batch() {
        return batch;
    }

    /** The instance, null if none could be opened. */
    @Nullable BatchRunner runner() {
        return runner;
    }

    /** How long it took, waiting for the turn included. */
    long nanos() {
        return nanoTime.getAsLong() - queueingSinceNanos;
    }

    boolean isGivenUp() {
        return givenUp;
    }

    /** Whatever happens ends requests, never the thread. */
    void run() {
        try {
            compute(batch);
        }
        catch (RuntimeException | Error ex) {
            logger.error("{}: a batch could not be answered", pool.model(), ex);
            batch.forEach((request) -> request.complete(new BatchResult.Failed("the batch could not be answered",
                    nanoTime.getAsLong() - request.arrivalNanos(), 0)));
        }
    }

    /**
     * Halves a failing batch until the request that breaks it stands alone.
     * @return whether the turn has not been given up
     */
    private boolean compute(List<PendingResult> part) {
        ForwardPass current = new ForwardPass(part, nanoTime.getAsLong());
        pass = current;
        List<ModelOutput> outputs = outputs(part);
        if (!current.end()) {
            return false;
        }
        if (outputs.isEmpty() && part.size() > 1) {
            return compute(part.subList(0, part.size() / 2)) && compute(part.subList(part.size() / 2, part.size()));
        }
        answer(current, outputs);
        return true;
    }

    private List<ModelOutput> outputs(List<PendingResult> part) {
        try {
            BatchRunner instance = runner;
            if (instance == null) {
                instance = pool.open();
                runner = instance;
            }
            return instance.run(part.stream().map(PendingResult::input).toList());
        }
        catch (InferenceException | RuntimeException | Error ex) {
            if (part.size() == 1) {
                logger.warn("{} failed on a request", pool.model(), ex);
            }
            return List.of();
        }
    }

    /** Without outputs the pass has failed, and its only request with it. */
    private void answer(ForwardPass ended, List<ModelOutput> outputs) {
        int batchSize = ended.batch().size();
        long computeNanos = nanoTime.getAsLong() - ended.startNanos();
        pool.report(batchSize, computeNanos);
        for (int i = 0; i < batchSize; i++) {
            PendingResult request = ended.batch().get(i);
            long queueNanos = ended.startNanos() - request.arrivalNanos();
            request.complete(outputs.isEmpty()
                    ? new BatchResult.Failed("the model failed on this input", queueNanos, computeNanos)
                    : new BatchResult.Computed(outputs.get(i), queueNanos, computeNanos, batchSize));
        }
    }

    /**
     * Gives the turn up if its pass exceeds its limit: all its requests that have no
     * answer yet get one. To be called under the lock of the threads.
     * @return whether it was given up just now
     */
    boolean giveUpIfStuck() {
        ForwardPass current = pass;
        long limit = pool.policy().longestPassNanos();
        if (givenUp || current == null || nanoTime.getAsLong() - current.startNanos() <= limit || !current.end()) {
            return false;
        }
        givenUp = true;
        pool.gaveUp();
        batch.forEach((request) -> request.complete(new BatchResult.Stuck(limit)));
        return true;
    }

}
