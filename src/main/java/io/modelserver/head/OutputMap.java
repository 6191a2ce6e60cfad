package io.modelserver.head;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
import org.jspecify.annotations.Nullable;

/**
 * Finds each output that has a role among those that a model returns. What the metadata
 * maps is found there and nowhere else. What it does not map is found by the role's name.
 * A tuple without names is read as logits, confidence and return, in this order, only
 * where the metadata does not say where the direction is. Every answer looks for its
 * outputs, so that nothing is allocated for it.
 */
final class OutputMap {

    /** What is needed of each class. */
    static final String SCORES = "as logits or probabilities (a regressor, which returns one number, is not served yet)";

    private static final String LOGITS = OutputRole.DIRECTION_LOGITS.key();

    private static final String PROBABILITIES = OutputRole.PROBABILITIES.key();

    private final Map<OutputRole, OutputRef> mapped = new EnumMap<>(OutputRole.class);

    private final ModelSignature signature;

    /** Outputs that a role's name alone does not make numbers. */
    private final Set<String> withoutNumbers;

    /**
     * Compares the metadata with the file.
     * @throws IllegalArgumentException if an output that is mapped can't hold numbers
     */
    OutputMap(Map<OutputRole, OutputRef> outputs, ModelSignature signature) {
        this.signature = signature;
        this.withoutNumbers = signature.outputs()
            .stream()
            .filter((output) -> output.kind() != ModelSignature.Kind.NUMBERS)
            .map(ModelSignature.Output::name)
            .collect(Collectors.toUnmodifiableSet());
        if (outputs.containsKey(OutputRole.DIRECTION_LOGITS) && outputs.containsKey(OutputRole.PROBABILITIES)) {
            throw new IllegalArgumentException(
                    "'outputs' in metadata.json maps both direction_logits and probabilities: keep one of them");
        }
        outputs.forEach((role, ref) -> mapped.put(role, resolved(role, ref)));
        expectWhatIsMappedOrNamed();
        direction().ifPresent(OutputMap::checkThatItHoldsNumbers);
        for (OutputRef ref : mapped.values()) {
            if (ref instanceof OutputRef.ByName(String name)) {
                signature.output(name).ifPresent(OutputMap::checkThatItHoldsNumbers);
            }
        }
    }

    /** Where the file names its outputs, a position is that of a name. */
    private OutputRef resolved(OutputRole role, OutputRef ref) {
        if (ref instanceof OutputRef.ByPosition(int index) && !signature.outputs().isEmpty()) {
            if (index < 0 || index >= signature.outputs().size()) {
                throw new IllegalArgumentException(
                        "'outputs' in metadata.json says that %s is output %d, the model has %s".formatted(role.key(),
                                index, names()));
            }
            return new OutputRef.ByName(signature.outputs().get(index).name());
        }
        return ref;
    }

    /**
     * What else could be wrong with the metadata follows from this, and would mislead.
     */
    private void expectWhatIsMappedOrNamed() {
        if (signature.outputs().isEmpty()) {
            return;
        }
        mapped.forEach((role, ref) -> {
            if (ref instanceof OutputRef.ByName(String name) && signature.output(name).isEmpty()) {
                throw new IllegalArgumentException(absent(role, name, quoted(names())));
            }
        });
        if (!mapsDirection() && direction().isEmpty()) {
            throw new IllegalArgumentException(noDirection(OutputRole.DIRECTION_LOGITS, quoted(names()),
                    signature.outputs()
                        .stream()
                        .filter((output) -> output.kind() != ModelSignature.Kind.LABELS)
                        .map(ModelSignature.Output::name)
                        .toList()));
        }
    }

    private static void checkThatItHoldsNumbers(ModelSignature.Output output) {
        switch (output.kind()) {
            case NUMBERS -> {
            }
            case LABELS -> throw new IllegalArgumentException(
                    ("output '%s' of the model holds class labels, not scores: name the output with one number per class "
                            + "in 'outputs' in metadata.json")
                        .formatted(output.name()));
            case OTHER -> throw new IllegalArgumentException(
                    ("output '%s' of the model is neither a tensor of numbers nor maps with known keys: export it as a "
                            + "tensor (scikit-learn: options={'zipmap': False}) and declare 'classes' in metadata.json")
                        .formatted(output.name()));
        }
    }

