package io.modelserver.front.oip;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.modelserver.front.json.JsonSlice;
import io.modelserver.front.json.JsonTokens;
import io.modelserver.oip.OipStatus;
import io.modelserver.oip.tensor.WireTensor;
import io.modelserver.oip.tensor.WireType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The fields of one input of a request, which may come in any order; used once. */
final class TensorFields {

    private static final String BINARY_DATA_SIZE = "binary_data_size";

    private final String field;

    private @Nullable String name;

    private @Nullable WireType type;

    private @Nullable List<Long> shape;

    private Map<String, Object> parameters = Map.of();

    /** Read at once where the datatype comes first, as it does by custom. */
    private @Nullable DataReader data;

    private @Nullable JsonSlice unread;

    private TensorFields(String field) {
        this.field = field;
    }

    /**
     * Reads an input.
     * @param parser on the start of the object; afterwards on its end
     * @param json what the parser reads
     * @param field what the input is called in messages
     */
    static TensorFields read(JsonParser parser, JsonSlice json, String field) {
        TensorFields fields = new TensorFields(field);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (key) {
                case "name" -> fields.name = InferBodyReader.text(parser, token);
                case "datatype" -> fields.type = fields.type(InferBodyReader.text(parser, token));
                case "shape" -> fields.shape = fields.shape(parser, token);
                case "parameters" -> fields.parameters = ParameterReader.read(parser, field + ".parameters");
                case "data" -> fields.readData(parser, json);
                default -> parser.skipChildren();
            }
        }
        return fields;
    }

    private void readData(JsonParser parser, JsonSlice json) {
        if (type != null) {
            data = new DataReader((name != null) ? name : field, type).read(parser);
        }
        else {
            unread = json.cut(parser);
        }
    }

    private WireType type(@Nullable String datatype) {
        return WireType.named(String.valueOf(datatype))
            .orElseThrow(() -> OipRefusal.invalid(
                    "%s.datatype is '%s', expected one of %s".formatted(field, datatype, List.of(WireType.values()))));
    }

    private List<Long> shape(JsonParser parser, JsonToken token) {
        List<Long> dimensions = new ArrayList<>();
        boolean usable = token == JsonToken.START_ARRAY;
        while (usable && parser.nextToken() != JsonToken.END_ARRAY) {
            usable = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            if (usable) {
                dimensions.add(parser.getLongValue());
            }
        }
        if (!usable) {
            throw OipRefusal.invalid(field + ".shape: expected an array of whole numbers");
        }
        return dimensions;
    }

    /**
     * Gives the tensor.
     * @param binary what is behind the object, from where the elements of this input
     * begin; afterwards its position is behind them
     */
    WireTensor tensor(@Nullable ByteBuffer binary) {
        if (name == null || type == null || shape == null) {
            throw OipRefusal.invalid("%s needs name, shape and datatype, it lacks %s".formatted(field,
                    (name == null) ? "name" : (type == null) ? "datatype" : "shape"));
        }
        if (parameters.containsKey("shared_memory_region")) {
            throw new OipRefusal(OipStatus.UNIMPLEMENTED,
                    "input '%s': this server has no shared memory, send the elements".formatted(name));
        }
        Object size = parameters.get(BINARY_DATA_SIZE);
        boolean hasData = data != null || unread != null;
        if ((size != null) == hasData) {
            throw OipRefusal.invalid("input '%s' needs either data or parameters.binary_data_size".formatted(name));
        }
        WireTensor.Elements elements = (size != null) ? raw(name, size, binary) : read(name, type).elements(shape);
        return new WireTensor(name, type, shape, elements);
    }

    private DataReader read(String named, WireType of) {
        if (data != null) {
            return data;
        }
        try (JsonParser parser = Objects.requireNonNull(unread).parserWithNaN()) {
            parser.nextToken();
            return new DataReader(named, of).read(parser);
        }
    }

    private static WireTensor.Elements raw(String name, Object size, @Nullable ByteBuffer binary) {
        int bytes = ParameterReader.size(size, "input '%s': parameters.binary_data_size".formatted(name));
        if (binary == null) {
            throw OipRefusal.invalid(
                    "input '%s' has parameters.binary_data_size, but the request has no header Inference-Header-Content-Length"
                        .formatted(name));
        }
        if (bytes > binary.remaining()) {
            throw OipRefusal.invalid("input '%s' should have %d bytes, but %d are left in the body".formatted(name,
                    bytes, binary.remaining()));
        }
        ByteBuffer own = binary.slice(binary.position(), bytes);
        binary.position(binary.position() + bytes);
        return new WireTensor.Raw(own);
    }

}
