package io.modelserver.front.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.serving.FieldProblem;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;

/**
 * Finds the numbers that JSON does not have, and Python's {@code json} writes: where they
 * are features, the request is told which of them, as for any other value that is not a
 * finite number. Read only once a request has turned out not to be JSON; used once.
 */
final class NonFiniteNumbers {

    private static final Set<String> TOKENS = Set.of("NaN", "Infinity", "-Infinity");

    private static final Set<String> INPUTS = Set.of("features", "raw_lob", "inputs");

    private static final int MOST_PROBLEMS = 200;

    private final JsonSlice json;

    private final List<FieldProblem> inputs = new ArrayList<>();

    private @Nullable FieldProblem elsewhere;

    private @Nullable String symbol;

    NonFiniteNumbers(JsonSlice json) {
        this.json = json;
    }

    /**
     * Looks for them.
     * @return what to tell the caller, empty if the request has none
     */
    Optional<ProblemException> problem() {
        try (JsonParser parser = json.parserWithNaN()) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                read(parser, token);
            }
        }
        catch (JacksonException ex) {
            return (inputs.isEmpty() && elsewhere == null) ? Optional.empty() : Optional.of(JsonBodies.malformed(ex));
        }
        if (elsewhere != null) {
            return Optional.of(JsonBodies
                .malformed("the body is not valid JSON: %s is %s".formatted(elsewhere.field(), elsewhere.message())));
        }
        return inputs.isEmpty() ? Optional.empty()
                : Optional.of(new ProblemException(ProblemCode.INVALID_FEATURES, FieldProblem.summary(inputs), inputs));
    }

    /**
     * {@return the symbol that the request names, null if there is none}
     */
    @Nullable String symbol() {
        return symbol;
    }

    private void read(JsonParser parser, JsonToken token) {
        TokenStreamContext context = parser.streamReadContext();
        if (token == JsonToken.VALUE_STRING && "symbol".equals(context.currentName()) && isOutermost(context)) {
            symbol = parser.getString();
        }
        if (!isNonFinite(parser, token)) {
            return;
        }
        Place place = place(context);
        if (!INPUTS.contains(place.field())) {
            elsewhere = new FieldProblem(place.path(), parser.getString());
        }
        else if (inputs.size() < MOST_PROBLEMS) {
            inputs.add(new FieldProblem(place.path(), "expected a finite number, got " + parser.getString()));
        }
    }

    private static boolean isOutermost(TokenStreamContext context) {
        TokenStreamContext parent = context.getParent();
        return parent != null && parent.inRoot();
    }

    private static Place place(TokenStreamContext context) {
        StringBuilder path = new StringBuilder();
        String field = "";
        for (TokenStreamContext at = context; at != null && !at.inRoot(); at = at.getParent()) {
            field = at.inArray() ? "" : String.valueOf(at.currentName());
            path.insert(0, at.inArray() ? "[%d]".formatted(at.getCurrentIndex()) : "." + field);
        }
        return new Place(field, path.toString().replaceFirst("^\\.", ""));
    }

    private static boolean isNonFinite(JsonParser parser, JsonToken token) {
        return token == JsonToken.VALUE_NUMBER_FLOAT && parser.isNaN() && TOKENS.contains(parser.getString());
    }

    /**
     * Skips a value that must be JSON.
     * @param parser on its first token, afterwards on its last
     * @param field what it is called
     * @throws ProblemException if there is such a number in it
     */
    static void expectNone(JsonParser parser, String field) {
        int depth = 0;
        for (JsonToken token = parser.currentToken();; token = parser.nextToken()) {
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.VALUE_NUMBER_FLOAT && parser.isNaN()) {
                throw JsonBodies
                    .malformed("the body is not valid JSON: %s has the value %s".formatted(field, parser.getString()));
            }
            if (depth == 0) {
                return;
            }
        }
    }

    private record Place(String field, String path) {
    }

}
