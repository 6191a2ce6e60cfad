package io.modelserver.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.modelserver.experiment.evidence.Observation;
import io.modelserver.ledger.store.Columns;
import io.modelserver.ledger.store.OutcomeLimits;
import io.modelserver.ledger.store.PredictionIds;
import io.modelserver.ledger.store.Times;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The rows of one variant by the ids of their predictions; no more of them are held than
 * fit a page. One thread.
 */
final class VariantPages {

    private static final int PAGE = 5_000;

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    /** What the index has, so that no row is looked up. */
    private static final String ANSWERS = """
            select id, unit, failed, direction, confidence, latency_nanos,
                symbol, event_time, actual_return, fee, closed_at
            from prediction where variant_id = ? and id > ?
            order by variant_id, id fetch first %s rows only""".formatted(PAGE);

    private static final String SHADOWS = """
            select prediction_id, unit, failed, direction, confidence, latency_nanos
            from shadow_prediction where variant_id = ? and prediction_id > ?
            order by variant_id, prediction_id fetch first %s rows only""".formatted(PAGE);

    private final JdbcTemplate jdbc;

    private final String sql;

    private final boolean shadow;

    private final String name;

    private final int variantId;

    private final OutcomeLimits limits;

    private List<Row> page = List.of();

    private int place;

    private long leftOut;

    private VariantPages(JdbcTemplate jdbc, String sql, boolean shadow, String name, int variantId,
            OutcomeLimits limits) {
        this.jdbc = jdbc;
        this.sql = sql;
        this.shadow = shadow;
        this.name = name;
        this.variantId = variantId;
        this.limits = limits;
        turnAfter(BEFORE_ALL);
    }

    static VariantPages ofAnswers(JdbcTemplate jdbc, String name, int variantId, OutcomeLimits limits) {
        return new VariantPages(jdbc, ANSWERS, false, name, variantId, limits);
    }

    static VariantPages ofShadow(JdbcTemplate jdbc, String name, int variantId, OutcomeLimits limits) {
        return new VariantPages(jdbc, SHADOWS, true, name, variantId, limits);
    }

    String name() {
        return name;
    }

    /**
     * {@return how many of the rows read so far have an impossible outcome}
     */
    long leftOut() {
        return leftOut;
    }

    boolean hasRow() {
        return place < page.size();
    }

    Row row() {
        return page.get(place);
    }

    void advance() {
        place++;
        if (place == PAGE) {
            turnAfter(page.getLast().id);
        }
    }

    private void turnAfter(UUID id) {
        List<Row> next = new ArrayList<>();
        jdbc.query(sql, (row) -> {
            next.add(shadow ? ofShadow(row) : ofAnswer(row));
        }, variantId, id);
        page = next;
        place = 0;
    }

    private static Row ofShadow(ResultSet row) throws SQLException {
        return new Row(row.getObject(1, UUID.class), row.getString(2), row.getBoolean(3), direction(row.getString(4)),
                confidence(row), row.getLong(6), "", 0, null);
    }

    private Row ofAnswer(ResultSet row) throws SQLException {
        UUID id = row.getObject(1, UUID.class);
        Instant eventTime = Times.readOrNull(row, 8);
        long eventMillis = (eventTime != null) ? eventTime.toEpochMilli() : PredictionIds.millis(id);
        return new Row(id, row.getString(2), row.getBoolean(3), direction(row.getString(4)), confidence(row),
                row.getLong(6), row.getString(7), eventMillis, result(row, eventMillis));
    }

    /** Older ledgers accepted any outcome; impossible ones count as unknown. */
    private Observation.@Nullable Result result(ResultSet row, long eventMillis) throws SQLException {
        Double actualReturn = Columns.number(row, 9);
        if (actualReturn == null) {
            return null;
        }
        double fee = row.getDouble(10);
        if (!limits.allow(actualReturn, fee)) {
            leftOut++;
            return null;
        }
        Instant closedAt = Times.readOrNull(row, 11);
        Long closedMillis = (closedAt != null) ? closedAt.toEpochMilli() : null;
        return new Observation.Result(actualReturn, fee,
                (closedMillis != null && closedMillis >= eventMillis) ? closedMillis : null);
    }

    private static float confidence(ResultSet row) throws SQLException {
        float confidence = row.getFloat(5);
        return row.wasNull() ? Float.NaN : confidence;
    }

    private static @Nullable Direction direction(@Nullable String name) {
        return (name != null) ? Direction.valueOf(name) : null;
    }

    /**
     * A row; of a shadow's, symbol, time and result are those of the answer.
     */
    record Row(UUID id, String unit, boolean failed, @Nullable Direction direction, float confidence, long latencyNanos,
            String symbol, long eventMillis, Observation.@Nullable Result result) {

        Observation answer() {
            return observation(this, result);
        }

        /**
         * {@return this row of a shadow with the outcome of the answer that it copies;
         * its fee is the given one where the answer was HOLD, which pays none}
         */
        Observation copyOf(Row answer, double heldFee) {
            Observation.Result known = answer.result;
            if (known == null || answer.direction != Direction.HOLD) {
                return observation(answer, known);
            }
            return observation(answer, new Observation.Result(known.actualReturn(), heldFee, known.closedMillis()));
        }

        private Observation observation(Row answer, Observation.@Nullable Result known) {
            return new Observation(unit, answer.symbol, answer.eventMillis, direction, confidence, latencyNanos, failed,
                    known);
        }

    }

}
