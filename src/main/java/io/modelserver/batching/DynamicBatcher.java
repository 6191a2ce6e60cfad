package io.modelserver.batching;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;

/**
 * Queues the requests of one version for its instances. An idle instance takes what is
 * queued, at once, up to the greatest batch size; batches form by themselves while all
 * instances are busy, so that a single request waits for nothing and a crowd shares
 * forward passes.
 * <p>
 * It is bounded: a request has its place in the queue when it is accepted, or is refused
 * at once because there is none, or because its turn would come too late, both under one
 * lock. It is fair: the oldest request that still has somebody waiting is in every batch
 * that is taken, and others of its shapes join it in the order in which they came, so
 * that none is overtaken by more than one batch of other shapes. It is live: a request
 * that is added wakes an instance if one sleeps; an instance that takes a batch and
 * leaves requests behind wakes the next one; and an instance sleeps only after it has
 * seen, under the same lock, that nothing is queued. So requests and sleeping instances
 * are never there together, except while a batch waits to be filled. Each request is
 * answered once: by a pass, by a failure of its own (a batch that fails is halved until
 * the guilty request is alone), or by its deadline, which is checked before each pass.
 * <p>
 * Passes run on the instances' threads even when one is idle. On the thread of the
 * request a single request would be answered 4 to 17 % sooner (measured at one
 * connection; no faster from four on), but a pass that hangs would take that thread with
 * it, and nobody could say no in its place. As it is, a pass that exceeds its limit is
 * given up, and its instance replaced.
 */
public final class DynamicBatcher {

    private final RequestQueue queue;

    private final LongSupplier nanoTime;

    private final InstancePool instances;

    /**
     * Starts the instances and returns when all are warm.
     * @param model the version, which names the threads
     * @param policy sizes and bounds
     * @param factory opens each instance on its own thread
     * @param listener notified after each forward pass
     * @param nanoTime the clock of deadlines and durations
     * @throws ModelLoadException if an instance can't be opened; the others are stopped
     * @throws InterruptedException if the calling thread is interrupted; the instances
     * are stopped
     */
    public DynamicBatcher(ModelId model, BatchingPolicy policy, BatchRunner.Factory factory, BatchListener listener,
            LongSupplier nanoTime) throws ModelLoadException, InterruptedException {
        this.queue = new RequestQueue(policy, nanoTime);
        this.nanoTime = nanoTime;
        this.instances = new InstancePool(model, policy, factory, queue, listener, nanoTime);
        instances.start();
    }

    /**
     * Queues a request, or refuses it at once.
     * @param input one input of the model
     * @param deadlineNanos on the batcher's clock; it is not computed after that
     * @return the accepted request or the reason why there is none
     */
    public Submission submit(ModelInput input, long deadlineNanos) {
        return queue.offer(new PendingResult(input, deadlineNanos, nanoTime));
    }

    /**
     * Abandons forward passes that exceed their limit, answers their requests and
     * replaces their instances; to be called regularly.
     */
    public void replaceStuckInstances() {
        instances.check();
    }

    /**
     * {@return how many requests wait for an instance}
     */
    public int queued() {
        return queue.size();
    }

    /**
     * {@return the state of the instances}
     */
    public InstanceCount instances() {
        return instances.count();
    }

    /**
     * Stops accepting requests, computes those that are queued, and ends the instances.
     * @param patience how long to wait for them; stuck ones are not waited for
     * @return whether all have ended; if not, the model's native memory must not be freed
     * @throws InterruptedException if the calling thread is interrupted
     */
    public boolean stop(Duration patience) throws InterruptedException {
        queue.close();
        return instances.stop(patience);
    }

    /**
     * Waits until all instances have ended, however long that takes, after {@link #stop}.
     * @throws InterruptedException if the calling thread is interrupted
     */
    public void awaitEnd() throws InterruptedException {
        instances.awaitEnd();
    }

}
