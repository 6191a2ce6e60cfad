package io.modelserver.oip;

import java.util.List;
import java.util.Map;

import io.modelserver.model.ModelId;
import io.modelserver.oip.tensor.AnswerTensor;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request for inference.
 *
 * @param model the version that answered
 * @param id of the request, null if it had none
 * @param parameters by name, each a {@link Boolean}, a {@link Number} or a {@link String}
 * @param outputs in the order in which they were asked for, else in that of the model
 */
public record InferAnswer(ModelId model, @Nullable String id, Map<String, Object> parameters,
        List<AnswerTensor> outputs) {

    /** Takes copies of the collections. */
    public InferAnswer {
        parameters = Map.copyOf(parameters);
        outputs = List.copyOf(outputs);
    }

}
