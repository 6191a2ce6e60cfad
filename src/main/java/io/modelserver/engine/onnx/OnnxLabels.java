package io.modelserver.engine.onnx;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Which class each column of a graph's outputs stands for. Converters keep that in an
 * attribute of the classifier, or only in what makes the number of the best column into
 * the label that the graph returns beside the scores.
 */
final class OnnxLabels {

    /** Operators that keep the columns of their first input in their order. */
    private static final Set<String> COLUMN_WISE = Set.of("Identity", "Cast", "Softmax", "LogSoftmax", "Normalizer",
            "Clip", "Log", "Exp", "Sigmoid", "Div", "Mul", "Add", "Sub", "Dropout", "Round", "ZipMap");

    /** Operators that change nothing but the shape or the type of a label. */
    private static final Set<String> LABEL_WISE = Set.of("Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze",
            "Flatten", "Transpose");

    private static final Set<String> LOOK_UP = Set.of("ArrayFeatureExtractor", "Gather", "GatherElements", "GatherND");

    private static final Set<String> BEST_COLUMN = Set.of("ArgMax", "TopK");

    /** In place of labels, if the label is the number of the column. */
    private static final List<String> BY_POSITION = List.of("0");

    private static final int DEEPEST = 100;

    private final OnnxGraph graph;

    private final Map<String, Choice> choices = new LinkedHashMap<>();

    OnnxLabels(OnnxGraph graph) {
        this.graph = graph;
        for (OnnxValue output : graph.outputs()) {
            Choice choice = output.holdsLabels() ? choice(output.name(), 0) : null;
            if (choice != null) {
                choices.put(output.name(), choice);
            }
        }
    }

    /**
     * {@return by output, what is known of the labels of its columns, or of the labels
     * among which it chooses}
     */
    Map<String, List<String>> byOutput() {
        Map<String, List<String>> found = new HashMap<>();
        for (OnnxValue output : graph.outputs()) {
            if (output.holdsScores()) {
                columns(output).ifPresent((labels) -> found.put(output.name(), labels));
            }
        }
        choices.forEach((output, choice) -> found.put(output, choice.labels()));
        return found;
    }

    /**
     * {@return all lists of labels, whether or not they can be told to be those of an
     * output}
     */
    List<List<String>> lists() {
        return Stream
            .concat(graph.labelLists().stream(), choices.values().stream().filter(Choice::isByName).map(Choice::labels))
            .distinct()
            .toList();
    }

    private Optional<List<String>> columns(OnnxValue output) {
        Set<String> path = columnPath(output.name());
        List<String> own = path.stream()
            .map(graph::producer)
            .filter((node) -> node != null && !node.labels().isEmpty())
            .findFirst()
            .map(OnnxGraph.Node::labels)
            .orElse(List.of());
        if (output.kind() == OnnxValue.Kind.MAPS) {
            return own.isEmpty() ? Optional.empty() : Optional.of(own);
        }
        return choices.values()
            .stream()
            .filter((choice) -> choice.isByName() && columnPath(choice.scores()).stream().anyMatch(path::contains))
            .findFirst()
            .map(Choice::labels)
            .or(() -> own.isEmpty() ? Optional.empty() : Optional.of(own));
    }

    /**
     * The values that have the same columns, from the one that is given to its source.
     */
    private Set<String> columnPath(String value) {
        Set<String> path = new LinkedHashSet<>();
        String at = value;
        while (path.add(at)) {
            OnnxGraph.Node node = graph.producer(at);
            if (node == null || !COLUMN_WISE.contains(node.operator())) {
                return path;
            }
            at = node.inputs().stream().filter((input) -> graph.constant(input) == null).findFirst().orElse(at);
        }
        return path;
    }

    /** What a label is chosen from; null if that can't be told. */
    private @Nullable Choice choice(String value, int depth) {
        OnnxGraph.Node node = graph.producer(value);
        if (node == null || node.inputs().isEmpty() || depth > DEEPEST) {
            return null;
        }
        String first = node.inputs().getFirst();
        if (LABEL_WISE.contains(node.operator())) {
            return choice(first, depth + 1);
        }
        if (BEST_COLUMN.contains(node.operator())) {
            return new Choice(BY_POSITION, first);
        }
        if (!node.labels().isEmpty()) {
            return new Choice(node.labels(), node.outputs().getLast());
        }
        if (LOOK_UP.contains(node.operator()) && node.inputs().size() > 1) {
            return lookedUp(graph.constant(first), choice(node.inputs().get(1), depth + 1));
        }
        Map<String, String> dictionary = dictionary(node);
        Choice key = dictionary.isEmpty() ? null : choice(first, depth + 1);
        return (key != null) ? translated(dictionary, key) : null;
    }

    private static @Nullable Choice lookedUp(@Nullable List<String> labels, @Nullable Choice position) {
        return (labels == null || labels.isEmpty() || position == null || position.isByName()) ? null
                : new Choice(labels, position.scores());
    }

    private static @Nullable Choice translated(Map<String, String> dictionary, Choice key) {
        List<String> keys = key.isByName() ? key.labels()
                : IntStream.range(0, dictionary.size()).mapToObj(Integer::toString).toList();
        return dictionary.keySet().containsAll(keys)
                ? new Choice(keys.stream().map(dictionary::get).toList(), key.scores()) : null;
    }

    /** What {@code LabelEncoder} or {@code CategoryMapper} makes of each key. */
    private static Map<String, String> dictionary(OnnxGraph.Node node) {
        List<String> keys = node.attribute("keys_");
        List<String> values = node.attribute("values_");
        if (node.operator().equals("CategoryMapper")) {
            keys = node.attribute("cats_int64s");
            values = node.attribute("cats_strings");
        }
        if (node.operator().equals("LabelEncoder") && keys.isEmpty()) {
            values = node.attribute("classes_strings");
            keys = IntStream.range(0, values.size()).mapToObj(Integer::toString).toList();
        }
        Map<String, String> dictionary = new HashMap<>();
        for (int i = 0; i < Math.min(keys.size(), values.size()); i++) {
            dictionary.put(keys.get(i), values.get(i));
        }
        return dictionary;
    }

    /**
     * How a label comes about.
     *
     * @param labels one per column of the scores; {@link #BY_POSITION} if the label is
     * the number of the column
     * @param scores the value whose greatest column is chosen
     */
    private record Choice(List<String> labels, String scores) {

        private boolean isByName() {
            return !labels.equals(BY_POSITION);
        }

    }

}
