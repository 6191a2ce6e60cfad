package io.modelserver.front.access;

import java.util.List;

import io.modelserver.security.KeyRing;
import org.jspecify.annotations.Nullable;

/**
 * Who may call.
 *
 * @param keys the keys that callers may have; null where there is no file of them, so
 * that changes are accepted from this host only
 * @param keyForPredict whether predictions and windows need a key too; only where there
 * are keys
 * @param corsAllowedOrigins the origins whose pages may call; none for no foreign page
 */
public record AccessSettings(@Nullable KeyRing keys, boolean keyForPredict, List<String> corsAllowedOrigins) {

    /**
     * Takes a copy of the origins. Rejects that predictions require a key where there are
     * none.
     */
    public AccessSettings {
        if (keyForPredict && keys == null) {
            throw new IllegalArgumentException("predictions can't require a key when there are none");
        }
        corsAllowedOrigins = List.copyOf(corsAllowedOrigins);
    }

}
