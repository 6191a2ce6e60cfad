package io.modelserver.front.grpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.modelserver.oip.OipResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers calls that have one answer, and turns what goes wrong into their status. */
final class Answering {

    private static final Logger logger = LoggerFactory.getLogger(Answering.class);

    private Answering() {
    }

    /**
     * Answers a call, on the thread that works on it.
     * @param caller to whom the answer goes
     * @param work makes it
     * @param <A> what the answer is
     */
    static <A> void answer(StreamObserver<A> caller, Work<A> work) {
        if (caller instanceof ServerCallStreamObserver<A> call) {
            // Or else an answer to somebody who has gone would be an error here.
            call.setOnCancelHandler(() -> {
            });
        }
        switch (outcome(work)) {
            case Outcome.Answer<A>(A answer) -> {
                caller.onNext(answer);
                caller.onCompleted();
            }
            case Outcome.None<A>(Status status) -> caller.onError(status.asException());
        }
    }

    /**
     * {@return how work on a call ended; its failures are logged and not told}
     */
    static <A> Outcome<A> outcome(Work<A> work) {
        try {
            return switch (work.run()) {
                case OipResult.Done<A>(A answer) -> new Outcome.Answer<>(answer);
                case OipResult.Refused<A> refused ->
                    new Outcome.None<>(Statuses.of(refused.status(), refused.message()));
            };
        }
        catch (InterruptedException ex) {
            // The caller has gone, or gRPC has told it already that its time is up.
            return new Outcome.None<>(Status.CANCELLED.withDescription("the caller no longer waits"));
        }
        catch (RuntimeException ex) {
            logger.error("a call over gRPC failed", ex);
            return new Outcome.None<>(Status.INTERNAL.withDescription("the server failed; its log says why"));
        }
    }

    /**
     * Makes an answer.
     *
     * @param <A> what it is
     */
    @FunctionalInterface
    interface Work<A> {

        /**
         * {@return the answer, or why there is none}
         * @throws InterruptedException if nobody waits for it any more
         */
        OipResult<A> run() throws InterruptedException;

    }

    /**
     * How work ended.
     *
     * @param <A> what an answer is
     */
    sealed interface Outcome<A> {

        /**
         * With an answer.
         *
         * @param answer the answer
         * @param <A> what it is
         */
        record Answer<A>(A answer) implements Outcome<A> {
        }

        /**
         * Without one.
         *
         * @param status what the caller is told
         * @param <A> what the answer would have been
         */
        record None<A>(Status status) implements Outcome<A> {
        }

    }

}
