package io.modelserver.trading;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.modelserver.model.FeatureNames;
import io.modelserver.serving.FieldProblem;
import org.jspecify.annotations.Nullable;

/**
 * One time step of named features while it is read: puts each value at the position that
 * the model's metadata gives its name, and collects what is wrong. Used once.
 */
public final class NamedStep {

    private static final int MOST_NAMED_PROBLEMS = 200;

    private final FeatureNames names;

    private final String field;

    private final boolean nullable;

    private final float[] values;

    private final List<FieldProblem> problems = new ArrayList<>();

    private StepTimestamp timestamp = StepTimestamp.NONE;

    /** Which features' values are null; null as long as none is. */
    private boolean @Nullable [] nulls;

    /** Of each feature's value; null as long as no key held a dot. */
    private int @Nullable [] ranks;

    /**
     * Begins a step without values.
     * @param names the names of the model's features, at least one
     * @param field what the step is called in messages
     * @param nullable whether a feature's value may be null
     */
    public NamedStep(FeatureNames names, String field, boolean nullable) {
        this.names = names;
        this.field = field;
        this.nullable = nullable;
        this.values = new float[names.names().size()];
        Arrays.fill(values, Float.NaN);
    }

    /**
     * Sets when the step was observed.
     * @param time the time, readable or not
     */
    public void observed(StepTimestamp time) {
        timestamp = time;
    }

    /**
     * Tells whether a value counts, though there may be another of its feature.
     * @param feature where the value was found
     * @param rank of the way there, see {@link FeatureNames}
     * @param path what the value is called in messages
     * @return whether it is to be given to this step
     */
    public boolean takes(FeatureNames.Node feature, int rank, String path) {
        if (ranks == null) {
            if (rank == 0) {
                return true;
            }
            ranks = new int[values.length];
        }
        int position = feature.position();
        if (rank < ranks[position]) {
            return false;
        }
        if (rank > ranks[position]) {
            ranks[position] = rank;
            values[position] = Float.NaN;
            setNull(position, false);
            problems.removeIf((problem) -> problem.field().equals(path));
        }
        return true;
    }

    /**
     * Gives a feature its value.
     * @param feature a feature that {@link #takes} it
     * @param value its value
     * @param path what the value is called in messages
     */
    public void number(FeatureNames.Node feature, double value, String path) {
        float rounded = (float) value;
        if (Float.isFinite(rounded)) {
            values[feature.position()] = rounded;
        }
        else {
            report(path, "not finite as a 32-bit float");
        }
    }

    /**
     * Notes that the value of a feature is null, or reports it.
     * @param feature a feature that {@link #takes} it
     * @param path what the value is called in messages
     */
    public void nothing(FeatureNames.Node feature, String path) {
        if (nullable) {
            setNull(feature.position(), true);
        }
        else {
            other(path, "null");
        }
    }

    private void setNull(int position, boolean isNull) {
        if (nulls == null && isNull) {
            nulls = new boolean[values.length];
        }
        if (nulls != null) {
            nulls[position] = isNull;
        }
    }

    /**
     * Reports a value that is not a number.
     * @param path what the value is called in messages
     * @param came what it is, e.g. {@code a string}
     */
    public void other(String path, String came) {
        report(path, "expected a number, got " + came);
    }

    /**
     * Ends the step.
     * @return one finite number a feature, NaN for null, and the time of the step
     * @throws InvalidFeaturesException naming every feature that is missing or is not a
     * finite number
     */
    public TimedStep finish() throws InvalidFeaturesException {
        int invalid = problems.size();
        int missing = 0;
        for (int position = 0; position < values.length; position++) {
            if (Float.isNaN(values[position]) && !(nulls != null && nulls[position])
                    && !isNamed(names.names().get(position), invalid)) {
                missing++;
                report(field + "." + names.names().get(position), "missing");
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidFeaturesException("%s: of %d named features %s (%s)".formatted(field, values.length,
                    counts(missing, invalid), FieldProblem.summary(problems)), problems);
        }
        return new TimedStep(values, timestamp);
    }

    private static String counts(int missing, int invalid) {
        String absent = (missing == 1) ? "1 is missing" : missing + " are missing";
        String unusable = (invalid == 1) ? "1 is not a finite number" : invalid + " are not finite numbers";
        return (invalid == 0) ? absent : (missing == 0) ? unusable : absent + ", " + unusable;
    }

    private boolean isNamed(String name, int invalid) {
        return problems.subList(0, invalid).stream().anyMatch((problem) -> problem.field().equals(field + "." + name));
    }

    private void report(String path, String message) {
        if (problems.size() < MOST_NAMED_PROBLEMS) {
            problems.add(new FieldProblem(path, message));
        }
    }

}
