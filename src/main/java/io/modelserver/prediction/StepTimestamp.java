package io.modelserver.prediction;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The time of a step as a request gives it. Requests that hold a whole window may call
 * anything {@code timestamp}, so one that can't be read is an error only where it is
 * needed.
 *
 * @param millis milliseconds since 1970, empty if none was given
 * @param problem what was expected and what came, null if it could be read
 */
public record StepTimestamp(OptionalLong millis, @Nullable String problem) {

    /** No time was given. */
    public static final StepTimestamp NONE = new StepTimestamp(OptionalLong.empty(), null);

    private static final double GREATEST = 1L << 53;

    /**
     * Reads a time.
     * @param parser on the first token of the value; afterwards on its last
     * @param field what the value is called in messages
     * @return the time
     */
    public static StepTimestamp read(JsonParser parser, String field) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case VALUE_NULL -> NONE;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> ofNumber(parser.getDoubleValue(), field);
            case VALUE_STRING -> ofText(parser.getString(), field);
            default -> {
                parser.skipChildren();
                yield unreadable(field, JsonTokens.name(token));
            }
        };
    }

    private static StepTimestamp ofNumber(double millis, String field) {
        return (Math.abs(millis) <= GREATEST) ? new StepTimestamp(OptionalLong.of((long) millis), null)
                : unreadable(field, Double.toString(millis));
    }

    private static StepTimestamp ofText(String text, String field) {
        try {
            return new StepTimestamp(OptionalLong.of(OffsetDateTime.parse(text).toInstant().toEpochMilli()), null);
        }
        catch (DateTimeException | ArithmeticException ex) {
            return unreadable(field, "a string that is no ISO-8601 time with an offset");
        }
    }

    private static StepTimestamp unreadable(String field, String came) {
        return new StepTimestamp(OptionalLong.empty(),
                "%s: expected milliseconds since 1970, got %s".formatted(field, came));
    }

    boolean isGiven() {
        return millis.isPresent() || problem != null;
    }

    /**
     * Insists on a time that can be read.
     * @return milliseconds since 1970, empty if none was given
     * @throws InvalidFeaturesException if something else was given
     */
    OptionalLong required() throws InvalidFeaturesException {
        if (problem != null) {
            throw new InvalidFeaturesException(problem);
        }
        return millis;
    }

}
