package io.modelserver.front.oip;

import java.util.List;

import io.modelserver.oip.ModelDetails;
import io.modelserver.oip.tensor.WireSpec;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What a model takes and returns.
 *
 * @param name of the model
 * @param versions that can be asked for
 * @param platform the format of its file, e.g. {@code onnx_onnxv1}
 * @param inputs what it takes
 * @param outputs what it returns
 */
@Schema(name = "InferenceModel")
record ModelJson(String name, List<String> versions, String platform, List<TensorJson> inputs,
        List<TensorJson> outputs) {

    static ModelJson of(ModelDetails model) {
        return new ModelJson(model.name(), model.versions(), model.platform(),
                model.inputs().stream().map(TensorJson::of).toList(),
                model.outputs().stream().map(TensorJson::of).toList());
    }

    /**
     * What is taken or returned under one name.
     *
     * @param name of the tensor
     * @param datatype of its elements, e.g. {@code FP32}
     * @param shape its dimensions, of which the first is the batch; -1 where any length
     * is accepted
     */
    @Schema(name = "InferenceTensorMetadata")
    record TensorJson(String name, String datatype, List<Integer> shape) {

        static TensorJson of(WireSpec spec) {
            return new TensorJson(spec.name(), spec.type().name(), spec.shape());
        }

    }

}
