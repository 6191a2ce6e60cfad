package io.modelserver.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The outputs that are passed on by name: those to which the metadata gives a name, which
 * must be there and finite, and those that have one of their own and no role.
 */
final class Extras {

    private final Map<String, OutputRef> declared;

    /** Null if only a pass tells what the outputs are called. */
    private final @Nullable List<String> undeclared;

    /** Outputs that are answered in another way, or not at all. */
    private final Set<String> taken;

    private final boolean rolesAreNames;

    /**
     * Compares the metadata with the file.
     * @param declared by the name under which each is answered
     * @param taken names of outputs that have a role, or are left out
     * @param rolesAreNames whether outputs that are called as a role have none
     * @throws IllegalArgumentException if an output is not there, or two would be
     * answered under one name
     */
    Extras(Map<String, OutputRef> declared, Set<String> taken, ModelSignature signature, boolean rolesAreNames) {
        this.declared = declared;
        this.taken = taken;
        this.rolesAreNames = rolesAreNames;
        declared.forEach((key, ref) -> expect(key, ref, signature));
        this.undeclared = signature.outputs().isEmpty() ? null
                : signature.outputs()
                    .stream()
                    .filter((output) -> output.datatype() != null)
                    .map(ModelSignature.Output::name)
                    .filter(this::isPassedOn)
                    .toList();
    }

    /** What each version of a model has in common with the metadata that describes it. */
    static Extras of(ModelMetadata metadata, ModelSignature signature, OutputMap map) {
        Map<String, OutputRef> declared = new LinkedHashMap<>();
        metadata.rules().named().forEach((key, ref) -> declared.put(key, map.resolved(key, ref)));
        return new Extras(declared, map.taken(declared.values()), signature, false);
    }

    private void expect(String key, OutputRef ref, ModelSignature signature) {
        if (signature.outputs().isEmpty() || !(ref instanceof OutputRef.ByName(String name, int column))) {
            return;
        }
        ModelSignature.Output output = signature.output(name)
            .orElseThrow(() -> new IllegalArgumentException(
                    OutputSentences.absent(key, name, OutputSentences.names(signature))));
        if (output.datatype() == null) {
            OutputSentences.expectNumbers(output);
        }
        if (!key.equals(name) && signature.output(key).isPresent() && isPassedOn(key)) {
            throw new IllegalArgumentException(
                    ("two outputs would be answered as '%1$s': the model's own, and '%2$s', which 'outputs' in metadata.json "
                            + "calls so: use another name there")
                        .formatted(key, name));
        }
    }

    private boolean isPassedOn(String name) {
        return !taken.contains(name) && (rolesAreNames || !UsualNames.isOfRole(name));
    }

    private boolean isUndeclared(@Nullable String name) {
        return name != null && ((undeclared != null) ? undeclared.contains(name)
                : (isPassedOn(name) && !declared.containsKey(name)));
    }

