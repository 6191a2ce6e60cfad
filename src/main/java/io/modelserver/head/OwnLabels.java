package io.modelserver.head;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.modelserver.model.ModelMetadata;
import io.modelserver.signal.Direction;

/**
 * What each of the model's own class labels stands for, where {@code classes} of the
 * metadata is a map of them.
 */
final class OwnLabels {

    private final List<String> written;

    private final Map<String, Direction> directions = new HashMap<>();

    /**
     * Reads the map.
     * @throws IllegalArgumentException if it maps to something that is not a direction,
     * or the name of a direction to another one
     */
    OwnLabels(ModelMetadata metadata) {
        Map<String, String> labels = metadata.rules().ownLabels();
        this.written = List.copyOf(labels.keySet());
        List<Direction> declared = ClassOrder.declared(List.copyOf(labels.values()));
        for (int i = 0; i < written.size(); i++) {
            directions.put(written.get(i), declared.get(i));
            expectItsOwn(written.get(i), declared.get(i));
        }
    }

    private static void expectItsOwn(String label, Direction declared) {
        ClassOrder.direction(label.strip()).filter((named) -> named != declared).ifPresent((named) -> {
            throw new IllegalArgumentException(
                    ("'classes' in metadata.json maps the label %s to %s: a label that is called as a direction must mean "
                            + "it; rename it in the model if it is something else")
                        .formatted(label, declared));
        });
    }

    Map<String, Direction> directions() {
        return directions;
    }

    /**
     * Finds the order of the columns of scores.
     * @param labels those that the file gives, in the order of the columns; empty if it
     * gives none
     * @return a direction per column
     * @throws IllegalArgumentException if the file has other labels, or if nothing tells
     * the order
     */
    List<Direction> columns(List<String> labels) {
        List<String> order = isOnlyByNumber(labels) ? sorted() : labels;
        if (!directions.keySet().containsAll(order) || order.size() != written.size()) {
            throw new IllegalArgumentException(
                    ("the model file calls its classes %s, but 'classes' in metadata.json maps %s: map those that the file "
                            + "has")
                        .formatted(labels, written));
        }
        if (labels.isEmpty() && !order.equals(written) && !ClassOrder.arePositions(order)) {
            throw new IllegalArgumentException(
                    ("nothing tells whether the columns of the scores are in the order %s or %s: make 'classes' in "
                            + "metadata.json a list, a direction per column in the order of the columns")
                        .formatted(written, order));
        }
        return order.stream().map(directions::get).toList();
    }

    /** Where a graph takes the number of the best column for the label. */
    private boolean isOnlyByNumber(List<String> labels) {
        return labels.isEmpty() || (labels.equals(List.of("0")) && directions.keySet()
            .containsAll(IntStream.range(0, written.size()).mapToObj(String::valueOf).toList()));
    }

    /** As libraries sort labels: numbers by their size, texts by their letters. */
    private List<String> sorted() {
        List<String> sorted = new ArrayList<>(written);
        boolean areIntegers = written.stream().allMatch((label) -> label.matches("-?\\d{1,18}"));
        sorted.sort(areIntegers ? Comparator.comparingLong(Long::parseLong) : Comparator.naturalOrder());
        return sorted;
    }

}
