package io.modelserver.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

import io.modelserver.inference.ModelId;
import io.modelserver.inference.ModelInput;
import io.modelserver.inference.ModelLoadException;

/**
 * Queues the requests of one version before its instances. An idle instance takes what is
 * queued, at once, up to the greatest batch size; batches form by themselves while all
 * instances are busy, so that a single request waits for nothing and a crowd shares
 * forward passes.
 * <p>
 * Requests are taken first come, first served: the oldest is in every batch that is
 * taken, and others of its shapes join it in their order. The queue is bounded, so the
 * wait of an accepted request is bounded too.
 */
public final class DynamicBatcher {

    private final RequestQueue queue;

    private final LongSupplier nanoTime;

    private final List<Thread> threads = new ArrayList<>();

    /**
     * Starts the instances and returns when all are warm.
     * @param model the version, which names the threads
     * @param policy sizes and bounds
     * @param factory opens each instance on its own thread
     * @param listener hears of every forward pass
     * @param nanoTime the clock of deadlines and durations
     * @throws ModelLoadException if an instance can't be opened; the others are stopped
     * @throws InterruptedException if the calling thread is interrupted; the instances
     * are stopped
     */
    @SuppressWarnings("this-escape")
    public DynamicBatcher(ModelId model, BatchingPolicy policy, BatchRunner.Factory factory, BatchListener listener,
            LongSupplier nanoTime) throws ModelLoadException, InterruptedException {
        this.queue = new RequestQueue(policy, nanoTime);
        this.nanoTime = nanoTime;
        List<InstanceWorker> workers = new ArrayList<>();
        for (int i = 0; i < policy.instances(); i++) {
            InstanceWorker worker = new InstanceWorker(model, factory, queue, nanoTime, listener);
            workers.add(worker);
            threads.add(Thread.ofPlatform().daemon().name("instance-" + i + " " + model).start(worker));
        }
        awaitReady(workers);
    }

    private void awaitReady(List<InstanceWorker> workers) throws ModelLoadException, InterruptedException {
        try {
            for (InstanceWorker worker : workers) {
                worker.ready().get();
            }
        }
        catch (ExecutionException ex) {
            stop(Duration.ofMinutes(1));
            throw (ex.getCause() instanceof ModelLoadException reason) ? reason
                    : new ModelLoadException("an instance could not be started", ex.getCause());
        }
        catch (InterruptedException ex) {
            queue.close();
            throw ex;
        }
    }

    /**
     * Queues a request, or says at once that it can't.
     * @param input one input of the model
     * @param deadlineNanos on the batcher's clock; it is not computed after that
     * @return the accepted request or the reason why there is none
     */
    public Submission submit(ModelInput input, long deadlineNanos) {
        return queue.offer(new PendingResult(input, deadlineNanos, nanoTime));
    }

    /**
     * Takes no more requests, computes those that are queued, and ends the instances.
     * @param patience how long to wait for them
     * @return whether all have ended; if not, the model's native memory must not be freed
     * @throws InterruptedException if the calling thread is interrupted
     */
    public boolean stop(Duration patience) throws InterruptedException {
        queue.close();
        long end = nanoTime.getAsLong() + patience.toNanos();
        boolean ended = true;
        for (Thread thread : threads) {
            ended &= thread.join(Duration.ofNanos(Math.max(1, end - nanoTime.getAsLong())));
        }
        return ended;
    }

}