    private boolean areNone(List<OutputTensor> outputs) {
        if (!declared.isEmpty()) {
            return false;
        }
        for (int i = 0; i < outputs.size(); i++) {
            if (isUndeclared(outputs.get(i).name())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Lists them.
     * @param outputs what the model returned
     * @return those that are there
     */
    List<AnsweredOutput> answered(List<OutputTensor> outputs) {
        if (areNone(outputs)) {
            return List.of();
        }
        List<AnsweredOutput> answered = new ArrayList<>();
        declared.forEach((key, ref) -> {
            OutputTensor output = Outputs.find(outputs, ref);
            if (output != null && !output.isWithheld()) {
                answered.add(new AnsweredOutput(key, null, output.tensor(), ref.column(), true));
            }
        });
        for (OutputTensor output : outputs) {
            String name = output.name();
            if (name != null && isUndeclared(name) && !output.isWithheld()) {
                answered.add(new AnsweredOutput(name, null, output.tensor(), OutputRef.WHOLE, false));
            }
        }
        return answered;
    }

    /**
     * Finds outputs that nobody asked for and that are too large to be answered.
     * @param outputs what the model returned
     * @return their names
     */
    Set<String> oversized(List<OutputTensor> outputs, int batchSize) {
        Set<String> names = new TreeSet<>();
        for (OutputTensor output : outputs) {
            if (output.name() != null && isUndeclared(output.name()) && isOversized(output, batchSize)) {
                names.add(output.name());
            }
        }
        return names;
    }

    private static boolean isOversized(OutputTensor output, int batchSize) {
        return output.isWithheld() || output.tensor().size() / batchSize > OutputTensor.MOST_ANSWERED;
    }

    /**
     * {@return whether the metadata asks for an output of a pass}
     */
    boolean declares(List<OutputTensor> outputs, OutputTensor output) {
        return declared.values().stream().anyMatch((ref) -> output.equals(Outputs.find(outputs, ref)));
    }

    /**
     * {@return whether an answer with NaN or Infinity there is none: of a model all of
     * whose outputs are answered by their own names, these are the answer}
     */
    boolean mustBeFinite(AnsweredOutput output) {
        return output.declared() || (rolesAreNames && declared.isEmpty());
    }

    /**
     * Describes what is wrong with the shapes of a forward pass. What nobody asked for is
     * never wrong: where it can't be answered, it is left out.
     * @param outputs what the model returned
     * @return a sentence, or null if every declared output is there and can be shared out
     */
    @Nullable String mismatch(List<OutputTensor> outputs, int batchSize) {
        if (declared.isEmpty()) {
            return null;
        }
        for (Map.Entry<String, OutputRef> output : declared.entrySet()) {
            if (Outputs.find(outputs, output.getValue()) == null) {
                return OutputSentences.missing(outputs, output.getKey(), output.getValue());
            }
        }
        for (AnsweredOutput output : answered(outputs)) {
            String mismatch = output.declared() ? mismatch(output, batchSize) : null;
            if (mismatch != null) {
                return mismatch;
            }
        }
        return null;
    }

    private static @Nullable String mismatch(AnsweredOutput output, int batchSize) {
        Tensor tensor = output.tensor();
        if (output.column() != OutputRef.WHOLE) {
            return NumberRoles.mismatch(output.key(), tensor, output.column(), batchSize);
        }
        String problem = NumberRoles.batchProblem(output.key(), tensor, batchSize);
        if (problem == null && tensor.size() / batchSize > OutputTensor.MOST_ANSWERED) {
            return "output '%s' has %d elements for each sample, at most %d are answered: its shape is %s".formatted(
                    output.key(), tensor.size() / batchSize, OutputTensor.MOST_ANSWERED,
                    Arrays.toString(tensor.shape()));
        }
        return problem;
    }

    /**
     * Explains why the outputs of a sample can't be answered.
     * @param output {@link #mismatch} has nothing against
     * @return a sentence, or null if all are finite that must be
     */
    @Nullable String problem(ModelOutput output) {
        if (declared.isEmpty() && !rolesAreNames) {
            return null;
        }
        for (AnsweredOutput answered : answered(output.pass())) {
            if (mustBeFinite(answered) && (answered.declared() || answered.isSharedOut(output.batchSize()))
                    && !answered.values(output.sample(), output.batchSize()).isFinite()) {
                return NumberRoles.notFinite("'%s'".formatted(answered.key()));
            }
        }
        return null;
    }

    /**
     * Takes a sample's part out of them.
     * @param output {@link #mismatch} has nothing against
     * @return by name, without the batch axis; outputs that nobody asked for are missing
     * where they are too large, or can't be shared out; none is the same map every time
     */
    Map<String, Tensor> of(ModelOutput output) {
        List<OutputTensor> outputs = output.pass();
        if (areNone(outputs)) {
            return Map.of();
        }
        Map<String, Tensor> parts = new LinkedHashMap<>();
        declared.forEach((key, ref) -> parts.put(key, part(output, ref)));
        for (int position = 0; position < outputs.size(); position++) {
            String name = outputs.get(position).name();
            if (name != null && isUndeclared(name) && output.isPerSample(position)
                    && !isOversized(outputs.get(position), output.batchSize())) {
                parts.put(name, output.tensor(position));
            }
        }
        return Collections.unmodifiableMap(parts);
    }

    private static Tensor part(ModelOutput output, OutputRef ref) {
        OutputTensor found = Objects.requireNonNull(Outputs.find(output.pass(), ref));
        if (ref.column() == OutputRef.WHOLE) {
            return output.tensor(output.pass().indexOf(found));
        }
        return switch (OutputValues.of(found.tensor(), ref.column(), true, output.sample(), output.batchSize())) {
            case OutputValues.Numbers numbers -> new Tensor(new int[0], numbers.values());
            case OutputValues.Texts(List<String> values) -> new Tensor(new int[0], values.toArray(String[]::new));
        };
    }

}
