package io.modelserver.experiment.statistics;

/** How a difference was tested. */
public enum Method {

    /**
     * The interval holds at all looks at once: one may look after every outcome and stop
     * at any of them. See {@link NormalMixture}.
     */
    CONFIDENCE_SEQUENCE("confidence sequence", SignificanceLevels.INTERIM),

    /**
     * Welch's t-test over units, of use once, at the planned end. Of shares of hits it is
     * the two-proportion test with unpooled variance.
     */
    WELCH_TEST("Welch's t-test", SignificanceLevels.FINAL),

    /** The same look at the differences of a shadow, pair by pair. */
    ONE_SAMPLE_TEST("one-sample t-test", SignificanceLevels.FINAL);

    private final String title;

    private final double alpha;

    Method(String title, double alpha) {
        this.title = title;
        this.alpha = alpha;
    }

    /**
     * {@return how a comparison of a design is tested at a look of this method}
     * @param design how the variant was given its requests
     */
    public Method of(Design design) {
        return (this == WELCH_TEST && design == Design.PAIRED) ? ONE_SAMPLE_TEST : this;
    }

    /**
     * {@return what it is called in a sentence}
     */
    public String title() {
        return title;
    }

    /**
     * {@return what a p-value must not exceed to be significant}
     */
    public double alpha() {
        return alpha;
    }

}
