package io.modelserver.front.oip;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request for inference as the document describes it.
 * {@link AnswerWriter} writes it.
 *
 * @param modelName the model
 * @param modelVersion the version that answered
 * @param id of the request, left out if it had none
 * @param parameters of the answer, left out if there are none
 * @param outputs the tensors
 */
@Schema(name = "InferenceAnswer")
record InferAnswerJson(String modelName, String modelVersion,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String id,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Object> parameters, List<TensorJson> outputs) {

    /**
     * A tensor.
     *
     * @param name of the output
     * @param datatype of its elements
     * @param shape its dimensions, of which the first is the batch
     * @param parameters {@code binary_data_size} in the place of data
     * @param data the elements, flat
     */
    @Schema(name = "InferenceOutput")
    record TensorJson(String name, String datatype, List<Long> shape,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Object> parameters,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Object> data) {
    }

}
