package io.modelserver.batching;

/** The batcher's immediate answer to a request. */
public sealed interface Submission {

    /**
     * The request is queued and will be answered by its deadline.
     *
     * @param pending to wait on
     */
    record Accepted(PendingResult pending) implements Submission {
    }

    /** The queue is full, or so long that the request's time would run out in it. */
    record Overloaded() implements Submission {
    }

    /** No instance is left: all are stuck in a forward pass. */
    record Stuck() implements Submission {
    }

    /** The batcher accepts no more requests. */
    record Closed() implements Submission {
    }

}
