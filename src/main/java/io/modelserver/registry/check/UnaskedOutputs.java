package io.modelserver.registry.check;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.modelserver.model.ModelId;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputTensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Outputs that nobody asked for and that are not part of answers, or not of all answers.
 * They don't keep a version from being served, but an operator is told.
 */
final class UnaskedOutputs {

    private static final Logger logger = LoggerFactory.getLogger(UnaskedOutputs.class);

    private final ModelId id;

    private final Set<String> leftOut = new TreeSet<>();

    UnaskedOutputs(ModelId id) {
        this.id = id;
    }

    void leaveOut(Set<String> outputs) {
        leftOut.addAll(outputs);
        logger.warn("{}: {}", id, never());
    }

    private String never() {
        return "the outputs %s are not part of answers: each needs the batch as its first axis, and not more than %d elements per sample"
            .formatted(leftOut, OutputTensor.MOST_ANSWERED);
    }

    /**
     * Describes what is left out.
     * @param signature what the file says of its outputs
     * @param answered the names of outputs that nobody asked for, but that are answered
     * @return sentences
     */
    List<String> notes(ModelSignature signature, Set<String> answered) {
        List<String> varying = signature.outputs()
            .stream()
            .filter((output) -> answered.contains(output.name()) && output.variesInSize())
            .map(ModelSignature.Output::name)
            .toList();
        return Stream.concat(leftOut.isEmpty() ? Stream.empty() : Stream.of(never()),
                varying.isEmpty() ? Stream.empty()
                        : Stream.of("the outputs %s are left out of answers in which they have more than %d elements"
                            .formatted(varying, OutputTensor.MOST_ANSWERED)))
            .toList();
    }

}
