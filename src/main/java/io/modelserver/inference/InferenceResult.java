package io.modelserver.inference;

/** How one sample of a forward pass ended. */
public sealed interface InferenceResult permits Prediction, InferenceFailure {

}
