package io.modelserver.signal;

import java.util.Locale;

/** How the members of an ensemble came to their answer. */
public enum ConsensusType {

    /** All said the same. */
    UNANIMOUS,

    /** Half of them at least said the same. */
    MAJORITY,

    /** Fewer than half said so, but their weight was the greatest. */
    WEIGHTED,

    /** They should have said the same, and did not, or were not sure enough. */
    CONFLICT,

    /** Several directions had the most votes. */
    TIE_RESOLVED,

    /** The most confident one decided. */
    CONFIDENCE_LEADER,

    /** Those that were right lately had more weight. */
    ADAPTIVE,

    /** Only one answered. */
    SINGLE;

    /**
     * {@return the name in answers, e.g. {@code confidence_leader}}
     */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

}
