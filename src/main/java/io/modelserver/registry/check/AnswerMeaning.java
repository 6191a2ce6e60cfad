package io.modelserver.registry.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.head.AnsweredOutput;
import io.modelserver.head.OutputValues;
import io.modelserver.head.Plausible;
import io.modelserver.head.VersionHead;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
import org.jspecify.annotations.Nullable;

/**
 * Whether the numbers that a model answered to different rows can be what they are taken
 * for.
 */
final class AnswerMeaning {

    /** How far the sum of probabilities of two decimals may be from 1. */
    private static final double ROUNDED = 0.02;

    private static final double PERCENT = 100;

    private static final double PERCENT_ROUNDED = 1;

    private final VersionHead head;

    private final List<Row> rows = new ArrayList<>();

    /** Only until they have been looked at: they may be large. */
    private final List<List<OutputTensor>> passes = new ArrayList<>();

    /** Where the scores of the classes are, as the metadata would write it. */
    private String place = "0";

    /** What to do where an output can't be what it was taken for. */
    private final Map<OutputRole, String> unmapped = new EnumMap<>(OutputRole.class);

    AnswerMeaning(VersionHead head) {
        this.head = head;
    }

    /**
     * Adds what the model answered to a row alone.
     * @param finite whether all numbers are that must be
     */
    void add(CheckRows.Row row, List<OutputTensor> outputs, boolean finite) {
        Map<OutputRole, float[]> answer = new EnumMap<>(OutputRole.class);
        for (AnsweredOutput output : head.answered(outputs)) {
            OutputRole role = output.role();
            if (role != null && output.values(0, 1) instanceof OutputValues.Numbers numbers) {
                answer.put(role, numbers.values());
                unmapped.put(role, head.unmapped(outputs, role));
                place = role.isPerClass() ? head.place(outputs, role) : place;
            }
        }
        passes.add(outputs);
        rows.add(new Row(row.golden(), answer, finite));
    }

    /**
     * Looks at what the numbers are taken for.
     * @throws ModelLoadException if they can't be that
     */
    void check() throws ModelLoadException {
        if (!isAnyFinite()) {
            throw new ModelLoadException("the model answered every input on which it was checked with NaN or Infinity, "
                    + "and would fail every request: look for NaN among its weights, a division by 0 or the logarithm "
                    + "of a number that is not positive; if it runs on inputs of some range only, add a sample.json");
        }
        checkLogits();
        for (Row row : rows) {
            checkProbabilities(row.answer().get(OutputRole.PROBABILITIES));
            float[] confidence = row.answer().get(OutputRole.CONFIDENCE);
            if (confidence != null && Float.isFinite(confidence[0])) {
                refuse(OutputRole.CONFIDENCE, Plausible.confidenceProblem(confidence[0]));
            }
        }
        checkReturns();
        String contradiction = head.contradiction(passes);
        passes.clear();
        if (contradiction != null) {
            throw new ModelLoadException(contradiction);
        }
    }

    /**
     * {@return whether one row at least got nothing but finite numbers}
     */
    boolean isAnyFinite() {
        return rows.stream().anyMatch(Row::finite);
    }

    /**
     * {@return whether a golden sample is among the rows}
     */
    boolean hasGolden() {
        return rows.stream().anyMatch(Row::golden);
    }

    private void checkLogits() throws ModelLoadException {
        String remedy = "declare it in metadata.json: \"outputs\": {\"probabilities\": %s} in place of direction_logits"
            .formatted(place);
        if (rowsSumTo(1, ROUNDED)) {
            throw new ModelLoadException(
                    "the output that is taken for direction_logits holds probabilities: its rows are not negative and "
                            + "sum to 1, a softmax would be applied a second time; "
                            + (rowsSumTo(1, Plausible.SUM) ? "" : "take the rounding out of the model and ") + remedy);
        }
        if (rowsSumTo(PERCENT, PERCENT_ROUNDED)) {
            throw new ModelLoadException(
                    "the output that is taken for direction_logits holds percentages: its rows are not negative and sum "
                            + "to 100; divide it by 100 in the model and " + remedy);
        }
        if (!head.isMapped(OutputRole.DIRECTION_LOGITS) && vary() && allLogits(AnswerMeaning::areWithinOne)) {
            throw new ModelLoadException(
                    ("the output that is taken for direction_logits holds numbers between 0 and 1 only, as a sigmoid makes "
                            + "them: say in metadata.json what it is, \"outputs\": {\"probabilities\": %1$s} for probabilities, "
                            + "which must sum to 1 or be that of the second of two classes, or \"outputs\": "
                            + "{\"direction_logits\": %1$s} if these are logits all the same")
                        .formatted(place));
        }
    }

