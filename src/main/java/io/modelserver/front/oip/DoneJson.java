package io.modelserver.front.oip;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What was done to a model.
 *
 * @param name of the model
 * @param message a sentence for the operator
 */
@Schema(name = "InferenceModelChange")
record DoneJson(String name, String message) {
}
