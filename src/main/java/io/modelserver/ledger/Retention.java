package io.modelserver.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.LedgerUnavailableException;
import io.modelserver.ledger.store.PredictionIds;
import io.modelserver.ledger.store.Times;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes old entries in small steps, so that nobody waits for long. What an experiment
 * observed stays until the experiment itself is as old: an analysis never sees a part of
 * it. How old is too old is the setting {@code modelserver.ledger.retention}
 * ({@link LedgerProperties}).
 */
public final class Retention {

    private static final Logger logger = LoggerFactory.getLogger(Retention.class);

    private static final int STEP = 1_000;

    private final LedgerDatabase database;

    private final Duration age;

    private final Clock clock;

    /**
     * Creates the rule.
     * @param database the ledger's
     * @param age what is older is deleted
     * @param clock the present
     */
    public Retention(LedgerDatabase database, Duration age, Clock clock) {
        this.database = database;
        this.age = age;
        this.clock = clock;
    }

    /**
     * Deletes all that is too old.
     * @throws LedgerUnavailableException if the database fails; what was deleted is
     */
    public void apply() {
        Instant oldest = clock.instant().minus(age);
        UUID first = PredictionIds.firstAt(oldest);
        long deleted = all("""
                delete from prediction where id in (
                    select id from prediction where id < ? and (variant_id is null or variant_id in (
                        select v.id from variant v join experiment e on e.id = v.experiment_id
                        where e.assigns_model is null and e.ended_at < ?))
                    order by id fetch first 1000 rows only)""", first, Times.of(oldest));
        deleted += all("""
                delete from shadow_prediction where prediction_id in (
                    select s.prediction_id from shadow_prediction s
                    where s.prediction_id < ? and not exists (select 1 from prediction p where p.id = s.prediction_id)
                    order by s.prediction_id fetch first 1000 rows only)""", first);
        all("""
                delete from further_outputs where prediction_id in (
                    select o.prediction_id from further_outputs o
                    where o.prediction_id < ? and not exists (select 1 from prediction p where p.id = o.prediction_id)
                    order by o.prediction_id fetch first 1000 rows only)""", first);
        all("""
                delete from member_prediction where id in (
                    select m.id from member_prediction m
                    where m.prediction_id < ? and not exists (select 1 from prediction p where p.id = m.prediction_id)
                    order by m.id fetch first 1000 rows only)""", first);
        deleted += all("""
                delete from early_outcome where prediction_id in (
                    select prediction_id from early_outcome where received_at < ?
                    order by prediction_id fetch first 1000 rows only)""", Times.of(oldest));
        deleted += all("""
                delete from stage_change where id in (
                    select id from stage_change where changed_at < ? order by id fetch first 1000 rows only)""",
                Times.of(oldest));
        if (deleted > 0) {
            logger.info("{} rows of the ledger are older than {} and were deleted", deleted, age);
        }
    }

    private long all(String delete, Object... arguments) {
        long deleted = 0;
        int step = STEP;
        while (step == STEP) {
            step = database.inTransaction((jdbc) -> jdbc.update(delete, arguments));
            deleted += step;
        }
        return deleted;
    }

}
