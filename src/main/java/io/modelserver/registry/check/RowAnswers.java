package io.modelserver.registry.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import io.modelserver.head.AnsweredOutput;
import io.modelserver.head.OutputValues;
import io.modelserver.head.VersionHead;
import io.modelserver.model.ModelInput;
import io.modelserver.model.OutputSpec;
import io.modelserver.model.OutputTensor;
import io.modelserver.registry.store.VersionStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a model answered to different rows, each alone: what it must answer to them again,
 * whatever shares the batch. Two numbers agree if they differ by no more than a hundredth
 * of what the output varies by from row to row, or by 1e-4 of their size: so much may a
 * model with unscaled inputs round from one batch size to another. The same pass repeated
 * computes the same sums in the same order, and may differ by 1e-5 only of the greatest
 * number of the row. Integers and texts must be the same.
 */
final class RowAnswers {

    private static final double OF_SPREAD = 0.01;

    private static final double OF_SIZE = 1e-4;

    private static final double LEAST = 1e-5;

    private static final double OF_REPEATED = 1e-5;

    private static final double LEAST_REPEATED = 1e-6;

    private final VersionHead head;

    private final List<CheckRows.Row> rows = new ArrayList<>();

    private final List<Map<String, OutputValues>> answers = new ArrayList<>();

    private final Set<String> undeclared = new TreeSet<>();

    /** What each output is, by name: its role, if it has one. */
    private final Map<String, String> kinds = new LinkedHashMap<>();

    private final Map<String, Double> allowed = new HashMap<>();

    private final AnswerMeaning meaning;

    private List<OutputSpec> returned = List.of();

    RowAnswers(VersionHead head) {
        this.head = head;
        this.meaning = new AnswerMeaning(head);
    }

    /** Adds what the model answered to a row alone. */
    void add(CheckRows.Row row, List<OutputTensor> outputs) {
        rows.add(row);
        returned = head.specs(outputs);
        Map<String, OutputValues> answer = new LinkedHashMap<>();
        boolean finite = true;
        for (AnsweredOutput output : head.answered(outputs)) {
            OutputValues values = output.values(0, 1);
            answer.put(output.key(), values);
            kinds.put(output.key(), (output.role() != null) ? output.role().key() : "output");
            finite &= !head.mustBeFinite(output) || values.isFinite();
            if (!output.declared()) {
                undeclared.add(output.key());
            }
        }
        answers.add(answer);
        meaning.add(row, outputs, finite);
        answer.forEach((key, values) -> {
            if (values instanceof OutputValues.Numbers) {
                allowed.put(key, OF_SPREAD * spread(key));
            }
        });
    }

    /** The most that one number of the output varies by. */
    private double spread(String key) {
        double widest = 0;
        int count = numbers(answers.getFirst(), key).length;
        for (int i = 0; i < count; i++) {
            float least = Float.POSITIVE_INFINITY;
            float greatest = Float.NEGATIVE_INFINITY;
            for (Map<String, OutputValues> answer : answers) {
                float[] values = numbers(answer, key);
                if (i < values.length && Float.isFinite(values[i])) {
                    least = Math.min(least, values[i]);
                    greatest = Math.max(greatest, values[i]);
                }
            }
            widest = Math.max(widest, greatest - least);
        }
        return widest;
    }

    private static float[] numbers(Map<String, OutputValues> answer, String key) {
        return (answer.get(key) instanceof OutputValues.Numbers numbers) ? numbers.values() : new float[0];
    }

    int count() {
        return rows.size();
    }

    ModelInput input(int row) {
        return rows.get(row).input();
    }

    /**
     * {@return what is answered, for the listing}
     */
    List<VersionStatus.OutputStatus> statuses() {
        return kinds.entrySet()
            .stream()
            .map((output) -> new VersionStatus.OutputStatus(output.getKey(), output.getValue()))
            .toList();
    }

    /**
     * {@return what callers get who want tensors}
     */
    List<OutputSpec> returned() {
        return returned;
    }

