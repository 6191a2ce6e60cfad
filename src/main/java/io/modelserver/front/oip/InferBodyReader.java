package io.modelserver.front.oip;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.modelserver.front.json.JsonSlice;
import io.modelserver.front.json.JsonTokens;
import io.modelserver.oip.InferRequest;
import io.modelserver.oip.RequestedOutput;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the body of a request for inference: an object, and behind it the elements of
 * those inputs that say so, in their order. Used once.
 */
final class InferBodyReader {

    private final JsonSlice json;

    private final @Nullable ByteBuffer binary;

    private final List<TensorFields> inputs = new ArrayList<>();

    private final List<RequestedOutput> outputs = new ArrayList<>();

    private @Nullable String id;

    private Map<String, Object> parameters = Map.of();

    private boolean hasInputs;

    /**
     * Creates a reader.
     * @param json the object
     * @param binary what is behind it, null if the request does not say where that begins
     */
    InferBodyReader(JsonSlice json, @Nullable ByteBuffer binary) {
        this.json = json;
        this.binary = binary;
    }

    /**
     * Reads the request.
     * @param model of its address
     * @param version of its address, null if there is none
     * @throws OipRefusal if it can't be read
     */
    InferRequest read(String model, @Nullable String version) {
        try {
            readObject();
            if (!hasInputs) {
                throw OipRefusal.invalid("the request has no field 'inputs'");
            }
            InferRequest request = new InferRequest(model, version, id, parameters,
                    inputs.stream().map((input) -> input.tensor(binary)).toList(), outputs);
            if (binary != null && binary.hasRemaining()) {
                throw OipRefusal.invalid(
                        "%d bytes are left behind those that the inputs say they have".formatted(binary.remaining()));
            }
            return request;
        }
        catch (JacksonException ex) {
            throw OipRefusal.invalid("the body is not valid JSON: " + JsonTokens.reason(ex));
        }
    }

    /** Clients write NaN where a value is missing, though JSON does not have it. */
    private void readObject() {
        try (JsonParser parser = json.parserWithNaN()) {
            JsonToken token = parser.nextToken();
            if (token != JsonToken.START_OBJECT) {
                throw OipRefusal
                    .invalid("expected a JSON object, got " + ((token == null) ? "nothing" : JsonTokens.name(token)));
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                readField(parser, name, parser.nextToken());
            }
            if (parser.nextToken() != null) {
                throw OipRefusal.invalid("nothing may follow the JSON object unless Inference-Header-Content-Length "
                        + "says how long that is");
            }
        }
    }

    private void readField(JsonParser parser, String name, JsonToken token) {
        switch (name) {
            case "id" -> id = text(parser, token);
            case "parameters" -> parameters = ParameterReader.read(parser, name);
            case "inputs" -> {
                hasInputs = true;
                readEach(parser, name,
                        () -> inputs.add(TensorFields.read(parser, json, "inputs[%d]".formatted(inputs.size()))));
            }
            case "outputs" -> {
                if (token != JsonToken.VALUE_NULL) {
                    readEach(parser, name, () -> outputs.add(output(parser)));
                }
            }
            default -> parser.skipChildren();
        }
    }

    private static void readEach(JsonParser parser, String field, Runnable read) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw OipRefusal
                .invalid("%s is %s, expected an array".formatted(field, JsonTokens.name(parser.currentToken())));
        }
        int place = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token != JsonToken.START_OBJECT) {
                throw OipRefusal
                    .invalid("%s[%d] is %s, expected an object".formatted(field, place, JsonTokens.name(token)));
            }
            read.run();
            place++;
        }
    }

    private RequestedOutput output(JsonParser parser) {
        String field = "outputs[%d]".formatted(outputs.size());
        String name = null;
        Map<String, Object> own = Map.of();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (key) {
                case "name" -> name = text(parser, token);
                case "parameters" -> own = ParameterReader.read(parser, field + ".parameters");
                default -> parser.skipChildren();
            }
        }
        if (name == null) {
            throw OipRefusal.invalid(field + " has no name");
        }
        return new RequestedOutput(name, own);
    }

    static @Nullable String text(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> parser.getString();
            case VALUE_NULL -> null;
            default -> throw OipRefusal
                .invalid("%s is %s, expected a string".formatted(parser.currentName(), JsonTokens.name(token)));
        };
    }

}
