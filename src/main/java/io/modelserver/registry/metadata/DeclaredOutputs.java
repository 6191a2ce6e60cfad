package io.modelserver.registry.metadata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code outputs} of {@code metadata.json}: what each means, and where it is found.
 * An output is referred to by a position, by a name, or by an object that may also name a
 * column. What is not a role is a name under which an output is answered; {@code null}
 * has an output of that name left out.
 */
final class DeclaredOutputs {

    private static final String DIRECTION = "direction";

    private static final String COLUMN = "column";

    private static final String LEVELS = "levels";

    private static final List<String> WORDS_FOR_OUTPUT = List.of("output", "name", "tensor", "position", "index");

    /** The words for what a direction is made of. */
    private static final Map<String, OutputRole> KINDS = Map.of("logits", OutputRole.DIRECTION_LOGITS,
            OutputRole.DIRECTION_LOGITS.key(), OutputRole.DIRECTION_LOGITS, OutputRole.PROBABILITIES.key(),
            OutputRole.PROBABILITIES, OutputRole.LABEL.key(), OutputRole.LABEL);

    private final Map<OutputRole, OutputRef> roles = new EnumMap<>(OutputRole.class);

    private final Map<String, OutputRef> named = new LinkedHashMap<>();

    private final Set<String> leftOut = new LinkedHashSet<>();

    private List<Double> levels = List.of();

    private DeclaredOutputs() {
    }

    /**
     * Reads them.
     * @throws IllegalArgumentException with a sentence on what to write instead
     */
    static DeclaredOutputs of(ObjectNode metadata) {
        DeclaredOutputs outputs = new DeclaredOutputs();
        JsonNode declared = metadata.path("outputs");
        expectMapping(declared);
        if (declared.isObject()) {
            declared.properties().forEach((output) -> outputs.read(output.getKey(), output.getValue()));
        }
        return outputs;
    }

    Map<OutputRole, OutputRef> roles() {
        return roles;
    }

    Map<String, OutputRef> named() {
        return named;
    }

    Set<String> leftOut() {
        return leftOut;
    }

    List<Double> levels() {
        return levels;
    }

    private void read(String key, JsonNode value) {
        OutputRole role = key.equals("logits") ? OutputRole.DIRECTION_LOGITS : role(key).orElse(null);
        if (key.equals(DIRECTION)) {
            put(kind(value), key, value);
        }
        else if (value.isNull()) {
            if (role == null || role == OutputRole.LABEL) {
                leftOut.add(key);
            }
        }
        else if (role == OutputRole.QUANTILES && !value.has(LEVELS)) {
            // Without levels they are an output as any other.
            name(key, value);
        }
        else if (role != null) {
            put(role, key, value);
        }
        else {
            name(key, value);
        }
    }

    /** What can't be a reference is a note of the trainer's. */
    private void name(String key, JsonNode value) {
        OutputRef ref = ref(value);
        if (ref != null) {
            named.put(key, ref);
        }
    }

    private void put(OutputRole role, String key, JsonNode value) {
        OutputRef ref = ref(value);
        if (ref == null) {
            throw new IllegalArgumentException("outputs.%s must be a position or a name, not %s".formatted(key, value));
        }
        boolean single = role == OutputRole.CONFIDENCE || role == OutputRole.EXPECTED_RETURN;
        if (!single && ref.column() != OutputRef.WHOLE) {
            throw new IllegalArgumentException(
                    "outputs.%s is not a single column: leave \"%s\" out".formatted(key, COLUMN));
        }
        if (roles.put(role, ref) != null) {
            throw new IllegalArgumentException("outputs says twice where %s is: keep one".formatted(role.key()));
        }
        if (role == OutputRole.QUANTILES) {
            levels = levels(value.path(LEVELS));
        }
    }

    private static OutputRole kind(JsonNode direction) {
        OutputRole kind = KINDS.get(direction.path("kind").asString(""));
        if (kind == null) {
            throw new IllegalArgumentException(
                    ("outputs.direction must say what its numbers are: write \"direction_logits\", \"probabilities\" or "
                            + "\"label\" in place of \"direction\", or {\"output\": …, \"kind\": \"probabilities\"}, not %s")
                        .formatted(direction));
        }
        return kind;
    }

    private static Optional<OutputRole> role(String key) {
        return Arrays.stream(OutputRole.values()).filter((role) -> role.key().equals(key)).findFirst();
    }

    private static @Nullable OutputRef ref(JsonNode value) {
        if (value.isObject()) {
            JsonNode output = WORDS_FOR_OUTPUT.stream()
                .filter(value::has)
                .findFirst()
                .map(value::path)
                .orElse(value.path(WORDS_FOR_OUTPUT.getFirst()));
            return ref(output, column(value.path(COLUMN)));
        }
        return ref(value, OutputRef.WHOLE);
    }

    private static @Nullable OutputRef ref(JsonNode output, int column) {
        if (output.isInt()) {
            return new OutputRef.ByPosition(output.asInt(), column);
        }
        return output.isString() ? new OutputRef.ByName(output.asString(), column) : null;
    }

    private static int column(JsonNode column) {
        if (column.isMissingNode() || column.isNull()) {
            return OutputRef.WHOLE;
        }
        if (!column.isInt() || column.asInt() < 0) {
            throw new IllegalArgumentException("a column in outputs must be an integer from 0, not " + column);
        }
        return column.asInt();
    }

    private static List<Double> levels(JsonNode levels) {
        List<Double> read = new ArrayList<>();
        levels.forEach((level) -> read.add(RegistryJson.number(level)));
        boolean ascending = !read.isEmpty();
        double last = 0;
        for (double level : read) {
            ascending &= level > last && level < 1;
            last = level;
        }
        if (!ascending) {
            throw new IllegalArgumentException(
                    "outputs.quantiles.levels must be ascending numbers between 0 and 1, e.g. [0.1, 0.5, 0.9], not "
                            + levels);
        }
        return read;
    }

    /**
     * A list of the known outputs in their usual order says what holds without it; any
     * other could be meant as positions or as names.
     */
    private static void expectMapping(JsonNode outputs) {
        String first = OutputRole.DIRECTION_LOGITS.key();
        List<String> usual = Arrays.stream(OutputRole.values())
            .filter(OutputRole::hasDefaultPosition)
            .map(OutputRole::key)
            .toList();
        if (outputs.isArray()) {
            List<String> names = outputs.valueStream()
                .map((item) -> (item.isObject() ? item.path("name") : item).asString(""))
                .toList();
            if (names.size() > usual.size() || !names.equals(usual.subList(0, names.size()))) {
                throw new IllegalArgumentException(
                        ("outputs must be an object that says by position or name where each output is found, e.g. "
                                + "{\"%s\": 0}, not the list %s")
                            .formatted(first, names));
            }
        }
        else if (!outputs.isMissingNode() && !outputs.isNull() && !outputs.isObject()) {
            throw new IllegalArgumentException(
                    "outputs must be an object, e.g. {\"%s\": 0}, not %s".formatted(first, outputs));
        }
    }

}
