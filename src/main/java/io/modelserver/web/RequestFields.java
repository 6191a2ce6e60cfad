package io.modelserver.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

import io.modelserver.inference.Tensor;
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

/** The fields of one prediction request, as they are read; used once. */
final class RequestFields {

    private static final Pattern SYMBOL = Pattern.compile("[A-Za-z0-9._:/-]{1,64}");

    private static final int LONGEST_TEXT = 256;

    private static final String EXPECTED_FEATURES = "expected an array of numbers or an object of named features";

    private final JsonSlice json;

    private final @Nullable Tensor numbers;

    private final List<FieldProblem> errors = new ArrayList<>();

    private final @Nullable String pathSymbol;

    private @Nullable String symbol;

    private @Nullable RequestFeatures features;

    private @Nullable JsonSlice rawLob;

    private @Nullable String modelName;

    private @Nullable String modelVersion;

    private @Nullable String routingKey;

    private @Nullable String experimentId;

    private StepTimestamp timestamp = StepTimestamp.NONE;

    /**
     * Makes a reader.
     * @param json the request
     * @param numbers its features, if they have been taken out of it
     * @param pathSymbol the symbol that the path names; where the body does so too, it
     * must be the same
     */
    RequestFields(JsonSlice json, @Nullable Tensor numbers, @Nullable String pathSymbol) {
        this.json = json;
        this.numbers = numbers;
        this.symbol = pathSymbol;
        this.pathSymbol = pathSymbol;
    }

    PredictionRequest read() {
        JsonBodies.readObject(json, this::readField);
        return request();
    }

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
            case START_ARRAY -> (numbers != null) ? taken(parser)
                    : json.isArrayOfObjects(parser) ? new RequestFeatures.Named(json.cut(parser), true)
                            : new RequestFeatures.Numbers(new NumberArrayReader("features").read(parser));
            default -> {
                parser.skipChildren();
                yield new RequestFeatures.Unusable(
                        "features is %s, %s".formatted(JsonTokens.name(token), EXPECTED_FEATURES));
            }
        };
    }

    private RequestFeatures taken(JsonParser parser) {
        parser.skipChildren();
        return new RequestFeatures.Numbers(Objects.requireNonNull(numbers));
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
