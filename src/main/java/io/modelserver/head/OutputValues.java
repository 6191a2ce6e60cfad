package io.modelserver.head;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.modelserver.model.Datatype;
import io.modelserver.model.OutputRef;
import io.modelserver.model.Tensor;

/** The elements of an output of one sample, as they are compared. */
public sealed interface OutputValues {

    /** Numbers, which rounding may change. */
    final class Numbers implements OutputValues {

        private final float[] values;

        /**
         * Holds numbers.
         * @param values not copied
         */
        public Numbers(float[] values) {
            this.values = values;
        }

        /**
         * {@return the numbers; not to be changed}
         */
        public float[] values() {
            return values;
        }

    }

    /**
     * Integers, truth values and texts, which must be the same.
     *
     * @param values as texts
     */
    record Texts(List<String> values) implements OutputValues {

        /** Takes a copy. */
        public Texts {
            values = List.copyOf(values);
        }

    }

    /**
     * {@return how many elements there are}
     */
    default int size() {
        return switch (this) {
            case Numbers numbers -> numbers.values.length;
            case Texts(List<String> values) -> values.size();
        };
    }

    /**
     * {@return an element, as it is told to people}
     * @param place from 0
     */
    default String element(int place) {
        return switch (this) {
            case Numbers numbers -> Float.toString(numbers.values[place]);
            case Texts(List<String> values) -> values.get(place);
        };
    }

    /**
     * {@return whether no number is infinite or NaN}
     */
    default boolean isFinite() {
        if (this instanceof Numbers numbers) {
            for (float value : numbers.values) {
                if (!Float.isFinite(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Compares what is expected with what came.
     * @param actual what came
     * @param tolerance how far numbers may differ, absolutely below 1 and relatively
     * above
     * @param reference who expects it
     * @return the end of a sentence that begins with the output, empty if nothing differs
     */
    default Optional<String> difference(OutputValues actual, double tolerance, String reference) {
        if (actual.size() != size()) {
            return Optional.of(" has %d elements, %s has %d".formatted(actual.size(), reference, size()));
        }
        for (int i = 0; i < size(); i++) {
            if (!agrees(actual, i, tolerance)) {
                return Optional.of("[%d] is %s, %s says %s".formatted(i, actual.element(i), reference, element(i)));
            }
        }
        return Optional.empty();
    }

    private boolean agrees(OutputValues actual, int place, double tolerance) {
        if (!(this instanceof Numbers numbers)) {
            return actual.element(place).equals(element(place));
        }
        float expected = numbers.values[place];
        if (actual instanceof Numbers others) {
            return Math.abs(others.values[place] - expected) <= tolerance * Math.max(1, Math.abs(expected));
        }
        return expected == Math.rint(expected) && actual.element(place).equals(Long.toString((long) expected));
    }

    /**
     * Takes a sample's part out of a tensor.
     * @param tensor of the whole pass
     * @param column the only one that is wanted, or {@link OutputRef#WHOLE}
     * @param asNumbers whether integers and truth values are numbers too
     * @param sample its place on the batch axis
     * @param batchSize how many samples there are; the tensor has as many equal parts
     * @return its numbers, or its elements as texts
     */
    static OutputValues of(Tensor tensor, int column, boolean asNumbers, int sample, int batchSize) {
        int width = tensor.size() / batchSize;
        int first = sample * width + Math.max(0, column);
        int count = (column == OutputRef.WHOLE) ? width : 1;
        if (isNumbers(tensor.datatype(), asNumbers)) {
            float[] values = new float[count];
            System.arraycopy(tensor.floats(), first, values, 0, count);
            return new Numbers(values);
        }
        Object array = tensor.array(Object.class);
        List<String> texts = new ArrayList<>(count);
        for (int i = first; i < first + count; i++) {
            texts.add(String.valueOf(Array.get(array, i)));
        }
        return new Texts(texts);
    }

    private static boolean isNumbers(Datatype datatype, boolean asNumbers) {
        return switch (datatype) {
            case FP32, FP64, FP16 -> true;
            case INT64, INT32, BOOL -> asNumbers;
            case BYTES -> false;
        };
    }

}
