package io.modelserver.serving;

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
import io.modelserver.experiment.assign.Assignment;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.serving.OutputReader.Reading;
import io.modelserver.serving.ShadowListener.ShadowAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Gives shadows copies of queries that were answered. The queue is bounded: a copy that
 * finds no place is dropped, and no answer waits for one. One thread takes copies out,
 * some at a time, so that they share forward passes.
 *
 * @param <A> what an answer is
 */
public final class ShadowTraffic<A> implements AnswerListener {

    private static final int AT_ONCE = 16;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LiveVersions registry;

    private final OutputReader<A> reader;

    private final ShadowListener<A> listener;

    private final LongSupplier nanoTime;

    private final BlockingQueue<Copy> queue;

    /**
     * Creates the queue.
     * @param registry where shadows are
     * @param reader makes answers of what they return
     * @param listener notified of their answers
     * @param capacity the most copies that wait
     * @param nanoTime the clock of deadlines
     */
    public ShadowTraffic(LiveVersions registry, OutputReader<A> reader, ShadowListener<A> listener, int capacity,
            LongSupplier nanoTime) {
        this.registry = registry;
        this.reader = reader;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.queue = new ArrayBlockingQueue<>(capacity);
    }

    /** Has a query that was answered copied to the shadows of its experiment. */
    @Override
    public void answered(Reply.Answered<?> answer, ModelInput input, ModelMetadata version) {
        Assignment assignment = answer.assignment();
        if (assignment == null) {
            return;
        }
        for (Variant shadow : assignment.experiment().shadows()) {
            if (!queue.offer(new Copy(answer, assignment, shadow, input, version))) {
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
        boolean comparable = lease.get().metadata().takesTheSameAs(copy.preparedFor);
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
                Reading<A> reading = reader.read(asked.lease.head(), computed.output());
                listener
                    .shadowed(asked.copy.said((reading instanceof Reading.Read<A> read) ? read.answer() : null, nanos));
            }
            case BatchResult.Failed failure -> listener.shadowed(
                    asked.copy.said(null, asked.copy.overheadNanos() + failure.queueNanos() + failure.computeNanos()));
            case BatchResult.Expired expired -> failed(asked.copy, start);
            case BatchResult.Stuck stuck -> failed(asked.copy, start);
        }
    }

    private void failed(Copy copy, long startNanos) {
        listener.shadowed(copy.said(null, copy.overheadNanos() + nanoTime.getAsLong() - startNanos));
    }

    private record Copy(Reply.Answered<?> answer, Assignment assignment, Variant shadow, ModelInput input,
            ModelMetadata preparedFor) {

        long overheadNanos() {
            return Math.max(0, answer.latencyNanos() - answer.queueNanos() - answer.computeNanos());
        }

        <A> ShadowAnswer<A> said(@Nullable A said, long latencyNanos) {
            return new ShadowAnswer<>(answer.id(), assignment, shadow, said, latencyNanos);
        }

    }

    private record Asked(Copy copy, ModelLease lease, PendingResult pending) {
    }

}
