package io.modelserver.model;

import org.jspecify.annotations.Nullable;

/**
 * One output of a forward pass.
 *
 * @param name the key under which the model returned it, or null if it was returned by
 * position
 * @param tensor the numbers, the batch axis first
 */
public record OutputTensor(@Nullable String name, Tensor tensor) {
}
