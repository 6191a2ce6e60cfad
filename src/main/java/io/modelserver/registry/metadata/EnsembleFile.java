package io.modelserver.registry.metadata;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.modelserver.consensus.ConsensusRules;
import io.modelserver.consensus.Strategy;
import io.modelserver.consensus.TieRule;
import io.modelserver.engine.ModelLoadException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads {@code ensemble.json}. */
public final class EnsembleFile {

    /** What a version has in place of a model file if it is an ensemble. */
    public static final String NAME = "ensemble.json";

    /** More would not fit into the time of one request. */
    private static final int MOST_MEMBERS = 32;

    private static final String EXAMPLE = "{\"model\": \"my_model\", \"stage\": \"PRODUCTION\", \"weight\": 0.5}";

    private static final Pattern PERIOD = Pattern.compile("(\\d{1,6})\\s*([smhdw])");

    private static final Map<String, Duration> UNITS = Map.of("s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1), "d", Duration.ofDays(1), "w", Duration.ofDays(7));

    private EnsembleFile() {
    }

    /**
     * Reads the content of the file.
     * @param content its bytes
     * @return what the ensemble consists of
     * @throws ModelLoadException if it can't be used; the message says what to write
     */
    public static Ensemble read(byte[] content) throws ModelLoadException {
        try {
            return ensemble(RegistryJson.MAPPER.readTree(content));
        }
        catch (JacksonException ex) {
            throw new ModelLoadException(RegistryJson.problem(NAME, ex), ex);
        }
        catch (IllegalArgumentException ex) {
            throw new ModelLoadException("%s: %s".formatted(NAME, ex.getMessage()), ex);
        }
    }

    private static Ensemble ensemble(JsonNode document) {
        List<Ensemble.Member> members = members(document.path("members"));
        int minMembers = count(document, "min_members", 1);
        if (minMembers > members.size()) {
            throw new IllegalArgumentException(
                    "min_members is %d, but there are only %d members".formatted(minMembers, members.size()));
        }
        return new Ensemble(members, rules(document), minMembers);
    }

    private static ConsensusRules rules(JsonNode document) {
        ConsensusRules usual = ConsensusRules.DEFAULT;
        return new ConsensusRules(strategy(document), share(document, "min_confidence", usual.minConfidence()),
                share(document, "unanimous_threshold", usual.unanimousThreshold()), ties(document),
                period(document, "performance_window", usual.performanceWindow()),
                count(document, "min_outcomes", usual.minOutcomes()));
    }

    private static Strategy strategy(JsonNode document) {
        JsonNode name = document.path("strategy");
        if (isAbsent(name)) {
            return ConsensusRules.DEFAULT.strategy();
        }
        return Strategy.of(name.asString(""))
            .orElseThrow(() -> new IllegalArgumentException(
                    "the strategy %s is unknown: it may be %s".formatted(name, Strategy.names())));
    }

    private static TieRule ties(JsonNode document) {
        JsonNode name = document.path("conflict_resolution");
        if (isAbsent(name)) {
            return ConsensusRules.DEFAULT.ties();
        }
        return switch (name.asString("")) {
            case "hold" -> TieRule.HOLD;
            case "highest_confidence" -> TieRule.HIGHEST_CONFIDENCE;
            default -> throw new IllegalArgumentException(
                    "conflict_resolution must be \"hold\" or \"highest_confidence\", not " + name);
        };
    }

    private static List<Ensemble.Member> members(JsonNode declared) {
        if (!declared.isArray() || declared.isEmpty() || declared.size() > MOST_MEMBERS) {
            throw new IllegalArgumentException("members must be a list of 1 to %d members, e.g. [%s]%s"
                .formatted(MOST_MEMBERS, EXAMPLE, declared.isArray() ? ", not of " + declared.size() : ""));
        }
        List<Ensemble.Member> members = new ArrayList<>();
        for (JsonNode member : declared) {
            members.add(member("members[%d]".formatted(members.size()), member));
        }
        return named(members);
    }

    private static Ensemble.Member member(String place, JsonNode member) {
        String model = member.path("model").asString("");
        if (model.isBlank()) {
            throw new IllegalArgumentException(
                    "%s must name its model, e.g. %s, not be %s".formatted(place, EXAMPLE, member));
        }
        String version = text(place + ".version", member.path("version"));
        String stage = text(place + ".stage", member.path("stage"));
        if (version != null && stage != null) {
            throw new IllegalArgumentException(
                    "%s has both a version and a stage: keep one of the two".formatted(place));
        }
        Stage followed = (version == null) ? stage(place, stage) : Stage.named(version).orElse(null);
        return new Ensemble.Member(model, model, (followed == null) ? version : null, followed, weight(place, member));
    }

    private static Stage stage(String place, @Nullable String name) {
        Optional<Stage> stage = (name == null) ? Optional.of(Stage.PRODUCTION) : Stage.of(name);
        return stage.filter((of) -> of == Stage.PRODUCTION || of == Stage.STAGING)
            .orElseThrow(() -> new IllegalArgumentException(
                    "%s.stage must be PRODUCTION or STAGING, not '%s'; an exact version goes into \"version\""
                        .formatted(place, name)));
    }

    private static double weight(String place, JsonNode member) {
        JsonNode weight = member.path("weight");
        double value = isAbsent(weight) ? 1 : RegistryJson.number(weight);
        if (!(value > 0 && value <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "%s.weight must be a number greater than 0, not %s; leave out a member that shall not count"
                        .formatted(place, weight));
        }
        return value;
    }

    private static List<Ensemble.Member> named(List<Ensemble.Member> members) {
        List<Ensemble.Member> named = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Ensemble.Member member : members) {
            boolean isOnly = members.stream().filter((other) -> other.model().equals(member.model())).count() == 1;
            String name = isOnly ? member.model() : member.model() + ":" + member.address();
            if (!names.add(name)) {
                throw new IllegalArgumentException(
                        "%s is a member twice: name it once, with the sum of its weights".formatted(name));
            }
            named.add(member.named(name));
        }
        return named;
    }

