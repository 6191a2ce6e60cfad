package io.modelserver.front.json;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.trading.InvalidFeaturesException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/**
 * What the readers of bodies have in common: expectations and what is said when they are
 * not met.
 */
final class JsonBodies {

    private JsonBodies() {
    }

    /**
     * Reads a JSON object that is all of its slice.
     * @param json the slice
     * @param fields reads the value of each field, the parser on its first token, and
     * leaves it on its last
     * @throws ProblemException if it is no such object, or a value is not what was
     * expected
     */
    static void readObject(JsonSlice json, FieldReader fields) {
        readObject(json.parser(), fields);
    }

    /**
     * Reads a JSON object as {@link #readObject(JsonSlice, FieldReader)} does.
     * @param opened before the object; closed afterwards
     */
    static void readObject(JsonParser opened, FieldReader fields) {
        try (JsonParser parser = opened) {
            JsonToken token = parser.nextToken();
            if (token != JsonToken.START_OBJECT) {
                throw malformed(
                        "expected a JSON object, got " + ((token == null) ? "nothing" : JsonTokens.name(token)));
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                fields.read(parser, parser.currentName(), parser.nextToken());
            }
            if (parser.nextToken() != null) {
                throw malformed("nothing may follow the JSON object");
            }
        }
        catch (JacksonException ex) {
            throw malformed(ex);
        }
        catch (InvalidFeaturesException ex) {
            throw new ProblemException(ProblemCode.INVALID_FEATURES, String.valueOf(ex.getMessage()), ex.problems());
        }
    }

    static @Nullable String text(JsonParser parser, String field, JsonToken token) {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.VALUE_STRING) {
            throw malformed("%s is %s, expected a string".formatted(field, JsonTokens.name(token)));
        }
        return parser.getString();
    }

    static ProblemException malformed(String detail) {
        return new ProblemException(ProblemCode.MALFORMED_REQUEST, detail);
    }

    static ProblemException malformed(JacksonException ex) {
        String reason = JsonTokens.reason(ex);
        TokenStreamLocation location = ex.getLocation();
        return malformed((location == null) ? "the body is no JSON that is accepted here: " + reason
                : "the body is not valid JSON: %s (line %d, column %d)".formatted(reason, location.getLineNr(),
                        location.getColumnNr()));
    }

    /** Reads the value of one field. */
    @FunctionalInterface
    interface FieldReader {

        void read(JsonParser parser, String name, JsonToken token) throws InvalidFeaturesException;

    }

}
