package io.modelserver.inference;

import java.util.Locale;

/** What an output tensor of a model means. */
public enum OutputRole {

    /** One logit a class, shape {@code [batch, classes]}. */
    DIRECTION_LOGITS(0),

    /** How sure the model is, one number a sample. */
    CONFIDENCE(1),

    /**
     * The return that the model expects as a fraction of the price, one number a sample.
     */
    EXPECTED_RETURN(2);

    private final int defaultPosition;

    OutputRole(int defaultPosition) {
        this.defaultPosition = defaultPosition;
    }

    /**
     * {@return where a tuple has it unless the metadata says otherwise}
     */
    int defaultPosition() {
        return defaultPosition;
    }

    /**
     * {@return the name in {@code metadata.json} and {@code sample.json}, e.g.
     * {@code direction_logits}}
     */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

}
