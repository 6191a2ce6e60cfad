package io.modelserver.ledger.store;

import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;

/**
 * What the id of a prediction contains: it is a version 7 UUID, which begins with the
 * milliseconds since 1970 at which the request came.
 */
public final class PredictionIds {

    /** Sorts before every version 7 UUID of its millisecond, in both databases. */
    private static final long LEAST_LOW_BITS = 0x8000_0000_0000_0000L;

    /** Unsigned, as databases have it. */
    public static final Comparator<UUID> ORDER = Comparator
        .<UUID>comparingLong((id) -> id.getMostSignificantBits() + Long.MIN_VALUE)
        .thenComparingLong((id) -> id.getLeastSignificantBits() + Long.MIN_VALUE);

    private PredictionIds() {
    }

    /**
     * {@return when a prediction was asked for, in milliseconds since the epoch}
     * @param id of a prediction
     */
    public static long millis(UUID id) {
        return id.getMostSignificantBits() >>> 16;
    }

    /**
     * {@return when a prediction was asked for, to the millisecond}
     * @param id of a prediction
     */
    public static Instant time(UUID id) {
        return Instant.ofEpochMilli(millis(id));
    }

    /**
     * {@return the lowest id that a prediction of that millisecond may have}
     * @param time cut off to the millisecond
     */
    public static UUID firstAt(Instant time) {
        return new UUID((time.toEpochMilli() << 16) | 0x7000, LEAST_LOW_BITS);
    }

}
