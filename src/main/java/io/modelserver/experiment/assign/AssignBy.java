package io.modelserver.experiment.assign;

import org.jspecify.annotations.Nullable;

/** What an experiment assigns to its variants as a whole: its unit. */
public enum AssignBy {

    /** All requests of a symbol get the same variant. */
    SYMBOL,

    /** All requests of a routing key get the same variant. */
    KEY,

    /** Every request is assigned by itself. */
    REQUEST;

    /**
     * Finds the unit that a request belongs to. A request without a routing key falls
     * back to its symbol in an experiment that assigns by key: it stays with one variant,
     * where a unit of its own would let one caller see both.
     * @param symbol the instrument
     * @param routingKey the caller's key, or null
     * @param requestId unique, e.g. the id of the prediction
     * @return the unit, never null
     */
    public String unit(String symbol, @Nullable String routingKey, String requestId) {
        return switch (this) {
            case SYMBOL -> symbol;
            case KEY -> (routingKey != null) ? routingKey : symbol;
            case REQUEST -> requestId;
        };
    }

}
