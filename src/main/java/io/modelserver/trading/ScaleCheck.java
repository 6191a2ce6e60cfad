package io.modelserver.trading;

import java.util.List;
import java.util.Optional;

import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Scale;
import io.modelserver.model.Scaling;
import io.modelserver.model.TensorSpec;

/**
 * Whether what a caller sent can be scaled for a model. The scaling itself comes later,
 * since other versions may be given the same.
 */
public final class ScaleCheck {

    private ScaleCheck() {
    }

    /**
     * Checks an input.
     * @param model the model that shall look at it
     * @param input what was sent
     * @return the input
     * @throws InvalidFeaturesException if the model has no scale for its symbol, or a
     * number is too large once it is scaled
     */
    public static ModelInput passed(ModelMetadata model, ModelInput input) throws InvalidFeaturesException {
        if (model.preparation().scaling().isEmpty()) {
            return input;
        }
        Optional<String> problem = model.preparation().problem(input.symbol());
        if (problem.isPresent()) {
            throw new InvalidFeaturesException(problem.get());
        }
        List<TensorSpec> inputs = model.inputs();
        for (int i = 0; i < inputs.size(); i++) {
            Scaling scaling = model.preparation().scaling().get(inputs.get(i).name());
            Scale scale = (scaling != null) ? scaling.of(input.symbol()).orElse(null) : null;
            int tooLarge = (scale != null) ? scale.firstTooLarge(input.tensors().get(i)) : -1;
            if (tooLarge >= 0) {
                throw new InvalidFeaturesException("%s[%d] is not finite as a 32-bit float once it is scaled: it was %s"
                    .formatted((i == 0) ? "features" : inputs.get(i).name(), tooLarge,
                            input.tensors().get(i).floats()[tooLarge]));
            }
        }
        return input;
    }

}
