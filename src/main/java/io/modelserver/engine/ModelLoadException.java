package io.modelserver.engine;

import org.jspecify.annotations.Nullable;

/** A version can't be served; the message tells a person why and how to fix it. */
public final class ModelLoadException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception of a check that failed.
     * @param message why the version can't be served and how to fix it
     */
    public ModelLoadException(String message) {
        this(message, null);
    }

    /**
     * Creates the exception of something that threw.
     * @param message why the version can't be served and how to fix it
     * @param cause what was thrown, null if nothing was
     */
    public ModelLoadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

}
