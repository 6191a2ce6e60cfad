package io.modelserver.ledger.store;

import java.util.Map;

import io.modelserver.model.PlainValues;
import io.modelserver.model.Tensor;
import tools.jackson.databind.json.JsonMapper;

/** Writes named outputs as the answer has them. */
final class OutputsJson {

    private static final JsonMapper MAPPER = new JsonMapper();

    private OutputsJson() {
    }

    /**
     * {@return a JSON object: by name a value, or a list of values}
     * @param outputs by name
     */
    static String of(Map<String, Tensor> outputs) {
        return MAPPER.writeValueAsString(PlainValues.of(outputs));
    }

}