    /**
     * {@return the output of the file that holds the scores of the classes, empty if the
     * file does not name its outputs or has none}
     */
    Optional<ModelSignature.Output> direction() {
        for (OutputRole role : List.of(OutputRole.DIRECTION_LOGITS, OutputRole.PROBABILITIES)) {
            if (mapped.get(role) instanceof OutputRef.ByName(String name)) {
                return signature.output(name);
            }
        }
        return mapsDirection() ? Optional.empty() : signature.output(OutputRole.DIRECTION_LOGITS.key())
            .or(() -> signature.output(OutputRole.PROBABILITIES.key()));
    }

    boolean isMapped(OutputRole role) {
        return mapped.containsKey(role);
    }

    private boolean mapsDirection() {
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
        if (ref instanceof OutputRef.ByName(String name)) {
            return byName(outputs, name);
        }
        if (ref instanceof OutputRef.ByPosition(int index)) {
            return isOrdered(outputs) ? byPosition(outputs, index) : null;
        }
        if (role.isPerClass() && mapsDirection()) {
            return null;
        }
        OutputTensor named = withoutNumbers.contains(role.key()) ? null : byName(outputs, role.key());
        return (named == null && !mapsDirection() && !hasNames(outputs)) ? byPosition(outputs, role.defaultPosition())
                : named;
    }

    /** The entries of a dictionary come in no guaranteed order. */
    private static boolean isOrdered(List<OutputTensor> outputs) {
        return outputs.size() == 1 || !hasNames(outputs);
    }

    private static boolean hasNames(List<OutputTensor> outputs) {
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i).name() != null) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable OutputTensor byName(List<OutputTensor> outputs, String name) {
        for (int i = 0; i < outputs.size(); i++) {
            if (name.equals(outputs.get(i).name())) {
                return outputs.get(i);
            }
        }
        return null;
    }

    private static @Nullable OutputTensor byPosition(List<OutputTensor> outputs, int index) {
        return (index >= 0 && index < outputs.size()) ? outputs.get(index) : null;
    }

    /**
     * Reports a missing output, and what the model returned.
     * @return a sentence
     */
    String missing(List<OutputTensor> outputs, OutputRole role) {
        if (mapped.get(role) instanceof OutputRef.ByName(String name)) {
            return absent(role, name, names(outputs));
        }
        String there = names(outputs);
        if (mapped.get(role) instanceof OutputRef.ByPosition && !isOrdered(outputs)) {
            there += ", in a dictionary, which has no positions: use the name";
        }
        return noDirection(role, there,
                outputs.stream().map(OutputTensor::name).filter(Objects::nonNull).map(String::valueOf).toList());
    }

    private static String absent(OutputRole role, String name, String there) {
        return "'outputs' in metadata.json says that %s is the output '%s', which the model does not return; it returned %s"
            .formatted(role.key(), name, there);
    }

    /**
     * Where a single output can be meant, its line for the metadata stands there ready.
     */
    private static String noDirection(OutputRole role, String there, List<String> names) {
        List<String> roles = Arrays.stream(OutputRole.values()).map(OutputRole::key).toList();
        List<String> candidates = names.stream().filter((name) -> !roles.contains(name)).toList();
        String cure = (candidates.size() == 1) ? line(candidates.getFirst()) : "see 'outputs' in metadata.json";
        return "the model returned no output for %s; it returned %s: %s; it must return one number per class, %s"
            .formatted(role.key(), there, cure, SCORES);
    }

    private static String line(String name) {
        boolean probable = name.toLowerCase(Locale.ROOT).contains("prob");
        return ("if '%1$s' holds one number per class, add \"outputs\": {\"%2$s\": \"%1$s\"} to metadata.json"
                + ", or with \"%3$s\" in place of \"%2$s\" where these are %4$s")
            .formatted(name, probable ? PROBABILITIES : LOGITS, probable ? LOGITS : PROBABILITIES,
                    probable ? "logits" : "probabilities");
    }

    /**
     * {@return whether an output is taken for a role because it has its name}
     */
    static boolean isNamedSo(List<OutputTensor> outputs, OutputRole role) {
        return byName(outputs, role.key()) != null;
    }

    private static String quoted(List<String> names) {
        return names.stream().map((name) -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    private static String names(List<OutputTensor> outputs) {
        return hasNames(outputs) ? quoted(outputs.stream().map((output) -> String.valueOf(output.name())).toList())
                : outputs.size() + " without names";
    }

    private List<String> names() {
        return signature.outputs().stream().map(ModelSignature.Output::name).toList();
    }

}
