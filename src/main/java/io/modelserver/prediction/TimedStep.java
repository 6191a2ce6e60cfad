package io.modelserver.prediction;

/** One time step as a request gives it. */
final class TimedStep {

    private final float[] values;

    private final StepTimestamp timestamp;

    TimedStep(float[] values, StepTimestamp timestamp) {
        this.values = values;
        this.timestamp = timestamp;
    }

    /**
     * {@return one finite number per feature}
     */
    float[] values() {
        return values;
    }

    /**
     * {@return when it was observed}
     */
    StepTimestamp timestamp() {
        return timestamp;
    }

}
