package io.modelserver.head;

import java.util.List;

import io.modelserver.model.OutputRole;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Probabilities;
import org.jspecify.annotations.Nullable;

/**
 * Makes probabilities of the scores of one sample. Of two classes, a single score is that
 * of the second: its probability, or the logit of that.
 */
final class ClassScores {

    private final List<Direction> classes;

    ClassScores(List<Direction> classes) {
        this.classes = classes;
    }

    List<Direction> classes() {
        return classes;
    }

    /**
     * {@return how many scores a sample has, 0 if there can't be so many}
     * @param numbers of all samples
     * @param batchSize how many samples there are
     */
    int columns(int numbers, int batchSize) {
        if (numbers == batchSize * classes.size()) {
            return classes.size();
        }
        return (classes.size() == 2 && numbers == batchSize) ? 1 : 0;
    }

    /**
     * Explains why scores can't be what they are taken for.
     * @param role logits or probabilities
     * @param scores of one or more samples
     * @param first where those of the sample begin
     * @param columns how many it has
     * @return a sentence, or null if they can
     */
    @Nullable String problem(OutputRole role, float[] scores, int first, int columns) {
        for (int i = first; i < first + columns; i++) {
            if (!Float.isFinite(scores[i])) {
                return NumberRoles.notFinite(role.key());
            }
        }
        if (role == OutputRole.DIRECTION_LOGITS) {
            return null;
        }
        return (columns == 1) ? Plausible.probabilityProblem(scores[first])
                : Plausible.probabilitiesProblem(scores, first, columns);
    }

    /**
     * Makes probabilities.
     * @param scores that have no {@link #problem}
     * @return one per class
     */
    float[] probabilities(OutputRole role, float[] scores, int first, int columns) {
        if (role == OutputRole.DIRECTION_LOGITS) {
            return (columns == 1) ? softmax(new float[] { 0, scores[first] }, 0, 2) : softmax(scores, first, columns);
        }
        if (columns == 1) {
            float second = unit(scores[first]);
            return new float[] { 1 - second, second };
        }
        return asTheyAre(scores, first, columns);
    }

    private static float[] asTheyAre(float[] scores, int first, int columns) {
        float[] probabilities = new float[columns];
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = unit(scores[first + i]);
        }
        return probabilities;
    }

    /** Rounding may have carried it over its bound. */
    static float unit(float value) {
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

    /**
     * {@return the place of the best class; of several, the first}
     * @param scores of one or more samples
     */
    int best(float[] scores, int first, int columns, float[] probabilities) {
        if (columns == 1) {
            return (probabilities[1] > probabilities[0]) ? 1 : 0;
        }
        int best = first;
        for (int i = first; i < first + columns; i++) {
            best = (scores[i] > scores[best]) ? i : best;
        }
        return best - first;
    }

    Probabilities byDirection(float[] probabilities) {
        return new Probabilities(of(Direction.SELL, probabilities), of(Direction.HOLD, probabilities),
                of(Direction.BUY, probabilities));
    }

    private float of(Direction direction, float[] probabilities) {
        int position = classes.indexOf(direction);
        return (position < 0) ? 0 : probabilities[position];
    }

}
