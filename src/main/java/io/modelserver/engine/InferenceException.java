package io.modelserver.engine;

import org.jspecify.annotations.Nullable;

/** A forward pass failed as a whole. */
public final class InferenceException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     * @param message what failed, in words for the operator
     * @param cause what the engine threw, null if it only answered wrongly
     */
    public InferenceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

}
