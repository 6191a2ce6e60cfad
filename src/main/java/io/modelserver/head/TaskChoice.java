package io.modelserver.head;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.modelserver.model.Decision;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import io.modelserver.model.Task;

/**
 * Finds out what a model is for where its metadata does not name the task, from what it
 * says of outputs, classes and decisions, and from the names of the file's outputs.
 */
final class TaskChoice {

    private static final Set<OutputRole> OF_CLASSES = Set.of(OutputRole.DIRECTION_LOGITS, OutputRole.PROBABILITIES,
            OutputRole.LABEL);

    private TaskChoice() {
    }

    /**
     * Decides.
     * @return the task
     * @throws IllegalArgumentException if the metadata contradicts itself
     */
    static Task of(ModelMetadata metadata, ModelSignature signature) {
        expectNoContradiction(metadata);
        boolean tellsClasses = signature.outputs().stream().anyMatch(TaskChoice::isOfClasses);
        if (tellsClasses && !metadata.rules().taskIsDeclared()
                && metadata.rules().decision() instanceof Decision.ByNumber) {
            throw new IllegalArgumentException(
                    ("the model returns the scores or labels of classes, in %s, and 'decide' in metadata.json makes a direction "
                            + "of a number: write \"task\": \"regression\" for that, or leave 'decide' out")
                        .formatted(OutputSentences.names(signature)));
        }
        boolean declared = metadata.rules().taskIsDeclared() || metadata.task() != Task.DIRECTION;
        if (declared || hasClasses(metadata) || metadata.rules().decision() instanceof Decision.HoldBelow) {
            return metadata.task();
        }
        if (signature.outputs().isEmpty()) {
            return (metadata.outputs().containsKey(OutputRole.QUANTILES) || takesTheFirst(metadata)) ? Task.REGRESSION
                    : Task.DIRECTION;
        }
        return (!tellsClasses && (saysNumbers(metadata) || isRegressor(signature))) ? Task.REGRESSION : Task.DIRECTION;
    }

    /**
     * Looks at the metadata alone.
     * @throws IllegalArgumentException if it contradicts itself; the message says how
     */
    static void expectNoContradiction(ModelMetadata metadata) {
        Task task = metadata.task();
        Decision decision = metadata.rules().decision();
        if (decision instanceof Decision.ByNumber && task != Task.REGRESSION) {
            throw new IllegalArgumentException(
                    ("metadata.json: 'decide' makes a direction of a number, which contradicts \"task\": \"%s\": leave one "
                            + "of them out")
                        .formatted(task.key()));
        }
        if (decision instanceof Decision.HoldBelow && task != Task.DIRECTION) {
            throw new IllegalArgumentException(
                    "metadata.json: decide.hold_below is for classifiers, which contradicts \"task\": \"%s\": leave one of "
                        .formatted(task.key()) + "them out");
        }
        if (task != Task.DIRECTION && hasClasses(metadata)) {
            throw new IllegalArgumentException(
                    ("metadata.json: 'classes', and logits, probabilities or a label in 'outputs', are of a classifier, "
                            + "which contradicts %s: leave one of them out")
                        .formatted((decision != null) ? "'decide' with a number"
                                : "\"task\": \"%s\"".formatted(task.key())));
        }
    }

    private static boolean hasClasses(ModelMetadata metadata) {
        return !metadata.classes().isEmpty() || metadata.outputs().keySet().stream().anyMatch(OF_CLASSES::contains);
    }

    private static boolean saysNumbers(ModelMetadata metadata) {
        return metadata.outputs().containsKey(OutputRole.EXPECTED_RETURN)
                || metadata.outputs().containsKey(OutputRole.QUANTILES);
    }

    private static boolean isOfClasses(ModelSignature.Output output) {
        return OF_CLASSES.stream()
            .anyMatch((role) -> role.key().equals(output.name()) || UsualNames.of(role).contains(output.name()));
    }

    private static boolean isRegressor(ModelSignature signature) {
        return signature.outputs().size() == 1 && UsualNames.isOfRegressor(signature.outputs().getFirst().name());
    }

    /** A tuple's first output can't hold the scores if it is something else. */
    private static boolean takesTheFirst(ModelMetadata metadata) {
        return Stream.of(metadata.outputs(), metadata.rules().named())
            .map(Map::values)
            .flatMap(Collection::stream)
            .anyMatch((ref) -> ref instanceof OutputRef.ByPosition position && position.index() == 0);
    }

}
