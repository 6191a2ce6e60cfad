package io.modelserver.registry.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.head.ClassHead;
import io.modelserver.head.Plausible;
import io.modelserver.model.ModelInput;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
import org.jspecify.annotations.Nullable;

/**
 * What a model answered to different rows, each alone: what it must answer to them again,
 * whatever shares the batch. Two numbers agree if they differ by no more than a hundredth
 * of what the output varies by from row to row, or by 1e-4 of their size: so much may a
 * model with unscaled inputs round from one batch size to another. The same pass repeated
 * computes the same sums in the same order, and may differ by 1e-5 only of the greatest
 * number of the row.
 */
final class RowAnswers {

    private static final double OF_SPREAD = 0.01;

    private static final double OF_SIZE = 1e-4;

    private static final double LEAST = 1e-5;

    private static final double OF_REPEATED = 1e-5;

    private static final double LEAST_REPEATED = 1e-6;

    /** How far the sum of probabilities of two decimals may be from 1. */
    private static final double ROUNDED = 0.02;

    private static final double PERCENT = 100;

    private static final double PERCENT_ROUNDED = 1;

    private final ClassHead head;

    private final List<CheckRow> rows = new ArrayList<>();

    private final List<Map<OutputRole, float[]>> answers = new ArrayList<>();

    /** Where the scores of the classes are, as the metadata would write it. */
    private String place = "0";

    /** What to do where an output can't be what it was taken for. */
    private final Map<OutputRole, String> unmapped = new EnumMap<>(OutputRole.class);

    private final Map<OutputRole, Double> allowed = new EnumMap<>(OutputRole.class);

    RowAnswers(ClassHead head) {
        this.head = head;
    }

    /** Adds what the model answered to a row alone. */
    void add(CheckRow row, List<OutputTensor> outputs) {
        rows.add(row);
        Map<OutputRole, float[]> answer = new EnumMap<>(OutputRole.class);
        for (OutputRole role : roles(outputs)) {
            answer.put(role, Objects.requireNonNull(head.values(outputs, role)).clone());
        }
        answers.add(answer);
        answer.keySet().forEach((role) -> unmapped.put(role, head.unmapped(outputs, role)));
        place = head.place(outputs, head.direction(outputs));
        answer.keySet().forEach((role) -> allowed.put(role, OF_SPREAD * spread(role)));
    }

    private List<OutputRole> roles(List<OutputTensor> outputs) {
        OutputRole direction = head.direction(outputs);
        return Arrays.stream(OutputRole.values())
            .filter((role) -> role == direction
                    || (role != OutputRole.DIRECTION_LOGITS && role != OutputRole.PROBABILITIES))
            .filter((role) -> head.values(outputs, role) != null)
            .toList();
    }

    /** The most that one number of the output varies by. */
    private double spread(OutputRole role) {
        double widest = 0;
        for (int i = 0; i < answers.getFirst().getOrDefault(role, new float[0]).length; i++) {
            float least = Float.POSITIVE_INFINITY;
            float greatest = Float.NEGATIVE_INFINITY;
            for (Map<OutputRole, float[]> answer : answers) {
                float[] values = answer.get(role);
                if (values != null && i < values.length && Float.isFinite(values[i])) {
                    least = Math.min(least, values[i]);
                    greatest = Math.max(greatest, values[i]);
                }
            }
            widest = Math.max(widest, greatest - least);
        }
        return widest;
    }

    int count() {
        return rows.size();
    }

    ModelInput input(int row) {
        return rows.get(row).input();
    }

    /**
     * Compares a later pass with what the rows got alone.
     * @param outputs what the model returned
     * @param batch the number of each row, in the order of the batch
     * @return what differs, or null if nothing does
     */
    @Nullable String difference(List<OutputTensor> outputs, int[] batch) {
        for (OutputRole role : answers.getFirst().keySet()) {
            float[] values = head.values(outputs, role);
            for (int place = 0; place < batch.length; place++) {
                float[] expected = Objects.requireNonNull(answers.get(batch[place]).get(role));
                for (int i = 0; i < expected.length; i++) {
                    int at = place * expected.length + i;
                    if (values == null || at >= values.length || !agree(role, expected[i], values[at])) {
                        return "%s[%d] was %s, then %s".formatted(role.key(), i, expected[i],
                                (values == null || at >= values.length) ? "missing" : values[at]);
                    }
                }
            }
        }
        return null;
    }

