package io.modelserver.head;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;

/**
 * The outputs that may hold integers or texts, such as the number of a market's regime,
 * but are no labels of the scores next to them, since the metadata says what else they
 * are or leaves them out.
 */
final class NoLabels {

    private final Set<String> names;

    private final ModelSignature signature;

    /**
     * Reads the metadata.
     * @param mapped where each role is, positions resolved
     * @param named references without a role, positions resolved
     */
    NoLabels(ModelMetadata metadata, ModelSignature signature, Map<OutputRole, OutputRef> mapped,
            List<OutputRef> named) {
        this.signature = signature;
        Set<String> found = new HashSet<>(metadata.rules().leftOut());
        mapped.forEach((role, ref) -> {
            if (role != OutputRole.LABEL && ref instanceof OutputRef.ByName name) {
                found.add(name.name());
            }
        });
        // Without scores, a label is what the direction is made of, whatever it is called
        // in answers.
        if (hasScores(mapped, metadata.rules().leftOut())) {
            named.stream()
                .filter(OutputRef.ByName.class::isInstance)
                .map(OutputRef.ByName.class::cast)
                .forEach((name) -> found.add(name.name()));
        }
        this.names = Set.copyOf(found);
    }

    private boolean hasScores(Map<OutputRole, OutputRef> mapped, Set<String> leftOut) {
        List<OutputRole> scores = List.of(OutputRole.DIRECTION_LOGITS, OutputRole.PROBABILITIES);
        if (signature.outputs().isEmpty() || scores.stream().anyMatch(mapped::containsKey)) {
            return !mapped.containsKey(OutputRole.LABEL);
        }
        return scores.stream()
            .flatMap((role) -> Stream.concat(Stream.of(role.key()), UsualNames.of(role).stream()))
            .anyMatch((name) -> signature.output(name).isPresent() && !leftOut.contains(name));
    }

    boolean contains(String name) {
        return names.contains(name);
    }

    /**
     * {@return what the file says of all other outputs}
     */
    ModelSignature others() {
        List<List<String>> theirs = signature.outputs()
            .stream()
            .filter((output) -> output.kind() == ModelSignature.Kind.LABELS && contains(output.name()))
            .map(ModelSignature.Output::labels)
            .toList();
        return new ModelSignature(signature.inputs(),
                signature.outputs()
                    .stream()
                    .filter((output) -> output.kind() != ModelSignature.Kind.LABELS || !contains(output.name()))
                    .toList(),
                signature.labelLists().stream().filter((labels) -> !theirs.contains(labels)).toList());
    }

}
