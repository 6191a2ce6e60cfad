package io.modelserver.window;

import java.util.OptionalLong;

/** One time step of one symbol. */
public final class Step {

    private final float[] values;

    private final OptionalLong timestampMillis;

    /**
     * Takes the numbers without copying them.
     * @param values one finite number per feature, or NaN where a value is missing
     * @param timestampMillis when the step was observed, milliseconds since 1970; empty
     * if its arrival decides
     */
    public Step(float[] values, OptionalLong timestampMillis) {
        this.values = values;
        this.timestampMillis = timestampMillis;
    }

    /**
     * {@return one number per feature; not to be changed}
     */
    public float[] values() {
        return values;
    }

    /**
     * {@return when the step was observed, milliseconds since 1970}
     */
    public OptionalLong timestampMillis() {
        return timestampMillis;
    }

}
