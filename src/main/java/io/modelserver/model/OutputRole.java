package io.modelserver.model;

import java.util.Locale;

/** What an output tensor of a model means. */
public enum OutputRole {

    /** One logit per class, shape {@code [batch, classes]}. */
    DIRECTION_LOGITS(0),

    /**
     * One probability per class, shape {@code [batch, classes]}: each row is not negative
     * and sums to 1. A model has these or logits.
     */
    PROBABILITIES(-1),

    /** How sure the model is, one number in [0, 1] per sample. */
    CONFIDENCE(1),

    /**
     * The return that the model expects as a fraction of the price, one number in [-1, 1]
     * per sample.
     */
    EXPECTED_RETURN(2),

    /**
     * The class that was chosen, one integer or text per sample: the direction of a model
     * that returns no scores.
     */
    LABEL(-1),

    /** One number per level that the metadata declares. */
    QUANTILES(-1);

    private final int defaultPosition;

    private final String key = name().toLowerCase(Locale.ROOT);

    OutputRole(int defaultPosition) {
        this.defaultPosition = defaultPosition;
    }

    /**
     * {@return where a tuple has it if the metadata maps no output at all; negative if it
     * is never found by position}
     */
    public int defaultPosition() {
        return defaultPosition;
    }

    /**
     * {@return whether a tuple has it in a place of its own if the metadata maps no
     * output at all}
     */
    public boolean hasDefaultPosition() {
        return defaultPosition >= 0;
    }

    /**
     * {@return whether it has one number per class}
     */
    public boolean isPerClass() {
        return this == DIRECTION_LOGITS || this == PROBABILITIES;
    }

    /**
     * {@return the name in {@code metadata.json} and {@code sample.json}, e.g.
     * {@code direction_logits}}
     */
    public String key() {
        return key;
    }

}
