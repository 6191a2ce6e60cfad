package io.modelserver.engine.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;

/**
 * Reads the fields of an ONNX file that {@link OnnxFile} has and skips all others,
 * weights included. The numbers are those of the fields in {@code onnx-ml.proto}.
 */
final class OnnxReader {

    /** No exporter nests messages like this; each level takes room on the stack. */
    private static final int DEEPEST = 200;

    /** Attributes of operators that hold class labels or what they are made of. */
    private static final Pattern LABELS = Pattern
        .compile("classlabels_.*|classes_strings|cats_.*|(?:keys|values)_.*|value|value_(?:strings|ints)");

    private final OnnxGraph main = new OnnxGraph();

    private final Map<String, Long> operatorSets = new HashMap<>();

    private final Map<String, String> properties = new HashMap<>();

    private final Set<String> externalFiles = new LinkedHashSet<>();

    private long irVersion;

    private int depth;

    OnnxFile read(byte[] bytes) throws IOException {
        fields(CodedInputStream.newInstance(bytes), (in, tag) -> {
            switch (tag) {
                case 1 << 3 -> irVersion = in.readInt64();
                case 7 << 3 | 2 -> graph(in, main);
                case 8 << 3 | 2 -> operatorSet(in);
                case 14 << 3 | 2 -> entry(in, properties);
                case 20 << 3 | 2 -> training(in);
                case 25 << 3 | 2 -> function(in);
                default -> in.skipField(tag);
            }
        });
        OnnxLabels labels = new OnnxLabels(main);
        return new OnnxFile(irVersion, operatorSets, properties, main.inputs(), main.outputs(), labels.byOutput(),
                labels.lists(), externalFiles);
    }

    private void graph(CodedInputStream stream, OnnxGraph graph) throws IOException {
        message(stream, (in, tag) -> {
            switch (tag) {
                case 1 << 3 | 2 -> graph.addNode(node(in));
                case 5 << 3 | 2 -> graph.addInitializer(tensor(in));
                case 11 << 3 | 2 -> graph.addInput(value(in));
                case 12 << 3 | 2 -> graph.addOutput(value(in));
                case 15 << 3 | 2 -> graph.addSparseInitializer(sparseTensor(in));
                default -> in.skipField(tag);
            }
        });
    }

    /** Graphs that ran in training only; their weights are in the file all the same. */
    private void training(CodedInputStream stream) throws IOException {
        message(stream, (in, tag) -> {
            switch (tag) {
                case 1 << 3 | 2, 2 << 3 | 2 -> graph(in, new OnnxGraph());
                default -> in.skipField(tag);
            }
        });
    }

    private void function(CodedInputStream stream) throws IOException {
        message(stream, (in, tag) -> {
            switch (tag) {
                case 7 << 3 | 2 -> node(in);
                default -> in.skipField(tag);
            }
        });
    }

    private OnnxGraph.Node node(CodedInputStream stream) throws IOException {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, List<String>> attributes = new HashMap<>();
        String[] operator = { "" };
        message(stream, (in, tag) -> {
            switch (tag) {
                case 1 << 3 | 2 -> inputs.add(in.readString());
                case 2 << 3 | 2 -> outputs.add(in.readString());
                case 4 << 3 | 2 -> operator[0] = in.readString();
                case 5 << 3 | 2 -> attribute(in, attributes);
                default -> in.skipField(tag);
            }
        });
        return new OnnxGraph.Node(operator[0], inputs, outputs, attributes);
    }

    /** Adds the attribute's values if they can have to do with class labels. */
    private void attribute(CodedInputStream stream, Map<String, List<String>> attributes) throws IOException {
        String[] name = { "" };
        List<String> values = new ArrayList<>();
        message(stream, (in, tag) -> {
            switch (tag) {
                case 1 << 3 | 2 -> name[0] = in.readString();
                case 8 << 3 -> values.add(Long.toString(in.readInt64()));
                case 8 << 3 | 2 -> packed(in, values);
                case 9 << 3 | 2 -> values.add(in.readString());
                case 5 << 3 | 2, 10 << 3 | 2 -> values.addAll(tensor(in).values());
                case 6 << 3 | 2, 11 << 3 | 2 -> graph(in, new OnnxGraph());
                case 22 << 3 | 2, 23 << 3 | 2 -> sparseTensor(in);
                default -> in.skipField(tag);
            }
        });
        if (!values.isEmpty() && LABELS.matcher(name[0]).matches()) {
            attributes.put(name[0], values);
        }
    }

    private void packed(CodedInputStream in, List<String> values) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) {
            values.add(Long.toString(in.readInt64()));
        }
        in.popLimit(outer);
    }

    private OnnxConstant tensor(CodedInputStream stream) throws IOException {
        OnnxConstant tensor = new OnnxConstant();
        message(stream, (in, tag) -> tensor.read(in, tag, this));
        if (tensor.isExternal()) {
            externalFiles.add(tensor.location());
        }
        return tensor;
    }

    /**
     * {@return the name of its values, which is the tensor's own}
     */
    private String sparseTensor(CodedInputStream stream) throws IOException {
        String[] name = { "" };
        message(stream, (in, tag) -> {
            switch (tag) {
                case 1 << 3 | 2 -> name[0] = tensor(in).name();
                case 2 << 3 | 2 -> tensor(in);
                default -> in.skipField(tag);
            }
        });
        return name[0];
    }

    private OnnxValue value(CodedInputStream stream) throws IOException {
        String[] name = { "" };
        OnnxValueType type = new OnnxValueType();
        message(stream, (in, tag) -> {
            switch (tag) {
                case 1 << 3 | 2 -> name[0] = in.readString();
                case 2 << 3 | 2 -> message(in, (field, number) -> type.read(field, number, this));
                default -> in.skipField(tag);
            }
        });
        return type.named(name[0]);
    }

    private void operatorSet(CodedInputStream stream) throws IOException {
        String[] domain = { "" };
        long[] version = { 0 };
        message(stream, (in, tag) -> {
            switch (tag) {
                case 1 << 3 | 2 -> domain[0] = in.readString();
                case 2 << 3 -> version[0] = in.readInt64();
                default -> in.skipField(tag);
            }
        });
        operatorSets.put(domain[0].equals("ai.onnx") ? "" : domain[0], version[0]);
    }

    /** Reads a pair of a key and a value. */
    void entry(CodedInputStream stream, Map<String, String> entries) throws IOException {
        String[] entry = { "", "" };
        message(stream, (in, tag) -> {
            switch (tag) {
                case 1 << 3 | 2 -> entry[0] = in.readString();
                case 2 << 3 | 2 -> entry[1] = in.readString();
                default -> in.skipField(tag);
            }
        });
        entries.put(entry[0], entry[1]);
    }

    /** Reads a message within another, which begins with its length. */
    void message(CodedInputStream in, Fields fields) throws IOException {
        if (++depth > DEEPEST) {
            throw new InvalidProtocolBufferException("messages are nested more than %d deep".formatted(DEEPEST));
        }
        int outer = in.pushLimit(in.readRawVarint32());
        fields(in, fields);
        in.popLimit(outer);
        depth--;
    }

    private static void fields(CodedInputStream in, Fields fields) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            fields.read(in, tag);
        }
        in.checkLastTagWas(0);
    }

    /** Reads or skips one field. */
    @FunctionalInterface
    interface Fields {

        /**
         * Consumes the field's value.
         * @param in where it begins
         * @param tag the field's number times 8, and how the value is written
         * @throws IOException if it is not written like that
         */
        void read(CodedInputStream in, int tag) throws IOException;

    }

}
