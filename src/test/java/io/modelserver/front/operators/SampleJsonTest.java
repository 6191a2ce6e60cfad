package io.modelserver.front.operators;

import java.util.List;
import java.util.Map;

import io.modelserver.model.FeatureNames;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.registry.live.SampleInput;
import org.junit.jupiter.api.Test;
import org.skyscreamer.jsonassert.JSONAssert;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

class SampleJsonTest {

    private final JsonMapper mapper = JsonMapper.builder()
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .build();

    @Test
    void featuresAreNestedAsTheShapeSaysAndMissingOnesAreNull() throws Exception {
        JSONAssert.assertEquals("""
                {"symbol": "BTCUSDT", "model_name": "m", "model_version": "1",
                 "features": [[0.1, 2.0], [null, 3.5], [4.0, 5.0]]}""",
                json(new TensorSpec("features", List.of(3, 2)), new float[] { 0.1f, 2, Float.NaN, 3.5f, 4, 5 }), true);
    }

    @Test
    void aRowOfFeaturesIsAFlatList() throws Exception {
        JSONAssert.assertEquals("{\"features\": [1.0, 2.0]}",
                json(new TensorSpec("float_input", List.of(2)), new float[] { 1, 2 }), false);
    }

    @Test
    void theOrderBookAndOtherInputsHaveFieldsOfTheirOwn() throws Exception {
        TensorSpec features = new TensorSpec("features", List.of(1));
        TensorSpec session = new TensorSpec("session", List.of(2));
        TensorSpec book = new TensorSpec("raw_lob", List.of(1, 1, 4));

        JSONAssert.assertEquals("""
                {"symbol": "BTCUSDT", "model_name": "m", "model_version": "1", "features": [1.0],
                 "raw_lob": [[[1.0, 2.0, 3.0, 4.0]]], "inputs": {"session": [9007199254740993, 8]}}""",
                json(List.of(features, session, book),
                        List.of(new Tensor(new int[] { 1 }, new float[] { 1 }),
                                new Tensor(new int[] { 2 }, new long[] { 9_007_199_254_740_993L, 8 }),
                                new Tensor(new int[] { 1, 1, 4 }, new float[] { 1, 2, 3, 4 }))),
                true);
    }

    private String json(TensorSpec spec, float[] values) {
        return json(List.of(spec),
                List.of(new Tensor(spec.shape().stream().mapToInt(Integer::intValue).toArray(), values)));
    }

    private String json(List<TensorSpec> specs, List<Tensor> tensors) {
        ModelMetadata metadata = new ModelMetadata(new ModelId("m", "1"), specs, List.of(), Map.of(),
                new FeatureNames(List.of()));
        return mapper.writeValueAsString(SampleJson.of(new SampleInput.Of(metadata, new ModelInput(tensors))));
    }

}
