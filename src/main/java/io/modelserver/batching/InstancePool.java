package io.modelserver.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;

import io.modelserver.model.ModelId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of one version, and the requests that wait for them. There are as many
 * instances as batches ever ran at a time; one that is not in use costs no thread.
 * <p>
 * An engine can't be interrupted, so the requests of a pass that exceeds its limit are
 * answered without it, and another instance takes its place. No more are replaced than
 * the version may have, so that a model that hangs on every input can't fill the machine
 * with threads: then the version has none left. An instance that comes back is used
 * again.
 * <p>
 * Under the lock of the {@link InstanceThreads}, unless said otherwise.
 */
final class InstancePool {

    private static final Logger logger = LoggerFactory.getLogger(InstancePool.class);

    private final ModelId model;

    private final BatchingPolicy policy;

    private final BatchRunner.Factory factory;

    private final BatchListener listener;

    private final InstanceThreads threads;

    private final RequestQueue queue;

    private final Condition changed;

    private final Deque<BatchRunner> idle = new ArrayDeque<>();

    private int running;

    private int stuck;

    private boolean queueing;

    private long queueingSinceNanos;

    InstancePool(ModelId model, BatchingPolicy policy, BatchRunner.Factory factory, BatchListener listener,
            InstanceThreads threads) {
        this.model = model;
        this.policy = policy;
        this.factory = factory;
        this.listener = listener;
        this.threads = threads;
        this.queue = new RequestQueue(policy, threads.nanoTime());
        this.changed = threads.newCondition();
    }

    /** Without the lock. */
    ModelId model() {
        return model;
    }

    /** Without the lock. */
    BatchingPolicy policy() {
        return policy;
    }

    RequestQueue queue() {
        return queue;
    }

    /** Signalled whenever a turn of a closed queue has ended. */
    Condition changed() {
        return changed;
    }

    /**
     * Lets the version queue for a turn if it wants one.
     * @return whether it does from now on
     */
    boolean beginsToQueue() {
        if (queueing || queue.size() == 0 || running >= working()) {
            return false;
        }
        queueing = true;
        queueingSinceNanos = threads.nanoTime().getAsLong();
        return true;
    }

    /** Whether its batches wait to be filled. */
    boolean mayWaitForMore() {
        return policy.maxQueueDelayNanos() > 0;
    }

    boolean isQueueing() {
        return queueing;
    }

    /**
     * {@return the turn for which it queued, null if none of its requests wants an answer
     * any more}
     */
    @Nullable Turn take() {
        queueing = false;
        List<PendingResult> batch = queue.take();
        if (batch.isEmpty()) {
            tellThoseWhoWait();
            return null;
        }
        running++;
        return new Turn(this, batch, idle.pollFirst(), queueingSinceNanos, threads.nanoTime());
    }

    /** Opens one more instance, without the lock. */
    BatchRunner open() {
        return factory.open();
    }

    /** A pass has ended; without the lock. */
    void report(int batchSize, long computeNanos) {
        try {
            listener.batchComputed(model, batchSize, computeNanos);
        }
        catch (RuntimeException ex) {
            logger.error("a forward pass could not be reported", ex);
        }
    }

    /** A turn is over, and its instance is idle. */
    void ended(Turn turn) {
        if (turn.isGivenUp()) {
            stuck--;
            queue.setInstances(working());
            logger.warn("{}: an abandoned forward pass has ended; its instance can be used again", model);
        }
        else {
            running--;
            queue.computed(turn.batch().size(), turn.nanos());
        }
        BatchRunner runner = turn.runner();
        if (runner != null) {
            idle.addFirst(runner);
        }
        tellThoseWhoWait();
    }

    /** A turn was given up, and another instance may take its place. */
    void gaveUp() {
        running--;
        stuck++;
        queue.setInstances(working());
        logger.error("{}: a forward pass has run for more than {} ms and can't be stopped; its instance is abandoned",
                model, policy.longestPassNanos() / 1_000_000);
        tellThoseWhoWait();
    }

    private void tellThoseWhoWait() {
        if (queue.isClosed()) {
            changed.signalAll();
        }
    }

    private int working() {
        return Math.min(policy.instances(), 2 * policy.instances() - stuck);
    }

    InstanceCount count() {
        return new InstanceCount(working(), running, stuck);
    }

    boolean isRunning() {
        return running > 0;
    }

    /** Whether a pass runs within its limit, or will. */
    boolean isWorking() {
        return running > 0 || (queue.size() > 0 && working() > 0);
    }

    boolean isStuck() {
        return stuck > 0;
    }

    /**
     * {@return the instances, which are the caller's to close}
     */
    List<BatchRunner> removeIdle() {
        List<BatchRunner> runners = new ArrayList<>(idle);
        idle.clear();
        return runners;
    }

}
