package io.modelserver.app;

import java.util.List;
import java.util.StringJoiner;

import io.modelserver.model.BookLayout;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.TensorSpec;

/** Writes a request that a model answers, with made-up numbers. */
final class WarmUpBody {

    private WarmUpBody() {
    }

    /**
     * Writes a request.
     * @param model its name
     * @param inputs of the model
     * @param flat whether the first input is sent flat, where its shape is fixed
     * @return JSON
     */
    static String of(String model, List<TensorSpec> inputs, boolean flat) {
        StringJoiner json = new StringJoiner(",", "{\"symbol\":\"WARM-UP\",\"model_name\":\"%s\",".formatted(model),
                "}");
        TensorSpec first = inputs.getFirst();
        StringJoiner named = new StringJoiner(",", "\"inputs\":{", "}").setEmptyValue("");
        for (TensorSpec input : inputs) {
            boolean features = input.equals(first) && BookLayout.of(input).isEmpty();
            List<Integer> shape = (features && flat && input.isFixed()) ? List.of(input.elements()) : input.shape();
            StringBuilder array = new StringBuilder();
            appendNested(array, shape, input.datatype());
            boolean other = !features && !input.name().equals(ModelMetadata.RAW_LOB);
            (other ? named : json).add("\"%s\":%s".formatted(features ? "features" : input.name(), array));
        }
        return ((named.length() > 0) ? json.add(named.toString()) : json).toString();
    }

    private static void appendNested(StringBuilder json, List<Integer> shape, Datatype datatype) {
        json.append('[');
        for (int i = 0; i < Math.max(1, shape.getFirst()); i++) {
            json.append((i == 0) ? "" : ",");
            if (shape.size() > 1) {
                appendNested(json, shape.subList(1, shape.size()), datatype);
            }
            else {
                // As long as the decimals that bots send.
                json.append(switch (datatype) {
                    case FP32, FP64, FP16 -> (i % 2 == 0) ? "0.015625" : "-1.0078125";
                    case INT64, INT32, BOOL -> i % 2;
                    case BYTES -> "\"\"";
                });
            }
        }
        json.append(']');
    }

}
