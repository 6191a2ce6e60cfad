package io.modelserver.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;

import io.modelserver.experiment.Evidence;
import io.modelserver.experiment.Experiment;
import io.modelserver.experiment.Observation;
import io.modelserver.experiment.Variant;
import io.modelserver.inference.Direction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads what an experiment observed, row by row, as it lies in the index, so that neither
 * the database nor this process sorts or holds it.
 */
final class EvidenceReader {

    private static final String OF_VARIANT = """
            select unit, failed, direction, confidence, latency_nanos, actual_return
            from prediction where variant_id = ?""";

    private static final String OF_SHADOW = """
            select s.unit, s.failed, s.direction, s.confidence, s.latency_nanos, p.actual_return,
                p.variant_id as answered_by, p.failed as answer_failed, p.direction as answer_direction,
                p.confidence as answer_confidence, p.latency_nanos as answer_latency_nanos
            from shadow_prediction s left join prediction p on p.id = s.prediction_id
            where s.variant_id = ?""";

    private final LedgerDatabase database;

    EvidenceReader(LedgerDatabase database) {
        this.database = database;
    }

    void read(Evidence evidence) {
        boolean again = true;
        while (again) {
            database.inTransaction((jdbc) -> readOnce(jdbc, evidence));
            again = evidence.nextPass();
        }
    }

    private static int readOnce(JdbcTemplate jdbc, Evidence evidence) {
        Experiment experiment = evidence.experiment();
        int control = variantId(jdbc, experiment, experiment.control());
        for (Variant variant : experiment.variants()) {
            int id = variantId(jdbc, experiment, variant);
            if (variant.shadow()) {
                jdbc.query(OF_SHADOW, (row) -> {
                    addShadow(evidence, variant.name(), row, control);
                }, id);
            }
            else {
                jdbc.query(OF_VARIANT, (row) -> {
                    evidence.add(variant.name(), observation(row));
                }, id);
            }
        }
        return experiment.variants().size();
    }

    private static void addShadow(Evidence evidence, String shadow, ResultSet row, int control) throws SQLException {
        Observation said = observation(row);
        evidence.add(shadow, said);
        boolean answeredByControl = row.getInt(7) == control && !row.wasNull();
        if (answeredByControl) {
            Direction direction = direction(row.getString(9));
            evidence.addPair(shadow, new Observation(said.unit(), direction, row.getFloat(10), row.getLong(11),
                    row.getBoolean(8) || direction == null, null), said);
        }
    }

    private static Observation observation(ResultSet row) throws SQLException {
        String unit = row.getString(1);
        boolean failed = row.getBoolean(2);
        Direction direction = direction(row.getString(3));
        float confidence = row.getFloat(4);
        long latencyNanos = row.getLong(5);
        double actualReturn = row.getDouble(6);
        return new Observation(unit, direction, confidence, latencyNanos, failed, row.wasNull() ? null : actualReturn);
    }

    private static @Nullable Direction direction(@Nullable String name) {
        return (name != null) ? Direction.valueOf(name) : null;
    }

    private static int variantId(JdbcTemplate jdbc, Experiment experiment, Variant variant) {
        Integer id = jdbc.queryForObject("select id from variant where experiment_id = ? and name = ?", Integer.class,
                experiment.id(), variant.name());
        if (id == null) {
            throw new IllegalStateException("%s has no variant %s".formatted(experiment.id(), variant.name()));
        }
        return id;
    }

}
