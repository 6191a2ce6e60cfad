package io.modelserver.registry;

/** Which engine runs the versions that have a model file for both. */
public enum EnginePreference {

    /** ONNX Runtime where it gives the same answers and gives them faster. */
    AUTO,

    /** PyTorch. */
    PYTORCH,

    /** ONNX Runtime. */
    ONNXRUNTIME

}
