package io.modelserver.registry.store;

import java.time.Instant;
import java.util.Locale;

import io.modelserver.registry.metadata.RegistryJson;
import io.modelserver.registry.metadata.Stage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One line of a model's {@code history.jsonl}.
 *
 * @param at when it was written, just before the marker was
 * @param action what was asked for or found
 * @param version which version it is about
 * @param from the stage that the version was in
 * @param to the stage that it went to
 * @param previousVersion the version that was in PRODUCTION before, null if there was
 * none
 * @param author who and why
 */
public record StageChange(Instant at, Action action, String version, Stage from, Stage to,
        @Nullable String previousVersion, ChangeAuthor author) {

    String toJson() {
        ObjectNode line = RegistryJson.MAPPER.createObjectNode();
        line.put("at", at.toString());
        line.put("who", author.who());
        line.put("action", action.name().toLowerCase(Locale.ROOT));
        line.put("version", version);
        line.put("from", from.name());
        line.put("to", to.name());
        line.put("previous_version", previousVersion);
        line.put("why", author.why());
        return line.toString();
    }

    /** Null for what is not a line of a history, such as one that a crash cut short. */
    static @Nullable StageChange of(String json) {
        try {
            JsonNode line = RegistryJson.MAPPER.readTree(json);
            return new StageChange(Instant.parse(line.required("at").asString()),
                    Action.valueOf(line.required("action").asString().toUpperCase(Locale.ROOT)),
                    line.required("version").asString(), Stage.valueOf(line.required("from").asString()),
                    Stage.valueOf(line.required("to").asString()), text(line, "previous_version"),
                    new ChangeAuthor(line.path("who").asString(""), text(line, "why")));
        }
        catch (JacksonException | IllegalArgumentException | java.time.DateTimeException ex) {
            return null;
        }
    }

    private static @Nullable String text(JsonNode line, String field) {
        return line.path(field).isString() ? line.path(field).asString() : null;
    }

    /** What changes stages. */
    public enum Action {

        /** A version was put into PRODUCTION. */
        PROMOTE,

        /** The version that was in PRODUCTION before was put there again. */
        ROLLBACK,

        /** A version was put into STAGING. */
        STAGE,

        /** A version was taken out of its stage. */
        RETIRE,

        /** A marker names another version than the server knew of. */
        FOUND,

        /** The change of the line before did not happen. */
        UNDONE

    }

}
