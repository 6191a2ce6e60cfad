package io.modelserver.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelSignature;
import io.modelserver.signal.Direction;

/**
 * Which direction each column of a model's scores stands for: what the metadata says in
 * {@code classes} and what the labels in the model file say, which must not contradict
 * each other.
 */
final class ClassOrder {

    private ClassOrder() {
    }

    /**
     * Finds the order.
     * @param metadata whose {@code classes} may be empty
     * @param signature what the file says
     * @param output the output that holds the scores or labels, empty if the file does
     * not name it
     * @return a direction per column, or per label of the file
     * @throws IllegalArgumentException if {@code classes} are no directions, if the two
     * contradict each other, or if labels that mean nothing to the server have no
     * {@code classes} with them
     */
    static List<Direction> of(ModelMetadata metadata, ModelSignature signature,
            Optional<ModelSignature.Output> output) {
        List<Direction> declared = declared(metadata.classes());
        List<String> labels = output.map(ModelSignature.Output::labels).orElse(List.of());
        if (!metadata.rules().ownLabels().isEmpty()) {
            return new OwnLabels(metadata).columns(labels);
        }
        if (labels.isEmpty()) {
            return withoutLabels(declared, signature);
        }
        Optional<List<Direction>> meant = meaning(labels);
        if (meant.isPresent()) {
            if (!declared.isEmpty() && !declared.equals(meant.get())) {
                throw new IllegalArgumentException(("the model file has its classes in the order %s, but 'classes' in "
                        + "metadata.json says %s: correct 'classes', or leave it out")
                    .formatted(labels, declared));
            }
            return meant.get();
        }
        if (arePositions(labels)) {
            return withoutLabels(declared, signature);
        }
        if (declared.isEmpty()) {
            throw undeclared(labels);
        }
        return declared;
    }

    static List<Direction> declared(List<String> classes) {
        List<Direction> declared = classes.stream()
            .map((name) -> direction(name).orElseThrow(() -> new IllegalArgumentException(
                    "metadata.json: classes must be of SELL, HOLD and BUY, not " + name)))
            .toList();
        if (declared.size() == 1 || declared.stream().distinct().count() != declared.size()) {
            throw new IllegalArgumentException(
                    "metadata.json: classes must be two or three different directions, not " + declared);
        }
        return declared;
    }

    private static List<Direction> withoutLabels(List<Direction> declared, ModelSignature signature) {
        if (declared.isEmpty()) {
            signature.labelLists()
                .stream()
                .filter((labels) -> !arePositions(labels))
                .findFirst()
                .ifPresent((labels) -> {
                    throw undeclared(labels);
                });
            signature.outputs().stream().filter(ClassOrder::isUnexplained).findFirst().ifPresent((output) -> {
                throw new IllegalArgumentException(
                        ("the model returns class labels in output '%s', and the file does not "
                                + "tell which column of the scores each stands for: add 'classes' to metadata.json, a direction "
                                + "per column in the order of the columns")
                            .formatted(output.name()));
            });
        }
        return orDefault(declared);
    }

    private static boolean isUnexplained(ModelSignature.Output output) {
        return output.kind() == ModelSignature.Kind.LABELS && output.labels().isEmpty();
    }

    private static List<Direction> orDefault(List<Direction> declared) {
        return declared.isEmpty() ? List.of(Direction.values()) : declared;
    }

    private static IllegalArgumentException undeclared(List<String> labels) {
        if (meaning(labels).isPresent()) {
            return new IllegalArgumentException(
                    ("the model file lists the classes %s, but does not tell whether the columns "
                            + "of the scores are in that order: add 'classes' to metadata.json, a direction per column in the order of "
                            + "the columns")
                        .formatted(labels));
        }
        return new IllegalArgumentException(("the model file calls its classes %s, and nothing says which of them is "
                + "SELL, HOLD and BUY: add 'classes' to metadata.json, a direction per column in the order of the columns")
            .formatted(labels));
    }

    /** Directions by name, or -1, 0 and 1 by sign; at least two, none of them twice. */
    static Optional<List<Direction>> meaning(List<String> labels) {
        List<Direction> directions = new ArrayList<>();
        for (String label : labels) {
            direction(label, labels.contains("-1")).ifPresent(directions::add);
        }
        boolean complete = directions.size() == labels.size() && directions.size() > 1
                && directions.stream().distinct().count() == directions.size();
        return complete ? Optional.of(List.copyOf(directions)) : Optional.empty();
    }

    private static Optional<Direction> direction(String label, boolean signed) {
        if (signed) {
            return switch (label) {
                case "-1" -> Optional.of(Direction.SELL);
                case "0" -> Optional.of(Direction.HOLD);
                case "1" -> Optional.of(Direction.BUY);
                default -> Optional.empty();
            };
        }
        return direction(label.strip());
    }

    static Optional<Direction> direction(String name) {
        return Arrays.stream(Direction.values())
            .filter((direction) -> direction.name().equalsIgnoreCase(name))
            .findFirst();
    }

    /** 0, 1, 2: the label is the column's number and tells no more. */
    static boolean arePositions(List<String> labels) {
        return IntStream.range(0, labels.size()).allMatch((i) -> labels.get(i).equals(Integer.toString(i)));
    }

}
