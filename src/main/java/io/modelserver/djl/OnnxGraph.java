package io.modelserver.djl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The main graph of an ONNX file, as far as it tells what its outputs' columns mean. */
final class OnnxGraph {

    /** Operators that keep the columns of their first input in their order. */
    private static final Set<String> COLUMN_WISE = Set.of("Identity", "Cast", "Softmax", "LogSoftmax", "Normalizer",
            "Clip", "Log", "Exp", "Sigmoid", "Div", "Mul", "Add", "Sub", "Dropout");

    private final List<OnnxValue> inputs = new ArrayList<>();

    private final List<OnnxValue> outputs = new ArrayList<>();

    private final Set<String> initializers = new HashSet<>();

    private final Map<String, Node> producers = new HashMap<>();

    private final List<List<String>> labelLists = new ArrayList<>();

    void addInput(OnnxValue input) {
        inputs.add(input);
    }

    void addOutput(OnnxValue output) {
        outputs.add(output);
    }

    void addInitializer(String name) {
        initializers.add(name);
    }

    void addNode(Node node) {
        node.outputs().forEach((output) -> producers.put(output, node));
        if (!node.labels().isEmpty()) {
            labelLists.add(node.labels());
        }
    }

    /** Until version 4 of the format every initializer is listed as an input too. */
    List<OnnxValue> inputs() {
        return inputs.stream().filter((input) -> !initializers.contains(input.name())).toList();
    }

    List<OnnxValue> outputs() {
        return outputs;
    }

    List<List<String>> labelLists() {
        return labelLists;
    }

    Map<String, List<String>> classLabels() {
        Map<String, List<String>> labels = new HashMap<>();
        for (OnnxValue output : outputs) {
            labelsBehind(output.name()).ifPresent((found) -> labels.put(output.name(), found));
        }
        return labels;
    }

    private Optional<List<String>> labelsBehind(String value) {
        Set<String> seen = new HashSet<>();
        String at = value;
        while (seen.add(at)) {
            Node node = producers.get(at);
            if (node == null || (node.labels().isEmpty() && !COLUMN_WISE.contains(node.operator()))) {
                return Optional.empty();
            }
            if (!node.labels().isEmpty()) {
                return Optional.of(node.labels());
            }
            at = node.inputs().isEmpty() ? "" : node.inputs().getFirst();
        }
        return Optional.empty();
    }

    /**
     * One operation.
     *
     * @param operator e.g. {@code ZipMap}
     * @param inputs the names of the values that go in
     * @param outputs the names of those that come out
     * @param labels the class labels that it carries, empty if it is not a classifier
     */
    record Node(String operator, List<String> inputs, List<String> outputs, List<String> labels) {

        Node {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
            labels = List.copyOf(labels);
        }

    }

}
