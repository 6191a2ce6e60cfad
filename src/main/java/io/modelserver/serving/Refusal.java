package io.modelserver.serving;

/** Why a request gets no prediction. */
public enum Refusal {

    /** The registry has no such model. */
    MODEL_NOT_FOUND,

    /** The request contradicts itself. */
    INVALID_REQUEST,

    /** The model has no such version. */
    VERSION_NOT_FOUND,

    /** No running experiment has that id. */
    EXPERIMENT_NOT_FOUND,

    /** The model has no version in production that is served. */
    NO_PRODUCTION_MODEL,

    /** The version that was asked for failed its check. */
    MODEL_REJECTED,

    /**
     * The version that was asked for is being loaded, which takes longer than a request
     * may.
     */
    MODEL_LOADING,

    /** The step is older than the last one of its symbol. */
    STALE_STEP,

    /** The features do not fit the model's input. */
    INVALID_FEATURES,

    /** The queue is full. */
    OVERLOADED,

    /** The server is stopping. */
    SHUTTING_DOWN,

    /** The request's time ran out. */
    DEADLINE_EXCEEDED,

    /** The model failed on this input. */
    INFERENCE_FAILED

}
