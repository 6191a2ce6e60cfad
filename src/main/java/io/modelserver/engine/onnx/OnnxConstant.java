package io.modelserver.engine.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.google.protobuf.CodedInputStream;

/**
 * Reads a tensor that stands in the file, {@code TensorProto}: its name, where its values
 * are, and the values themselves where they can be class labels, which are texts or
 * integers and few.
 */
final class OnnxConstant {

    private static final int LONGEST = 4096;

    private static final int INT32 = 6;

    private static final int INT64 = 7;

    private static final int STRING = 8;

    private final List<String> texts = new ArrayList<>();

    private final List<String> integers = new ArrayList<>();

    private final Map<String, String> external = new HashMap<>();

    private ByteBuffer raw = ByteBuffer.allocate(0);

    private String name = "";

    private int elementType;

    private boolean isExternal;

    /** Reads one field. */
    void read(CodedInputStream in, int tag, OnnxReader reader) throws IOException {
        switch (tag) {
            case 2 << 3 -> elementType = in.readInt32();
            case 5 << 3, 7 << 3 -> integers.add(Long.toString(in.readInt64()));
            case 5 << 3 | 2, 7 << 3 | 2 -> packed(in);
            case 6 << 3 | 2 -> texts.add(in.readString());
            case 8 << 3 | 2 -> name = in.readString();
            case 9 << 3 | 2 -> raw(in);
            case 13 << 3 | 2 -> reader.entry(in, external);
            case 14 << 3 -> isExternal = in.readInt64() == 1;
            default -> in.skipField(tag);
        }
    }

    private void packed(CodedInputStream in) throws IOException {
        int length = in.readRawVarint32();
        if (length > LONGEST) {
            in.skipRawBytes(length);
            return;
        }
        int outer = in.pushLimit(length);
        while (in.getBytesUntilLimit() > 0) {
            integers.add(Long.toString(in.readInt64()));
        }
        in.popLimit(outer);
    }

    private void raw(CodedInputStream in) throws IOException {
        int length = in.readRawVarint32();
        if (length > LONGEST) {
            in.skipRawBytes(length);
        }
        else {
            raw = ByteBuffer.wrap(in.readRawBytes(length)).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    String name() {
        return name;
    }

    boolean isExternal() {
        return isExternal;
    }

    String location() {
        return external.getOrDefault("location", "");
    }

    boolean holdsTexts() {
        return elementType == STRING;
    }

    /**
     * {@return its values, integers in decimal; empty if they are of another type, or
     * many}
     */
    List<String> values() {
        return switch (elementType) {
            case STRING -> texts;
            case INT32, INT64 -> integers.isEmpty() ? rawIntegers() : integers;
            default -> List.of();
        };
    }

    private List<String> rawIntegers() {
        List<String> values = new ArrayList<>();
        ByteBuffer bytes = raw.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int width = (elementType == INT64) ? Long.BYTES : Integer.BYTES;
        while (bytes.remaining() >= width) {
            values.add(Long.toString((elementType == INT64) ? bytes.getLong() : bytes.getInt()));
        }
        return values;
    }

}
