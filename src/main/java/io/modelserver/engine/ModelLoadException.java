package io.modelserver.engine;

import org.jspecify.annotations.Nullable;

/** A version can't be served; the message tells a person why and how to mend it. */
public final class ModelLoadException extends Exception {

    private static final long serialVersionUID = 1L;

    public ModelLoadException(String message) {
        this(message, null);
    }

    public ModelLoadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

}
