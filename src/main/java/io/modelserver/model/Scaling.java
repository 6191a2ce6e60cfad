package io.modelserver.model;

import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * How the numbers of one input are scaled before the model sees them: by the scale of the
 * request's symbol where it has one of its own, else by the one that is common to all
 * others.
 */
public final class Scaling {

    private final @Nullable Scale common;

    private final Map<String, Scale> bySymbol;

    /**
     * Creates a scaling.
     * @param common for symbols without a scale of their own; null if there is none
     * @param bySymbol the scales of symbols, by their exact names
     * @throws IllegalArgumentException if there is no scale at all
     */
    public Scaling(@Nullable Scale common, Map<String, Scale> bySymbol) {
        if (common == null && bySymbol.isEmpty()) {
            throw new IllegalArgumentException("a scaling needs one scale at least");
        }
        this.common = common;
        this.bySymbol = new TreeMap<>(bySymbol);
    }

    /**
     * Finds the scale of a symbol.
     * @param symbol the instrument, null if there is none
     * @return its scale, or the common one; empty if there is neither
     */
    public Optional<Scale> of(@Nullable String symbol) {
        Scale own = (symbol != null) ? bySymbol.get(symbol) : null;
        return Optional.ofNullable((own != null) ? own : common);
    }

    /**
     * {@return the symbols with a scale of their own}
     */
    public SortedSet<String> symbols() {
        return new TreeSet<>(bySymbol.keySet());
    }

}
