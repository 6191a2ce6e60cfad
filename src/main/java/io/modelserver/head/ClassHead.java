package io.modelserver.head;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
 * The head of classifiers: makes a signal of one score per class, logits or
 * probabilities, and of a confidence and a return where the model has them. Which output
 * is which is what the model's metadata and the model file say.
 */
public final class ClassHead extends VersionHead {

    private final ClassScores scores;

    /** The least probability that is not {@link Direction#HOLD}. */
    private final float holdBelow;

    private final LabelAgreement labels;

    /**
     * Creates a head for a model whose file does not describe its outputs.
     * @param metadata says where each output is
     * @throws IllegalArgumentException if it contradicts itself
     */
    public ClassHead(ModelMetadata metadata) {
        this(metadata, ModelSignature.UNKNOWN);
    }

    /**
     * Creates a head.
     * @param metadata says where each output is
     * @param signature what the model file says
     * @throws IllegalArgumentException if the two contradict each other; the message says
     * how to fix it
     */
    public ClassHead(ModelMetadata metadata, ModelSignature signature) {
        this(metadata, signature, new OutputMap(metadata, signature, Task.DIRECTION));
    }

    ClassHead(ModelMetadata metadata, ModelSignature signature, OutputMap map) {
        super(map, Extras.of(metadata, signature, map));
        if (!signature.outputs().isEmpty() && !map.mapsScores()) {
            OutputSentences.expectNumbers(map.scores()
                .orElseThrow(() -> new IllegalArgumentException(OutputSentences.noDirection(signature))));
        }
        this.scores = new ClassScores(ClassOrder.of(metadata, signature, map.scores()));
        this.holdBelow = (metadata.rules().decision() instanceof Decision.HoldBelow(double probability))
                ? (float) probability : 0;
        this.labels = new LabelAgreement(classes(),
                LabelMeaning.nextToScores(metadata,
                        map.output(OutputRole.LABEL)
                            .map(ModelSignature.Output::labels)
                            .filter((known) -> !known.isEmpty())
                            .or(() -> map.scores().map(ModelSignature.Output::labels))
                            .orElse(List.of()),
                        classes()));
    }

    @Override
    public Task task() {
        return Task.DIRECTION;
    }

    @Override
    public List<Direction> classes() {
        return scores.classes();
    }

    /**
     * Reads the outputs of one sample. Outputs of the wrong shape fail every sample of
     * the pass; a number that is not finite, or can't be what it is taken for, fails its
     * own.
     * @param output what the model returned
     * @return what it says, or why it says nothing
     */
    @Override
    public Reading<Signal> read(ModelOutput output) {
        List<OutputTensor> outputs = output.pass();
        int batchSize = output.batchSize();
        OutputRole role = direction(outputs);
        OutputTensor found = map.find(outputs, role);
        OutputTensor confidence = map.find(outputs, OutputRole.CONFIDENCE);
        OutputTensor expectedReturn = map.find(outputs, OutputRole.EXPECTED_RETURN);
        String problem = mismatch(outputs, role, found, batchSize);
        if (problem == null) {
            problem = numbers.mismatch(outputs, OutputRole.CONFIDENCE, confidence, batchSize);
        }
        if (problem == null) {
            problem = numbers.mismatch(outputs, OutputRole.EXPECTED_RETURN, expectedReturn, batchSize);
        }
        if (problem == null) {
            problem = extras.mismatch(outputs, batchSize);
        }
        return (problem != null) ? new Reading.Unreadable<>(problem)
                : read(role, output, Objects.requireNonNull(found).tensor().floats(), confidence, expectedReturn);
    }

    private Reading<Signal> read(OutputRole role, ModelOutput output, float[] all, @Nullable OutputTensor confidence,
            @Nullable OutputTensor expectedReturn) {
        int sample = output.sample();
        int batchSize = output.batchSize();
        float sure = numbers.value(OutputRole.CONFIDENCE, confidence, sample, batchSize);
        float earns = numbers.value(OutputRole.EXPECTED_RETURN, expectedReturn, sample, batchSize);
        int columns = scores.columns(all.length, batchSize);
        String problem = scores.problem(role, all, sample * columns, columns);
        if (problem == null && confidence != null) {
            problem = NumberRoles.problem(OutputRole.CONFIDENCE, sure);
        }
        if (problem == null && expectedReturn != null) {
            problem = NumberRoles.problem(OutputRole.EXPECTED_RETURN, earns);
        }
        if (problem == null) {
            problem = extras.problem(output);
        }
        if (problem != null) {
            return new Reading.Unreadable<>(problem);
        }
        float[] probabilities = scores.probabilities(role, all, sample * columns, columns);
        int best = scores.best(all, sample * columns, columns, probabilities);
        Map<String, Tensor> others = extras.of(output);
        return new Reading.Read<>(new Signal((probabilities[best] < holdBelow) ? Direction.HOLD : classes().get(best),
                (confidence != null) ? ClassScores.unit(sure) : probabilities[best],
                (expectedReturn != null) ? earns : null, scores.byDirection(probabilities), others));
    }