    /**
     * Compares two passes over the same row alone.
     * @param first what the model returned
     * @param second what it returned after that
     * @return what differs, or null if nothing does
     */
    @Nullable String repetition(List<OutputTensor> first, List<OutputTensor> second) {
        for (OutputRole role : answers.getFirst().keySet()) {
            float[] expected = Objects.requireNonNullElse(head.values(first, role), new float[0]);
            float[] values = Objects.requireNonNullElse(head.values(second, role), new float[0]);
            double allowed = Math.max(LEAST_REPEATED, OF_REPEATED * greatest(expected));
            for (int i = 0; i < expected.length; i++) {
                if (i >= values.length || (Float.compare(expected[i], values[i]) != 0
                        && !(Math.abs(expected[i] - values[i]) <= allowed))) {
                    return "%s[%d] was %s, then %s".formatted(role.key(), i, expected[i],
                            (i >= values.length) ? "missing" : values[i]);
                }
            }
        }
        return null;
    }

    private static double greatest(float[] values) {
        double greatest = 0;
        for (float value : values) {
            greatest = Float.isFinite(value) ? Math.max(greatest, Math.abs(value)) : greatest;
        }
        return greatest;
    }

    private boolean agree(OutputRole role, float expected, float actual) {
        double tolerance = Math.max(Objects.requireNonNullElse(allowed.get(role), 0.0),
                Math.max(LEAST, OF_SIZE * Math.abs(expected)));
        return Float.compare(expected, actual) == 0 || Math.abs(actual - expected) <= tolerance;
    }

    /**
     * Looks at what the numbers are taken for.
     * @throws ModelLoadException if they can't be that
     */
    void checkMeaning() throws ModelLoadException {
        if (!isAnyFinite()) {
            throw new ModelLoadException("the model answered every input on which it was checked with NaN or Infinity, "
                    + "and would fail every request: look for NaN among its weights, a division by 0 or the logarithm "
                    + "of a number that is not positive; if it runs on inputs of some range only, add a sample.json");
        }
        checkLogits();
        for (Map<OutputRole, float[]> answer : answers) {
            check(answer.get(OutputRole.PROBABILITIES));
            float[] confidence = answer.get(OutputRole.CONFIDENCE);
            if (confidence != null && Float.isFinite(confidence[0])) {
                refuse(OutputRole.CONFIDENCE, Plausible.confidenceProblem(confidence[0]));
            }
        }
        checkReturns();
    }

    /**
     * {@return whether one row at least got nothing but finite numbers}
     */
    boolean isAnyFinite() {
        return answers.stream().anyMatch(RowAnswers::isFinite);
    }

    /**
     * {@return whether a golden sample is among the rows}
     */
    boolean hasGolden() {
        return rows.stream().anyMatch(CheckRow::golden);
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
    }

    /** Of the rows whose numbers are finite, of which there is one at least. */
    private boolean rowsSumTo(double total, double tolerance) {
        return answers.stream().filter(RowAnswers::isFinite).allMatch((answer) -> {
            float[] logits = answer.get(OutputRole.DIRECTION_LOGITS);
            return logits != null && Plausible.sumsTo(total, tolerance, logits, 0, logits.length);
        });
    }

    private static boolean isFinite(Map<OutputRole, float[]> answer) {
        return answer.values().stream().allMatch(RowAnswers::isFinite);
    }

    private void check(float @Nullable [] probabilities) throws ModelLoadException {
        if (probabilities != null && isFinite(probabilities)
                && !Plausible.isProbabilities(probabilities, 0, probabilities.length)) {
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
        for (int row = 0; row < answers.size(); row++) {
            float[] expectedReturn = answers.get(row).get(OutputRole.EXPECTED_RETURN);
            String problemHere = (expectedReturn != null && Float.isFinite(expectedReturn[0]))
                    ? Plausible.returnProblem(expectedReturn[0]) : null;
            if (problemHere != null) {
                outside += rows.get(row).golden() ? rows.size() : 1;
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

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

}
