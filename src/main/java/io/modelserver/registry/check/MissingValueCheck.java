package io.modelserver.registry.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.modelserver.engine.InferenceException;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.head.VersionHead;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelInput;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries a model whose values may be missing on rows in which some are: a quarter of the
 * features, the same ones at every load, at least one and never all of them.
 */
final class MissingValueCheck {

    private static final Logger logger = LoggerFactory.getLogger(MissingValueCheck.class);

    private static final int ROWS = 2;

    private static final int ONE_IN = 4;

    private static final String REMEDY = "; take out \"missing\", or export a model that knows what to do with NaN, as trees "
            + "do, or fills the gaps itself";

    private final VersionHead head;

    private final Random random = new Random(8002);

    MissingValueCheck(VersionHead head) {
        this.head = head;
    }

    /**
     * Asks the model.
     * @param instance the model
     * @param answers to complete rows; what the rows with gaps get is added, so that they
     * are asked again, alone and in batches
     * @throws ModelLoadException if the model does not answer them with finite numbers
     */
    void verify(ModelInstance instance, RowAnswers answers) throws ModelLoadException {
        ModelInput complete = firstThatIsAnswered(instance, answers);
        for (int i = 0; complete != null && i < ROWS; i++) {
            CheckRows.Row row = new CheckRows.Row(withGaps(complete), false);
            try {
                List<OutputTensor> outputs = instance.forward(List.of(row.input()));
                if (!isFinite(row, outputs)) {
                    throw new ModelLoadException(
                            "metadata.json says \"missing\": \"allowed\", but where values are missing "
                                    + "(NaN), the model answers NaN or Infinity" + REMEDY);
                }
                answers.add(row, outputs);
            }
            catch (InferenceException ex) {
                logger.warn("a model does not run where values are missing", ex);
                throw new ModelLoadException(
                        "metadata.json says \"missing\": \"allowed\", but the model does not run where "
                                + "values are missing (NaN): %s%s".formatted(ex.getMessage(), REMEDY),
                        ex);
            }
        }
    }

    /** A model may answer none of them, which is told by another check. */
    private @Nullable ModelInput firstThatIsAnswered(ModelInstance instance, RowAnswers answers)
            throws ModelLoadException {
        for (int i = 0; i < answers.count(); i++) {
            CheckRows.Row row = new CheckRows.Row(answers.input(i), false);
            try {
                if (isFinite(row, instance.forward(List.of(row.input())))) {
                    return row.input();
                }
            }
            catch (InferenceException ex) {
                throw new ModelLoadException("the model ran on an input once but not twice: " + ex.getMessage(), ex);
            }
        }
        return null;
    }

    private boolean isFinite(CheckRows.Row row, List<OutputTensor> outputs) throws ModelLoadException {
        String mismatch = head.mismatch(outputs, 1);
        if (mismatch != null) {
            throw new ModelLoadException(mismatch);
        }
        RowAnswers answer = new RowAnswers(head);
        answer.add(row, outputs);
        return answer.meaning().isAnyFinite();
    }

    private ModelInput withGaps(ModelInput complete) {
        List<Tensor> tensors = new ArrayList<>(complete.tensors());
        tensors.set(0, withGaps(tensors.getFirst()));
        return new ModelInput(tensors, complete.symbol());
    }

    private Tensor withGaps(Tensor features) {
        double[] values = new double[features.size()];
        int kept = random.nextInt(values.length);
        int dropped = (kept + 1) % values.length;
        for (int i = 0; i < values.length; i++) {
            boolean drop = i == dropped || (i != kept && random.nextInt(ONE_IN) == 0);
            values[i] = drop ? Double.NaN : value(features, i);
        }
        return Tensor.of(features.datatype(), features.shape(), values);
    }

    private static double value(Tensor features, int place) {
        return (features.datatype() == Datatype.FP64) ? features.array(double[].class)[place]
                : features.floats()[place];
    }

}
