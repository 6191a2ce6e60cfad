package io.modelserver.trading;

import java.util.Optional;
import java.util.OptionalLong;

import io.modelserver.model.ModelInput;
import io.modelserver.model.Tensor;
import io.modelserver.window.Step;
import io.modelserver.window.WindowSchema;

/** A request's features as one model sees them. */
sealed interface DecodedFeatures {

    /**
     * All that the model looks at.
     *
     * @param input what the model looks at
     * @param eventMillis when the market was so, in milliseconds since 1970, empty if the
     * request does not tell
     */
    record Whole(ModelInput input, OptionalLong eventMillis) implements DecodedFeatures {
    }

    /** One time step of a model that looks at several. */
    record SingleStep(WindowSchema schema, Step step, Optional<Tensor> rawLob) implements DecodedFeatures {
    }

}
