package io.modelserver.oip;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.modelserver.model.PrintableText;
import io.modelserver.serving.FieldProblem;
import io.modelserver.trading.InvalidFeaturesException;
import io.modelserver.trading.SeriesName;
import io.modelserver.trading.StepTimestamp;
import io.modelserver.window.Timeframe;
import org.jspecify.annotations.Nullable;

/**
 * What the parameters of a request for inference mean; those that are not known mean
 * nothing.
 *
 * @param sequence the sequence that the request belongs to, null if to none
 * @param timeoutNanos how long its caller waits, {@link Long#MAX_VALUE} for as long as
 * the server does
 * @param signal whether the answer shall also say what the outputs mean
 * @param routingKey the unit of an experiment that assigns by key, or null
 * @param experimentId the experiment that shall route the request, or null
 */
record InferParameters(@Nullable Sequence sequence, long timeoutNanos, boolean signal, @Nullable String routingKey,
        @Nullable String experimentId) {

    // As a request of a bot may call its symbol and its series.
    private static final int LONGEST_SEQUENCE = 128;

    private static final int LONGEST_TIMEFRAME = 16;

    private static final int LONGEST_WINDOW_KEY = 64;

    private static final int LONGEST_TEXT = 256;

    /**
     * Reads them.
     * @param parameters by name
     * @return what they mean
     * @throws InvalidFeaturesException if one is of another type than it should be, or
     * contradicts another
     */
    static InferParameters of(Map<String, Object> parameters) throws InvalidFeaturesException {
        if (parameters.isEmpty()) {
            return new InferParameters(null, Long.MAX_VALUE, false, null, null);
        }
        return new InferParameters(Sequence.of(parameters), timeoutNanos(parameters.get("timeout")),
                truth(parameters, "signal"), text(parameters, "routing_key"), text(parameters, "experiment_id"));
    }

    private static long timeoutNanos(@Nullable Object micros) throws InvalidFeaturesException {
        if (micros == null) {
            return Long.MAX_VALUE;
        }
        if (!(micros instanceof Long || micros instanceof Integer) || ((Number) micros).longValue() < 0) {
            throw invalid("timeout", "expected microseconds as a whole number, 0 for none, got " + micros);
        }
        long timeout = ((Number) micros).longValue();
        return (timeout == 0) ? Long.MAX_VALUE : TimeUnit.MICROSECONDS.toNanos(timeout);
    }

    static boolean truth(Map<String, Object> parameters, String name) throws InvalidFeaturesException {
        return switch (parameters.get(name)) {
            case null -> false;
            case Boolean value -> value;
            case Object other -> throw invalid(name, "expected true or false, got '%s'".formatted(other));
        };
    }

    private static @Nullable String text(Map<String, Object> parameters, String name) throws InvalidFeaturesException {
        return switch (parameters.get(name)) {
            case null -> null;
            case String text when text.isEmpty() -> null;
            case String text when text.length() <= LONGEST_TEXT -> text;
            case Object other ->
                throw invalid(name, "expected a text of at most %d characters".formatted(LONGEST_TEXT));
        };
    }

    static InvalidFeaturesException invalid(String name, String problem) {
        return new InvalidFeaturesException("parameters.%s: %s".formatted(name, problem),
                List.of(new FieldProblem("parameters." + name, problem)));
    }

    /**
     * A sequence: each request of it brings one step, which goes to the windows of the
     * symbol that the sequence is named like.
     *
     * @param id the symbol
     * @param starts whether this is its first step, so that the windows are emptied
     * @param ends whether this is its last step, so that the windows are dropped
     * @param timestamp when the step was observed
     * @param series tells it from other series of the symbol
     */
    record Sequence(String id, boolean starts, boolean ends, StepTimestamp timestamp, SeriesName series) {

        private static @Nullable Sequence of(Map<String, Object> parameters) throws InvalidFeaturesException {
            boolean starts = truth(parameters, "sequence_start");
            boolean ends = truth(parameters, "sequence_end");
            Object value = parameters.get("sequence_id");
            String id = switch (value) {
                case null -> "";
                case String text -> text;
                case Number number when isWhole(number) -> number.toString();
                case Object other ->
                    throw invalid("sequence_id", "expected a text or a whole number, got '%s'".formatted(other));
            };
            if (id.isEmpty() || (id.equals("0") && value instanceof Number)) {
                if (starts || ends) {
                    throw invalid("sequence_id", "required where sequence_start or sequence_end is true");
                }
                return null;
            }
            expectName("sequence_id", id, LONGEST_SEQUENCE);
            String timeframe = text(parameters, "timeframe");
            if (timeframe != null) {
                expectName("timeframe", timeframe, LONGEST_TIMEFRAME);
                if (Timeframe.isImpossible(timeframe)) {
                    throw invalid("timeframe",
                            "expected the length of a candle, e.g. 1m or 4h, got '%s'".formatted(timeframe));
                }
            }
            String windowKey = text(parameters, "window_key");
            if (windowKey != null) {
                expectName("window_key", windowKey, LONGEST_WINDOW_KEY);
            }
            return new Sequence(id, starts, ends, timestamp(parameters.get("timestamp")),
                    new SeriesName(timeframe, windowKey));
        }

        private static void expectName(String name, String text, int most) throws InvalidFeaturesException {
            if (!PrintableText.isName(text, most)) {
                throw invalid(name, "expected 1 to %d printable characters".formatted(most));
            }
        }

        private static boolean isWhole(Number number) {
            return !(number instanceof Double || number instanceof Float);
        }

        private static StepTimestamp timestamp(@Nullable Object value) {
            return switch (value) {
                case null -> StepTimestamp.NONE;
                case Number number -> StepTimestamp.ofNumber(number.doubleValue(), "parameters.timestamp");
                case String text -> StepTimestamp.ofText(text, "parameters.timestamp");
                case Object other -> StepTimestamp.unreadable("parameters.timestamp", "'%s'".formatted(other));
            };
        }

    }

}
