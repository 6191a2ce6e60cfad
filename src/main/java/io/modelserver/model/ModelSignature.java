package io.modelserver.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What a model file itself says about its inputs and outputs. A file may say nothing.
 *
 * @param inputs in the order in which the model takes them; empty if it does not say
 * @param outputs in the order in which the model returns them; empty if it does not say
 * @param labelLists all lists of class labels in the file, whether or not they can be
 * told to be those of an output
 */
public record ModelSignature(List<Input> inputs, List<Output> outputs, List<List<String>> labelLists) {

    /** That of a file that says nothing. */
    public static final ModelSignature UNKNOWN = new ModelSignature(List.of(), List.of(), List.of());

    /** Takes copies of the lists. */
    public ModelSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        labelLists = List.copyOf(labelLists);
    }

    /**
     * {@return the output of that name, empty if there is none}
     * @param name as the file calls it
     */
    public Optional<Output> output(String name) {
        return outputs.stream().filter((output) -> output.name().equals(name)).findFirst();
    }

    /**
     * One input.
     *
     * @param name as the file calls it
     * @param batch the length of its batch axis where the file fixes it, else 0
     * @param namesAreBinding whether the engine itself takes inputs by these names; if
     * not, they are those of a function's arguments, which people choose freely
     * @param datatype of its elements, null if the file does not say
     * @param shape its dimensions with the batch axis, -1 where one is free; empty if the
     * file does not say
     */
    public record Input(String name, long batch, boolean namesAreBinding, @Nullable Datatype datatype,
            List<Long> shape) {

        /** Takes a copy of the shape. */
        public Input {
            shape = List.copyOf(shape);
        }

        /**
         * An input of a shape that the file does not say.
         * @param name as the file calls it
         * @param batch the length of its batch axis where the file fixes it, else 0
         * @param namesAreBinding whether the engine itself takes inputs by these names
         * @param datatype of its elements, null if the file does not say
         */
        public Input(String name, long batch, boolean namesAreBinding, @Nullable Datatype datatype) {
            this(name, batch, namesAreBinding, datatype, List.of());
        }

    }

    /**
     * One output.
     *
     * @param name as the file calls it
     * @param kind what it holds
     * @param labels the class labels of its columns, in their order, or those among which
     * an output of labels chooses; empty if the file does not name them
     * @param datatype of its elements, null if they can't be read, or the file does not
     * say
     * @param shape its dimensions with the batch axis, -1 where one is free; empty if the
     * file does not say
     */
    public record Output(String name, Kind kind, List<String> labels, @Nullable Datatype datatype, List<Long> shape) {

        /** Takes copies of the lists. */
        public Output {
            Objects.requireNonNull(name);
            labels = List.copyOf(labels);
            shape = List.copyOf(shape);
        }

        /**
         * An output of a shape that the file does not say.
         * @param name as the file calls it
         * @param kind what it holds
         * @param labels the class labels of its columns
         * @param datatype of its elements, null if they can't be read, or the file does
         * not say
         */
        public Output(String name, Kind kind, List<String> labels, @Nullable Datatype datatype) {
            this(name, kind, labels, datatype, List.of());
        }

        /**
         * {@return whether one request may get more of it than another: an axis other
         * than the batch is free}
         */
        public boolean variesInSize() {
            return shape.stream().skip(1).anyMatch((dimension) -> dimension < 0);
        }

    }

    /** What an output holds. */
    public enum Kind {

        /** Numbers. */
        NUMBERS,

        /** Integers or texts: the label of the class that was chosen. */
        LABELS,

        /** What can't be read. */
        OTHER

    }

}
