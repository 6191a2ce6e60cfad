package io.modelserver.serving;

import java.util.List;

import io.modelserver.batching.BatchResult;
import io.modelserver.batching.PendingResult;
import io.modelserver.head.Reading;
import io.modelserver.model.ModelId;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.registry.metadata.Ensemble;

/**
 * A query that has been started.
 *
 * @param <A> what the answer is
 */
public sealed interface Attempt<A> {

    /** Lets go of the version; has no effect once the query was answered. */
    void release();

    /**
     * It ended without a version having been asked.
     *
     * @param reply how
     * @param <A> what the answer would have been
     */
    record Ended<A>(Reply<A> reply) implements Attempt<A> {

        @Override
        public void release() {
        }

    }

    /**
     * A version works on it.
     *
     * @param prepared what it looks at, and why
     * @param lease the version that works on it
     * @param pending its answer
     * @param failedOver whether control works on it because the variant failed
     * @param <A> what the answer is
     */
    record InFlight<A>(Prepared<A> prepared, ModelLease lease, PendingResult pending,
            boolean failedOver) implements Attempt<A> {

        /** Once nobody waits for it, it is not computed any more. */
        @Override
        public void release() {
            pending.abandon();
            lease.close();
        }

    }

    /**
     * The members of an ensemble work on it.
     *
     * @param query what was asked
     * @param passage how it goes through the server
     * @param lease the ensemble
     * @param ensemble what it consists of
     * @param members how far each of them is
     * @param failedOver whether it works as control because the variant failed
     * @param <A> what the answer is
     */
    record Together<A>(Query<A> query, Passage passage, ModelLease lease, Ensemble ensemble, List<Asked<A>> members,
            boolean failedOver) implements Attempt<A> {

        @Override
        public void release() {
            members.forEach((member) -> member.attempt().release());
            lease.close();
        }

    }

    /**
     * A member of an ensemble that was asked.
     *
     * @param member which
     * @param attempt how far it is
     * @param <A> what the answer is
     */
    record Asked<A>(Ensemble.Member member, Attempt<A> attempt) {
    }

    /**
     * What became of a query that a version worked on.
     *
     * @param <A> what an answer is
     */
    sealed interface Outcome<A> {

        /**
         * Waits for it.
         * @param inFlight the query
         * @param <A> what an answer is
         * @return the outcome
         * @throws InterruptedException if the calling thread is interrupted
         */
        static <A> Outcome<A> of(InFlight<A> inFlight) throws InterruptedException {
            ModelId model = inFlight.lease().metadata().id();
            return switch (inFlight.pending().await()) {
                case BatchResult.Computed computed -> read(inFlight, model, computed);
                case BatchResult.Failed failure ->
                    new Failed<>(Refusal.INFERENCE_FAILED, "%s: %s".formatted(model, failure.reason()));
                case BatchResult.Expired() -> new Late<>();
                case BatchResult.Stuck(long limitNanos) -> new Failed<>(Refusal.DEADLINE_EXCEEDED,
                        "%s: the forward pass was given up after %d ms".formatted(model, limitNanos / 1_000_000));
            };
        }

        private static <A> Outcome<A> read(InFlight<A> inFlight, ModelId model, BatchResult.Computed computed) {
            return switch (inFlight.prepared().query().reader().read(inFlight.lease().head(), computed.output())) {
                case Reading.Read<A> read -> new Said<>(read.answer(), computed);
                case Reading.Unreadable<A> unreadable ->
                    new Failed<>(Refusal.INFERENCE_FAILED, "%s: %s".formatted(model, unreadable.reason()));
            };
        }

        /**
         * It answered.
         *
         * @param answer what it said
         * @param computed how long that took
         * @param <A> what the answer is
         */
        record Said<A>(A answer, BatchResult.Computed computed) implements Outcome<A> {
        }

        /**
         * It failed.
         *
         * @param reason the kind of refusal
         * @param detail a sentence for the caller
         * @param <A> what the answer would have been
         */
        record Failed<A>(Refusal reason, String detail) implements Outcome<A> {
        }

        /**
         * It did not answer in time.
         *
         * @param <A> what the answer would have been
         */
        record Late<A>() implements Outcome<A> {
        }

    }

}
