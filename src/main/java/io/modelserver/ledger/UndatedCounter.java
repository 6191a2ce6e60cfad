package io.modelserver.ledger;

/**
 * Counts recorded requests whose {@code timestamp} counts for nothing; it must not block.
 */
@FunctionalInterface
public interface UndatedCounter {

    /**
     * One more was recorded.
     * @param cause why it counts for nothing: {@code unreadable}, {@code too_early} or
     * {@code ahead}
     */
    void undated(String cause);

}
