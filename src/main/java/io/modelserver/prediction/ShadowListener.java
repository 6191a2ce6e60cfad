package io.modelserver.prediction;

import java.util.List;

import io.modelserver.experiment.Assignment;
import io.modelserver.experiment.Variant;
import io.modelserver.inference.Prediction;
import org.jspecify.annotations.Nullable;

/** Notified of the shadows' answers, off the path of answers. */
public interface ShadowListener {

    /**
     * A shadow was asked the same as the variant that answered.
     * @param copy its answer
     */
    default void shadowed(ShadowAnswer copy) {
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
     * @param prediction its answer, null if it failed
     * @param latencyNanos how long the answer would have taken with it: its own queueing
     * and compute in the place of those of the variant that answered
     */
    record ShadowAnswer(String predictionId, Assignment assignment, Variant shadow, @Nullable Prediction prediction,
            long latencyNanos) {
    }

    /**
     * {@return one listener that tells each of these, in their order}
     * @param listeners who is told
     */
    static ShadowListener all(List<? extends ShadowListener> listeners) {
        List<ShadowListener> each = List.copyOf(listeners);
        return new ShadowListener() {

            @Override
            public void shadowed(ShadowAnswer copy) {
                each.forEach((listener) -> listener.shadowed(copy));
            }

            @Override
            public void dropped(Variant shadow) {
                each.forEach((listener) -> listener.dropped(shadow));
            }

        };
    }

}
