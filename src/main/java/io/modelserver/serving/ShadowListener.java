package io.modelserver.serving;

import java.util.List;

import io.modelserver.experiment.assign.Assignment;
import io.modelserver.experiment.assign.Variant;
import org.jspecify.annotations.Nullable;

/**
 * Notified of the shadows' answers, off the path of answers.
 *
 * @param <A> what an answer is
 */
public interface ShadowListener<A> {

    /**
     * A shadow was asked the same as the variant that answered.
     * @param copy its answer
     */
    default void shadowed(ShadowAnswer<A> copy) {
    }

    /**
     * A copy was not made, since too many wait or the shadow is not loaded.
     * @param shadow which variant did not get it
     */
    default void dropped(Variant shadow) {
    }

    /**
     * A shadow's answer.
     *
     * @param predictionId the answer that the bot got
     * @param assignment whose answer that was
     * @param shadow the variant that was asked too
     * @param answer its answer, null if it failed
     * @param latencyNanos how long the answer would have taken with it: its own queueing
     * and compute in the place of those of the variant that answered
     * @param <A> what an answer is
     */
    record ShadowAnswer<A>(String predictionId, Assignment assignment, Variant shadow, @Nullable A answer,
            long latencyNanos) {
    }

    /**
     * {@return one listener that tells each of these, in their order}
     * @param listeners who is told
     * @param <A> what an answer is
     */
    static <A> ShadowListener<A> all(List<? extends ShadowListener<A>> listeners) {
        List<ShadowListener<A>> each = List.copyOf(listeners);
        return new ShadowListener<>() {

            @Override
            public void shadowed(ShadowAnswer<A> copy) {
                each.forEach((listener) -> listener.shadowed(copy));
            }

            @Override
            public void dropped(Variant shadow) {
                each.forEach((listener) -> listener.dropped(shadow));
            }

        };
    }

}
