package io.modelserver.head;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import io.modelserver.model.Task;

/**
 * Finds the head of a version: by its metadata, and where that says nothing by its file.
 */
public final class Heads {

    private Heads() {
    }

    /**
     * Creates the head of a version.
     * @param metadata what is said of the outputs
     * @param signature what the model file says of them
     * @return the head
     * @throws IllegalArgumentException if the two contradict each other, or if nothing
     * tells what an output means; the message says how to fix it
     */
    public static VersionHead of(ModelMetadata metadata, ModelSignature signature) {
        Task task = TaskChoice.of(metadata, signature);
        OutputMap map = new OutputMap(metadata, signature, task);
        return switch (task) {
            case DIRECTION -> hasLabelsAlone(metadata, signature, map) ? new LabelHead(metadata, signature, map)
                    : new ClassHead(metadata, signature, map);
            case REGRESSION -> new NumbersHead(metadata, signature, map);
            case RAW -> new RawHead(metadata, signature, map);
        };
    }

    /**
     * Without the file, a label counts only where the metadata names it and no scores.
     */
    private static boolean hasLabelsAlone(ModelMetadata metadata, ModelSignature signature, OutputMap map) {
        Optional<ModelSignature.Output> label = map.output(OutputRole.LABEL);
        boolean hasLabel = signature.outputs().isEmpty() ? metadata.outputs().containsKey(OutputRole.LABEL)
                : label.isPresent();
        return hasLabel && !map.mapsScores() && map.scores().isEmpty();
    }

    /**
     * Checks what metadata declares, before there is a model file to compare it with.
     * @param metadata of a model
     * @throws IllegalArgumentException if it contradicts itself; the message says how to
     * fix it
     */
    public static void expectConsistent(ModelMetadata metadata) {
        TaskChoice.expectNoContradiction(metadata);
        ClassOrder.declared(metadata.classes());
    }

    /**
     * Whether outputs are told by the names that a file gives them. Fields of a tuple
     * whose names nobody looks for are outputs by their positions, as those of any tuple.
     * @param metadata of the version
     * @param signature what the file says
     * @return whether the metadata names an output, or the file has a name of scores
     */
    public static boolean useNames(ModelMetadata metadata, ModelSignature signature) {
        return Arrays.stream(OutputRole.values())
            .filter(OutputRole::isPerClass)
            .flatMap((role) -> Stream.concat(Stream.of(role.key()), UsualNames.of(role).stream()))
            .anyMatch((name) -> signature.output(name).isPresent())
                || Stream.concat(metadata.outputs().values().stream(), metadata.rules().named().values().stream())
                    .anyMatch(OutputRef.ByName.class::isInstance);
    }

}
