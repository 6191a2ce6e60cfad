package io.modelserver.prediction;

import java.util.List;

import io.modelserver.inference.ModelId;
import io.modelserver.inference.ModelInput;

/** Notified of the inputs that versions have answered, on the request's thread. */
@FunctionalInterface
public interface InputListener {

    /**
     * A version has answered.
     * @param version the version
     * @param input its input; not to be changed
     */
    void answered(ModelId version, ModelInput input);

    /**
     * {@return one listener that tells each of these, in their order}
     * @param listeners who is told
     */
    static InputListener all(List<? extends InputListener> listeners) {
        InputListener[] each = listeners.toArray(InputListener[]::new);
        return (version, input) -> {
            for (InputListener listener : each) {
                listener.answered(version, input);
            }
        };
    }

}
