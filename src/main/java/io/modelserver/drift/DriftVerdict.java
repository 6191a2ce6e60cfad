package io.modelserver.drift;

/** How far live features are from those of training, the mildest first. */
public enum DriftVerdict {

    /** The version has no {@code feature_stats} that can be used. */
    NO_BASELINE,

    /** Nothing can be said yet. */
    TOO_FEW_SAMPLES,

    /** As in training. */
    STABLE,

    /** Different, but within usual limits. */
    WATCH,

    /** The model is asked about something other than it was trained on. */
    DRIFTED

}
