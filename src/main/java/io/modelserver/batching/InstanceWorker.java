package io.modelserver.batching;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

import io.modelserver.inference.InferenceException;
import io.modelserver.inference.InferenceFailure;
import io.modelserver.inference.InferenceResult;
import io.modelserver.inference.ModelId;
import io.modelserver.inference.ModelLoadException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of one instance; it alone opens, uses and closes its runner, on its own
 * thread.
 */
final class InstanceWorker implements Runnable {

    private static final Logger logger = LoggerFactory.getLogger(InstanceWorker.class);

    private final ModelId model;

    private final BatchRunner.Factory factory;

    private final RequestQueue queue;

    private final LongSupplier nanoTime;

    private final BatchListener listener;

    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    InstanceWorker(ModelId model, BatchRunner.Factory factory, RequestQueue queue, LongSupplier nanoTime,
            BatchListener listener) {
        this.model = model;
        this.factory = factory;
        this.queue = queue;
        this.nanoTime = nanoTime;
        this.listener = listener;
    }

    /**
     * {@return completed when the runner is open and warm, or with the reason why it is
     * not}
     */
    CompletableFuture<Void> ready() {
        return ready;
    }

    @Override
    public void run() {
        try (BatchRunner runner = factory.open()) {
            ready.complete(null);
            List<PendingResult> batch = queue.take();
            while (!batch.isEmpty()) {
                compute(runner, batch);
                batch = queue.take();
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
     * Halves a failing batch until the request that breaks it stands alone. Whatever is
     * thrown ends a request, never the instance.
     */
    private void compute(BatchRunner runner, List<PendingResult> batch) {
        long start = nanoTime.getAsLong();
        try {
            List<InferenceResult> results = runner.run(batch.stream().map(PendingResult::input).toList());
            long computeNanos = nanoTime.getAsLong() - start;
            queue.computed(batch.size(), computeNanos);
            listener.batchComputed(model, batch.size(), computeNanos);
            for (int i = 0; i < batch.size(); i++) {
                PendingResult request = batch.get(i);
                request.complete(new BatchResult.Computed(results.get(i), start - request.arrivalNanos(), computeNanos,
                        batch.size()));
            }
        }
        catch (InferenceException | RuntimeException | Error ex) {
            if (batch.size() > 1) {
                compute(runner, batch.subList(0, batch.size() / 2));
                compute(runner, batch.subList(batch.size() / 2, batch.size()));
                return;
            }
            logger.warn("{} failed on a request", model, ex);
            PendingResult request = batch.getFirst();
            request.complete(new BatchResult.Computed(new InferenceFailure("the model failed on this input"),
                    start - request.arrivalNanos(), nanoTime.getAsLong() - start, 1));
        }
    }

}
