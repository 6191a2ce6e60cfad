package io.modelserver.front.http;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.modelserver.front.json.JsonTokens;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;

/**
 * Describes what is wrong with a body that is not JSON, or that has a field of another
 * type.
 */
final class UnreadableBody {

    private static final String MISSING = "the body is missing: expected JSON; /docs has an example";

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

    /**
     * Describes that there is no body.
     * @param handler what would have read it
     * @return which body was expected
     */
    static String missing(@Nullable Object handler) {
        if (!(handler instanceof HandlerMethod method)) {
            return MISSING;
        }
        return Stream.of(method.getMethodParameters())
            .filter((parameter) -> parameter.hasParameterAnnotation(RequestBody.class))
            .map(MethodParameter::getParameterType)
            .filter(Class::isRecord)
            .map((type) -> "the body is missing: expected a JSON object with " + properties(type))
            .findFirst()
            .orElse(MISSING);
    }

    private static String properties(Class<?> type) {
        return Stream.of(type.getRecordComponents())
            .filter((component) -> !component.getAccessor().isAnnotationPresent(JsonAnySetter.class))
            .map((component) -> component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
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
