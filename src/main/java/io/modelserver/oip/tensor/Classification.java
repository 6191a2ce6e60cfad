package io.modelserver.oip.tensor;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

import io.modelserver.model.Datatype;
import io.modelserver.model.Tensor;

/**
 * The greatest elements of an output, as texts {@code value:index} or
 * {@code value:index:label}: Triton's extension for classes.
 */
public final class Classification {

    private Classification() {
    }

    /**
     * Finds the greatest elements of a row.
     * @param row numbers, without the batch axis
     * @param most how many, at least 1
     * @param labels of the elements in their order; used only if there is one for each
     * @return {@link Datatype#BYTES}, the greatest first, of equal ones that which comes
     * first
     */
    public static Tensor of(Tensor row, int most, List<String> labels) {
        int size = row.size();
        boolean labelled = labels.size() == size;
        String[] texts = IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer index) -> -number(row, index))
                .thenComparing(Comparator.naturalOrder()))
            .limit(most)
            .map((index) -> "%s:%d%s".formatted(text(row, index), index, labelled ? ":" + labels.get(index) : ""))
            .toArray(String[]::new);
        return new Tensor(new int[] { texts.length }, texts);
    }

    private static double number(Tensor row, int index) {
        double number = switch (row.datatype()) {
            case FP64 -> row.array(double[].class)[index];
            case INT64 -> row.array(long[].class)[index];
            case INT32 -> row.array(int[].class)[index];
            case FP32, FP16, BOOL -> row.floats()[index];
            case BYTES -> throw new IllegalArgumentException("texts have no order");
        };
        return Double.isNaN(number) ? Double.NEGATIVE_INFINITY : number;
    }

    private static String text(Tensor row, int index) {
        return switch (row.datatype()) {
            case FP64 -> Double.toString(row.array(double[].class)[index]);
            case INT64 -> Long.toString(row.array(long[].class)[index]);
            case INT32 -> Integer.toString(row.array(int[].class)[index]);
            case FP32, FP16 -> Float.toString(row.floats()[index]);
            case BOOL -> row.array(boolean[].class)[index] ? "1" : "0";
            case BYTES -> throw new IllegalArgumentException("texts have no order");
        };
    }

}
