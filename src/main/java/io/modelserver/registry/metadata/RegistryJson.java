package io.modelserver.registry.metadata;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How files in the registry are read and rewritten: NaN as Python writes it, numbers
 * digit by digit, but nothing deeper than a person would nest it, and no object that has
 * a key twice: of two values, one would be taken in silence.
 */
public final class RegistryJson {

    /** How deep the JSON of a file or a request may be nested. */
    public static final int DEEPEST = 32;

    /** The one for all files of the registry; any thread may use it. */
    public static final JsonMapper MAPPER = JsonMapper
        .builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build())
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();

    private static final Pattern TWICE = Pattern.compile("Duplicate .*?(\".*\")", Pattern.DOTALL);

    /** What the parser says to programmers. */
    private static final Pattern ADVICE = Pattern
        .compile("(?i)\\s*\\([^()]*feature[^()]*\\)|, from `[^`]*`|:? \\(?enable `[^`]*` to allow\\)?"
                + "|\\s*\\(for \\w+ starting at [^)]*\\)| \\(or 'NaN'[^)]*\\)|\\s*\\(start marker at [^)]*\\)");

    private RegistryJson() {
    }

    /**
     * Reads a number of any size; Jackson itself throws for those that a {@code double}
     * can't hold.
     * @param node a number
     * @return the nearest {@code double}: infinite beyond the greatest, NaN if the node
     * is not a number
     */
    static double number(JsonNode node) {
        if (node.isBigDecimal()) {
            return node.decimalValue().doubleValue();
        }
        if (node.isBigInteger()) {
            return node.bigIntegerValue().doubleValue();
        }
        return node.isNumber() ? node.doubleValue() : Double.NaN;
    }

    /**
     * Reads texts.
     * @return those of a field, empty if it is not there
     * @throws IllegalArgumentException if it holds anything else
     */
    static List<String> strings(JsonNode object, String field) {
        JsonNode array = object.path(field);
        if (array.isMissingNode() || array.isNull()) {
            return List.of();
        }
        if (!array.isArray() || array.valueStream().anyMatch((item) -> !item.isString())) {
            throw new IllegalArgumentException(field + " must be an array of strings");
        }
        return array.valueStream().map(JsonNode::asString).toList();
    }

    /**
     * {@return the fields of an object, numbers that are not finite as null: Python
     * writes NaN into JSON, answers must not}
     * @param object any node; one that is not an object has no fields
     */
    static Map<String, @Nullable Object> finite(JsonNode object) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            values.put(field.getKey(), finiteValue(field.getValue()));
        }
        return values;
    }

    private static @Nullable Object finiteValue(JsonNode value) {
        if (value.isObject()) {
            return finite(value);
        }
        if (value.isArray()) {
            List<@Nullable Object> items = new ArrayList<>();
            value.forEach((item) -> items.add(finiteValue(item)));
            return items;
        }
        if (value.isFloatingPointNumber()) {
            double number = number(value);
            return Double.isFinite(number) ? number : null;
        }
        return value.isNull() ? null : MAPPER.treeToValue(value, Object.class);
    }

    /**
     * {@return a sentence on why a file can't be read, without the parser's own settings
     * and classes}
     * @param file the name of the file
     * @param ex thrown by the parser
     */
    static String problem(String file, JacksonException ex) {
        String message = String.valueOf(ex.getOriginalMessage()).lines().findFirst().orElse("");
        Matcher twice = TWICE.matcher(message);
        if (twice.lookingAt()) {
            return "%s has the key %s twice in one object%s: keep one of the two".formatted(file, twice.group(1),
                    place(ex));
        }
        if (ex instanceof StreamConstraintsException) {
            return message.contains("nesting depth") ? "%s is nested deeper than %d levels".formatted(file, DEEPEST)
                    : "%s has a number, a name or a text that is too long%s".formatted(file, place(ex));
        }
        if (ex instanceof MismatchedInputException) {
            return file + " goes on after its first value: it must hold one JSON object and nothing else";
        }
        return "%s is not valid JSON: %s%s".formatted(file, ADVICE.matcher(message).replaceAll(""), place(ex));
    }

    private static String place(JacksonException ex) {
        TokenStreamLocation location = ex.getLocation();
        return (location == null || location.getLineNr() <= 0) ? ""
                : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
    }

}
