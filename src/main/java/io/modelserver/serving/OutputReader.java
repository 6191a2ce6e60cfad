package io.modelserver.serving;

import io.modelserver.head.Head;
import io.modelserver.model.ModelOutput;

/**
 * Turns what a version returned into the answer; used by any number of threads at once.
 *
 * @param <A> what the answer is
 */
@FunctionalInterface
public interface OutputReader<A> {

    /**
     * Reads an output. A version whose output can't be read has failed: where it is a
     * variant of an experiment, control is asked.
     * @param head of the version that answered
     * @param output what it returned
     * @return the answer, or why it can't be read
     */
    Reading<A> read(Head head, ModelOutput output);

    /**
     * {@return a reader that leaves outputs as they are, for callers who want tensors}
     */
    static OutputReader<ModelOutput> unread() {
        return (head, output) -> new Reading.Read<>(output);
    }

    /**
     * What became of an output.
     *
     * @param <A> what the answer is
     */
    sealed interface Reading<A> {

        /**
         * An answer.
         *
         * @param answer the answer
         * @param <A> what the answer is
         */
        record Read<A>(A answer) implements Reading<A> {
        }

        /**
         * None.
         *
         * @param reason a sentence for the caller
         * @param <A> what the answer would have been
         */
        record Unreadable<A>(String reason) implements Reading<A> {
        }

    }

}
