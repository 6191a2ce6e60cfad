package io.modelserver.drift;

/**
 * The limits from which a measure is reported.
 *
 * @param watch beyond it a feature is to be watched; above 0
 * @param drifted beyond it a feature has drifted; not less than {@code watch}
 */
public record Limits(double watch, double drifted) {

    /** Rejects limits that are not finite, not above 0, or descend. */
    public Limits {
        if (!(watch > 0) || !(drifted >= watch) || !Double.isFinite(drifted)) {
            throw new IllegalArgumentException("limits must be two numbers above 0, the second not below the first");
        }
    }

    DriftVerdict verdict(double measured) {
        return (measured > drifted) ? DriftVerdict.DRIFTED
                : (measured > watch) ? DriftVerdict.WATCH : DriftVerdict.STABLE;
    }

}
