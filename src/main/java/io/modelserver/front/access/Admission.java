package io.modelserver.front.access;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import io.modelserver.security.ApiKey;
import io.modelserver.security.KeyFile;
import io.modelserver.security.Operation;
import io.modelserver.security.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in through a door that does not speak HTTP: by the same keys and scopes,
 * and the same rule for callers on this host, as through one that does.
 */
public final class Admission {

    private final AccessSettings settings;

    /**
     * Creates the rules.
     * @param settings who may call
     */
    public Admission(AccessSettings settings) {
        this.settings = settings;
    }

    /**
     * {@return the scope that a call needs, empty if it is open}
     * @param operation what the call is; null if nobody has decided that, so that it
     * needs {@link Scope#ADMIN}
     */
    public Optional<Scope> scope(@Nullable Operation operation) {
        return (operation != null) ? operation.scope(settings.keyForPredict()) : Optional.of(Scope.ADMIN);
    }

    /**
     * Decides about a call that is not open.
     * @param scope what it needs
     * @param credentials all values of {@code Authorization}
     * @param origin where it comes from
     * @return whether it may come in
     */
    public Verdict judge(Scope scope, List<String> credentials, Origin origin) {
        if (settings.keys() == null) {
            return origin.isThisHost() ? new Verdict.Admitted(KeyFile.LOCAL) : new Verdict.Forbidden(onlyFromHere());
        }
        Optional<ApiKey> key = CallerFilter.bearer(credentials).flatMap(settings.keys()::find);
        if (key.isEmpty()) {
            return new Verdict.Unknown(unknown(credentials.isEmpty(), scope));
        }
        return key.get().allows(scope) ? new Verdict.Admitted(key.get().name())
                : new Verdict.Forbidden(lacks(scope, key.get().name()));
    }

    static String onlyFromHere() {
        return "changes are accepted only from this host (127.0.0.1), not through a proxy or from another site, "
                + "until the server has API keys";
    }

    static String unknown(boolean withoutKey, Scope scope) {
        return withoutKey ? "this call needs a key of scope %s: Authorization: Bearer <key>".formatted(scope.label())
                : "the key in Authorization is not one that this server knows";
    }

    static String lacks(Scope scope, @Nullable String name) {
        return "this call needs a key of scope %s, which '%s' does not have".formatted(scope.label(), name);
    }

    /**
     * Where a call comes from, as far as can be seen.
     *
     * @param peer the address at the other end of the connection
     * @param host the name that was called, without a port
     * @param headers the names of the call's headers
     */
    public record Origin(String peer, String host, Collection<String> headers) {

        private boolean isThisHost() {
            return LocalCaller.isHere(peer, host, headers.stream()) && headers.stream()
                .noneMatch((name) -> name.equalsIgnoreCase("origin") || name.equalsIgnoreCase("sec-fetch-site"));
        }

    }

    /** Whether a call may come in. */
    public sealed interface Verdict {

        /**
         * It may.
         *
         * @param caller who calls: the name of a key, or of callers on this host
         */
        record Admitted(String caller) implements Verdict {
        }

        /**
         * It may not, since nobody knows who calls.
         *
         * @param detail a sentence for the caller
         */
        record Unknown(String detail) implements Verdict {
        }

        /**
         * It may not, whoever calls.
         *
         * @param detail a sentence for the caller
         */
        record Forbidden(String detail) implements Verdict {
        }

    }

}
