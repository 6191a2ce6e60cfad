package io.modelserver.oip;

/**
 * When a call began and until when its caller waits.
 *
 * @param arrivalNanos when it had been read, on the clock of serving
 * @param readNanos how long that took
 * @param patienceNanos how long after that its caller waits, where the door knows;
 * {@link Long#MAX_VALUE} if it does not
 */
public record CallTimes(long arrivalNanos, long readNanos, long patienceNanos) {

    /**
     * Of a caller who waits for as long as the server does.
     * @param arrivalNanos when the call had been read, on the clock of serving
     * @param readNanos how long that took
     */
    public CallTimes(long arrivalNanos, long readNanos) {
        this(arrivalNanos, readNanos, Long.MAX_VALUE);
    }

}
