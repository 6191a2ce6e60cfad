package io.modelserver.engine.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.CodedInputStream;

/** Reads the type of a graph's input or output, {@code TypeProto}. */
final class OnnxValueType {

    private static final List<String> ELEMENT_TYPES = List.of("UNDEFINED", "FLOAT", "UINT8", "INT8", "UINT16", "INT16",
            "INT32", "INT64", "STRING", "BOOL", "FLOAT16", "DOUBLE", "UINT32", "UINT64", "COMPLEX64", "COMPLEX128",
            "BFLOAT16");

    private final List<Long> shape = new ArrayList<>();

    private OnnxValue.Kind kind = OnnxValue.Kind.OTHER;

    private int elementType;

    /** Reads one field of the type. */
    void read(CodedInputStream in, int tag, OnnxReader reader) throws IOException {
        switch (tag) {
            case 1 << 3 | 2 -> {
                kind = OnnxValue.Kind.TENSOR;
                reader.message(in, (field, number) -> tensor(field, number, reader));
            }
            case 4 << 3 | 2 -> reader.message(in, (field, number) -> sequence(field, number, reader));
            default -> in.skipField(tag);
        }
    }

    OnnxValue named(String name) {
        String type = (elementType >= 0 && elementType < ELEMENT_TYPES.size()) ? ELEMENT_TYPES.get(elementType)
                : "type " + elementType;
        return new OnnxValue(name, kind, type, shape);
    }

    private void tensor(CodedInputStream in, int tag, OnnxReader reader) throws IOException {
        switch (tag) {
            case 1 << 3 -> elementType = in.readInt32();
            case 2 << 3 | 2 -> reader.message(in, (field, number) -> shape(field, number, reader));
            default -> in.skipField(tag);
        }
    }

    private void shape(CodedInputStream in, int tag, OnnxReader reader) throws IOException {
        if (tag == (1 << 3 | 2)) {
            shape.add(OnnxValue.FREE);
            reader.message(in, this::dimension);
        }
        else {
            in.skipField(tag);
        }
    }

    private void dimension(CodedInputStream in, int tag) throws IOException {
        if (tag == 1 << 3) {
            shape.set(shape.size() - 1, in.readInt64());
        }
        else {
            in.skipField(tag);
        }
    }

    private void sequence(CodedInputStream in, int tag, OnnxReader reader) throws IOException {
        if (tag == (1 << 3 | 2)) {
            reader.message(in, (field, number) -> element(field, number, reader));
        }
        else {
            in.skipField(tag);
        }
    }

    private void element(CodedInputStream in, int tag, OnnxReader reader) throws IOException {
        if (tag == (5 << 3 | 2)) {
            kind = OnnxValue.Kind.MAPS;
            reader.message(in, this::map);
        }
        else {
            in.skipField(tag);
        }
    }

    private void map(CodedInputStream in, int tag) throws IOException {
        if (tag == 1 << 3) {
            elementType = in.readInt32();
        }
        else {
            in.skipField(tag);
        }
    }

}
