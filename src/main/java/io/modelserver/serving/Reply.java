package io.modelserver.serving;

import java.util.List;

import io.modelserver.experiment.assign.Assignment;
import io.modelserver.model.ModelId;
import org.jspecify.annotations.Nullable;

/**
 * How a query ended.
 *
 * @param <A> what an answer is
 */
public sealed interface Reply<A> {

    /**
     * A version answered.
     *
     * @param id unique, sorts by time
     * @param answer the answer
     * @param version the version that gave it
     * @param latencyNanos from the query having been read to the answer
     * @param inputNanos of those, in the source
     * @param queueNanos of those, waiting for an instance
     * @param computeNanos of those, the forward pass
     * @param assignment the variant that the query was given, null if no experiment had a
     * say
     * @param failedOver whether that variant failed and control answered
     * @param <A> what an answer is
     */
    record Answered<A>(String id, A answer, ModelId version, long latencyNanos, long inputNanos, long queueNanos,
            long computeNanos, @Nullable Assignment assignment, boolean failedOver) implements Reply<A> {
    }

    /**
     * The source waits for more.
     *
     * @param have how many parts are there
     * @param need how many the version looks at
     * @param restart why earlier ones were dropped, null if none were
     * @param <A> what an answer would have been
     */
    record NotYet<A>(int have, int need, @Nullable String restart) implements Reply<A> {
    }

    /**
     * There is no answer.
     *
     * @param reason the kind of refusal
     * @param detail a sentence for the caller
     * @param problems the fields that are wrong, where single ones can be named
     * @param failure of a variant, null if this is none's
     * @param <A> what an answer would have been
     */
    record Refused<A>(Refusal reason, String detail, List<FieldProblem> problems,
            @Nullable Failure failure) implements Reply<A> {

        Refused(Refusal reason, String detail) {
            this(reason, detail, List.of(), null);
        }

    }

    /**
     * A query that a variant failed on and nobody else answered.
     *
     * @param id unique, sorts by time
     * @param assignment the variant
     * @param latencyNanos from the query having been read to the refusal
     */
    record Failure(String id, Assignment assignment, long latencyNanos) {
    }

}
