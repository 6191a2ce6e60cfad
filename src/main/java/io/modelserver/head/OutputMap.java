package io.modelserver.head;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.modelserver.model.Decision;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Task;
import org.jspecify.annotations.Nullable;

/**
 * Finds each output that has a role among those that a model returns. What the metadata
 * maps is found there and nowhere else. What it does not map is found by the role's name,
 * then by a name that converters give it. A tuple without names is read as logits,
 * confidence and return, in this order, only where the metadata says nothing about
 * outputs. Every answer looks for its outputs, so that nothing is allocated for it.
 */
final class OutputMap {

    private static final List<OutputRole> SCORES = List.of(OutputRole.DIRECTION_LOGITS, OutputRole.PROBABILITIES);

    private final Map<OutputRole, OutputRef> mapped = new EnumMap<>(OutputRole.class);

    /** By names that converters give. */
    private final Map<OutputRole, OutputRef> derived = new EnumMap<>(OutputRole.class);

    private final ModelSignature signature;

    private final boolean isRegression;

    private final boolean decidesByReturn;

    /** Whether the metadata maps an output, with or without a role. */
    private final boolean mapsAny;

    /** Whether the metadata says that the first of a tuple is no score. */
    private final boolean firstIsTaken;

    private final Set<String> leftOut;

    private final NoLabels noLabels;

    /** Outputs that a role's name alone does not make numbers. */
    private final Set<String> withoutNumbers;

    /**
     * Compares the metadata with the file.
     * @param task what the model is for, as far as the metadata or the file tells
     * @throws IllegalArgumentException if an output that is mapped can't hold numbers
     */
    OutputMap(ModelMetadata metadata, ModelSignature signature, Task task) {
        this.signature = signature;
        this.isRegression = task == Task.REGRESSION;
        this.decidesByReturn = metadata.rules().decision() instanceof Decision.ByNumber rule
                && rule.from().equals(OutputRole.EXPECTED_RETURN.key());
        this.leftOut = metadata.rules().leftOut();
        this.withoutNumbers = signature.outputs()
            .stream()
            .filter((output) -> output.kind() != ModelSignature.Kind.NUMBERS)
            .map(ModelSignature.Output::name)
            .collect(Collectors.toUnmodifiableSet());
        Map<OutputRole, OutputRef> outputs = metadata.outputs();
        if (outputs.keySet().containsAll(SCORES)) {
            throw new IllegalArgumentException(
                    "'outputs' in metadata.json maps both direction_logits and probabilities: keep one of them");
        }
        outputs.forEach((role, ref) -> mapped.put(role, resolved(role.key(), ref)));
        Map<String, OutputRef> named = metadata.rules().named();
        this.noLabels = new NoLabels(metadata, signature, mapped,
                named.entrySet().stream().map((output) -> resolved(output.getKey(), output.getValue())).toList());
        this.mapsAny = !mapped.isEmpty() || !named.isEmpty();
        this.firstIsTaken = Stream.concat(mapped.values().stream(), named.values().stream())
            .anyMatch((ref) -> ref instanceof OutputRef.ByPosition position && position.index() == 0);
        expectWhatIsMapped();
        derive();
    }

    /** Where the file names its outputs, a position is that of a name. */
    OutputRef resolved(String key, OutputRef ref) {
        if (ref instanceof OutputRef.ByPosition(int index, int column) && !signature.outputs().isEmpty()) {
            if (index < 0 || index >= signature.outputs().size()) {
                throw new IllegalArgumentException(
                        "'outputs' in metadata.json says that %s is output %d, the model has %s".formatted(key, index,
                                OutputSentences.names(signature)));
            }
            return new OutputRef.ByName(signature.outputs().get(index).name(), column);
        }
        return ref;
    }

