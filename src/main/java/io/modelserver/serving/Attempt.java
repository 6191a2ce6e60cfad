package io.modelserver.serving;

import io.modelserver.batching.PendingResult;
import io.modelserver.registry.load.ModelLease;

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

        @Override
        public void release() {
            lease.close();
        }

    }

}
