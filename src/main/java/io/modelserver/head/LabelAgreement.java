package io.modelserver.head;

import java.util.ArrayList;
import java.util.List;

import io.modelserver.model.OutputTensor;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;

/**
 * Whether the labels that a model returns are those of the classes that its scores are
 * highest for: if not, the classes are in another order than they are said to be. Scores
 * that are close to each other are not compared, since some libraries choose the label in
 * another way. Of two classes, converters write wrong labels near the middle.
 */
final class LabelAgreement {

    /** How far the best probability must be from the second. */
    private static final float CLEAR = 0.1f;

    private final List<Direction> classes;

    private final List<LabelMeaning> meanings;

    /**
     * Compares by what labels may mean.
     * @param classes of the scores
     * @param meanings of which one is the right one
     */
    LabelAgreement(List<Direction> classes, List<LabelMeaning> meanings) {
        this.classes = classes;
        this.meanings = List.copyOf(meanings);
    }

    /**
     * Looks for a label that says something else than the scores.
     * @param said what the model returned for different samples
     * @return a sentence, or null if the labels agree by one of their meanings
     */
    @Nullable String contradiction(List<Said> said) {
        List<String> contradictions = new ArrayList<>();
        for (LabelMeaning meaning : meanings) {
            String contradiction = contradiction(said, meaning);
            if (contradiction == null) {
                return null;
            }
            contradictions.add(contradiction);
        }
        return contradictions.getFirst();
    }

    private @Nullable String contradiction(List<Said> said, LabelMeaning meaning) {
        String contradiction = null;
        int clear = 0;
        int different = 0;
        for (Said one : said) {
            int best = one.best();
            if (one.isClear(best)) {
                clear++;
                String label = LabelMeaning.label(one.label().tensor(), 0);
                Direction direction = meaning.direction(label);
                if (direction != classes.get(best)) {
                    different++;
                    contradiction = contradiction(one, label, direction, classes.get(best));
                }
            }
        }
        boolean refused = (classes.size() == 2) ? 2 * different > clear : different > 0;
        return refused ? contradiction : null;
    }

    private static String contradiction(Said said, String label, @Nullable Direction meant, Direction best) {
        String name = (said.label().name() != null) ? said.label().name() : "label";
        return ("the model labels an input '%s', which is %s, but its scores are the highest for %s: correct 'classes' in "
                + "metadata.json; if the labels are wrong, %s")
            .formatted(label, (meant != null) ? meant : "none of the classes", best, OutputSentences.leaveOut(name));
    }

    /**
     * What a model returned for a sample.
     *
     * @param label one label
     * @param probabilities of the classes
     */
    record Said(OutputTensor label, List<Float> probabilities) {

        private int best() {
            int best = 0;
            for (int i = 1; i < probabilities.size(); i++) {
                best = (probabilities.get(i) > probabilities.get(best)) ? i : best;
            }
            return best;
        }

        private boolean isClear(int best) {
            for (int i = 0; i < probabilities.size(); i++) {
                if (i != best && probabilities.get(best) - probabilities.get(i) < CLEAR) {
                    return false;
                }
            }
            return true;
        }

    }

}
