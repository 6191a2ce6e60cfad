package io.modelserver.head;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import io.modelserver.model.Datatype;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.Tensor;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;

/** Which direction each label stands for that a model returns. */
final class LabelMeaning {

    private final Map<String, Direction> directions;

    private LabelMeaning(Map<String, Direction> directions) {
        this.directions = directions;
    }

    /**
     * Finds the meaning of labels that come alone.
     * @param output that holds them, empty if the file does not name it
     * @return the meaning
     * @throws IllegalArgumentException if nothing tells it; the message says what would
     */
    static LabelMeaning of(ModelMetadata metadata, ModelSignature signature, Optional<ModelSignature.Output> output) {
        if (!metadata.rules().ownLabels().isEmpty()) {
            OwnLabels own = new OwnLabels(metadata);
            output.map(ModelSignature.Output::labels).filter((labels) -> !labels.isEmpty()).ifPresent(own::columns);
            return new LabelMeaning(own.directions());
        }
        List<String> labels = output.map(ModelSignature.Output::labels).orElse(List.of());
        boolean areTexts = output.filter((found) -> found.datatype() == Datatype.BYTES).isPresent();
        if (labels.isEmpty() && !areTexts) {
            throw new IllegalArgumentException(
                    ("nothing tells which class each label of output '%s' is: make 'classes' in metadata.json a map from the "
                            + "labels that the model returns, e.g. {\"-1\": \"SELL\", \"0\": \"HOLD\", \"1\": \"BUY\"}")
                        .formatted(output.map(ModelSignature.Output::name).orElse("label")));
        }
        return labels.isEmpty() ? byName() : byColumn(labels, ClassOrder.of(metadata, signature, output));
    }

    /**
     * Finds what labels may mean that come next to scores.
     * @param labels those of the file, empty if it has none
     * @param classes a direction per column of the scores
     * @return the meanings, of which one must be the right one
     */
    static List<LabelMeaning> nextToScores(ModelMetadata metadata, List<String> labels, List<Direction> classes) {
        if (!metadata.rules().ownLabels().isEmpty()) {
            return List.of(new LabelMeaning(new OwnLabels(metadata).directions()));
        }
        LabelMeaning byColumn = byColumn(labels, classes);
        return labels.isEmpty() ? List.of(byColumn, bySign()) : List.of(byColumn);
    }

    private static LabelMeaning bySign() {
        return new LabelMeaning(Map.of("-1", Direction.SELL, "0", Direction.HOLD, "1", Direction.BUY));
    }

    private static LabelMeaning byName() {
        return new LabelMeaning(
                Arrays.stream(Direction.values()).collect(Collectors.toMap(Direction::name, (direction) -> direction)));
    }

    /** Labels that say what they mean do so in whatever order the scores are. */
    private static LabelMeaning byColumn(List<String> labels, List<Direction> classes) {
        Map<String, Direction> directions = new HashMap<>(byName().directions);
        Optional<List<Direction>> own = ClassOrder.meaning(labels);
        if (own.isPresent()) {
            for (int i = 0; i < labels.size(); i++) {
                directions.put(labels.get(i), own.get().get(i));
            }
            return new LabelMeaning(directions);
        }
        boolean byNumber = labels.isEmpty() || ClassOrder.arePositions(labels);
        for (int i = 0; i < classes.size(); i++) {
            directions.put((byNumber || i >= labels.size()) ? Integer.toString(i) : labels.get(i), classes.get(i));
        }
        return new LabelMeaning(directions);
    }

    /**
     * Finds a label's meaning.
     * @param label as {@link #label} writes it
     * @return the direction, or null if the label means nothing
     */
    @Nullable Direction direction(String label) {
        Direction direction = directions.get(label);
        return (direction != null) ? direction
                : ClassOrder.direction(label.strip()).map((named) -> directions.get(named.name())).orElse(null);
    }

    /**
     * Reads a label.
     * @param tensor one label per sample
     * @param sample its place on the batch axis
     * @return an integer, whatever it was written as, or a text
     */
    static String label(Tensor tensor, int sample) {
        return switch (tensor.datatype()) {
            case FP32, FP64, FP16 -> number(tensor.floats()[sample]);
            case BOOL -> tensor.floats()[sample] != 0 ? "1" : "0";
            case INT64, INT32, BYTES -> String.valueOf(Array.get(tensor.array(Object.class), sample));
        };
    }

    private static String number(float value) {
        return (value == Math.rint(value)) ? Long.toString((long) value) : Float.toString(value);
    }

}
