package io.modelserver.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a key is good for. */
public enum Scope {

    /** Asking for predictions and filling windows, where that needs a key. */
    PREDICT,

    /** Reporting what really happened. */
    OUTCOME,

    /** Changing what is live; whoever may do that may do everything else. */
    ADMIN;

    /**
     * {@return the scope as key files and problems name it}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Scope> of(String label) {
        return Arrays.stream(values()).filter((scope) -> scope.label().equals(label)).findFirst();
    }

}
