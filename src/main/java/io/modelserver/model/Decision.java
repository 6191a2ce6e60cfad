package io.modelserver.model;

/** The rule by which what a model says becomes a direction, or stops being one. */
public sealed interface Decision {

    /**
     * A number decides: the advice is to buy above one bound, to sell below another, and
     * to hold between them.
     *
     * @param from the output that holds one number per sample: {@code expected_return},
     * or a name of its own
     * @param buyAbove infinite if it never advises to buy
     * @param sellBelow not above {@code buyAbove}; infinite if it never advises to sell
     */
    record ByNumber(String from, double buyAbove, double sellBelow) implements Decision {
    }

    /**
     * A classifier's advice is to hold unless the most probable class is likely enough.
     *
     * @param probability the least that counts, in (0, 1]
     */
    record HoldBelow(double probability) implements Decision {
    }

}
