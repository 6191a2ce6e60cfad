package io.modelserver.oip;

import java.util.List;

import io.modelserver.oip.tensor.WireSpec;

/**
 * What a model takes and returns.
 *
 * @param name of the model
 * @param versions that can be asked for; only one if that was asked for
 * @param platform the format of its file, as the protocol names it, e.g.
 * {@code onnx_onnxv1}
 * @param inputs what it takes
 * @param outputs what it returns
 */
public record ModelDetails(String name, List<String> versions, String platform, List<WireSpec> inputs,
        List<WireSpec> outputs) {

    /** Takes copies of the lists. */
    public ModelDetails {
        versions = List.copyOf(versions);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

}
