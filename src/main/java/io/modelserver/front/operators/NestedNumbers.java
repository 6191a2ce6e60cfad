package io.modelserver.front.operators;

import java.util.ArrayList;
import java.util.List;

import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;

/** The numbers of a tensor as requests write them: nested as its shape says. */
final class NestedNumbers {

    private NestedNumbers() {
    }

    /**
     * {@return one list per axis, the innermost of numbers; null for one that is missing}
     * @param tensor of any datatype that holds numbers
     */
    static List<@Nullable Object> of(Tensor tensor) {
        List<@Nullable Object> values = new ArrayList<>(tensor.size());
        for (int i = 0; i < tensor.size(); i++) {
            values.add(number(tensor, i));
        }
        for (int axis = tensor.shape().length - 1; axis > 0; axis--) {
            values = grouped(values, tensor.shape()[axis]);
        }
        return values;
    }

    private static List<@Nullable Object> grouped(List<@Nullable Object> values, int length) {
        List<@Nullable Object> groups = new ArrayList<>(values.size() / length);
        for (int from = 0; from < values.size(); from += length) {
            groups.add(new ArrayList<>(values.subList(from, from + length)));
        }
        return groups;
    }

    private static @Nullable Object number(Tensor tensor, int place) {
        return switch (tensor.datatype()) {
            case FP64 -> finite(tensor.array(double[].class)[place]);
            case INT64 -> tensor.array(long[].class)[place];
            case INT32 -> tensor.array(int[].class)[place];
            case BOOL -> tensor.array(boolean[].class)[place] ? 1 : 0;
            case FP32, FP16 -> finite(tensor.floats()[place]);
            case BYTES -> tensor.array(String[].class)[place];
        };
    }

    private static @Nullable Object finite(Number number) {
        return Double.isFinite(number.doubleValue()) ? number : null;
    }

}
