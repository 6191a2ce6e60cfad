package io.modelserver.head;

/**
 * An output of a pass as callers get it who want tensors.
 *
 * @param name as the model names it; of a tuple, by its role or its place
 * @param position in the pass
 */
public record ReturnedOutput(String name, int position) {
}
