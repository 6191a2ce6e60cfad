package io.modelserver.consensus;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the answers of an ensemble's members become one. */
public enum Strategy {

    /** The direction with the greatest probability, averaged by weight. */
    WEIGHTED_VOTING,

    /** What all say, if all are sure enough. */
    UNANIMOUS,

    /** What most say. */
    MAJORITY,

    /** What the most confident member says. */
    CONFIDENCE_BASED,

    /** As {@link #WEIGHTED_VOTING}, but who was right lately has more weight. */
    ADAPTIVE;

    /**
     * {@return the name in {@code ensemble.json} and in answers, e.g.
     * {@code weighted_voting}}
     */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds a strategy.
     * @param name in any letter case
     * @return the strategy, empty if none has that name
     */
    public static Optional<Strategy> of(String name) {
        String lowerCase = name.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter((strategy) -> strategy.key().equals(lowerCase)).findFirst();
    }

    /**
     * {@return the names of all, for people}
     */
    public static String names() {
        return Arrays.stream(values()).map(Strategy::key).collect(Collectors.joining(", "));
    }

}
