package io.modelserver.registry.store;

import java.util.Optional;

/**
 * Which versions of a model are in PRODUCTION and in STAGING, as of one reading of its
 * markers.
 *
 * @param production the version in PRODUCTION, empty if there is none
 * @param staging the version in STAGING, which is another; empty if there is none
 */
public record MarkedVersions(Optional<String> production, Optional<String> staging) {

    /** A version that both markers name is in PRODUCTION. */
    public MarkedVersions {
        staging = staging.filter((version) -> !production.equals(Optional.of(version)));
    }

    /**
     * {@return whether the version is in PRODUCTION}
     * @param version of that model
     */
    public boolean isProduction(String version) {
        return production.equals(Optional.of(version));
    }

    /**
     * {@return whether the version is in STAGING}
     * @param version of that model
     */
    public boolean isStaging(String version) {
        return staging.equals(Optional.of(version));
    }

}
