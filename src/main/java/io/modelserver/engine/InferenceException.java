package io.modelserver.engine;

import org.jspecify.annotations.Nullable;

/** A forward pass failed as a whole. */
public final class InferenceException extends Exception {

    private static final long serialVersionUID = 1L;

    public InferenceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

}
