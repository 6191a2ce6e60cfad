package io.modelserver.serving;

import io.modelserver.experiment.Assignment;
import io.modelserver.experiment.Variant;
import org.jspecify.annotations.Nullable;

/**
 * Hears what shadows said, off the path of answers.
 *
 * @param <A> what an answer is
 */
public interface ShadowListener<A> {

    /**
     * A shadow was asked the same as the variant that answered.
     * @param copy what it said
     */
    void shadowed(ShadowAnswer<A> copy);

    /**
     * A copy was not made, since too many wait or the shadow is not loaded.
     * @param shadow which variant did not get it
     */
    void dropped(Variant shadow);

    /**
     * What a shadow said.
     *
     * @param predictionId the answer that the bot got
     * @param assignment whose answer that was
     * @param shadow the variant that was asked too
     * @param answer what it said, null if it failed
     * @param latencyNanos how long the answer would have taken with it: its own queueing
     * and compute in the place of those of the variant that answered
     * @param <A> what an answer is
     */
    record ShadowAnswer<A>(String predictionId, Assignment assignment, Variant shadow, @Nullable A answer,
            long latencyNanos) {
    }

}
