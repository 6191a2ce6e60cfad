package io.modelserver.registry.store;

import io.modelserver.engine.Engine;

/**
 * Which engine runs a version.
 *
 * @param engine the engine, which says what the file is that it runs
 * @param release its name and version, e.g. {@code ONNX Runtime 1.29.0}
 * @param reason why it is this one, for an operator
 */
public record EngineChoice(Engine engine, String release, String reason) {
}
