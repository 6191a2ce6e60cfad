package io.modelserver.security;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What callers ask of the server, whichever door they come through, and which scope it
 * takes. Every door maps each of its calls to one of these; a call without an operation
 * needs {@link Scope#ADMIN}, so that what is added stays closed until somebody decides
 * who may use it.
 */
public enum Operation {

    /** Asking for predictions; needs a key only where the settings say so. */
    PREDICT(Scope.PREDICT),

    /** Listing, filling and emptying the windows of symbols; likewise. */
    USE_WINDOWS(Scope.PREDICT),

    /** Asking whether the server can answer. */
    READ_HEALTH(null),

    /** Reading the documentation of the API. */
    READ_DOCUMENTATION(null),

    /** Scraping metrics. */
    READ_METRICS(null),

    /** Listing versions, their stages and their drift, and what they take. */
    READ_MODELS(null),

    /** Reading experiments and their analyses. */
    READ_EXPERIMENTS(null),

    /** Reporting what really happened after a prediction. */
    REPORT_OUTCOMES(Scope.OUTCOME),

    /** Reading single predictions, which reveal what bots trade. */
    READ_LEDGER(Scope.ADMIN),

    /** Reading who changed which stage, when and why. */
    READ_HISTORY(Scope.ADMIN),

    /** Reloading, promoting and rolling back versions. */
    CHANGE_MODELS(Scope.ADMIN),

    /** Creating and stopping experiments. */
    CHANGE_EXPERIMENTS(Scope.ADMIN);

    private final @Nullable Scope scope;

    Operation(@Nullable Scope scope) {
        this.scope = scope;
    }

    /**
     * {@return the scope that this needs, empty if everybody may do it}
     * @param keyForPredict whether predictions and windows need a key
     */
    public Optional<Scope> scope(boolean keyForPredict) {
        return Optional.ofNullable(scope).filter((needed) -> needed != Scope.PREDICT || keyForPredict);
    }

}
