package io.modelserver.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.modelserver.batching.BatchResult;
import io.modelserver.experiment.assign.Assignment;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.head.Reading;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.serving.Gathering.Gathered;
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

    private final Submitter submitter;

    private final Gathering gathering;

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
        this.submitter = new Submitter(registry, nanoTime);
        this.gathering = new Gathering(List.of(), nanoTime);
        this.reader = reader;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.queue = new ArrayBlockingQueue<>(capacity);
    }

    /** Has a query that was answered copied to the shadows of its experiment. */
    @Override
    public void answered(Reply.Answered<?> answer, ModelInput input, ModelMetadata version) {
        answeredTogether(answer, List.of(new Looked(version, input)));
    }

    @Override
    public void answeredTogether(Reply.Answered<?> answer, List<Looked> inputs) {
        Assignment assignment = answer.assignment();
        if (assignment == null) {
            return;
        }
        for (Variant shadow : assignment.experiment().shadows()) {
            if (!queue.offer(new Copy(answer, assignment, shadow, inputs))) {
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
            List<Asked<A>> asked = new ArrayList<>(copies.size());
            try {
                for (Copy copy : copies) {
                    ask(copy).ifPresentOrElse(asked::add, () -> listener.dropped(copy.shadow));
                }
                for (Asked<A> one : asked) {
                    report(one);
                }
            }
            finally {
                asked.forEach((one) -> one.attempt.release());
            }
        }
    }

    private Optional<Asked<A>> ask(Copy copy) throws InterruptedException {
        Optional<ModelLease> lease = registry.lease(copy.shadow.model());
        if (lease.isEmpty()) {
            return Optional.empty();
        }
        long now = nanoTime.getAsLong();
        Query<A> query = new Query<>(new Addressee(null, null, null, null, null), copy::inputFor, reader);
        Passage passage = new Passage(copy.answer.id(), null, now, now + PATIENCE_NANOS, false);
        Attempt<A> attempt = submitter.submit(query, lease.get(), passage, false);
        return (attempt instanceof Attempt.Ended<A>) ? Optional.empty() : Optional.of(new Asked<>(copy, attempt));
    }

    private void report(Asked<A> asked) throws InterruptedException {
        switch (asked.attempt) {
            case Attempt.InFlight<A> inFlight -> report(asked.copy, inFlight);
            case Attempt.Together<A> together -> report(asked.copy, together);
            case Attempt.Ended<A> ended -> listener.dropped(asked.copy.shadow);
        }
    }

    private void report(Copy copy, Attempt.Together<A> together) throws InterruptedException {
        long start = nanoTime.getAsLong();
        switch (gathering.gather(together)) {
            case Gathered.Joined<A> joined -> listener.shadowed(copy.said(joined.answer(),
                    copy.overheadNanos() + joined.slowest().queueNanos() + joined.slowest().computeNanos()));
            case Gathered.Filling<A> filling -> failed(copy, start);
            case Gathered.Failed<A> failure -> failed(copy, start);
        }
    }

    private void report(Copy copy, Attempt.InFlight<A> inFlight) throws InterruptedException {
        long start = nanoTime.getAsLong();
        switch (inFlight.pending().await()) {
            case BatchResult.Computed computed -> {
                long nanos = copy.overheadNanos() + computed.queueNanos() + computed.computeNanos();
                Reading<A> reading = reader.read(inFlight.lease().head(), computed.output());
                listener.shadowed(copy.said((reading instanceof Reading.Read<A> read) ? read.answer() : null, nanos));
            }
            case BatchResult.Failed failure -> listener
                .shadowed(copy.said(null, copy.overheadNanos() + failure.queueNanos() + failure.computeNanos()));
            case BatchResult.Expired expired -> failed(copy, start);
            case BatchResult.Stuck stuck -> failed(copy, start);
        }
    }

    private void failed(Copy copy, long startNanos) {
        listener.shadowed(copy.said(null, copy.overheadNanos() + nanoTime.getAsLong() - startNanos));
    }

    private record Copy(Reply.Answered<?> answer, Assignment assignment, Variant shadow, List<Looked> inputs) {

        /** A shadow gets what was made for a version that takes the same. */
        Supply inputFor(ModelMetadata version) {
            return inputs.stream()
                .filter((looked) -> looked.version().takesTheSameAs(version))
                .<Supply>map((looked) -> new Supply.Ready(looked.input()))
                .findFirst()
                .orElseGet(() -> new Supply.Unusable(Refusal.INVALID_FEATURES,
                        "nobody who answered looked at what %s looks at".formatted(version.id()), List.of()));
        }

        long overheadNanos() {
            return Math.max(0, answer.latencyNanos() - answer.queueNanos() - answer.computeNanos());
        }

        <A> ShadowAnswer<A> said(@Nullable A said, long latencyNanos) {
            return new ShadowAnswer<>(answer.id(), assignment, shadow, said, latencyNanos);
        }

    }

    private record Asked<A>(Copy copy, Attempt<A> attempt) {
    }

}
