package io.modelserver.registry.load;

import io.modelserver.model.ModelInput;

/**
 * An input on which a model is checked before it is served.
 *
 * @param input one sample
 * @param golden whether it is a golden sample, so that the model must answer it
 */
record CheckRow(ModelInput input, boolean golden) {
}
