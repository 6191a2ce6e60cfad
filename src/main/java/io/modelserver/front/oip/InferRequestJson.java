package io.modelserver.front.oip;

import java.util.List;
import java.util.Map;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A request for inference as the document describes it. {@link InferBodyReader} reads it.
 *
 * @param id what the answer repeats
 * @param parameters {@code timeout} in microseconds, {@code binary_data_output},
 * {@code sequence_id}, {@code sequence_start}, {@code sequence_end}, {@code signal}
 * @param inputs the tensors
 * @param outputs those that are asked for, all if it is left out
 */
@Schema(name = "InferenceRequest")
record InferRequestJson(@Schema(description = "what the answer repeats") @Nullable String id,
        @Schema(description = "`timeout` in microseconds; `binary_data_output`; `sequence_id`, `sequence_start`, "
                + "`sequence_end`; `signal`: also say what the outputs mean") @Nullable Map<String, Object> parameters,
        List<InputJson> inputs,
        @Schema(description = "all outputs if it is left out") @Nullable List<OutputJson> outputs) {

    /**
     * A tensor.
     *
     * @param name of the model's input
     * @param shape its dimensions, of which the first is the batch
     * @param datatype of its elements
     * @param parameters {@code binary_data_size} in the place of data
     * @param data the elements, flat or nested
     */
    @Schema(name = "InferenceInput")
    record InputJson(String name, List<Long> shape, String datatype,
            @Schema(description = "`binary_data_size`: how many bytes behind the object are its elements, in the place "
                    + "of `data`") @Nullable Map<String, Object> parameters,
            @Schema(description = "the elements, flat or nested as the shape says") @Nullable List<Object> data) {
    }

    /**
     * An output that is asked for.
     *
     * @param name of the output
     * @param parameters {@code binary_data}, {@code classification}
     */
    @Schema(name = "InferenceRequestedOutput")
    record OutputJson(String name, @Schema(
            description = "`binary_data`: its elements behind the object; `classification`: the greatest so many "
                    + "of each row as `value:index:label`") @Nullable Map<String, Object> parameters) {
    }

}
