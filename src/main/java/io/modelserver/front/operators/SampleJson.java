package io.modelserver.front.operators;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelserver.model.ModelId;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.registry.live.SampleInput;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The answer of the sample call, which is the body of a prediction. */
record SampleJson(String symbol, String modelName, String modelVersion, @Schema(
        description = "of the first input, in its shape; null for a missing value") @JsonInclude(JsonInclude.Include.NON_EMPTY) List<@Nullable Object> features,
        @Schema(description = "of the input for order books, where there is one") @JsonInclude(JsonInclude.Include.NON_EMPTY) List<@Nullable Object> rawLob,
        @Schema(description = "of all other inputs") @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, List<@Nullable Object>> inputs) {

    private static final String SYMBOL = "BTCUSDT";

    static SampleJson of(SampleInput.Of sample) {
        List<Tensor> tensors = sample.input().tensors();
        TensorSpec book = sample.metadata().rawLob().orElse(null);
        List<@Nullable Object> features = List.of();
        List<@Nullable Object> rawLob = List.of();
        Map<String, List<@Nullable Object>> others = new LinkedHashMap<>();
        for (int i = 0; i < tensors.size(); i++) {
            TensorSpec spec = sample.metadata().inputs().get(i);
            List<@Nullable Object> numbers = nested(tensors.get(i));
            if (spec.equals(book)) {
                rawLob = numbers;
            }
            else if (i == 0) {
                features = numbers;
            }
            else {
                others.put(spec.name(), numbers);
            }
        }
        ModelId id = sample.metadata().id();
        return new SampleJson(Objects.requireNonNullElse(sample.input().symbol(), SYMBOL), id.name(), id.version(),
                features, rawLob, others);
    }

    /**
     * {@return one list per axis, the innermost of numbers; null for one that is missing}
     * @param tensor of any datatype that holds numbers
     */
    private static List<@Nullable Object> nested(Tensor tensor) {
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
