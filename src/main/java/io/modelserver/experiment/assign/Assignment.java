package io.modelserver.experiment.assign;

/**
 * The variant that a request was given.
 *
 * @param experiment the experiment
 * @param variant the variant, no shadow
 * @param unit what it was assigned by
 */
public record Assignment(Experiment experiment, Variant variant, String unit) {

    /**
     * {@return whether the variant is the one that the others are compared to}
     */
    public boolean isControl() {
        return variant.equals(experiment.control());
    }

}