    /** Of the rows whose numbers are finite, of which there is one at least. */
    private boolean rowsSumTo(double total, double tolerance) {
        return allLogits((logits) -> Plausible.sumsTo(total, tolerance, logits, 0, logits.length));
    }

    private boolean allLogits(Predicate<float[]> condition) {
        return rows.stream().filter(Row::finite).allMatch((row) -> {
            float[] logits = row.answer().get(OutputRole.DIRECTION_LOGITS);
            return logits != null && condition.test(logits);
        });
    }

    /** A model that says the same to all has learned nothing from which to tell. */
    private boolean vary() {
        return rows.stream()
            .filter(Row::finite)
            .map((row) -> Arrays.toString(row.answer().get(OutputRole.DIRECTION_LOGITS)))
            .distinct()
            .count() > 1;
    }

    private static boolean areWithinOne(float[] scores) {
        for (float score : scores) {
            if (score < 0 || score > 1) {
                return false;
            }
        }
        return true;
    }

    private void checkProbabilities(float @Nullable [] probabilities) throws ModelLoadException {
        if (probabilities == null || !new OutputValues.Numbers(probabilities).isFinite()) {
            return;
        }
        if (probabilities.length == 1) {
            if (Plausible.confidenceProblem(probabilities[0]) != null) {
                throw new ModelLoadException(
                        "the model's probability of its second class is %s, which is outside [0, 1]; declare a logit as "
                            .formatted(probabilities[0]) + "direction_logits in 'outputs' in metadata.json");
            }
        }
        else if (!Plausible.isProbabilities(probabilities, 0, probabilities.length)) {
            String remedy = Plausible.sumsTo(PERCENT, PERCENT_ROUNDED, probabilities, 0, probabilities.length)
                    ? "divide percentages by 100 in the model"
                    : Plausible.sumsTo(1, ROUNDED, probabilities, 0, probabilities.length)
                            ? "take the rounding out of the model"
                            : "declare logits as direction_logits in 'outputs' in metadata.json";
            throw new ModelLoadException(
                    "the model's probabilities are %s: they must not be negative and must sum to 1; %s"
                        .formatted(Arrays.toString(probabilities), remedy));
        }
    }

    /**
     * Rows that are not golden samples may lie so far from any market that a good model
     * fails on a few of them.
     */
    private void checkReturns() throws ModelLoadException {
        int outside = 0;
        String problem = null;
        for (Row row : rows) {
            float[] expectedReturn = row.answer().get(OutputRole.EXPECTED_RETURN);
            String problemHere = (expectedReturn != null && Float.isFinite(expectedReturn[0]))
                    ? Plausible.returnProblem(expectedReturn[0]) : null;
            if (problemHere != null) {
                outside += row.golden() ? rows.size() : 1;
                problem = problemHere;
            }
        }
        if (2 * outside > rows.size()) {
            refuse(OutputRole.EXPECTED_RETURN, problem);
        }
    }

    private void refuse(OutputRole role, @Nullable String problem) throws ModelLoadException {
        if (problem != null) {
            throw new ModelLoadException(problem + Objects.requireNonNullElse(unmapped.get(role), ""));
        }
    }

    /**
     * What a model answered to a row.
     *
     * @param golden whether it is a golden sample
     * @param answer its numbers by role
     * @param finite whether all are that must be
     */
    private record Row(boolean golden, Map<OutputRole, float[]> answer, boolean finite) {
    }

}
