package io.modelserver.oip;

/**
 * How a call ended.
 *
 * @param <T> what it gives
 */
public sealed interface OipResult<T> {

    /**
     * As the caller wanted it.
     *
     * @param value what it gives
     * @param <T> its type
     */
    record Done<T>(T value) implements OipResult<T> {
    }

    /**
     * It was refused.
     *
     * @param status the kind of refusal
     * @param message a sentence for the caller
     * @param <T> what it would have given
     */
    record Refused<T>(OipStatus status, String message) implements OipResult<T> {

        /**
         * {@return the same refusal of another call}
         * @param <O> what that would have given
         */
        public <O> OipResult<O> as() {
            return new Refused<>(status, message);
        }

    }

}
