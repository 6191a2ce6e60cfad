package io.modelserver.model;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The elements of tensors as values that any writer of JSON knows: a {@link Number}, a
 * {@link Boolean} or a {@link String}. A number that is not finite is null, since JSON
 * has none.
 */
public final class PlainValues {

    private PlainValues() {
    }

    /**
     * Converts tensors.
     * @param tensors by name
     * @return in their order: a single value for a tensor of one element, else a list of
     * all elements in row-major order
     */
    public static Map<String, @Nullable Object> of(Map<String, Tensor> tensors) {
        if (tensors.isEmpty()) {
            return Map.of();
        }
        Map<String, @Nullable Object> values = LinkedHashMap.newLinkedHashMap(tensors.size());
        tensors.forEach((name, tensor) -> values.put(name, of(tensor)));
        return values;
    }

    private static @Nullable Object of(Tensor tensor) {
        Object array = (tensor.datatype() == Datatype.FP16) ? tensor.floats() : tensor.array(Object.class);
        if (tensor.size() == 1) {
            return value(array, 0);
        }
        List<@Nullable Object> values = new ArrayList<>(tensor.size());
        for (int i = 0; i < tensor.size(); i++) {
            values.add(value(array, i));
        }
        return values;
    }

    private static @Nullable Object value(Object array, int place) {
        return switch (Array.get(array, place)) {
            case Float number when !Float.isFinite(number) -> null;
            case Double number when !Double.isFinite(number) -> null;
            case Object value -> value;
        };
    }

}
