package io.modelserver.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import io.modelserver.ledger.store.Columns;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.LedgerUnavailableException;
import io.modelserver.ledger.store.OutcomeLimits;
import io.modelserver.ledger.store.PredictionIds;
import io.modelserver.ledger.store.Times;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * Stores outcomes. What is acknowledged is on disk. The first outcome of a prediction
 * stays; others change nothing. One whose prediction is not written yet is kept apart
 * until it is: the id of a prediction tells when it was made, so one that is too old for
 * that is unknown.
 */
public final class Outcomes {

    /** Longer than any replica's buffer takes while its database can be reached. */
    private static final Duration EARLY = Duration.ofMinutes(10);

    private static final Duration FLUSH_PATIENCE = Duration.ofSeconds(2);

    private static final int CLAIMED_AT_ONCE = 1_000;

    private static final String UPDATE = """
            update prediction set actual_return = ?, closed_at = ?, fee = ? where id = ? and actual_return is null""";

    private final LedgerDatabase database;

    private final LedgerWriter writer;

    private final Clock clock;

    private final OutcomeLimits limits;

    /**
     * Creates the use case.
     * @param database the ledger's
     * @param writer of the predictions that outcomes are about
     * @param clock tells which predictions may not be written yet
     * @param limits of outcomes
     */
    public Outcomes(LedgerDatabase database, LedgerWriter writer, Clock clock, OutcomeLimits limits) {
        this.database = database;
        this.writer = writer;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * {@return the limits of outcomes; {@link #store} does not check them}
     */
    public OutcomeLimits limits() {
        return limits;
    }

    /**
     * Finds outcomes of positions that would have been closed before their prediction:
     * before it was made, and before the time of its request.
     * @param outcomes any number
     * @return the predictions of the impossible ones
     * @throws LedgerUnavailableException if the database fails
     */
    public Set<UUID> closedTooEarly(Collection<Outcome> outcomes) {
        List<Outcome> suspects = outcomes.stream()
            .filter((outcome) -> isBefore(outcome.closedAt(), PredictionIds.time(outcome.predictionId())))
            .toList();
        if (suspects.isEmpty()) {
            return Set.of();
        }
        awaitWritten(suspects);
        Map<UUID, Instant> eventTimes = database.inTransaction((jdbc) -> eventTimes(jdbc, suspects));
        return suspects.stream()
            .filter((outcome) -> isBefore(outcome.closedAt(), eventTimes.get(outcome.predictionId())))
            .map(Outcome::predictionId)
            .collect(Collectors.toSet());
    }

    private boolean isBefore(@Nullable Instant closedAt, @Nullable Instant time) {
        return closedAt != null && time != null && closedAt.isBefore(time.minus(limits.clockAllowance()));
    }

    private static Map<UUID, Instant> eventTimes(JdbcTemplate jdbc, List<Outcome> outcomes) {
        Map<UUID, Instant> times = new HashMap<>();
        query(jdbc, "select id, event_time from prediction where id in (%s)", outcomes, (row) -> {
            UUID id = row.getObject(1, UUID.class);
            Instant eventTime = Times.readOrNull(row, "event_time");
            times.put(id, (eventTime != null) ? eventTime : PredictionIds.time(id));
        });
        return times;
    }

    /**
     * Stores outcomes.
     * @param outcomes any number; of several for one prediction the first counts
     * @return the result, once it is on disk
     * @throws LedgerUnavailableException if the database fails; nothing is acknowledged
     */
    public OutcomeReceipt store(Collection<Outcome> outcomes) {
        Map<UUID, Outcome> first = new LinkedHashMap<>();
        Set<UUID> differing = new LinkedHashSet<>();
        for (Outcome outcome : outcomes) {
            Outcome before = first.putIfAbsent(outcome.predictionId(), outcome);
            if (before != null && outcome.contradicts(before)) {
                differing.add(outcome.predictionId());
            }
        }
        int repeatedHere = outcomes.size() - first.size();
        // Always in the same order, so that no two callers wait for each other.
        List<Outcome> ordered = first.values().stream().sorted(Comparator.comparing(Outcome::predictionId)).toList();
        OutcomeReceipt receipt = attempt(ordered);
        differing.addAll(receipt.differing());
        return new OutcomeReceipt(receipt.stored(), receipt.pending(), receipt.repeated() + repeatedHere,
                receipt.unknown(), List.copyOf(differing));
    }

    private OutcomeReceipt attempt(List<Outcome> outcomes) {
        awaitWritten(outcomes);
        try {
            return database.durably((jdbc) -> store(jdbc, outcomes));
        }
        catch (DuplicateKeyException ex) {
            // Another caller has just kept the same outcome.
            return database.durably((jdbc) -> store(jdbc, outcomes));
        }
    }

    private void awaitWritten(List<Outcome> outcomes) {
        if (database.problem().isEmpty()
                && outcomes.stream().anyMatch((outcome) -> mayBeUnwritten(outcome.predictionId()))) {
            writer.awaitWritten(FLUSH_PATIENCE);
        }
    }

    private OutcomeReceipt store(JdbcTemplate jdbc, List<Outcome> outcomes) {
        List<Outcome> rest = update(jdbc, outcomes);
        if (rest.isEmpty()) {
            return new OutcomeReceipt(outcomes.size(), 0, 0, List.of(), List.of());
        }
        // One without an outcome was written between the two statements, by another
        // replica; its outcome waits to be claimed.
        Map<UUID, Outcome> known = known(jdbc, rest);
        List<Outcome> missing = rest.stream().filter((outcome) -> !known.containsKey(outcome.predictionId())).toList();
        List<UUID> differing = rest.stream()
            .filter((outcome) -> outcome.contradicts(known.getOrDefault(outcome.predictionId(), outcome)))
            .map(Outcome::predictionId)
            .toList();
        List<Outcome> early = missing.stream().filter((outcome) -> mayBeUnwritten(outcome.predictionId())).toList();
        keep(jdbc, early);
        List<UUID> unknown = missing.stream().map(Outcome::predictionId).filter((id) -> !mayBeUnwritten(id)).toList();
        return new OutcomeReceipt(outcomes.size() - rest.size(), early.size(), rest.size() - missing.size(), unknown,
                differing);
    }

    /** Returns those that changed nothing. */
    private static List<Outcome> update(JdbcTemplate jdbc, List<Outcome> outcomes) {
        int[][] changed = jdbc.batchUpdate(UPDATE, outcomes, outcomes.size(), (statement, outcome) -> {
            statement.setDouble(1, outcome.actualReturn());
            Instant closedAt = outcome.closedAt();
            if (closedAt != null) {
                statement.setObject(2, Times.of(closedAt));
            }
            else {
                statement.setNull(2, Types.TIMESTAMP_WITH_TIMEZONE);
            }
            Double fee = outcome.fee();
            if (fee != null) {
                statement.setDouble(3, fee);
            }
            else {
                statement.setNull(3, Types.DOUBLE);
            }
            statement.setObject(4, outcome.predictionId());
        });
        List<Outcome> rest = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (changed[0][i] == 0) {
                rest.add(outcomes.get(i));
            }
        }
        return rest;
    }

    private static Map<UUID, Outcome> known(JdbcTemplate jdbc, List<Outcome> outcomes) {
        Map<UUID, Outcome> known = new HashMap<>();
        query(jdbc, """
                select prediction_id, actual_return, closed_at, fee from early_outcome where prediction_id in (%s)""",
                outcomes, (row) -> put(known, row));
        query(jdbc, """
                select id, actual_return, closed_at, fee from prediction
                where actual_return is not null and id in (%s)""", outcomes, (row) -> put(known, row));
        return known;
    }

    private static void query(JdbcTemplate jdbc, String select, List<Outcome> outcomes, RowCallbackHandler reader) {
        String places = String.join(",", outcomes.stream().map((outcome) -> "?").toList());
        Object[] ids = outcomes.stream().map(Outcome::predictionId).toArray();
        jdbc.query(select.formatted(places), reader, ids);
    }

    private static void put(Map<UUID, Outcome> outcomes, ResultSet row) throws SQLException {
        UUID id = row.getObject(1, UUID.class);
        double actualReturn = row.getDouble(2);
        Instant closedAt = Times.readOrNull(row, "closed_at");
        outcomes.put(id, new Outcome(id, actualReturn, closedAt, Columns.number(row, 4)));
    }

    private void keep(JdbcTemplate jdbc, List<Outcome> early) {
        Instant now = clock.instant();
        for (Outcome outcome : early) {
            Instant closedAt = outcome.closedAt();
            jdbc.update(
                    "insert into early_outcome (prediction_id, actual_return, closed_at, received_at, fee) "
                            + "values (?, ?, ?, ?, ?)",
                    outcome.predictionId(), outcome.actualReturn(), (closedAt != null) ? Times.of(closedAt) : null,
                    Times.of(now), outcome.fee());
        }
    }

    private boolean mayBeUnwritten(UUID id) {
        Instant madeAt = PredictionIds.time(id);
        Instant now = clock.instant();
        return madeAt.isAfter(now.minus(EARLY)) && madeAt.isBefore(now.plus(EARLY));
    }

    /**
     * Assigns early outcomes to predictions that have been written since; to be called
     * regularly.
     * @throws LedgerUnavailableException if the database fails
     */
    public void claimEarly() {
        boolean more = true;
        while (more) {
            more = database.inTransaction(this::claimSome) == CLAIMED_AT_ONCE;
        }
    }

    private int claimSome(JdbcTemplate jdbc) {
        Map<UUID, Outcome> claimed = new HashMap<>();
        jdbc.query("""
                select e.prediction_id, e.actual_return, e.closed_at, e.fee from early_outcome e
                where e.received_at > ? and exists (select 1 from prediction p where p.id = e.prediction_id)
                order by e.prediction_id fetch first 1000 rows only""", (row) -> {
            put(claimed, row);
        }, Times.of(clock.instant().minus(EARLY.multipliedBy(2))));
        if (!claimed.isEmpty()) {
            update(jdbc, claimed.values().stream().sorted(Comparator.comparing(Outcome::predictionId)).toList());
            claimed.keySet().forEach((id) -> jdbc.update("delete from early_outcome where prediction_id = ?", id));
        }
        return claimed.size();
    }

}
