package io.modelserver.experiment.statistics;

/**
 * How the 5 % of false verdicts that an experiment may give are spent. Bonferroni's bound
 * adds them up, however they depend on each other.
 */
public final class SignificanceLevels {

    /** All looks before the end together. */
    public static final double INTERIM = 0.02;

    /** The look at the planned end. */
    static final double FINAL = 0.025;

    /** All looks at all guardrails together. */
    public static final double GUARDRAILS = 0.005;

    private SignificanceLevels() {
    }

}
