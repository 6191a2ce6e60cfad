package io.modelserver.front.json;

import io.modelserver.model.FeatureNames;
import io.modelserver.trading.InvalidFeaturesException;
import io.modelserver.trading.NamedStep;
import io.modelserver.trading.TimedStep;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Finds the features of one time step in nested objects and arrays, wherever the model's
 * names lead; used once.
 */
final class NamedStepReader {

    private static final String TIMESTAMP = "timestamp";

    private final FeatureNames names;

    private final String field;

    private final NamedStep step;

    /**
     * Creates a reader.
     * @param names the names of the model's features, at least one
     * @param field what the step is called in messages
     * @param nullable whether a feature's value may be null
     */
    NamedStepReader(FeatureNames names, String field, boolean nullable) {
        this.names = names;
        this.field = field;
        this.step = new NamedStep(names, field, nullable);
    }

    /**
     * Reads one time step.
     * @param parser on the start of the object; afterwards on its end
     * @return one finite number a feature, NaN for null, and the time of the step
     * @throws InvalidFeaturesException naming every feature that is missing or is not a
     * finite number
     */
    TimedStep read(JsonParser parser) throws InvalidFeaturesException {
        readObject(parser, names.root(), 0, field);
        return step.finish();
    }

    private void readObject(JsonParser parser, FeatureNames.Node node, int rank, String path) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            readValue(parser, node, rank, path, parser.currentName(), parser.nextToken());
        }
    }

    private void readArray(JsonParser parser, FeatureNames.Node node, int rank, String path) {
        int index = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            readValue(parser, node, rank, path, Integer.toString(index++), token);
        }
    }

    private void readValue(JsonParser parser, FeatureNames.Node parent, int parentRank, String path, String key,
            JsonToken token) {
        FeatureNames.Node node = parent.child(key);
        if (parent == names.root() && key.equals(TIMESTAMP)) {
            step.observed(TimestampReader.read(parser, path + "." + key));
        }
        if (node == null) {
            parser.skipChildren();
            return;
        }
        int rank = node.rank(parent, parentRank);
        if (token == JsonToken.START_OBJECT && node.leadsOn()) {
            readObject(parser, node, rank, path + "." + key);
        }
        else if (token == JsonToken.START_ARRAY && node.leadsOn()) {
            readArray(parser, node, rank, path + "." + key);
        }
        else if (node.isFeature()) {
            readFeature(parser, node, rank, path + "." + key, token);
        }
    }

    private void readFeature(JsonParser parser, FeatureNames.Node node, int rank, String path, JsonToken token) {
        if (!step.takes(node, rank, path)) {
            parser.skipChildren();
        }
        else if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            step.number(node, parser.getDoubleValue(), path);
        }
        else if (token == JsonToken.VALUE_NULL) {
            step.nothing(node, path);
        }
        else {
            parser.skipChildren();
            step.other(path, JsonTokens.name(token));
        }
    }

}
