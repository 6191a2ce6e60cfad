package io.modelserver.front.bots;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

import io.modelserver.front.json.TimestampReader;
import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.ledger.Outcome;
import io.modelserver.ledger.store.OutcomeLimits;
import io.modelserver.serving.FieldProblem;
import io.modelserver.trading.StepTimestamp;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one outcome or a list of them. */
final class OutcomeReader {

    private static final int MOST = 10_000;

    private static final int MOST_PROBLEMS = 20;

    /** As {@link io.modelserver.ledger.EventTime} has it. */
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    private static final String MAX_RETURN = "modelserver.experiment.max-return";

    /** What {@link UUID#fromString} accepts is much more. */
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final JsonNode body;

    private final OutcomeLimits limits;

    private final Instant now;

    private final List<FieldProblem> problems = new ArrayList<>();

    OutcomeReader(JsonNode body, OutcomeLimits limits, Instant now) {
        this.body = body;
        this.limits = limits;
        this.now = now;
    }

    /**
     * Reads all outcomes.
     * @throws ProblemException if any of them can't be used; then none is to be stored
     */
    List<Outcome> read() {
        List<Outcome> outcomes = new ArrayList<>();
        if (body.isArray()) {
            if (body.size() > MOST) {
                throw new ProblemException(ProblemCode.PAYLOAD_TOO_LARGE,
                        "the list holds %d outcomes, at most %d are accepted at a time".formatted(body.size(), MOST));
            }
            for (int i = 0; i < body.size(); i++) {
                read("[%s].".formatted(i), body.get(i), outcomes);
            }
        }
        else {
            read("", body, outcomes);
        }
        refuse();
        return outcomes;
    }

    /**
     * Refuses those whose position would have been closed before its prediction.
     * @param outcomes as they were read
     * @param closedTooEarly the predictions of the impossible ones
     * @throws ProblemException if there is one; then none is to be stored
     */
    void refuse(List<Outcome> outcomes, Set<UUID> closedTooEarly) {
        for (int i = 0; i < outcomes.size(); i++) {
            if (closedTooEarly.contains(outcomes.get(i).predictionId())) {
                problems.add(new FieldProblem(body.isArray() ? "[%s].closed_at".formatted(i) : "closed_at",
                        "expected a time after the prediction"));
            }
        }
        refuse();
    }

    private void refuse() {
        if (!problems.isEmpty()) {
            List<FieldProblem> shown = problems.subList(0, Math.min(MOST_PROBLEMS, problems.size()));
            throw new ProblemException(ProblemCode.INVALID_REQUEST,
                    "none of the outcomes was stored: " + FieldProblem.summary(shown), shown);
        }
    }

    private void read(String at, JsonNode json, List<Outcome> outcomes) {
        if (!json.isObject()) {
            problems.add(new FieldProblem(at.isEmpty() ? "outcome" : at.substring(0, at.length() - 1),
                    "expected an object with prediction_id and actual_return"));
            return;
        }
        UUID id = id(at + "prediction_id", json.path("prediction_id"));
        Double actualReturn = actualReturn(at + "actual_return", json.path("actual_return"));
        Instant closedAt = closedAt(at + "closed_at", json.path("closed_at"));
        Double fee = fee(at + "fee", json.path("fee"));
        if (id != null && actualReturn != null) {
            outcomes.add(new Outcome(id, actualReturn, closedAt, fee));
        }
    }

    private @Nullable UUID id(String field, JsonNode json) {
        if (json.isString() && ID.matcher(json.asString()).matches()) {
            return UUID.fromString(json.asString());
        }
        problems.add(new FieldProblem(field, "expected the prediction_id of an answer"));
        return null;
    }

    private @Nullable Double actualReturn(String field, JsonNode json) {
        double least = limits.leastReturn();
        double number = number(json);
        if (number >= least && number <= limits.maxReturn()) {
            return number;
        }
        problems.add(new FieldProblem(field,
                (json.isMissingNode() ? "required: " : "expected ")
                        + "what the price did as a fraction of it, e.g. 0.012 for 1.2 %%, from %s to %s (%s)"
                            .formatted(least, limits.maxReturn(), MAX_RETURN)));
        return null;
    }

    /**
     * {@return the number; NaN for anything else, and for an integer that is beyond every
     * double}
     */
    private static double number(JsonNode json) {
        return json.isNumber() ? json.doubleValue(Double.NaN) : Double.NaN;
    }

    private @Nullable Double fee(String field, JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return null;
        }
        double number = number(json);
        if (number >= 0 && number <= limits.maxReturn()) {
            return number;
        }
        problems.add(new FieldProblem(field,
                "expected what acting on it cost as a fraction of the price, e.g. 0.001 for 0.1 %%, from 0 to %s (%s)"
                    .formatted(limits.maxReturn(), MAX_RETURN)));
        return null;
    }

    private @Nullable Instant closedAt(String field, JsonNode json) {
        StepTimestamp time = TimestampReader.of(json, field);
        if (time.problem() != null) {
            problems.add(new FieldProblem(field, time.problem().substring(field.length() + ": ".length())));
        }
        if (time.millis().isEmpty()) {
            return null;
        }
        long millis = time.millis().getAsLong();
        if (millis > now.plus(limits.clockAllowance()).toEpochMilli()) {
            problems.add(new FieldProblem(field, "the time is in the future (now is %s)%s"
                .formatted(now.truncatedTo(ChronoUnit.SECONDS), StepTimestamp.unitGuess(millis))));
            return null;
        }
        if (millis < EARLIEST.toEpochMilli()) {
            problems.add(new FieldProblem(field, "the time is before the year 2000" + StepTimestamp.unitGuess(millis)));
            return null;
        }
        return Instant.ofEpochMilli(millis);
    }

}
