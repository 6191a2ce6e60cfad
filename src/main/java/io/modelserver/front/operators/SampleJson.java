package io.modelserver.front.operators;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.registry.live.SampleInput;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The answer of the sample call, which is the body of a prediction. */
record SampleJson(String symbol, String modelName, String modelVersion, @Schema(
        description = "of the first input, in its shape; null for a missing value") List<@Nullable Object> features,
        @Schema(description = "of the input for order books, where there is one") @JsonInclude(JsonInclude.Include.NON_EMPTY) List<@Nullable Object> rawLob,
        @Schema(description = "of all other inputs") @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, List<@Nullable Object>> inputs) {

    private static final String SYMBOL = "BTCUSDT";

    static SampleJson of(SampleInput.Of sample) {
        List<Tensor> tensors = sample.input().tensors();
        List<@Nullable Object> rawLob = List.of();
        Map<String, List<@Nullable Object>> others = new LinkedHashMap<>();
        for (int i = 1; i < tensors.size(); i++) {
            String name = sample.metadata().inputs().get(i).name();
            List<@Nullable Object> numbers = NestedNumbers.of(tensors.get(i));
            if (name.equals(ModelMetadata.RAW_LOB)) {
                rawLob = numbers;
            }
            else {
                others.put(name, numbers);
            }
        }
        ModelId id = sample.metadata().id();
        return new SampleJson(SYMBOL, id.name(), id.version(), NestedNumbers.of(tensors.getFirst()), rawLob, others);
    }

}
