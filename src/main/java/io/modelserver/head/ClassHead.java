package io.modelserver.head;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Probabilities;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;

/**
 * The head of classifiers: makes a signal of one score per class, logits or
 * probabilities, and of a confidence and a return where the model has them. Which output
 * is which is what the model's metadata and the model file say.
 */
public final class ClassHead implements Head {

    private static final OutputRole[] ROLES = OutputRole.values();

    private final OutputMap map;

    private final List<Direction> classes;

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
        this.map = new OutputMap(metadata.outputs(), signature);
        this.classes = ClassOrder.of(metadata.classes(), signature, map.direction());
    }

    /**
     * Checks what metadata declares, before there is a model file to compare it with.
     * @param metadata of a model
     * @throws IllegalArgumentException if its classes are not directions
     */
    public static void expectDirections(ModelMetadata metadata) {
        ClassOrder.declared(metadata.classes());
    }

    /**
     * {@return the direction that each score of a sample stands for}
     */
    public List<Direction> classes() {
        return classes;
    }

    /**
     * Reads the outputs of one sample. Outputs of the wrong shape fail every sample of
     * the pass; a number that is not finite, or can't be what it is taken for, fails its
     * own.
     * @param output what the model returned
     * @return what it says, or why it says nothing
     */
    @Override
    public HeadResult read(ModelOutput output) {
        List<OutputTensor> outputs = output.pass();
        OutputRole role = direction(outputs);
        OutputTensor scores = map.find(outputs, role);
        OutputTensor confidence = map.find(outputs, OutputRole.CONFIDENCE);
        OutputTensor expectedReturn = map.find(outputs, OutputRole.EXPECTED_RETURN);
        String problem = mismatch(outputs, role, scores, role, output.batchSize());
        if (problem == null) {
            problem = mismatch(outputs, OutputRole.CONFIDENCE, confidence, role, output.batchSize());
        }
        if (problem == null) {
            problem = mismatch(outputs, OutputRole.EXPECTED_RETURN, expectedReturn, role, output.batchSize());
        }
        return (problem != null) ? new HeadResult.Unusable(problem) : read(role, Objects.requireNonNull(floats(scores)),
                floats(confidence), floats(expectedReturn), output.sample());
    }

    private HeadResult read(OutputRole role, float[] scores, float @Nullable [] confidence,
            float @Nullable [] expectedReturn, int sample) {
        String problem = problem(role, scores, confidence, expectedReturn, sample);
        return (problem != null) ? new HeadResult.Unusable(problem)
                : new HeadResult.Said(signal(role, scores, confidence, expectedReturn, sample));
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

    /**
     * Describes what is wrong with the shapes of a forward pass.
     * @param outputs what the model returned
     * @param batchSize how many samples went in
     * @return a sentence, or null if every output that the metadata maps is there, has
     * the right size and the batch as its first axis
     */
    public @Nullable String mismatch(List<OutputTensor> outputs, int batchSize) {
        OutputRole direction = direction(outputs);
        for (OutputRole role : ROLES) {
            String mismatch = mismatch(outputs, role, map.find(outputs, role), direction, batchSize);
            if (mismatch != null) {
                return mismatch;
            }
        }
        return null;
    }

    private @Nullable String mismatch(List<OutputTensor> outputs, OutputRole role, @Nullable OutputTensor output,
            OutputRole direction, int batchSize) {
        if (output == null) {
            return (role == direction || map.isMapped(role)) ? map.missing(outputs, role) : null;
        }
        return (role == direction || !role.isPerClass()) ? mismatch(outputs, role, output.tensor(), batchSize) : null;
    }

    /** Models that squeeze their output drop the batch axis of a batch of one. */
    private @Nullable String mismatch(List<OutputTensor> outputs, OutputRole role, Tensor tensor, int batchSize) {
        int expected = role.isPerClass() ? batchSize * classes.size() : batchSize;
        if (tensor.size() != expected) {
            return "the model returned %d numbers for %s of a batch of %d, expected %d%s".formatted(tensor.size(),
                    role.key(), batchSize, expected, cure(outputs, role, tensor.size(), batchSize));
        }
        if (batchSize > 1 && tensor.shape()[0] != batchSize) {
            return ("the first axis of %s is not the batch: its shape is %s for a batch of %d; export the model so that "
                    + "every output has the batch as its first axis")
                .formatted(role.key(), Arrays.toString(tensor.shape()), batchSize);
        }
        return null;
    }

    private String cure(List<OutputTensor> outputs, OutputRole role, int numbers, int batchSize) {
        if (!role.isPerClass()) {
            return unmapped(outputs, role);
        }
        return switch ((numbers % batchSize == 0) ? numbers / batchSize : 0) {
            case 1 -> ": one per class is needed, " + OutputMap.SCORES;
            case 2 -> ": for the two columns SELL and BUY, in this order, write \"classes\": [\"SELL\", \"BUY\"] in "
                    + "metadata.json";
            case 3 ->
                ": for the three columns SELL, HOLD and BUY, in this order, write \"classes\": [\"SELL\", \"HOLD\", "
                        + "\"BUY\"] in metadata.json";
            default -> "; one number per class is needed, for two or three classes";
        };
    }

    /**
     * {@return what to do where an output was taken for something that nobody said it is;
     * empty if the metadata maps it}
     * @param outputs what the model returned
     * @param role what it was taken for
     */
    public String unmapped(List<OutputTensor> outputs, OutputRole role) {
        if (map.isMapped(role) || role.isPerClass()) {
            return "";
        }
        return OutputMap.isNamedSo(outputs, role)
                ? "; the output was taken for the %1$s because it is called '%1$s': rename it in the model if it is something else"
                    .formatted(role.key())
                : ("; nothing says that this output is the %s, it was taken for it by its place: say in 'outputs' in "
                        + "metadata.json what the model returns, e.g. {\"direction_logits\": 0}")
                    .formatted(role.key());
    }

    /**
     * Finds the numbers of one role.
     * @param outputs what the model returned
     * @param role the output that is wanted
     * @return its numbers, or null if the model has no such output
     */
    public float @Nullable [] values(List<OutputTensor> outputs, OutputRole role) {
        return floats(map.find(outputs, role));
    }

    private static float @Nullable [] floats(@Nullable OutputTensor output) {
        return (output != null) ? output.tensor().floats() : null;
    }

    /**
     * {@return where the output is, as {@code metadata.json} would write it: a position,
     * or a name in quotes}
     * @param outputs what the model returned
     * @param role an output that is there
     */
    public String place(List<OutputTensor> outputs, OutputRole role) {
        OutputTensor output = Objects.requireNonNull(map.find(outputs, role));
        return (output.name() != null) ? '"' + output.name() + '"' : Integer.toString(outputs.indexOf(output));
    }

    private @Nullable String problem(OutputRole role, float[] scores, float @Nullable [] confidence,
            float @Nullable [] expectedReturn, int sample) {
        int first = sample * classes.size();
        for (int i = first; i < first + classes.size(); i++) {
            if (!Float.isFinite(scores[i])) {
                return notFinite(role);
            }
        }
        if (confidence != null && !Float.isFinite(confidence[sample])) {
            return notFinite(OutputRole.CONFIDENCE);
        }
        if (expectedReturn != null && !Float.isFinite(expectedReturn[sample])) {
            return notFinite(OutputRole.EXPECTED_RETURN);
        }
        String problem = (role == OutputRole.PROBABILITIES)
                ? Plausible.probabilitiesProblem(scores, first, classes.size()) : null;
        if (problem == null && confidence != null) {
            problem = Plausible.confidenceProblem(confidence[sample]);
        }
        return (problem == null && expectedReturn != null) ? Plausible.returnProblem(expectedReturn[sample]) : problem;
    }

    private Signal signal(OutputRole role, float[] scores, float @Nullable [] confidence,
            float @Nullable [] expectedReturn, int sample) {
        int first = sample * classes.size();
        int best = first;
        for (int i = first; i < first + classes.size(); i++) {
            best = (scores[i] > scores[best]) ? i : best;
        }
        float[] probabilities = (role == OutputRole.PROBABILITIES) ? asTheyAre(scores, first)
                : softmax(scores, first, classes.size());
        return new Signal(classes.get(best - first),
                (confidence != null) ? unit(confidence[sample]) : probabilities[best - first],
                (expectedReturn != null) ? expectedReturn[sample] : null, byDirection(probabilities));
    }

    private static String notFinite(OutputRole role) {
        return "the model answered with a number that is not finite in " + role.key();
    }

    private float[] asTheyAre(float[] scores, int first) {
        float[] probabilities = new float[classes.size()];
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = unit(scores[first + i]);
        }
        return probabilities;
    }

    /** Rounding may have carried it over its bound. */
    private static float unit(float value) {
        return Math.clamp(value, 0f, 1f);
    }

    /** The greatest logit is subtracted first, so that no exponential overflows. */
    private static float[] softmax(float[] logits, int first, int classes) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = first; i < first + classes; i++) {
            max = Math.max(max, logits[i]);
        }
        double[] exponentials = new double[classes];
        double sum = 0;
        for (int i = 0; i < classes; i++) {
            exponentials[i] = Math.exp(logits[first + i] - max);
            sum += exponentials[i];
        }
        float[] probabilities = new float[classes];
        for (int i = 0; i < classes; i++) {
            probabilities[i] = (float) (exponentials[i] / sum);
        }
        return probabilities;
    }

    private Probabilities byDirection(float[] probabilities) {
        return new Probabilities(of(Direction.SELL, probabilities), of(Direction.HOLD, probabilities),
                of(Direction.BUY, probabilities));
    }

    private float of(Direction direction, float[] probabilities) {
        int position = classes.indexOf(direction);
        return (position < 0) ? 0 : probabilities[position];
    }

}
