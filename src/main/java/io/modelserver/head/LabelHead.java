package io.modelserver.head;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.modelserver.model.Decision;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Task;
import io.modelserver.model.Tensor;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;

/**
 * The head of classifiers that return the label of the class and no scores: there are no
 * probabilities, and no confidence unless the model has an output for it.
 */
public final class LabelHead extends VersionHead {

    private final LabelMeaning meaning;

    /**
     * Creates a head.
     * @param metadata says where the label is, and what labels mean
     * @param signature what the model file says
     * @throws IllegalArgumentException if nothing tells what a label means; the message
     * says what would
     */
    LabelHead(ModelMetadata metadata, ModelSignature signature, OutputMap map) {
        super(map, Extras.of(metadata, signature, map));
        if (metadata.rules().decision() instanceof Decision.HoldBelow) {
            throw new IllegalArgumentException(
                    "metadata.json: decide.hold_below needs probabilities, and the model returns labels alone");
        }
        this.meaning = LabelMeaning.of(metadata, signature, map.output(OutputRole.LABEL));
    }

    @Override
    public Task task() {
        return Task.DIRECTION;
    }

    @Override
    public Reading<Signal> read(ModelOutput output) {
        String mismatch = mismatch(output.pass(), output.batchSize());
        if (mismatch != null) {
            return new Reading.Unreadable<>(mismatch);
        }
        String label = LabelMeaning.label(Objects.requireNonNull(map.find(output.pass(), OutputRole.LABEL)).tensor(),
                output.sample());
        Direction direction = meaning.direction(label);
        if (direction == null) {
            return new Reading.Unreadable<>(unknown(label));
        }
        OutputTensor confidence = map.find(output.pass(), OutputRole.CONFIDENCE);
        OutputTensor expectedReturn = map.find(output.pass(), OutputRole.EXPECTED_RETURN);
        float sure = numbers.value(OutputRole.CONFIDENCE, confidence, output.sample(), output.batchSize());
        float earns = numbers.value(OutputRole.EXPECTED_RETURN, expectedReturn, output.sample(), output.batchSize());
        String problem = (confidence != null) ? NumberRoles.problem(OutputRole.CONFIDENCE, sure) : null;
        if (problem == null && expectedReturn != null) {
            problem = NumberRoles.problem(OutputRole.EXPECTED_RETURN, earns);
        }
        if (problem == null) {
            problem = extras.problem(output);
        }
        return (problem != null) ? new Reading.Unreadable<>(problem)
                : new Reading.Read<>(new Signal(direction, (confidence != null) ? ClassScores.unit(sure) : null,
                        (expectedReturn != null) ? earns : null, null, extras.of(output)));
    }

    private static String unknown(String label) {
        return "the model answered with the label '%s', and nothing says which class that is: add it to 'classes' in metadata.json"
            .formatted(label);
    }

    @Override
    public @Nullable String contradiction(List<List<OutputTensor>> passes) {
        return passes.stream()
            .map((outputs) -> LabelMeaning.label(Objects.requireNonNull(map.find(outputs, OutputRole.LABEL)).tensor(),
                    0))
            .filter((label) -> meaning.direction(label) == null)
            .map(LabelHead::unknown)
            .findFirst()
            .orElse(null);
    }

    @Override
    List<OutputRole> roles(List<OutputTensor> outputs) {
        return List.of(OutputRole.LABEL, OutputRole.CONFIDENCE, OutputRole.EXPECTED_RETURN);
    }

    @Override
    public @Nullable String mismatch(List<OutputTensor> outputs, int batchSize) {
        OutputTensor label = map.find(outputs, OutputRole.LABEL);
        if (label == null) {
            return map.missing(outputs, OutputRole.LABEL);
        }
        return Stream
            .of(mismatch(label.tensor(), batchSize), number(outputs, OutputRole.CONFIDENCE, batchSize),
                    number(outputs, OutputRole.EXPECTED_RETURN, batchSize), extras.mismatch(outputs, batchSize))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    }

    private @Nullable String number(List<OutputTensor> outputs, OutputRole role, int batchSize) {
        return numbers.mismatch(outputs, role, map.find(outputs, role), batchSize);
    }

    /**
     * Describes what is wrong with an output of labels.
     * @return a sentence, or null if it has one per sample
     */
    static @Nullable String mismatch(Tensor tensor, int batchSize) {
        if (tensor.size() != batchSize) {
            return "the model returned %d labels for a batch of %d: its shape is %s, expected one label per sample"
                .formatted(tensor.size(), batchSize, Arrays.toString(tensor.shape()));
        }
        return NumberRoles.batchProblem(OutputRole.LABEL.key(), tensor, batchSize);
    }

}
