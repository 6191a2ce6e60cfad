package io.modelserver.oip;

import java.util.List;
import java.util.Map;

import io.modelserver.oip.tensor.WireTensor;
import org.jspecify.annotations.Nullable;

/**
 * A request for inference as a door has read it. What its parameters mean is the same
 * behind all doors; how answers are encoded is the door's own business.
 *
 * @param model the name of the model
 * @param version the version or stage; null, or empty, for the one in production
 * @param id what the answer repeats; null, or empty, for nothing
 * @param parameters by name, each a {@link Boolean}, a {@link Number} or a {@link String}
 * @param inputs the tensors
 * @param outputs those that are asked for; empty for all
 */
public record InferRequest(String model, @Nullable String version, @Nullable String id, Map<String, Object> parameters,
        List<WireTensor> inputs, List<RequestedOutput> outputs) {

    /** Takes copies of the collections. */
    public InferRequest {
        version = (version == null || version.isEmpty()) ? null : version;
        id = (id == null || id.isEmpty()) ? null : id;
        parameters = Map.copyOf(parameters);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

}
