package io.modelserver.head;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;

/** Tells people which outputs a model lacks, and which line of metadata is the cure. */
final class OutputSentences {

    /** What a model must return whose task nobody said. */
    private static final String NEEDED = "it must return one number per class, as logits or probabilities, or the label of the "
            + "class; for a regressor, which returns one number, add \"task\": \"regression\", and for outputs that are "
            + "answered by their names alone \"task\": \"raw\"";

    private static final String LOGITS = OutputRole.DIRECTION_LOGITS.key();

    private static final String PROBABILITIES = OutputRole.PROBABILITIES.key();

    private OutputSentences() {
    }

    /**
     * Expects an output that holds numbers.
     * @throws IllegalArgumentException if it holds something else
     */
    static void expectNumbers(ModelSignature.Output output) {
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

    static String absent(String key, String name, String there) {
        return "'outputs' in metadata.json says that %s is the output '%s', which the model does not return; it returned %s"
            .formatted(key, name, there);
    }

    /**
     * Reports that something is not where the metadata says.
     * @return a sentence
     */
    static String missing(List<OutputTensor> outputs, String key, OutputRef ref) {
        return switch (ref) {
            case OutputRef.ByName name -> absent(key, name.name(), names(outputs));
            case OutputRef.ByPosition position ->
                "the model returned no output for %s; it returned %s: see 'outputs' in metadata.json".formatted(key,
                        there(outputs));
        };
    }

    /**
     * Reports that there is no direction. Where a single output can be meant, its line
     * for the metadata stands there ready.
     * @param role in which the direction was looked for
     * @return a sentence
     */
    static String noDirection(List<OutputTensor> outputs, OutputRole role) {
        return noDirection(names(outputs), role,
                outputs.stream().map(OutputTensor::name).filter(Objects::nonNull).map(String::valueOf).toList());
    }

    /** The same for outputs that the file names. */
    static String noDirection(ModelSignature signature) {
        return noDirection(names(signature), OutputRole.DIRECTION_LOGITS,
                signature.outputs()
                    .stream()
                    .filter((output) -> output.kind() != ModelSignature.Kind.LABELS)
                    .map(ModelSignature.Output::name)
                    .toList());
    }

    private static String noDirection(String there, OutputRole role, List<String> names) {
        List<String> candidates = names.stream().filter((name) -> !UsualNames.isOfRole(name)).toList();
        String cure = (candidates.size() == 1) ? line(candidates.getFirst()) : "see 'outputs' in metadata.json";
        return "the model returned no output for %s; it returned %s: %s; %s".formatted(role.key(), there, cure, NEEDED);
    }

    private static String line(String name) {
        boolean probable = name.toLowerCase(Locale.ROOT).contains("prob");
        return ("if '%1$s' holds one number per class, add \"outputs\": {\"%2$s\": \"%1$s\"} to metadata.json"
                + ", or with \"%3$s\" in place of \"%2$s\" where these are %4$s")
            .formatted(name, probable ? PROBABILITIES : LOGITS, probable ? LOGITS : PROBABILITIES,
                    probable ? "logits" : "probabilities");
    }

    private static String there(List<OutputTensor> outputs) {
        return names(outputs)
                + (Outputs.isOrdered(outputs) ? "" : ", in a dictionary, which has no positions: use the name");
    }

    /**
     * Reports that an output is larger than what is copied of a pass.
     * @return a sentence
     */
    static String withheld(OutputTensor output, int position) {
        return ("%s of the model has the shape %s, which is more than the server copies of a pass; at most %d elements are "
                + "answered for each sample: let the model return what is needed of it, or nothing in its place")
            .formatted((output.name() != null) ? "output '" + output.name() + "'" : "output " + position,
                    output.withheldShape(), OutputTensor.MOST_ANSWERED);
    }

    static String names(List<OutputTensor> outputs) {
        return Outputs.hasNames(outputs)
                ? quoted(outputs.stream().map((output) -> String.valueOf(output.name())).toList())
                : outputs.size() + " without names";
    }

    static String names(ModelSignature signature) {
        return quoted(signature.outputs().stream().map(ModelSignature.Output::name).toList());
    }

    private static String quoted(List<String> names) {
        return names.stream().map((name) -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    /**
     * {@return what cures an output that disturbs and that nobody needs}
     */
    static String leaveOut(String name) {
        return "\"outputs\": {\"%s\": null} in metadata.json leaves it out".formatted(name);
    }

}
