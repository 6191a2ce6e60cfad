package io.modelserver.front.operators;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
            List<@Nullable Object> numbers = NestedNumbers.of(tensors.get(i));
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
        return new SampleJson(SYMBOL, id.name(), id.version(), features, rawLob, others);
    }

}
