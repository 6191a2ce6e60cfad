package io.modelserver.model;

/** Where an output is found among what a model returns. */
public sealed interface OutputRef {

    /** In place of a column: all of them. */
    int WHOLE = -1;

    /**
     * {@return the column of the output that is meant, from 0, or {@link #WHOLE}}
     */
    int column();

    /**
     * By position in a tuple, from 0; a single tensor is at 0.
     *
     * @param index the position
     * @param column of an output with several, or {@link #WHOLE}
     */
    record ByPosition(int index, int column) implements OutputRef {

        /**
         * The whole output.
         * @param index the position
         */
        public ByPosition(int index) {
            this(index, WHOLE);
        }

    }

    /**
     * By key in a dictionary or by the name of a graph's output.
     *
     * @param name the key
     * @param column of an output with several, or {@link #WHOLE}
     */
    record ByName(String name, int column) implements OutputRef {

        /**
         * The whole output.
         * @param name the key
         */
        public ByName(String name) {
            this(name, WHOLE);
        }

    }

}
