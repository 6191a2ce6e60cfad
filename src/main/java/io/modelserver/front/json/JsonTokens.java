package io.modelserver.front.json;

import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

/** What tokens are called in messages to callers. */
public final class JsonTokens {

    /** What the parser says of its own settings, which are not the caller's. */
    private static final Pattern SETTINGS = Pattern.compile("(?i), from `[^`]*`|:? \\(?enable `[^`]*` to allow\\)?"
            + "| \\(not recognized as one since Feature '[^']*' not enabled for parser\\)"
            + "| \\(or 'NaN'/'\\+INF'/'-INF'\\)| \\(start marker at \\[Source: .*?]\\)");

    private JsonTokens() {
    }

    /**
     * Says what is wrong with a text, without the parser's own classes.
     * @param ex thrown by the parser
     * @return one line
     */
    public static String reason(JacksonException ex) {
        String reason = ex.getOriginalMessage().lines().findFirst().orElse("unreadable");
        return SETTINGS.matcher(reason).replaceAll("");
    }

    /**
     * Names the kind of a value.
     * @param token the first token of the value
     * @return e.g. {@code a string}
     */
    public static String name(JsonToken token) {
        return switch (token) {
            case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "something else";
        };
    }

}
