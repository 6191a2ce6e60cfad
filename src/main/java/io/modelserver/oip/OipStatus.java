package io.modelserver.oip;

import io.modelserver.serving.Refusal;

/** The kinds of refusals, by the names that gRPC gives them. */
public enum OipStatus {

    /** The request can't be used, whatever state the server is in. */
    INVALID_ARGUMENT,

    /** There is no such model or version. */
    NOT_FOUND,

    /**
     * The request does not fit the state that the model or the sequence is in, and will
     * not until somebody changes that.
     */
    FAILED_PRECONDITION,

    /** The server can't answer now, and may do so later. */
    UNAVAILABLE,

    /** The request's time ran out. */
    DEADLINE_EXCEEDED,

    /** The protocol has it and this server has not. */
    UNIMPLEMENTED,

    /** The model failed on the input, or the server did. */
    INTERNAL;

    /**
     * {@return the kind of a refusal}
     * @param refusal why there is no answer
     */
    public static OipStatus of(Refusal refusal) {
        return switch (refusal) {
            case INVALID_REQUEST, INVALID_FEATURES -> INVALID_ARGUMENT;
            case MODEL_NOT_FOUND, VERSION_NOT_FOUND, EXPERIMENT_NOT_FOUND -> NOT_FOUND;
            case STALE_STEP -> FAILED_PRECONDITION;
            case NO_PRODUCTION_MODEL, MODEL_REJECTED, MODEL_LOADING, OVERLOADED, SHUTTING_DOWN -> UNAVAILABLE;
            case DEADLINE_EXCEEDED -> DEADLINE_EXCEEDED;
            case INFERENCE_FAILED -> INTERNAL;
        };
    }

}
