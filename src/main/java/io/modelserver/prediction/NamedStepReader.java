package io.modelserver.prediction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.modelserver.inference.FeatureNames;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads objects of named features into the positions that the model's metadata gives
 * them.
 */
final class NamedStepReader {

    private static final int MOST_NAMED_PROBLEMS = 200;

    private static final String TIMESTAMP = "timestamp";

    private final FeatureNames names;

    private final List<FieldProblem> problems = new ArrayList<>();

    private StepTimestamp timestamp = StepTimestamp.NONE;

    /** Of each feature's value; null as long as no key held a dot. */
    private int @Nullable [] ranks;

    NamedStepReader(FeatureNames names) {
        this.names = names;
    }

    /**
     * Reads one time step.
     * @param parser on the start of the object; afterwards on its end
     * @param field what the object is called in messages
     * @return one finite number per feature, and the time of the step
     * @throws InvalidFeaturesException naming every feature that is missing or no finite
     * number
     */
    TimedStep read(JsonParser parser, String field) throws InvalidFeaturesException {
        float[] step = new float[names.names().size()];
        Arrays.fill(step, Float.NaN);
        readObject(parser, names.root(), 0, field, step);
        int invalid = problems.size();
        int missing = 0;
        for (int position = 0; position < step.length; position++) {
            if (Float.isNaN(step[position]) && !isNamed(field, names.names().get(position), invalid)) {
                missing++;
                report(field + "." + names.names().get(position), "missing");
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidFeaturesException("%s: %d of %d named features are missing, %d are not finite numbers (%s)"
                .formatted(field, missing, step.length, invalid, FieldProblem.summary(problems)), problems);
        }
        return new TimedStep(step, timestamp);
    }

    private boolean isNamed(String field, String name, int invalid) {
        return problems.subList(0, invalid).stream().anyMatch((problem) -> problem.field().equals(field + "." + name));
    }

    private void readObject(JsonParser parser, FeatureNames.Node node, int rank, String path, float[] step) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            readValue(parser, node, rank, path, parser.currentName(), parser.nextToken(), step);
        }
    }

    private void readArray(JsonParser parser, FeatureNames.Node node, int rank, String path, float[] step) {
        int index = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            readValue(parser, node, rank, path, Integer.toString(index++), token, step);
        }
    }

    private void readValue(JsonParser parser, FeatureNames.Node parent, int parentRank, String path, String key,
            JsonToken token, float[] step) {
        FeatureNames.Node node = parent.child(key);
        if (parent == names.root() && key.equals(TIMESTAMP)) {
            timestamp = StepTimestamp.read(parser, path + "." + key);
        }
        if (node == null) {
            parser.skipChildren();
            return;
        }
        int rank = node.rank(parent, parentRank);
        if (token == JsonToken.START_OBJECT && node.leadsOn()) {
            readObject(parser, node, rank, path + "." + key, step);
        }
        else if (token == JsonToken.START_ARRAY && node.leadsOn()) {
            readArray(parser, node, rank, path + "." + key, step);
        }
        else if (node.isFeature()) {
            readFeature(parser, node, rank, path + "." + key, token, step);
        }
    }

    private void readFeature(JsonParser parser, FeatureNames.Node node, int rank, String path, JsonToken token,
            float[] step) {
        if (!isPreferred(node.position(), rank, path, step)) {
            parser.skipChildren();
            return;
        }
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            parser.skipChildren();
            report(path, "expected a number, got " + JsonTokens.name(token));
            return;
        }
        float value = (float) parser.getDoubleValue();
        if (!Float.isFinite(value)) {
            report(path, "not finite as a 32-bit float");
            return;
        }
        step[node.position()] = value;
    }

    /** Whether a value counts, though there may be another of its feature. */
    private boolean isPreferred(int position, int rank, String path, float[] step) {
        if (ranks == null) {
            if (rank == 0) {
                return true;
            }
            ranks = new int[step.length];
        }
        if (rank < ranks[position]) {
            return false;
        }
        if (rank > ranks[position]) {
            ranks[position] = rank;
            step[position] = Float.NaN;
            problems.removeIf((problem) -> problem.field().equals(path));
        }
        return true;
    }

    private void report(String path, String message) {
        if (problems.size() < MOST_NAMED_PROBLEMS) {
            problems.add(new FieldProblem(path, message));
        }
    }

}
