package io.modelserver.front.oip;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.modelserver.model.Tensor;
import io.modelserver.oip.InferAnswer;
import io.modelserver.oip.InferRequest;
import io.modelserver.oip.OipStatus;
import io.modelserver.oip.RequestedOutput;
import io.modelserver.oip.tensor.AnswerTensor;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Writes the answer to a request for inference: an object, and behind it the elements of
 * the outputs that are wanted so.
 */
final class AnswerWriter {

    private static final JsonFactory FACTORY = JsonFactory.builder()
        .recyclerPool(JsonRecyclerPools.sharedBoundedPool())
        .build();

    private static final int USUAL_BYTES = 512;

    private final boolean binaryByDefault;

    private final Map<String, Boolean> binary;

    /**
     * Creates a writer.
     * @param request says which outputs are wanted how
     * @param binaryByDefault how those are wanted of which it says nothing
     */
    AnswerWriter(InferRequest request, boolean binaryByDefault) {
        boolean all = ParameterReader.truth(request.parameters(), "binary_data_output", binaryByDefault, "parameters");
        this.binaryByDefault = all;
        this.binary = new HashMap<>();
        for (RequestedOutput output : request.outputs()) {
            binary.put(output.name(), ParameterReader.truth(output.parameters(), "binary_data", all,
                    "outputs.%s.parameters".formatted(output.name())));
        }
    }

    /**
     * Writes an answer.
     * @param answer what to write
     * @return the body
     * @throws OipRefusal if a number is not finite that JSON would have to hold
     */
    Body write(InferAnswer answer) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(USUAL_BYTES);
        List<AnswerTensor> raw = new ArrayList<>();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), json)) {
            generator.writeStartObject();
            generator.writeStringProperty("model_name", answer.model().name());
            generator.writeStringProperty("model_version", answer.model().version());
            if (answer.id() != null) {
                generator.writeStringProperty("id", answer.id());
            }
            if (!answer.parameters().isEmpty()) {
                generator.writeObjectPropertyStart("parameters");
                answer.parameters().forEach((name, value) -> writeParameter(generator, name, value));
                generator.writeEndObject();
            }
            generator.writeArrayPropertyStart("outputs");
            for (AnswerTensor output : answer.outputs()) {
                write(generator, output, raw);
            }
            generator.writeEndArray();
            generator.writeEndObject();
        }
        return body(json.toByteArray(), raw);
    }

    private static void writeParameter(JsonGenerator generator, String name, Object value) {
        switch (value) {
            case Boolean truth -> generator.writeBooleanProperty(name, truth);
            case Long number -> generator.writeNumberProperty(name, number);
            case Integer number -> generator.writeNumberProperty(name, number);
            default -> generator.writeStringProperty(name, value.toString());
        }
    }

    private void write(JsonGenerator generator, AnswerTensor output, List<AnswerTensor> raw) {
        generator.writeStartObject();
        generator.writeStringProperty("name", output.name());
        generator.writeStringProperty("datatype", output.type().name());
        generator.writeArrayPropertyStart("shape");
        for (int dimension : output.elements().shape()) {
            generator.writeNumber(dimension);
        }
        generator.writeEndArray();
        if (binary.getOrDefault(output.name(), binaryByDefault)) {
            raw.add(output);
            generator.writeObjectPropertyStart("parameters");
            generator.writeNumberProperty("binary_data_size", output.rawBytes());
            generator.writeEndObject();
        }
        else {
            generator.writeArrayPropertyStart("data");
            writeElements(generator, output);
            generator.writeEndArray();
        }
        generator.writeEndObject();
    }

    private static void writeElements(JsonGenerator generator, AnswerTensor output) {
        Tensor elements = output.elements();
        switch (elements.datatype()) {
            case FP32, FP16 -> {
                for (float number : elements.floats()) {
                    generator.writeNumber((float) finite(output, number));
                }
            }
            case FP64 -> {
                for (double number : elements.array(double[].class)) {
                    generator.writeNumber(finite(output, number));
                }
            }
            case INT64 -> {
                for (long number : elements.array(long[].class)) {
                    generator.writeNumber(number);
                }
            }
            case INT32 -> {
                for (int number : elements.array(int[].class)) {
                    generator.writeNumber(number);
                }
            }
            case BOOL -> {
                for (boolean truth : elements.array(boolean[].class)) {
                    generator.writeBoolean(truth);
                }
            }
            case BYTES -> {
                for (String text : elements.array(String[].class)) {
                    generator.writeString(text);
                }
            }
        }
    }

    private static double finite(AnswerTensor output, double number) {
        if (!Double.isFinite(number)) {
            throw new OipRefusal(OipStatus.INTERNAL,
                    "output '%s' holds %s, which JSON does not have: ask for it with binary_data"
                        .formatted(output.name(), number));
        }
        return number;
    }

    private static Body body(byte[] json, List<AnswerTensor> raw) {
        if (raw.isEmpty()) {
            return new Body(json, json.length, false);
        }
        long length = json.length;
        for (AnswerTensor output : raw) {
            length += output.rawBytes();
        }
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length)).put(json);
        raw.forEach((output) -> output.writeTo(bytes));
        return new Body(bytes.array(), json.length, true);
    }

    /** The body of an answer. */
    static final class Body {

        private final byte[] bytes;

        private final int jsonLength;

        private final boolean binary;

        Body(byte[] bytes, int jsonLength, boolean binary) {
            this.bytes = bytes;
            this.jsonLength = jsonLength;
            this.binary = binary;
        }

        byte[] bytes() {
            return bytes;
        }

        /**
         * {@return how many of the bytes are the object}
         */
        int jsonLength() {
            return jsonLength;
        }

        /**
         * {@return whether elements are behind it}
         */
        boolean isBinary() {
            return binary;
        }

    }

}
