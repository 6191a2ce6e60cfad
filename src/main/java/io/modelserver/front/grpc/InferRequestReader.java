package io.modelserver.front.grpc;

import java.util.ArrayList;
import java.util.List;

import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import io.modelserver.oip.InferRequest;
import io.modelserver.oip.RequestedOutput;
import io.modelserver.oip.tensor.WireTensor;
import io.modelserver.oip.tensor.WireTensor.Elements;
import io.modelserver.oip.tensor.WireType;
import io.modelserver.trading.InvalidFeaturesException;

/**
 * Reads requests for inference. Raw contents stay where they are in the message; typed
 * ones are written as raw contents would be. A request has one kind or the other.
 */
final class InferRequestReader {

    private InferRequestReader() {
    }

    /**
     * Reads a request.
     * @param message the message
     * @return what it asks for
     * @throws InvalidFeaturesException if it contradicts itself or the protocol
     */
    static InferRequest read(ModelInferRequest message) throws InvalidFeaturesException {
        boolean raw = message.getRawInputContentsCount() > 0;
        if (raw && message.getRawInputContentsCount() != message.getInputsCount()) {
            throw new InvalidFeaturesException(
                    "raw_input_contents must have one element per input: there are %d for %d inputs"
                        .formatted(message.getRawInputContentsCount(), message.getInputsCount()));
        }
        List<WireTensor> inputs = new ArrayList<>(message.getInputsCount());
        for (int i = 0; i < message.getInputsCount(); i++) {
            InferInputTensor input = message.getInputs(i);
            WireType type = type(input);
            inputs.add(new WireTensor(input.getName(), type, input.getShapeList(),
                    raw ? raw(input, message, i) : TypedContents.read(input.getName(), type, input.getContents())));
        }
        return new InferRequest(message.getModelName(), message.getModelVersion(), message.getId(),
                Parameters.read(message.getParametersMap()), inputs,
                message.getOutputsList()
                    .stream()
                    .map((output) -> new RequestedOutput(output.getName(), Parameters.read(output.getParametersMap())))
                    .toList());
    }

    private static WireType type(InferInputTensor input) throws InvalidFeaturesException {
        return WireType.named(input.getDatatype())
            .orElseThrow(() -> new InvalidFeaturesException(
                    "input '%s' has the datatype '%s', which the protocol does not have".formatted(input.getName(),
                            input.getDatatype())));
    }

    private static Elements raw(InferInputTensor input, ModelInferRequest message, int position)
            throws InvalidFeaturesException {
        if (input.hasContents() && input.getContents().getSerializedSize() > 0) {
            throw new InvalidFeaturesException(
                    "input '%s' has contents, but the request also has raw_input_contents: send one of the two"
                        .formatted(input.getName()));
        }
        return new WireTensor.Raw(message.getRawInputContents(position).asReadOnlyByteBuffer());
    }

}
