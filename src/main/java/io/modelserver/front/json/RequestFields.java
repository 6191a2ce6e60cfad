package io.modelserver.front.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.model.PrintableText;
import io.modelserver.serving.FieldProblem;
import io.modelserver.trading.InputArray;
import io.modelserver.trading.InvalidFeaturesException;
import io.modelserver.trading.PredictionRequest;
import io.modelserver.trading.RequestFeatures;
import io.modelserver.trading.SeriesName;
import io.modelserver.trading.StepTimestamp;
import io.modelserver.window.Timeframe;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The fields of one prediction request, as they are read; used once. */
final class RequestFields {

    private static final int LONGEST_SYMBOL = 128;

    private static final int LONGEST_TIMEFRAME = 16;

    private static final int LONGEST_WINDOW_KEY = 64;

    private static final int LONGEST_TEXT = 256;

    private final JsonSlice json;

    private final JsonSlice whole;

    private final @Nullable RequestFeatures numbers;

    private final List<FieldProblem> errors = new ArrayList<>();

    private final RequestAddress address;

    private @Nullable String symbol;

    private @Nullable RequestFeatures features;

    private @Nullable InputArray rawLob;

    private Map<String, InputArray> inputs = Map.of();

    private @Nullable String modelName;

    private @Nullable String modelVersion;

    private @Nullable String routingKey;

    private @Nullable String experimentId;

    private @Nullable String timeframe;

    private @Nullable String windowKey;

    private StepTimestamp timestamp = StepTimestamp.NONE;

    /**
     * Creates a reader.
     * @param json the request
     * @param numbers its features, if they have been taken out of it
     * @param address names the series and the model; where the body does so too, it must
     * be the same
     * @param whole the request with its features
     */
    RequestFields(JsonSlice json, @Nullable RequestFeatures numbers, RequestAddress address, JsonSlice whole) {
        this.json = json;
        this.whole = whole;
        this.numbers = numbers;
        this.address = address;
        this.symbol = address.symbol();
        this.timeframe = address.timeframe();
        this.windowKey = address.windowKey();
        this.modelName = address.modelName();
        this.modelVersion = address.modelVersion();
    }

    /**
     * Reads the request.
     * @param elapsedNanos tells how long it took to read it
     */
    PredictionRequest read(LongSupplier elapsedNanos) {
        JsonBodies.readObject(json, this::readField);
        return request(elapsedNanos);
    }

    @Nullable String symbol() {
        return symbol;
    }

    private void readField(JsonParser parser, String name, JsonToken token) throws InvalidFeaturesException {
        switch (name) {
            case "symbol" -> symbol = JsonBodies.text(parser, name, token);
            case "features" -> features = readFeatures(parser, token);
            case "raw_lob" -> rawLob = (token == JsonToken.VALUE_NULL) ? null : new JsonArray(json.cut(parser), name);
            case "inputs" -> inputs = readInputs(parser, token);
            case "model_name" -> modelName = JsonBodies.text(parser, name, token);
            case "model_version" -> modelVersion = JsonBodies.text(parser, name, token);
            case "routing_key" -> routingKey = JsonBodies.text(parser, name, token);
            case "timeframe" -> timeframe = JsonBodies.text(parser, name, token);
            case "window_key" -> windowKey = JsonBodies.text(parser, name, token);
            case "timestamp" -> timestamp = TimestampReader.read(parser, name);
            case "experiment_id" -> experimentId = JsonBodies.text(parser, name, token);
            default -> parser.skipChildren();
        }
    }

    private RequestFeatures readFeatures(JsonParser parser, JsonToken token) throws InvalidFeaturesException {
        return switch (token) {
            case START_OBJECT -> new JsonSteps(json.cut(parser), false);
            case START_ARRAY -> (numbers != null) ? taken(parser)
                    : json.isArrayOfObjects(parser) ? new JsonSteps(json.cut(parser), true) : numbers(parser);
            default -> {
                parser.skipChildren();
                yield new RequestFeatures.Unusable(
                        "features is %s, %s".formatted(JsonTokens.name(token), RequestFeatures.Absent.EXPECTED));
            }
        };
    }

    /** Whether something else than a number is an error is known when the model is. */
    private RequestFeatures numbers(JsonParser parser) {
        try (JsonParser array = json.cut(parser).parser()) {
            array.nextToken();
            NumberArrayReader reader = new NumberArrayReader("features", true);
            return new RequestFeatures.Numbers(reader.read(array), reader.firstNull());
        }
        catch (InvalidFeaturesException ex) {
            return new RequestFeatures.Unusable(String.valueOf(ex.getMessage()));
        }
    }

    private Map<String, InputArray> readInputs(JsonParser parser, JsonToken token) {
        if (token == JsonToken.VALUE_NULL) {
            return Map.of();
        }
        if (token != JsonToken.START_OBJECT) {
            throw JsonBodies.malformed("inputs is %s, expected an object of arrays".formatted(JsonTokens.name(token)));
        }
        Map<String, InputArray> arrays = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            arrays.put(name, new JsonArray(json.cut(parser), "inputs." + name));
        }
        return arrays;
    }

    private RequestFeatures taken(JsonParser parser) {
        parser.skipChildren();
        return Objects.requireNonNull(numbers);
    }

    private PredictionRequest request(LongSupplier elapsedNanos) {
        if (symbol == null) {
            errors.add(new FieldProblem("symbol", "required"));
        }
        expectName("symbol", symbol, LONGEST_SYMBOL);
        expectName("timeframe", timeframe, LONGEST_TIMEFRAME);
        expectPeriod(timeframe);
        expectName("window_key", windowKey, LONGEST_WINDOW_KEY);
        expectAddressed("symbol", symbol, address.symbol());
        expectAddressed("timeframe", timeframe, address.timeframe());
        expectAddressed("window_key", windowKey, address.windowKey());
        expectAddressed("model_name", modelName, address.modelName());
        expectAddressed("model_version", modelVersion, address.modelVersion());
        if (features == null && (rawLob != null || !inputs.isEmpty())) {
            features = new RequestFeatures.Absent();
        }
        if (features == null) {
            errors.add(new FieldProblem("features", "required: %s, or raw_lob for a model of order books only"
                .formatted(RequestFeatures.Absent.EXPECTED)));
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
                timestamp, new SeriesName(timeframe, windowKey),
                new PredictionRequest.Arrays((spec) -> JsonArray.of(whole, "features", spec), inputs),
                elapsedNanos.getAsLong());
    }

    private void expectName(String field, @Nullable String text, int most) {
        if (text != null && !PrintableText.isName(text, most)) {
            errors.add(new FieldProblem(field, "expected 1 to %d printable characters".formatted(most)));
        }
    }

    private void expectPeriod(@Nullable String text) {
        if (text != null && !text.isBlank() && Timeframe.isImpossible(text)) {
            errors.add(new FieldProblem("timeframe",
                    "expected the length of a candle, e.g. 1m or 4h, without blanks around it, got '%s'"
                        .formatted(text)));
        }
    }

    private void expectAddressed(String field, @Nullable String text, @Nullable String addressed) {
        if (addressed != null && !addressed.equals(text)) {
            errors.add(new FieldProblem(field, "expected the one of the request's address, or none"));
        }
    }

    private void expectShort(String field, @Nullable String text) {
        if (text != null && text.length() > LONGEST_TEXT) {
            errors.add(new FieldProblem(field, "expected at most %d characters".formatted(LONGEST_TEXT)));
        }
    }

}
