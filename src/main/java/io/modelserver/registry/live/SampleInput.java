package io.modelserver.registry.live;

import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;

/** An input that a version answers, or why there is none. */
public sealed interface SampleInput {

    /**
     * A version's input.
     *
     * @param metadata says what each tensor is
     * @param input one tensor per input of the metadata, in their order
     */
    record Of(ModelMetadata metadata, ModelInput input) implements SampleInput {
    }

    /**
     * The files of a version do not say what it takes, or it was rejected.
     *
     * @param id the version
     * @param reason a sentence for whoever wrote the files
     */
    record Unknown(ModelId id, String reason) implements SampleInput {
    }

}
