package io.modelserver.prediction;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.modelserver.batching.BatchResult;
import io.modelserver.batching.PendingResult;
import io.modelserver.batching.Submission;
import io.modelserver.experiment.Assignment;
import io.modelserver.experiment.Variant;
import io.modelserver.inference.HeadResult;
import io.modelserver.inference.ModelInput;
import io.modelserver.inference.ModelMetadata;
import io.modelserver.inference.Prediction;
import io.modelserver.prediction.ShadowListener.ShadowAnswer;
import io.modelserver.registry.ModelLease;
import io.modelserver.registry.ModelRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Gives shadows copies of requests that were answered. The queue is bounded: a copy that
 * finds no place is dropped, and no answer waits for one. One thread takes copies out,
 * some at a time, so that they share forward passes.
 */
public final class ShadowTraffic {

    private static final int AT_ONCE = 16;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ModelRegistry registry;

    private final ShadowListener listener;

    private final LongSupplier nanoTime;

    private final BlockingQueue<Copy> queue;

    /**
     * Makes the queue.
     * @param registry where shadows are
     * @param listener hears what they said
     * @param capacity the most copies that wait
     * @param nanoTime the clock of deadlines
     */
    public ShadowTraffic(ModelRegistry registry, ShadowListener listener, int capacity, LongSupplier nanoTime) {
        this.registry = registry;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.queue = new ArrayBlockingQueue<>(capacity);
    }

    /** A request was answered: has it copied to the shadows of its experiment. */
    void answered(PredictionResult.Predicted answer, Assignment assignment, ModelInput input,
            ModelMetadata decodedFor) {
        for (Variant shadow : assignment.experiment().shadows()) {
            if (!queue.offer(new Copy(answer, assignment, shadow, input, decodedFor))) {
                listener.dropped(shadow);
            }
        }
    }

    /**
     * Gives copies to shadows until the thread is interrupted.
     * @throws InterruptedException once it is
     */
    public void run() throws InterruptedException {
        while (true) {
            List<Copy> copies = new ArrayList<>(AT_ONCE);
            copies.add(queue.take());
            queue.drainTo(copies, AT_ONCE - 1);
            List<Asked> asked = new ArrayList<>(copies.size());
            try {
                copies.forEach((copy) -> ask(copy).ifPresentOrElse(asked::add, () -> listener.dropped(copy.shadow)));
                for (Asked one : asked) {
                    report(one);
                }
            }
            finally {
                asked.forEach((one) -> one.lease.close());
            }
        }
    }

    private Optional<Asked> ask(Copy copy) {
        Optional<ModelLease> lease = registry.lease(copy.shadow.model());
        if (lease.isEmpty()) {
            return Optional.empty();
        }
        boolean comparable = lease.get().metadata().takesTheSameAs(copy.decodedFor);
        if (comparable && lease.get()
            .batcher()
            .submit(copy.input,
                    nanoTime.getAsLong() + PATIENCE_NANOS) instanceof Submission.Accepted(PendingResult pending)) {
            return Optional.of(new Asked(copy, lease.get(), pending));
        }
        lease.get().close();
        return Optional.empty();
    }

    private void report(Asked asked) throws InterruptedException {
        long start = nanoTime.getAsLong();
        switch (asked.pending.await()) {
            case BatchResult.Computed computed -> {
                long nanos = asked.copy.overheadNanos() + computed.queueNanos() + computed.computeNanos();
                HeadResult result = asked.lease.head().read(computed.output());
                listener.shadowed(asked.copy
                    .answer((result instanceof HeadResult.Said(Prediction signal)) ? signal : null, nanos));
            }
            case BatchResult.Failed failure -> listener.shadowed(asked.copy.answer(null,
                    asked.copy.overheadNanos() + failure.queueNanos() + failure.computeNanos()));
            case BatchResult.Expired expired -> failed(asked.copy, start);
            case BatchResult.Stuck stuck -> failed(asked.copy, start);
        }
    }

    private void failed(Copy copy, long startNanos) {
        listener.shadowed(copy.answer(null, copy.overheadNanos() + nanoTime.getAsLong() - startNanos));
    }

    private record Copy(PredictionResult.Predicted answer, Assignment assignment, Variant shadow, ModelInput input,
            ModelMetadata decodedFor) {

        long overheadNanos() {
            return Math.max(0, answer.latencyNanos() - answer.queueNanos() - answer.computeNanos());
        }

        ShadowAnswer answer(@Nullable Prediction prediction, long latencyNanos) {
            return new ShadowAnswer(answer.predictionId(), assignment, shadow, prediction, latencyNanos);
        }

    }

    private record Asked(Copy copy, ModelLease lease, PendingResult pending) {
    }

}