    private static @Nullable String text(String field, JsonNode value) {
        if (isAbsent(value)) {
            return null;
        }
        if (!value.isString() || value.asString().isBlank()) {
            throw new IllegalArgumentException("%s must be a text, not %s".formatted(field, value));
        }
        return value.asString();
    }

    private static double share(JsonNode document, String field, double usual) {
        JsonNode value = document.path(field);
        double share = isAbsent(value) ? usual : RegistryJson.number(value);
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("%s must be a number from 0 to 1, not %s".formatted(field, value));
        }
        return share;
    }

    private static int count(JsonNode document, String field, int usual) {
        JsonNode value = document.path(field);
        if (isAbsent(value)) {
            return usual;
        }
        if (!value.isInt() || value.asInt() < 1) {
            throw new IllegalArgumentException(
                    "%s must be a whole number of at least 1, not %s".formatted(field, value));
        }
        return value.asInt();
    }

    private static Duration period(JsonNode document, String field, Duration usual) {
        JsonNode value = document.path(field);
        if (isAbsent(value)) {
            return usual;
        }
        Matcher matcher = PERIOD.matcher(value.asString(""));
        if (matcher.matches()) {
            Duration period = UNITS.getOrDefault(matcher.group(2), Duration.ZERO)
                .multipliedBy(Long.parseLong(matcher.group(1)));
            if (period.isPositive()) {
                return period;
            }
        }
        return ofIso(field, value);
    }

    private static Duration ofIso(String field, JsonNode value) {
        try {
            Duration period = Duration.parse(value.asString(""));
            if (period.isPositive() && period.compareTo(Duration.ofDays(3660)) <= 0) {
                return period;
            }
        }
        catch (DateTimeException | ArithmeticException ex) {
            // It is no period in either form.
        }
        throw new IllegalArgumentException(
                "%s must be a period such as \"24h\", \"7d\" or \"P7D\", not %s".formatted(field, value));
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

}
