package io.modelserver.trading;

/** One time step as a request gives it. */
public final class TimedStep {

    private final float[] values;

    private final StepTimestamp timestamp;

    /**
     * Takes the numbers without copying them.
     * @param values one finite number a feature, or NaN where a value is missing
     * @param timestamp when the step was observed
     */
    public TimedStep(float[] values, StepTimestamp timestamp) {
        this.values = values;
        this.timestamp = timestamp;
    }

    /**
     * {@return one finite number a feature, or NaN where a value is missing; not to be
     * changed}
     */
    public float[] values() {
        return values;
    }

    /**
     * {@return when it was observed}
     */
    public StepTimestamp timestamp() {
        return timestamp;
    }

}
