package io.modelserver.prediction;

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

}
