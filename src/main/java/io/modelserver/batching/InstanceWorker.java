package io.modelserver.batching;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import io.modelserver.engine.InferenceException;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelOutput;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of one instance; it alone opens, uses and closes its runner, on its own
 * thread. Others may look at it, and mark it as stuck.
 */
final class InstanceWorker {

    private static final Logger logger = LoggerFactory.getLogger(InstanceWorker.class);

    private final ModelId model;

    private final BatchRunner.Factory factory;

    private final RequestQueue queue;

    private final LongSupplier nanoTime;

    private final BatchListener listener;

    private final Predicate<InstanceWorker> mayResume;

    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private @Nullable Thread thread;

    private volatile @Nullable ForwardPass pass;

    private volatile boolean stuck;

    InstanceWorker(ModelId model, BatchRunner.Factory factory, RequestQueue queue, LongSupplier nanoTime,
            BatchListener listener, Predicate<InstanceWorker> mayResume) {
        this.model = model;
        this.factory = factory;
        this.queue = queue;
        this.nanoTime = nanoTime;
        this.listener = listener;
        this.mayResume = mayResume;
    }

    void start(String name) {
        thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /**
     * {@return completed when the runner is open and warm, or with the reason why it is
     * not}
     */
    CompletableFuture<Void> ready() {
        return ready;
    }

    private void run() {
        ForwardPass opening = begin(List.of());
        try (BatchRunner runner = factory.open()) {
            ready.complete(null);
            boolean goesOn = opening.end() || mayResume.test(this);
            pass = null;
            while (goesOn) {
                List<PendingResult> batch = queue.take();
                goesOn = !batch.isEmpty() && compute(runner, batch);
            }
        }
        catch (ModelLoadException | RuntimeException | Error ex) {
            ready.completeExceptionally(ex);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Halves a failing batch until the request that breaks it stands alone. Whatever a
     * pass throws ends a request, never the instance.
     * @return whether the instance is still wanted
     */
    private boolean compute(BatchRunner runner, List<PendingResult> batch) {
        ForwardPass current = begin(batch);
        List<ModelOutput> outputs = run(runner, batch);
        boolean inTime = current.end();
        pass = null;
        if (!inTime) {
            return mayResume.test(this);
        }
        if (outputs.isEmpty() && batch.size() > 1) {
            return compute(runner, batch.subList(0, batch.size() / 2))
                    && compute(runner, batch.subList(batch.size() / 2, batch.size()));
        }
        answer(current, outputs);
        return true;
    }

    private List<ModelOutput> run(BatchRunner runner, List<PendingResult> batch) {
        try {
            return runner.run(batch.stream().map(PendingResult::input).toList());
        }
        catch (InferenceException | RuntimeException | Error ex) {
            if (batch.size() == 1) {
                logger.warn("{} failed on a request", model, ex);
            }
            return List.of();
        }
    }

    /** Without outputs the pass has failed, and its only request with it. */
    private void answer(ForwardPass ended, List<ModelOutput> outputs) {
        int batchSize = ended.batch().size();
        long computeNanos = nanoTime.getAsLong() - ended.startNanos();
        queue.computed(batchSize, computeNanos);
        try {
            listener.batchComputed(model, batchSize, computeNanos);
        }
        catch (RuntimeException ex) {
            logger.error("a forward pass could not be reported", ex);
        }
        for (int i = 0; i < batchSize; i++) {
            PendingResult request = ended.batch().get(i);
            long queueNanos = ended.startNanos() - request.arrivalNanos();
            request.complete(outputs.isEmpty()
                    ? new BatchResult.Failed("the model failed on this input", queueNanos, computeNanos)
                    : new BatchResult.Computed(outputs.get(i), queueNanos, computeNanos, batchSize));
        }
    }

    private ForwardPass begin(List<PendingResult> batch) {
        ForwardPass begun = new ForwardPass(batch, nanoTime.getAsLong());
        pass = begun;
        return begun;
    }

    /**
     * Abandons the running pass if it exceeds its limit: its requests are answered.
     * @return whether it was marked just now
     */
    boolean markIfStuck(BatchingPolicy policy) {
        ForwardPass current = pass;
        if (stuck || current == null || !current.exceedsLimit(policy, nanoTime.getAsLong()) || !current.end()) {
            return false;
        }
        stuck = true;
        current.batch().forEach((request) -> request.complete(new BatchResult.Stuck(policy.longestPassNanos())));
        return true;
    }

    void resume() {
        stuck = false;
    }

    /** Whether it runs a forward pass that is within its limit. */
    boolean isBusy() {
        return pass != null && !stuck && !hasEnded();
    }

    boolean isStuck() {
        return stuck && !hasEnded();
    }

    boolean hasEnded() {
        return thread != null && !thread.isAlive();
    }

    boolean join(Duration patience) throws InterruptedException {
        return thread == null || thread.join(patience);
    }

}
