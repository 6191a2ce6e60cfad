package io.modelserver.prediction;

import io.modelserver.inference.ModelId;
import io.modelserver.inference.ModelInput;

/** Hears what versions were asked about; called on the request's thread. */
@FunctionalInterface
public interface InputListener {

    /**
     * A version has answered.
     * @param version the version
     * @param input what it looked at; not to be changed
     */
    void answered(ModelId version, ModelInput input);

}
