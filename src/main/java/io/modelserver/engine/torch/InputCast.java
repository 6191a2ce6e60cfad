package io.modelserver.engine.torch;

import java.util.Optional;
import java.util.Set;

import ai.djl.ndarray.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * The floating-point type that float32 inputs become for a model that does not take them
 * and whose weights are all of another type, as they would be in Python. That is found
 * out by the model's first pass: one that takes float32 may convert it itself, and would
 * lose digits that it needs. Shared by the instances of a model.
 */
final class InputCast {

    private final @Nullable DataType weights;

    private volatile State state = State.OPEN;

    /**
     * Decides nothing yet.
     * @param floats the types of the weights, as PyTorch calls their storages
     */
    InputCast(Set<String> floats) {
        this.weights = (floats.size() == 1) ? type(floats.iterator().next()) : null;
    }

    /** DJL ends the process where it is asked to make a {@code BFloat16}. */
    private static @Nullable DataType type(String storage) {
        return switch (storage) {
            case "Half" -> DataType.FLOAT16;
            case "Double" -> DataType.FLOAT64;
            default -> null;
        };
    }

    /**
     * {@return what the next pass casts float32 to, empty to leave it as it is}
     */
    Optional<DataType> target() {
        return (state == State.CAST) ? Optional.ofNullable(weights) : Optional.empty();
    }

    /**
     * {@return what to try after a pass without a cast failed, empty if no pass may be
     * tried}
     */
    Optional<DataType> attempt() {
        return (state == State.OPEN) ? Optional.ofNullable(weights) : Optional.empty();
    }

    /** A pass has succeeded, and all others will be like it. */
    void settle(boolean cast) {
        if (state == State.OPEN) {
            state = cast ? State.CAST : State.NONE;
        }
    }

    private enum State {

        OPEN, NONE, CAST

    }

}
