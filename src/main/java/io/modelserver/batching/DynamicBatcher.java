package io.modelserver.batching;

import java.time.Duration;

import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;

/**
 * Queues the requests of one version for its instances. An idle thread takes what is
 * queued, at once, up to the greatest batch size; batches form by themselves while all
 * threads or instances are busy, so that a single request waits for nothing and a crowd
 * shares forward passes.
 * <p>
 * It is bounded: a request has its place in the queue when it is accepted, or is refused
 * at once because there is none, or because its turn would come too late, both under one
 * lock. It is fair: the oldest request that still has somebody waiting is in every batch
 * that is taken, and others of its shapes join it in the order in which they came, so
 * that none is overtaken by more than one batch of other shapes; what is between versions
 * is said at {@link InstanceThreads}. Each request is answered once: by a pass, by a
 * failure of its own (a batch that fails is halved until the guilty request is alone), or
 * by its deadline, which is checked before each pass.
 * <p>
 * Passes run on the instance threads even when one is idle. On the thread of the request
 * a single request would be answered 4 to 17 % sooner (measured at one connection; no
 * faster from four on), but a pass that hangs would take that thread with it, and nobody
 * could say no in its place. As it is, a pass that exceeds its limit is given up, and its
 * instance replaced.
 */
public final class DynamicBatcher {

    private final InstanceThreads threads;

    private final InstancePool instances;

    /**
     * Creates the queue of a version; there is nothing to start.
     * @param model the version
     * @param policy sizes and bounds
     * @param factory opens an instance when one more is needed
     * @param listener notified after each forward pass
     * @param threads which run the passes
     */
    public DynamicBatcher(ModelId model, BatchingPolicy policy, BatchRunner.Factory factory, BatchListener listener,
            InstanceThreads threads) {
        this.threads = threads;
        this.instances = new InstancePool(model, policy, factory, listener, threads);
    }

    /**
     * Queues a request, or refuses it at once.
     * @param input one input of the model
     * @param deadlineNanos on the threads' clock; it is not computed after that
     * @return the accepted request or the reason why there is none
     */
    public Submission submit(ModelInput input, long deadlineNanos) {
        return threads.submit(instances, new PendingResult(input, deadlineNanos, threads.nanoTime()));
    }

    /**
     * {@return how many requests wait for an instance}
     */
    public int queued() {
        return threads.locked(instances.queue()::size);
    }

    /**
     * {@return the state of the instances}
     */
    public InstanceCount instances() {
        return threads.locked(instances::count);
    }

    /**
     * Stops accepting requests, computes those that are queued, and closes the instances.
     * @param patience how long to wait for them; stuck ones are not waited for
     * @return whether none is in use any more; if not, the model's native memory must not
     * be freed
     * @throws InterruptedException if the calling thread is interrupted
     */
    public boolean stop(Duration patience) throws InterruptedException {
        boolean drained = threads.drain(instances, patience);
        if (drained) {
            closeInstances();
        }
        return drained;
    }

    /**
     * Waits until no instance is in use, however long that takes, after {@link #stop},
     * and closes them.
     * @throws InterruptedException if the calling thread is interrupted
     */
    public void awaitEnd() throws InterruptedException {
        threads.awaitEnd(instances);
        closeInstances();
    }

    private void closeInstances() {
        threads.locked(instances::removeIdle).forEach(BatchRunner::close);
    }

}
