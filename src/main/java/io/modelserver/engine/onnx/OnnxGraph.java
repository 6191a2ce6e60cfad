package io.modelserver.engine.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** The main graph of an ONNX file, as far as it tells what its outputs' columns mean. */
final class OnnxGraph {

    private final List<OnnxValue> inputs = new ArrayList<>();

    private final List<OnnxValue> outputs = new ArrayList<>();

    private final Set<String> initializers = new HashSet<>();

    private final Map<String, List<String>> constants = new HashMap<>();

    private final Map<String, Node> producers = new HashMap<>();

    private final List<List<String>> labelLists = new ArrayList<>();

    void addInput(OnnxValue input) {
        inputs.add(input);
    }

    void addOutput(OnnxValue output) {
        outputs.add(output);
    }

    void addInitializer(OnnxConstant constant) {
        initializers.add(constant.name());
        constants.put(constant.name(), constant.values());
        if (constant.holdsTexts() && constant.values().size() > 1) {
            labelLists.add(constant.values());
        }
    }

    void addSparseInitializer(String name) {
        initializers.add(name);
        constants.put(name, List.of());
    }

    void addNode(Node node) {
        node.outputs().forEach((output) -> producers.put(output, node));
        if (node.operator().equals("Constant")) {
            List<String> values = node.attributes().values().stream().findFirst().orElse(List.of());
            node.outputs().forEach((output) -> constants.put(output, values));
        }
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

    /**
     * {@return what certainly are class labels: those of classifiers, and lists of texts}
     */
    List<List<String>> labelLists() {
        return labelLists;
    }

    @Nullable Node producer(String value) {
        return producers.get(value);
    }

    /**
     * {@return the texts or integers that a value always has, empty if it holds others;
     * null if it is computed}
     */
    @Nullable List<String> constant(String value) {
        return constants.get(value);
    }

    /**
     * One operation.
     *
     * @param operator e.g. {@code ZipMap}
     * @param inputs the names of the values that go in
     * @param outputs the names of those that come out
     * @param attributes the texts and integers of those that can hold class labels
     */
    record Node(String operator, List<String> inputs, List<String> outputs, Map<String, List<String>> attributes) {

        Node {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
            attributes = Map.copyOf(attributes);
        }

        /**
         * {@return the class labels of a classifier or {@code ZipMap}, empty for others}
         */
        List<String> labels() {
            return attribute("classlabels_");
        }

        /**
         * {@return the values of the first attribute whose name begins so, empty if there
         * is none}
         */
        List<String> attribute(String prefix) {
            return attributes.entrySet()
                .stream()
                .filter((attribute) -> attribute.getKey().startsWith(prefix))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(List.of());
        }

    }

}