    /**
     * What else could be wrong with the metadata follows from this, and would mislead.
     */
    private void expectWhatIsMapped() {
        if (signature.outputs().isEmpty()) {
            return;
        }
        mapped.forEach((role, ref) -> {
            String name = ((OutputRef.ByName) ref).name();
            ModelSignature.Output output = signature.output(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        OutputSentences.absent(role.key(), name, OutputSentences.names(signature))));
            if (role != OutputRole.LABEL) {
                OutputSentences.expectNumbers(output);
            }
        });
    }

    private void derive() {
        if (!mapsScores() && SCORES.stream().allMatch((role) -> signature.output(role.key()).isEmpty())) {
            SCORES.forEach(this::derive);
            if (derived.keySet().containsAll(SCORES)) {
                throw new IllegalArgumentException(
                        ("the outputs %s may both hold the scores of the classes: say in 'outputs' in metadata.json which "
                                + "one does, e.g. {\"probabilities\": \"%s\"}")
                            .formatted(derived.values(), UsualNames.of(OutputRole.PROBABILITIES).getFirst()));
            }
        }
        if (!isMapped(OutputRole.LABEL) && !isLabels(OutputRole.LABEL.key())) {
            derive(OutputRole.LABEL);
        }
        if (isRegression && !mapsAny && signature.outputs().size() == 1) {
            String only = signature.outputs().getFirst().name();
            if (UsualNames.isOfRegressor(only) || decidesByReturn) {
                derived.put(OutputRole.EXPECTED_RETURN, new OutputRef.ByName(only));
            }
        }
    }

    private void derive(OutputRole role) {
        UsualNames.of(role)
            .stream()
            .filter((name) -> !leftOut.contains(name))
            .filter((name) -> (role == OutputRole.LABEL) ? isLabels(name) : signature.output(name).isPresent())
            .findFirst()
            .ifPresent((name) -> derived.put(role, new OutputRef.ByName(name)));
    }

    private boolean isLabels(String name) {
        return !noLabels.contains(name)
                && signature.output(name).filter((output) -> output.kind() == ModelSignature.Kind.LABELS).isPresent();
    }

    /**
     * {@return what the file says of outputs that may be of classes}
     */
    ModelSignature ofClasses() {
        return noLabels.others();
    }

    /**
     * {@return the output of the file that holds a role, empty if the file does not name
     * its outputs or has none}
     */
    Optional<ModelSignature.Output> output(OutputRole role) {
        OutputRef ref = isMapped(role) ? mapped.get(role) : derived.get(role);
        if (ref instanceof OutputRef.ByName name) {
            return signature.output(name.name());
        }
        boolean other = isMapped(role) || leftOut.contains(role.key()) || (role.isPerClass() && mapsScores())
                || (role == OutputRole.LABEL && !isLabels(role.key()));
        return other ? Optional.empty() : signature.output(role.key());
    }

    /**
     * {@return the output of the file that holds the scores of the classes, empty if the
     * file does not name its outputs or has none}
     */
    Optional<ModelSignature.Output> scores() {
        return output(OutputRole.DIRECTION_LOGITS).or(() -> output(OutputRole.PROBABILITIES));
    }

    /**
     * {@return the names of outputs that are answered in another way than by their own
     * names, or not at all}
     * @param others references that have no role
     */
    Set<String> taken(Collection<OutputRef> others) {
        return named(Stream.of(mapped.values(), derived.values(), others).flatMap(Collection::stream).toList());
    }

    /**
     * {@return the names of outputs that are left out, or referred to}
     */
    Set<String> named(Collection<OutputRef> refs) {
        Set<String> named = new HashSet<>(leftOut);
        for (OutputRef ref : refs) {
            if (ref instanceof OutputRef.ByName name) {
                named.add(name.name());
            }
        }
        return Set.copyOf(named);
    }

    boolean isMapped(OutputRole role) {
        return mapped.containsKey(role);
    }

    /**
     * {@return the only column of an output that has the role, or
     * {@link OutputRef#WHOLE}}
     */
    int column(OutputRole role) {
        OutputRef ref = mapped.get(role);
        return (ref != null) ? ref.column() : OutputRef.WHOLE;
    }

    /**
     * {@return whether the metadata says which output holds the scores of the classes}
     */
    boolean mapsScores() {
        return isMapped(OutputRole.DIRECTION_LOGITS) || isMapped(OutputRole.PROBABILITIES);
    }

    /**
     * Finds what holds a role.
     * @param outputs what the model returned
     * @param role the output that is wanted
     * @return the output, or null if the model has none
     */
    @Nullable OutputTensor find(List<OutputTensor> outputs, OutputRole role) {
        OutputRef ref = mapped.get(role);
        if (ref == null) {
            ref = derived.get(role);
        }
        if (ref != null) {
            return Outputs.find(outputs, ref);
        }
        if (role.isPerClass() && mapsScores()) {
            return null;
        }
        OutputTensor named = byName(outputs, role);
        return (named == null && !Outputs.hasNames(outputs)) ? byPosition(outputs, role) : named;
    }

    private @Nullable OutputTensor byName(List<OutputTensor> outputs, OutputRole role) {
        boolean isNoLabel = role == OutputRole.LABEL
                && (noLabels.contains(role.key()) || (!signature.outputs().isEmpty() && !isLabels(role.key())));
        boolean isNoNumber = role != OutputRole.LABEL && withoutNumbers.contains(role.key());
        OutputTensor named = (isNoLabel || isNoNumber || leftOut.contains(role.key())) ? null
                : Outputs.byName(outputs, role.key());
        return (named == null && signature.outputs().isEmpty()) ? byUsualName(outputs, role) : named;
    }

    /** Dictionaries tell their names with each pass. */
    private static @Nullable OutputTensor byUsualName(List<OutputTensor> outputs, OutputRole role) {
        if (!Outputs.hasNames(outputs) || (role == OutputRole.DIRECTION_LOGITS
                && Outputs.byName(outputs, OutputRole.PROBABILITIES.key()) != null)) {
            return null;
        }
        for (String name : UsualNames.of(role)) {
            OutputTensor named = Outputs.byName(outputs, name);
            if (named != null) {
                return named;
            }
        }
        return null;
    }

    private @Nullable OutputTensor byPosition(List<OutputTensor> outputs, OutputRole role) {
        if (isRegression) {
            return (role == OutputRole.EXPECTED_RETURN && !mapsAny && outputs.size() == 1) ? outputs.getFirst() : null;
        }
        if (role == OutputRole.DIRECTION_LOGITS) {
            return firstIsTaken ? null : Outputs.byPosition(outputs, 0);
        }
        return mapsAny ? null : Outputs.byPosition(outputs, role.defaultPosition());
    }

    /**
     * Reports a missing output, and what the model returned.
     * @return a sentence
     */
    String missing(List<OutputTensor> outputs, OutputRole role) {
        OutputRef ref = mapped.get(role);
        return (ref != null) ? OutputSentences.missing(outputs, role.key(), ref)
                : OutputSentences.noDirection(outputs, role);
    }

}
