package io.modelserver.head;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
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

    static float greatest(float[] probabilities) {
        float greatest = 0;
        for (float probability : probabilities) {
            greatest = Math.max(greatest, probability);
        }
        return greatest;
    }

    Probabilities byDirection(float[] probabilities) {
        return new Probabilities(of(Direction.SELL, probabilities), of(Direction.HOLD, probabilities),
                of(Direction.BUY, probabilities));
    }

    private float of(Direction direction, float[] probabilities) {
        int position = classes.indexOf(direction);
        return (position < 0) ? 0 : probabilities[position];
    }

    /**
     * Whether two outputs that may both hold the scores of the classes, such as
     * {@code logits} next to {@code probabilities}, say the same: if not, only the
     * trainer knows which of them counts. Where the metadata maps one, that counts and
     * nothing is compared. Scores that are close to each other are not compared, since
     * logits may be calibrated.
     */
    static final class Agreement {

        /** How far the best probability must be from the one of the other's class. */
        private static final float CLEAR = 0.1f;

        private final ClassScores scores;

        private final OutputMap map;

        private @Nullable String contradiction;

        /**
         * Has compared nothing yet.
         * @param scores how those of a sample become probabilities
         * @param map where outputs are
         */
        Agreement(ClassScores scores, OutputMap map) {
            this.scores = scores;
            this.map = map;
        }

        /**
         * Compares the outputs of one sample alone.
         * @param outputs what the model returned
         * @param used the output that is answered
         * @param probabilities of the classes, made of that
         */
        void add(List<OutputTensor> outputs, OutputTensor used, List<Float> probabilities) {
            if (map.mapsScores() || contradiction != null) {
                return;
            }
            for (OutputRole role : List.of(OutputRole.DIRECTION_LOGITS, OutputRole.PROBABILITIES)) {
                Stream.concat(Stream.of(role.key()), UsualNames.of(role).stream())
                    .map((name) -> Outputs.byName(outputs, name))
                    .filter(Objects::nonNull)
                    .filter((output) -> !output.equals(used) && output.tensor().datatype().isFloating())
                    .forEach((other) -> compare(role, other, used, probabilities));
            }
        }

        private void compare(OutputRole role, OutputTensor other, OutputTensor used, List<Float> probabilities) {
            float[] all = other.tensor().floats();
            int columns = scores.columns(all.length, 1);
            if (columns == 0 || scores.problem(role, all, 0, columns) != null) {
                return;
            }
            float[] others = scores.probabilities(role, all, 0, columns);
            int best = 0;
            int otherBest = 0;
            for (int i = 1; i < others.length; i++) {
                best = (probabilities.get(i) > probabilities.get(best)) ? i : best;
                otherBest = (others[i] > others[otherBest]) ? i : otherBest;
            }
            boolean clear = probabilities.get(best) - probabilities.get(otherBest) >= CLEAR
                    && others[otherBest] - others[best] >= CLEAR;
            if (clear) {
                contradiction = ("the outputs '%1$s' and '%2$s' may both hold the scores of the classes and contradict each "
                        + "other: for one input '%1$s' is the highest for %3$s, '%2$s' for %4$s; say in 'outputs' in "
                        + "metadata.json which of them counts, {\"%5$s\": \"%1$s\"} or {\"%6$s\": \"%2$s\"}")
                    .formatted(used.name(), other.name(), scores.classes().get(best), scores.classes().get(otherBest),
                            (role == OutputRole.PROBABILITIES) ? OutputRole.DIRECTION_LOGITS.key()
                                    : OutputRole.PROBABILITIES.key(),
                            role.key());
            }
        }

        /**
         * {@return a sentence, or null if nothing that was compared contradicts each
         * other}
         */
        @Nullable String contradiction() {
            return contradiction;
        }

    }

}
