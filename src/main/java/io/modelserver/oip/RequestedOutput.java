package io.modelserver.oip;

import java.util.Map;

/**
 * An output that a caller asks for.
 *
 * @param name of the output
 * @param parameters by name, each a {@link Boolean}, a {@link Number} or a {@link String}
 */
public record RequestedOutput(String name, Map<String, Object> parameters) {

    /** Takes a copy of the parameters. */
    public RequestedOutput {
        parameters = Map.copyOf(parameters);
    }

}
