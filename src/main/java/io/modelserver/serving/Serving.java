package io.modelserver.serving;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.modelserver.batching.BatchResult;
import io.modelserver.experiment.assign.Assignment;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.live.Resolution;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.serving.Gathering.Gathered;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries: finds the variant or version, has the input made and submitted, waits
 * no longer than the deadline. What is asked and what is answered is the caller's.
 */
public final class Serving {

    private final LiveVersions registry;

    private final Destinations destinations;

    private final Submitter submitter;

    private final Gathering gathering;

    private final List<AnswerListener> listeners;

    private final Supplier<String> ids;

    private final LongSupplier nanoTime;

    private final long deadlineNanos;

    /**
     * Creates the use case.
     * @param registry what is live
     * @param router knows which experiment applies
     * @param listeners notified after each answer
     * @param ids unique ids that sort by time
     * @param nanoTime the clock of deadlines and durations
     * @param deadlineNanos how long a query may take after it was read
     */
    public Serving(LiveVersions registry, Router router, List<AnswerListener> listeners, Supplier<String> ids,
            LongSupplier nanoTime, long deadlineNanos) {
        this.registry = registry;
        this.destinations = new Destinations(registry, router);
        this.submitter = new Submitter(registry, nanoTime);
        this.gathering = new Gathering(listeners, nanoTime);
        this.listeners = List.copyOf(listeners);
        this.ids = ids;
        this.nanoTime = nanoTime;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * Answers one query.
     * @param query what is asked
     * @param arrivalNanos when it had been read, on the clock of this use case
     * @param <A> what the answer is
     * @return the answer or the reason why there is none
     * @throws InterruptedException if the calling thread is interrupted
     */
    public <A> Reply<A> serve(Query<A> query, long arrivalNanos) throws InterruptedException {
        return finish(start(query, arrivalNanos, true));
    }

    /**
     * Starts one of several queries: it is in the queue, or has ended.
     * @param query what is asked
     * @param arrivalNanos when it had been read, on the clock of this use case
     * @param <A> what the answer is
     * @return to be finished, or at least released, by the same thread
     * @throws InterruptedException if the calling thread is interrupted
     */
    public <A> Attempt<A> start(Query<A> query, long arrivalNanos) throws InterruptedException {
        return start(query, arrivalNanos, false);
    }

    /**
     * Waits for the answer of a query that has been started.
     * @param attempt the query
     * @param <A> what the answer is
     * @return the answer or the reason why there is none
     * @throws InterruptedException if the calling thread is interrupted
     */
    public <A> Reply<A> finish(Attempt<A> attempt) throws InterruptedException {
        return switch (attempt) {
            case Attempt.Ended<A> ended -> ended.reply();
            case Attempt.InFlight<A> inFlight -> await(inFlight);
            case Attempt.Together<A> together -> await(together);
        };
    }

    /**
     * Finds the version that would answer, outside of experiments.
     * @param modelName the model, or null for the default model
     * @param modelVersion the version or stage, or null for the one in production
     * @param deadline until when to wait for a version that must be loaded first, on the
     * clock of this use case
     * @return the version, or why there is none
     * @throws InterruptedException if the calling thread is interrupted
     */
    public VersionLookup find(@Nullable String modelName, @Nullable String modelVersion, long deadline)
            throws InterruptedException {
        return switch (registry.resolve(modelName, modelVersion, deadline)) {
            case Resolution.Found(ModelLease lease) -> {
                try (lease) {
                    yield new VersionLookup.Found(submitter.lookers(lease));
                }
            }
            case Resolution.Unresolved unresolved -> VersionLookup.Missing.of(unresolved);
        };
    }

    private <A> Attempt<A> start(Query<A> query, long arrivalNanos, boolean alone) throws InterruptedException {
        String id = ids.get();
        long deadline = arrivalNanos + deadlineNanos;
        return switch (destinations.find(query.addressee(), id, deadline)) {
            case Destination.None none -> Submitter.refused(none.reason(), none.detail());
            case Destination.Version(ModelLease lease, Assignment assignment, boolean failedOver) ->
                submitter.submit(query, lease, new Passage(id, assignment, arrivalNanos, deadline, alone), failedOver);
        };
    }

    /**
     * Finds the version that shall answer several queries of one caller.
     * @param addressee of all of them
     * @param arrivalNanos when they had been read, on the clock of this use case
     * @param patienceNanos how long after that their caller waits, if that is less than
     * this use case allows
     * @return the version, to be closed when all of them have been started; or why there
     * is none
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Destination destination(Addressee addressee, long arrivalNanos, long patienceNanos)
            throws InterruptedException {
        return destinations.find(addressee, ids.get(), deadline(arrivalNanos, patienceNanos));
    }

    /**
     * Starts one of several queries that one version shall answer.
     * @param query what is asked
     * @param version see {@link #destination}
     * @param arrivalNanos when it had been read, on the clock of this use case
     * @param patienceNanos how long after that its caller waits, if that is less than
     * this use case allows
     * @param <A> what the answer is
     * @return to be finished, or at least released, by the same thread
     * @throws InterruptedException if the calling thread is interrupted
     */
    public <A> Attempt<A> start(Query<A> query, Destination.Version version, long arrivalNanos, long patienceNanos)
            throws InterruptedException {
        Passage passage = new Passage(ids.get(), version.assignment(), arrivalNanos,
                deadline(arrivalNanos, patienceNanos), false);
        return submitter.submit(query, version.lease().again(), passage, version.failedOver());
    }

    /**
     * {@return how long ago something was}
     * @param nanos when, on the clock of this use case
     */
    public long nanosSince(long nanos) {
        return nanoTime.getAsLong() - nanos;
    }

    private long deadline(long arrivalNanos, long patienceNanos) {
        return arrivalNanos + Math.min(deadlineNanos, patienceNanos);
    }

    private <A> Reply<A> await(Attempt.InFlight<A> inFlight) throws InterruptedException {
        try {
            return switch (Attempt.Outcome.of(inFlight)) {
                case Attempt.Outcome.Said<A> said -> answered(inFlight, said.answer(), said.computed());
                case Attempt.Outcome.Failed<A> failure -> failed(inFlight, failure.reason(), failure.detail());
                case Attempt.Outcome.Late<A> late -> late(inFlight.prepared().passage(), inFlight.failedOver());
            };
        }
        finally {
            inFlight.release();
        }
    }

    private <A> Reply<A> await(Attempt.Together<A> together) throws InterruptedException {
        try {
            return switch (gathering.gather(together)) {
                case Gathered.Joined<A> joined -> answered(together, joined);
                case Gathered.Filling<A> filling -> filling.reply();
                case Gathered.Failed<A> failure -> failed(together, failure);
            };
        }
        finally {
            together.release();
        }
    }

    private <A> Reply<A> answered(Attempt.Together<A> together, Gathered.Joined<A> joined) {
        Passage passage = together.passage();
        long latencyNanos = nanoTime.getAsLong() - passage.arrivalNanos();
        if (passage.alone() && latencyNanos > deadlineNanos) {
            return late(passage, together.failedOver());
        }
        Reply.Answered<A> reply = new Reply.Answered<>(passage.id(), joined.answer(), together.lease().metadata().id(),
                latencyNanos, joined.inputNanos(), joined.slowest().queueNanos(), joined.slowest().computeNanos(),
                passage.assignment(), together.failedOver());
        for (AnswerListener listener : listeners) {
            listener.answeredTogether(reply, joined.inputs());
        }
        return reply;
    }

    /** What no version could answer is not the variant's fault. */
    private <A> Reply<A> failed(Attempt.Together<A> together, Gathered.Failed<A> failure) throws InterruptedException {
        boolean isCallers = failure.reason() == Refusal.INVALID_FEATURES || failure.reason() == Refusal.STALE_STEP;
        if (isCallers || failure.reason() == Refusal.SHUTTING_DOWN) {
            return new Reply.Refused<>(failure.reason(), failure.detail(), failure.problems(), null);
        }
        Optional<Attempt<A>> control = submitter.failOver(together);
        if (control.isEmpty()) {
            return (failure.reason() == Refusal.OVERLOADED) ? new Reply.Refused<>(failure.reason(), failure.detail())
                    : refused(together.passage(), together.failedOver(), failure.reason(), failure.detail());
        }
        Reply<A> reply = finish(control.get());
        return (reply instanceof Reply.Answered<A>) ? reply : new Reply.Refused<>(failure.reason(), failure.detail());
    }

    /**
     * An answer that is late when its latency is measured is none, as when the process
     * was stopped (SIGSTOP) after the forward pass. In a batch it may have waited for the
     * others.
     */
    private <A> Reply<A> answered(Attempt.InFlight<A> inFlight, A answer, BatchResult.Computed computed) {
        Prepared<A> prepared = inFlight.prepared();
        Passage passage = prepared.passage();
        long latencyNanos = nanoTime.getAsLong() - passage.arrivalNanos();
        if (passage.alone() && latencyNanos > deadlineNanos) {
            return late(passage, inFlight.failedOver());
        }
        Reply.Answered<A> reply = new Reply.Answered<>(passage.id(), answer, inFlight.lease().metadata().id(),
                latencyNanos, prepared.inputNanos(), computed.queueNanos(), computed.computeNanos(),
                passage.assignment(), inFlight.failedOver());
        for (AnswerListener listener : listeners) {
            listener.answered(reply, prepared.input(), inFlight.lease().metadata());
        }
        return reply;
    }

    /** An input on which control fails too is not the variant's fault. */
    private <A> Reply<A> failed(Attempt.InFlight<A> inFlight, Refusal reason, String detail)
            throws InterruptedException {
        Optional<Attempt<A>> control = submitter.failOver(inFlight);
        if (control.isEmpty()) {
            return refused(inFlight.prepared().passage(), inFlight.failedOver(), reason, detail);
        }
        Reply<A> reply = finish(control.get());
        return (reply instanceof Reply.Answered<A>) ? reply : new Reply.Refused<>(reason, detail);
    }

    private <A> Reply<A> late(Passage passage, boolean failedOver) {
        return refused(passage, failedOver, Refusal.DEADLINE_EXCEEDED,
                "no answer within %d ms".formatted((passage.deadlineNanos() - passage.arrivalNanos()) / 1_000_000));
    }

    private <A> Reply<A> refused(Passage passage, boolean failedOver, Refusal reason, String detail) {
        Assignment assignment = failedOver ? null : passage.assignment();
        return new Reply.Refused<>(reason, detail, List.of(), (assignment == null) ? null
                : new Reply.Failure(passage.id(), assignment, nanoTime.getAsLong() - passage.arrivalNanos()));
    }

}
