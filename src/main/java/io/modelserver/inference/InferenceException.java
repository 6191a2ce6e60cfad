package io.modelserver.inference;

/** A forward pass failed as a whole. */
public final class InferenceException extends Exception {

    private static final long serialVersionUID = 1L;

    public InferenceException(String message, Throwable cause) {
        super(message, cause);
    }

}
