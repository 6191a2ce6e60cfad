package io.modelserver.head;

/**
 * What became of the outputs of one sample when they were read.
 *
 * @param <A> what they are read as
 */
public sealed interface Reading<A> {

    /**
     * They say something.
     *
     * @param answer what they say
     * @param <A> what they are read as
     */
    record Read<A>(A answer) implements Reading<A> {
    }

    /**
     * They are not what is needed, or numbers among them can't be what they are taken
     * for.
     *
     * @param reason a sentence for the caller: no path, no stack trace
     * @param <A> what they would have been read as
     */
    record Unreadable<A>(String reason) implements Reading<A> {
    }

}