    /**
     * {@return what the scores of the classes are: logits, unless only probabilities are
     * there}
     * @param outputs what the model returned
     */
    public OutputRole direction(List<OutputTensor> outputs) {
        if (map.isMapped(OutputRole.PROBABILITIES)) {
            return OutputRole.PROBABILITIES;
        }
        return (map.find(outputs, OutputRole.DIRECTION_LOGITS) == null
                && map.find(outputs, OutputRole.PROBABILITIES) != null) ? OutputRole.PROBABILITIES
                        : OutputRole.DIRECTION_LOGITS;
    }

    @Override
    List<OutputRole> roles(List<OutputTensor> outputs) {
        return List.of(direction(outputs), OutputRole.CONFIDENCE, OutputRole.EXPECTED_RETURN);
    }

    @Override
    public @Nullable String mismatch(List<OutputTensor> outputs, int batchSize) {
        List<String> mismatches = new ArrayList<>();
        OutputRole direction = direction(outputs);
        mismatches.add(mismatch(outputs, direction, map.find(outputs, direction), batchSize));
        for (OutputRole role : List.of(OutputRole.CONFIDENCE, OutputRole.EXPECTED_RETURN)) {
            mismatches.add(numbers.mismatch(outputs, role, map.find(outputs, role), batchSize));
        }
        mismatches.add(labelMismatch(outputs, batchSize));
        mismatches.add(extras.mismatch(outputs, batchSize));
        return mismatches.stream().filter(Objects::nonNull).findFirst().orElse(null);
    }

    @Override
    public @Nullable String contradiction(List<List<OutputTensor>> passes) {
        List<LabelAgreement.Said> said = new ArrayList<>();
        for (List<OutputTensor> outputs : passes) {
            OutputTensor label = map.find(outputs, OutputRole.LABEL);
            OutputRole role = direction(outputs);
            float[] all = Objects.requireNonNull(map.find(outputs, role)).tensor().floats();
            int columns = scores.columns(all.length, 1);
            if (label != null && label.tensor().size() == 1 && scores.problem(role, all, 0, columns) == null) {
                said.add(new LabelAgreement.Said(label, list(scores.probabilities(role, all, 0, columns))));
            }
        }
        return labels.contradiction(said);
    }

    private static List<Float> list(float[] values) {
        List<Float> list = new ArrayList<>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return list;
    }

    private @Nullable String labelMismatch(List<OutputTensor> outputs, int batchSize) {
        OutputTensor label = map.find(outputs, OutputRole.LABEL);
        if (label == null) {
            return map.isMapped(OutputRole.LABEL) ? map.missing(outputs, OutputRole.LABEL) : null;
        }
        return map.isMapped(OutputRole.LABEL) ? LabelHead.mismatch(label.tensor(), batchSize) : null;
    }

    private @Nullable String mismatch(List<OutputTensor> outputs, OutputRole role, @Nullable OutputTensor output,
            int batchSize) {
        if (output == null) {
            return map.missing(outputs, role);
        }
        Tensor tensor = output.tensor();
        if (scores.columns(tensor.size(), batchSize) == 0) {
            return "the model returned %d numbers for %s of a batch of %d, expected %d%s".formatted(tensor.size(),
                    role.key(), batchSize, batchSize * classes().size(), cure(tensor.size(), batchSize));
        }
        return NumberRoles.batchProblem(role.key(), tensor, batchSize);
    }

    private static String cure(int numbers, int batchSize) {
        return switch ((numbers % batchSize == 0) ? numbers / batchSize : 0) {
            case 1 -> ": one per class is needed; if it is the probability of the second of two classes, say in "
                    + "metadata.json which two, e.g. \"classes\": [\"SELL\", \"BUY\"]; if it is a number that is predicted, "
                    + "write \"task\": \"regression\"";
            case 2 -> ": for the two columns SELL and BUY, in this order, write \"classes\": [\"SELL\", \"BUY\"] in "
                    + "metadata.json";
            case 3 ->
                ": for the three columns SELL, HOLD and BUY, in this order, write \"classes\": [\"SELL\", \"HOLD\", "
                        + "\"BUY\"] in metadata.json";
            default -> "; one number per class is needed, for two or three classes";
        };
    }

}
