package io.modelserver.front.http;

import java.util.Collection;
import java.util.stream.Collectors;

import io.modelserver.front.json.JsonTokens;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;

/**
 * Describes what is wrong with a body that is not JSON, or that has a field of another
 * type.
 */
final class UnreadableBody {

    private UnreadableBody() {
    }

    static String describe(JacksonException ex) {
        if (ex instanceof MismatchedInputException mismatch) {
            String path = path(mismatch);
            return "%s: expected %s".formatted(path.isEmpty() ? "the body" : path, expected(mismatch.getTargetType()));
        }
        TokenStreamLocation location = ex.getLocation();
        return (ex instanceof StreamReadException && location != null)
                ? "the body is not valid JSON: %s (line %d, column %d)".formatted(JsonTokens.reason(ex),
                        location.getLineNr(), location.getColumnNr())
                : "the body can't be read as the JSON that was expected";
    }

    private static String path(MismatchedInputException ex) {
        return ex.getPath()
            .stream()
            .map((step) -> (step.getPropertyName() != null) ? "." + step.getPropertyName()
                    : "[%d]".formatted(step.getIndex()))
            .collect(Collectors.joining())
            .replaceFirst("^\\.", "");
    }

    static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "another type";
        }
        if (type == String.class) {
            return "a string";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == Integer.class || type == Long.class || type == int.class || type == long.class) {
            return "a whole number that is not too large";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a number";
        }
        return (type.isArray() || Collection.class.isAssignableFrom(type)) ? "an array" : "an object";
    }

}
