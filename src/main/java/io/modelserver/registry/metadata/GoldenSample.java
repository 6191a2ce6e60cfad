package io.modelserver.registry.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.head.OutputValues;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * An input, the outputs that the model gave for it when it was exported, and what the
 * server must answer to it.
 *
 * @param input one sample
 * @param outputs the elements of each output that is to be checked, by its role or name
 * @param prediction what must be answered, null if the sample does not say
 */
public record GoldenSample(ModelInput input, Map<String, OutputValues> outputs,
        @Nullable ExpectedPrediction prediction) {

    private static final String FEATURES = "features";

    private static final int STEM = 4;

    private static final int LARGEST = 64 << 20;

    /**
     * Reads {@code sample.json}; a version without one has no golden samples.
     * @param path of the file
     * @param metadata of the version, which gives the inputs and their shapes
     * @return the samples, in their order
     * @throws ModelLoadException if the file can't be read, is too large, holds no
     * samples, or one of them does not fit the inputs or checks nothing
     */
    public static List<GoldenSample> read(Path path, ModelMetadata metadata) throws ModelLoadException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try {
            if (!Files.isRegularFile(path) || Files.size(path) > LARGEST) {
                throw new ModelLoadException(
                        "sample.json is not a regular file or is larger than %d bytes".formatted(LARGEST));
            }
            List<GoldenSample> samples = new ArrayList<>();
            for (JsonNode sample : RegistryJson.MAPPER.readTree(Files.readAllBytes(path)).path("samples")) {
                samples.add(sample(sample, metadata));
            }
            if (samples.isEmpty()) {
                throw new ModelLoadException("sample.json holds no samples; delete it or export the model again");
            }
            return samples;
        }
        catch (JacksonException ex) {
            throw new ModelLoadException(RegistryJson.problem("sample.json", ex), ex);
        }
        catch (IOException | IllegalArgumentException ex) {
            throw new ModelLoadException("sample.json can't be used: " + ex.getMessage(), ex);
        }
    }

    private static GoldenSample sample(JsonNode sample, ModelMetadata metadata) {
        List<Tensor> tensors = new ArrayList<>();
        for (TensorSpec spec : metadata.inputs()) {
            boolean nullable = tensors.isEmpty() && metadata.missingAllowed();
            String name = name(sample.path("inputs"), spec, metadata);
            expectInput(sample.path("inputs"), name);
            Tensor tensor = tensor(sample.path("inputs").path(name), spec.datatype(), nullable);
            if (!spec.accepts(tensor.shape())) {
                throw new IllegalArgumentException(
                        "the shape of input '%s' is not %s".formatted(spec.name(), spec.shape()));
            }
            tensors.add(tensor);
        }
        expectNothingMisspelt(sample);
        Map<String, OutputValues> outputs = new LinkedHashMap<>();
        sample.path("outputs").properties().forEach((output) -> {
            OutputValues expected = ExpectedValues.of(output.getValue());
            if (expected != null) {
                outputs.put(output.getKey(), expected);
            }
            else if (ExpectedValues.isChecked(output.getKey(), metadata)) {
                throw new IllegalArgumentException("numbers are missing in outputs." + output.getKey());
            }
        });
        return new GoldenSample(new ModelInput(tensors, symbol(sample, metadata)), outputs,
                ExpectedPrediction.read(sample.path("prediction")));
    }

    /** Requests call a single input so too, whatever the model file calls it. */
    private static String name(JsonNode inputs, TensorSpec spec, ModelMetadata metadata) {
        boolean byRequest = metadata.inputs().size() == 1 && metadata.takesFeatures() && !inputs.has(spec.name())
                && inputs.has(FEATURES);
        return byRequest ? FEATURES : spec.name();
    }

    private static @Nullable String symbol(JsonNode sample, ModelMetadata metadata) {
        String symbol = sample.path("symbol").isString() ? sample.path("symbol").asString() : null;
        metadata.preparation().problem(symbol).ifPresent((problem) -> {
            throw new IllegalArgumentException("%s: a sample needs one of them as its \"symbol\"".formatted(problem));
        });
        return symbol;
    }

    private static void expectInput(JsonNode inputs, String name) {
        if (!inputs.has(name)) {
            throw new IllegalArgumentException(
                    ("'inputs' of a sample has no '%s', but %s: use the names of 'inputs' in metadata.json, or 'features' if it "
                            + "has none")
                        .formatted(name, inputs.propertyNames()));
        }
    }

    /** A misspelt field would silently go unchecked. */
    private static void expectNothingMisspelt(JsonNode sample) {
        for (String field : sample.propertyNames()) {
            for (String known : List.of("outputs", "prediction")) {
                String stem = known.substring(0, STEM);
                if (!field.equals(known) && field.toLowerCase(Locale.ROOT).startsWith(stem)) {
                    throw new IllegalArgumentException(
                            "a sample has '%s', which checks nothing: call it '%s'".formatted(field, known));
                }
            }
        }
    }

    private static Tensor tensor(JsonNode array, Datatype datatype, boolean nullable) {
        List<Integer> shape = new ArrayList<>();
        for (JsonNode node = array; node.isArray(); node = node.path(0)) {
            shape.add(node.size());
        }
        if (datatype == Datatype.BYTES) {
            return new Tensor(shape.stream().mapToInt(Integer::intValue).toArray(),
                    texts(array).toArray(String[]::new));
        }
        List<Double> values = new ArrayList<>();
        flatten(array, values, nullable);
        boolean fractional = datatype == Datatype.INT64 || datatype == Datatype.INT32;
        if (fractional && values.stream().anyMatch((value) -> value != Math.rint(value))) {
            throw new IllegalArgumentException("an input of %s has a number that is no integer".formatted(datatype));
        }
        return Tensor.of(datatype, shape.stream().mapToInt(Integer::intValue).toArray(),
                values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static List<String> texts(JsonNode node) {
        if (node.isArray()) {
            return node.valueStream().flatMap((item) -> texts(item).stream()).toList();
        }
        if (!node.isString()) {
            throw new IllegalArgumentException("an input of texts has something else: " + node);
        }
        return List.of(node.asString());
    }

    private static void flatten(JsonNode node, List<Double> values, boolean nullable) {
        if (node.isBoolean()) {
            values.add(node.asBoolean() ? 1.0 : 0.0);
        }
        else if (node.isNumber()) {
            double value = RegistryJson.number(node);
            if (Double.isInfinite(value) && !node.isDouble()) {
                throw new IllegalArgumentException("a number is beyond every floating-point number: " + node);
            }
            values.add(value);
        }
        else if (node.isArray()) {
            node.forEach((item) -> flatten(item, values, nullable));
        }
        else if (nullable && node.isNull()) {
            values.add(Double.NaN);
        }
        else {
            throw new IllegalArgumentException("numbers are missing");
        }
    }

}
