package io.modelserver.registry;

import io.modelserver.engine.ModelFormat;

/**
 * Which engine runs a version.
 *
 * @param format the file that is run
 * @param engine the engine and its version, e.g. {@code ONNX Runtime 1.29.0}
 * @param reason why it is this one, for an operator
 */
record EngineChoice(ModelFormat format, String engine, String reason) {
}
