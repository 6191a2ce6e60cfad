package io.modelserver.ledger;

import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Takes outcomes in. What is acknowledged is on disk. The first outcome of a prediction
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
            update prediction set actual_return = ?, closed_at = ? where id = ? and actual_return is null""";

    private final LedgerDatabase database;

    private final LedgerWriter writer;

    private final Clock clock;

    /**
     * Makes the way in.
     * @param database the ledger's
     * @param writer of the predictions that outcomes are about
     * @param clock tells which predictions may not be written yet
     */
    public Outcomes(LedgerDatabase database, LedgerWriter writer, Clock clock) {
        this.database = database;
        this.writer = writer;
        this.clock = clock;
    }

    /**
     * Stores outcomes.
     * @param outcomes any number; of several for one prediction the first counts
     * @return what became of them, once it is on disk
     * @throws LedgerUnavailableException if the database fails; nothing is acknowledged
     */
    public OutcomeReceipt store(Collection<Outcome> outcomes) {
        Map<UUID, Outcome> first = new LinkedHashMap<>();
        outcomes.forEach((outcome) -> first.putIfAbsent(outcome.predictionId(), outcome));
        int repeatedHere = outcomes.size() - first.size();
        // Always in the same order, so that no two callers wait for each other.
        List<Outcome> ordered = first.values().stream().sorted(Comparator.comparing(Outcome::predictionId)).toList();
        OutcomeReceipt receipt = attempt(ordered);
        return new OutcomeReceipt(receipt.stored(), receipt.pending(), receipt.repeated() + repeatedHere,
                receipt.unknown());
    }

    private OutcomeReceipt attempt(List<Outcome> outcomes) {
        if (database.problem().isEmpty()
                && outcomes.stream().anyMatch((outcome) -> mayBeUnwritten(outcome.predictionId()))) {
            writer.awaitWritten(FLUSH_PATIENCE);
        }
        try {
            return database.durably((jdbc) -> store(jdbc, outcomes));
        }
        catch (DuplicateKeyException ex) {
            // Another caller has just kept the same outcome.
            return database.durably((jdbc) -> store(jdbc, outcomes));
        }
    }

    private OutcomeReceipt store(JdbcTemplate jdbc, List<Outcome> outcomes) {
        List<Outcome> rest = update(jdbc, outcomes);
        if (rest.isEmpty()) {
            return new OutcomeReceipt(outcomes.size(), 0, 0, List.of());
        }
        // One without an outcome was written between the two statements, by another
        // replica; its outcome waits to be claimed.
        Set<UUID> known = known(jdbc, "select id from prediction where actual_return is not null and id in (%s)", rest);
        known.addAll(known(jdbc, "select prediction_id from early_outcome where prediction_id in (%s)", rest));
        List<Outcome> missing = rest.stream().filter((outcome) -> !known.contains(outcome.predictionId())).toList();
        List<Outcome> early = missing.stream().filter((outcome) -> mayBeUnwritten(outcome.predictionId())).toList();
        keep(jdbc, early);
        List<UUID> unknown = missing.stream().map(Outcome::predictionId).filter((id) -> !mayBeUnwritten(id)).toList();
        return new OutcomeReceipt(outcomes.size() - rest.size(), early.size(), rest.size() - missing.size(), unknown);
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
            statement.setObject(3, outcome.predictionId());
        });
        List<Outcome> rest = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (changed[0][i] == 0) {
                rest.add(outcomes.get(i));
            }
        }
        return rest;
    }

    private static Set<UUID> known(JdbcTemplate jdbc, String select, List<Outcome> outcomes) {
        String places = String.join(",", outcomes.stream().map((outcome) -> "?").toList());
        Object[] ids = outcomes.stream().map(Outcome::predictionId).toArray();
        return new HashSet<>(jdbc.query(select.formatted(places), (row, number) -> row.getObject(1, UUID.class), ids));
    }

    private void keep(JdbcTemplate jdbc, List<Outcome> early) {
        Instant now = clock.instant();
        for (Outcome outcome : early) {
            Instant closedAt = outcome.closedAt();
            jdbc.update(
                    "insert into early_outcome (prediction_id, actual_return, closed_at, received_at) "
                            + "values (?, ?, ?, ?)",
                    outcome.predictionId(), outcome.actualReturn(), (closedAt != null) ? Times.of(closedAt) : null,
                    Times.of(now));
        }
    }

    private boolean mayBeUnwritten(UUID id) {
        Instant madeAt = PredictionIds.time(id);
        Instant now = clock.instant();
        return madeAt.isAfter(now.minus(EARLY)) && madeAt.isBefore(now.plus(EARLY));
    }

    /**
     * Gives early outcomes to predictions that have been written since; to be called now
     * and then.
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
                select e.prediction_id, e.actual_return, e.closed_at from early_outcome e
                where e.received_at > ? and exists (select 1 from prediction p where p.id = e.prediction_id)
                order by e.prediction_id fetch first 1000 rows only""", (row) -> {
            UUID id = row.getObject(1, UUID.class);
            claimed.put(id, new Outcome(id, row.getDouble(2), Times.readOrNull(row, "closed_at")));
        }, Times.of(clock.instant().minus(EARLY.multipliedBy(2))));
        if (!claimed.isEmpty()) {
            update(jdbc, claimed.values().stream().sorted(Comparator.comparing(Outcome::predictionId)).toList());
            claimed.keySet().forEach((id) -> jdbc.update("delete from early_outcome where prediction_id = ?", id));
        }
        return claimed.size();
    }

}
