package io.modelserver.registry.metadata;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** Where a version stands in its life. */
public enum Stage {

    /** It answers only requests that name it. */
    NONE,

    /** It is a candidate: requests may name it by its stage. */
    STAGING,

    /** It answers requests that name no version; at most one version of a model. */
    PRODUCTION,

    /** It was in production before; it answers only requests that name it. */
    ARCHIVED;

    /**
     * Reads a stage in any letter case.
     * @param text e.g. {@code Production}
     * @return the stage, empty if there is none of that name
     */
    public static Optional<Stage> of(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(values()).filter((stage) -> stage.name().equals(name)).findFirst();
    }

    /**
     * Reads what a caller asks for: not every version is named exactly.
     * @param version null, {@code latest} or {@code production} for the version in
     * PRODUCTION, {@code staging}, or an exact version
     * @return the stage, empty for an exact version
     */
    public static Optional<Stage> named(@Nullable String version) {
        return switch (version) {
            case null -> Optional.of(PRODUCTION);
            case "latest", "production" -> Optional.of(PRODUCTION);
            case "staging" -> Optional.of(STAGING);
            default -> Optional.empty();
        };
    }

    /**
     * {@return the spelling that {@code metadata.json} uses, e.g. {@code Production}}
     */
    String metadataSpelling() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the name of the symlink and, with a dot before it, of the marker file}
     */
    public String markerName() {
        return name().toLowerCase(Locale.ROOT);
    }

}