    /**
     * {@return what is to be found out of the answers}
     */
    AnswerMeaning meaning() {
        return meaning;
    }

    /**
     * {@return the names of outputs that nobody asked for}
     */
    Set<String> undeclared() {
        return undeclared;
    }

    /**
     * Finds outputs that nobody asked for and that a batch does not share out: what they
     * say of one sample can't be told.
     * @param outputs what the model returned for more than one row
     * @param batch the number of each row, in the order of the batch
     * @return their names
     */
    Set<String> notPerSample(List<OutputTensor> outputs, int[] batch) {
        Set<String> names = new TreeSet<>();
        for (AnsweredOutput output : head.answered(outputs)) {
            OutputValues one = answers.get(batch[0]).get(output.key());
            if (undeclared.contains(output.key()) && (one == null || !output.isPerSample(batch.length, one.size()))) {
                names.add(output.key());
            }
        }
        return names;
    }

    /**
     * Compares a later pass with what the rows got alone.
     * @param outputs what the model returned
     * @param batch the number of each row, in the order of the batch
     * @return what differs, or null if nothing does
     */
    @Nullable String difference(List<OutputTensor> outputs, int[] batch) {
        Map<String, AnsweredOutput> later = byKey(outputs);
        for (String key : answers.getFirst().keySet()) {
            AnsweredOutput output = later.get(key);
            for (int place = 0; place < batch.length; place++) {
                OutputValues expected = Objects.requireNonNull(answers.get(batch[place]).get(key));
                OutputValues actual = (output != null) ? output.values(place, batch.length) : null;
                String difference = difference(key, expected, actual, Objects.requireNonNullElse(allowed.get(key), 0.0),
                        OF_SIZE);
                if (difference != null) {
                    return difference;
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
        Map<String, AnsweredOutput> later = byKey(second);
        for (AnsweredOutput output : head.answered(first)) {
            OutputValues expected = output.values(0, 1);
            AnsweredOutput again = later.get(output.key());
            double most = Math.max(LEAST_REPEATED, OF_REPEATED * greatest(expected));
            String difference = difference(output.key(), expected, (again != null) ? again.values(0, 1) : null, most,
                    0);
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private Map<String, AnsweredOutput> byKey(List<OutputTensor> outputs) {
        Map<String, AnsweredOutput> byKey = new HashMap<>();
        head.answered(outputs).forEach((output) -> byKey.put(output.key(), output));
        return byKey;
    }

    private static double greatest(OutputValues values) {
        double greatest = 0;
        if (values instanceof OutputValues.Numbers numbers) {
            for (float value : numbers.values()) {
                greatest = Float.isFinite(value) ? Math.max(greatest, Math.abs(value)) : greatest;
            }
        }
        return greatest;
    }

    private @Nullable String difference(String key, OutputValues expected, @Nullable OutputValues actual, double most,
            double ofSize) {
        for (int i = 0; i < expected.size(); i++) {
            if (actual == null || i >= actual.size() || !agree(expected, actual, i, most, ofSize)) {
                return "%s[%d] was %s, then %s".formatted(key, i, expected.element(i),
                        (actual == null || i >= actual.size()) ? "missing" : actual.element(i))
                        + (undeclared.contains(key)
                                ? "; if nobody needs it, \"outputs\": {\"%s\": null} leaves it out".formatted(key)
                                : "");
            }
        }
        return null;
    }

    private static boolean agree(OutputValues expected, OutputValues actual, int place, double most, double ofSize) {
        if (!(expected instanceof OutputValues.Numbers before && actual instanceof OutputValues.Numbers after)) {
            return expected.element(place).equals(actual.element(place));
        }
        float was = before.values()[place];
        float is = after.values()[place];
        double tolerance = (ofSize == 0) ? most : Math.max(most, Math.max(LEAST, ofSize * Math.abs(was)));
        return Float.compare(was, is) == 0 || Math.abs(is - was) <= tolerance;
    }

}
