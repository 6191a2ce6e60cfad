package io.modelserver.web;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.modelserver.prediction.FieldProblem;
import io.modelserver.prediction.InvalidFeaturesException;
import io.modelserver.prediction.JsonSlice;
import io.modelserver.prediction.JsonTokens;
import io.modelserver.prediction.NumberArrayReader;
import io.modelserver.prediction.PredictionRequest;
import io.modelserver.prediction.RequestFeatures;
import io.modelserver.prediction.StepTimestamp;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads a prediction request in one pass, numbers straight into their array; used once.
 */
final class PredictionRequestReader {

    private static final Pattern SYMBOL = Pattern.compile("[A-Za-z0-9._:/-]{1,64}");

    private static final int LONGEST_TEXT = 256;

    private static final String EXPECTED_FEATURES = "expected an array of numbers or an object of named features";

    private final JsonSlice json;

    private final List<FieldProblem> errors = new ArrayList<>();

    private @Nullable String pathSymbol;

    private @Nullable String symbol;

    private @Nullable RequestFeatures features;

    private @Nullable JsonSlice rawLob;

    private @Nullable String modelName;

    private @Nullable String modelVersion;

    private @Nullable String routingKey;

    private @Nullable String experimentId;

    private StepTimestamp timestamp = StepTimestamp.NONE;

    PredictionRequestReader(JsonSlice json) {
        this.json = json;
    }

    /**
     * Reads a request whose path names the symbol; where the body does so too, it must be
     * the same.
     */
    PredictionRequestReader(JsonSlice json, String symbol) {
        this.json = json;
        this.symbol = symbol;
        this.pathSymbol = symbol;
    }

    /**
     * Reads the request.
     * @return the request
     * @throws ProblemException if it is no JSON of the right types, or a field is missing
     * or invalid
     */
    PredictionRequest read() {
        JsonBodies.readObject(json, this::readField);
        return request();
    }

    /**
     * {@return the symbol, as far as the request could be read; null before that or if
     * there is none}
     */
    @Nullable String symbol() {
        return symbol;
    }

    private void readField(JsonParser parser, String name, JsonToken token) throws InvalidFeaturesException {
        switch (name) {
            case "symbol" -> symbol = JsonBodies.text(parser, name, token);
            case "features" -> features = readFeatures(parser, token);
            case "raw_lob" -> rawLob = (token == JsonToken.VALUE_NULL) ? null : json.cut(parser);
            case "model_name" -> modelName = JsonBodies.text(parser, name, token);
            case "model_version" -> modelVersion = JsonBodies.text(parser, name, token);
            case "routing_key" -> routingKey = JsonBodies.text(parser, name, token);
            case "timestamp" -> timestamp = StepTimestamp.read(parser, name);
            case "experiment_id" -> experimentId = JsonBodies.text(parser, name, token);
            default -> parser.skipChildren();
        }
    }

    private RequestFeatures readFeatures(JsonParser parser, JsonToken token) throws InvalidFeaturesException {
        return switch (token) {
            case START_OBJECT -> new RequestFeatures.Named(json.cut(parser), false);
            case START_ARRAY -> json.isArrayOfObjects(parser) ? new RequestFeatures.Named(json.cut(parser), true)
                    : new RequestFeatures.Numbers(new NumberArrayReader("features").read(parser));
            default -> {
                parser.skipChildren();
                yield new RequestFeatures.Unusable(
                        "features is %s, %s".formatted(JsonTokens.name(token), EXPECTED_FEATURES));
            }
        };
    }

    private PredictionRequest request() {
        if (symbol == null) {
            errors.add(new FieldProblem("symbol", "required"));
        }
        else if (!SYMBOL.matcher(symbol).matches()) {
            errors.add(new FieldProblem("symbol", "expected 1 to 64 of A-Z a-z 0-9 . _ : / -"));
        }
        if (pathSymbol != null && !pathSymbol.equals(symbol)) {
            errors.add(new FieldProblem("symbol", "expected the symbol of the path or none"));
        }
        if (features == null) {
            errors.add(new FieldProblem("features", "required: " + EXPECTED_FEATURES));
        }
        expectShort("model_name", modelName);
        expectShort("model_version", modelVersion);
        expectShort("routing_key", routingKey);
        expectShort("experiment_id", experimentId);
        if (symbol == null || features == null || !errors.isEmpty()) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST,
                    "the request can't be used: " + FieldProblem.summary(errors), errors);
        }
        return new PredictionRequest(symbol, features, rawLob, modelName, modelVersion, routingKey, experimentId,
                timestamp);
    }

    private void expectShort(String field, @Nullable String text) {
        if (text != null && text.length() > LONGEST_TEXT) {
            errors.add(new FieldProblem(field, "expected at most %d characters".formatted(LONGEST_TEXT)));
        }
    }

}
