package io.modelserver.registry;

import java.util.Optional;

/**
 * Which versions of a model are in PRODUCTION and in STAGING, as of one reading of its
 * markers.
 *
 * @param production the version in PRODUCTION, empty if there is none
 * @param staging the version in STAGING, which is another; empty if there is none
 */
record MarkedVersions(Optional<String> production, Optional<String> staging) {

    MarkedVersions {
        staging = staging.filter((version) -> !production.equals(Optional.of(version)));
    }

    boolean isProduction(String version) {
        return production.equals(Optional.of(version));
    }

    boolean isStaging(String version) {
        return staging.equals(Optional.of(version));
    }

}
