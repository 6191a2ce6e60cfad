package io.modelserver.ledger.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Writes entries, many in one transaction. Used by one thread. */
public final class EntryStore {

    private static final String INSERT_PREDICTION = """
            insert into prediction (id, made_at, symbol, model_name, model_version, variant_id, unit, failed,
                direction, confidence, expected_return, latency_nanos, event_time)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String INSERT_SHADOW = """
            insert into shadow_prediction (prediction_id, variant_id, unit, failed, direction, confidence, expected_return,
                latency_nanos)
            values (?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String INSERT_OUTPUTS = """
            insert into further_outputs (prediction_id, shadow_id, outputs) values (?, ?, ?)""";

    private static final String INSERT_MEMBER = """
            insert into member_prediction (prediction_id, model_name, model_version, direction) values (?, ?, ?, ?)""";

    private static final String INSERT_STAGE = """
            insert into stage_change (changed_at, model_name, model_version, action, from_stage, to_stage, author, reason)
            values (?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final Logger logger = LoggerFactory.getLogger(EntryStore.class);

    private final LedgerDatabase database;

    private final Map<String, Integer> variantIds = new ConcurrentHashMap<>();

    /**
     * Creates a store.
     * @param database where the entries go
     */
    public EntryStore(LedgerDatabase database) {
        this.database = database;
    }

    /**
     * Writes entries. Those that exist already, because a commit succeeded but its
     * confirmation was lost, are not written again; one that no database accepts is lost,
     * and no other with it.
     * @param entries in the order in which they are written
     * @throws LedgerUnavailableException if the database fails
     */
    public void write(List<LedgerEntry> entries) {
        try {
            database.durably((jdbc) -> writeAll(jdbc, entries));
        }
        catch (NonTransientDataAccessException ex) {
            if (entries.size() > 1) {
                entries.forEach((entry) -> write(List.of(entry)));
            }
            else if (!(ex instanceof DuplicateKeyException)) {
                logger.error("the ledger can't hold {}", entries.getFirst(), ex);
            }
        }
    }

    private int writeAll(JdbcTemplate jdbc, List<LedgerEntry> entries) {
        List<LedgerEntry.Prediction> predictions = of(LedgerEntry.Prediction.class, entries);
        List<LedgerEntry.Shadow> shadows = of(LedgerEntry.Shadow.class, entries);
        write(jdbc, INSERT_PREDICTION, predictions, this::set);
        write(jdbc, INSERT_SHADOW, shadows, this::set);
        write(jdbc, INSERT_OUTPUTS, predictions.stream().filter((row) -> hasOutputs(row.answer())).toList(),
                (own, statement, row) -> setOutputs(statement, row.id(), 0, row.answer()));
        write(jdbc, INSERT_OUTPUTS, shadows.stream().filter((row) -> hasOutputs(row.answer())).toList(), (own,
                statement, row) -> setOutputs(statement, row.predictionId(), variantId(own, row.arm()), row.answer()));
        write(jdbc, INSERT_MEMBER, predictions.stream().flatMap(EntryStore::members).toList(),
                (own, statement, row) -> set(statement, row));
        write(jdbc, INSERT_STAGE, of(LedgerEntry.Stage.class, entries), EntryStore::set);
        return entries.size();
    }

    private static <T extends LedgerEntry> List<T> of(Class<T> kind, List<LedgerEntry> entries) {
        return entries.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static <T> void write(JdbcTemplate jdbc, String sql, List<T> rows, Setter<T> setter) {
        if (!rows.isEmpty()) {
            jdbc.batchUpdate(sql, rows, rows.size(), (statement, row) -> setter.set(jdbc, statement, row));
        }
    }

    private void set(JdbcTemplate jdbc, PreparedStatement statement, LedgerEntry.Prediction row) throws SQLException {
        LedgerEntry.Arm arm = row.arm();
        statement.setObject(1, row.id());
        statement.setObject(2, Times.of(row.madeAt()));
        statement.setString(3, row.symbol());
        statement.setString(4, row.model().name());
        statement.setString(5, row.model().version());
        if (arm != null) {
            statement.setInt(6, variantId(jdbc, arm));
            statement.setString(7, text(arm.unit()));
        }
        else {
            statement.setNull(6, Types.INTEGER);
            statement.setNull(7, Types.VARCHAR);
        }
        statement.setBoolean(8, row.failed());
        setAnswer(statement, 9, row.answer());
        statement.setLong(12, row.latencyNanos());
        Instant eventTime = row.eventTime();
        if (eventTime != null) {
            statement.setObject(13, Times.of(eventTime));
        }
        else {
            statement.setNull(13, Types.TIMESTAMP_WITH_TIMEZONE);
        }
    }

    private void set(JdbcTemplate jdbc, PreparedStatement statement, LedgerEntry.Shadow row) throws SQLException {
        statement.setObject(1, row.predictionId());
        statement.setInt(2, variantId(jdbc, row.arm()));
        statement.setString(3, text(row.arm().unit()));
        statement.setBoolean(4, row.answer() == null);
        setAnswer(statement, 5, row.answer());
        statement.setLong(8, row.latencyNanos());
    }

    private static void set(JdbcTemplate jdbc, PreparedStatement statement, LedgerEntry.Stage row) throws SQLException {
        statement.setObject(1, Times.of(row.at()));
        statement.setString(2, row.model().name());
        statement.setString(3, row.model().version());
        statement.setString(4, row.action());
        statement.setString(5, row.from());
        statement.setString(6, row.to());
        statement.setString(7, row.author());
        String reason = row.reason();
        statement.setString(8, (reason != null) ? text(reason) : null);
    }

    private static Stream<Member> members(LedgerEntry.Prediction row) {
        LedgerEntry.Answer answer = row.answer();
        return (answer == null) ? Stream.empty()
                : answer.members().stream().map((advice) -> new Member(row.id(), advice));
    }

    private static void set(PreparedStatement statement, Member row) throws SQLException {
        statement.setObject(1, row.prediction());
        statement.setString(2, row.advice().version().name());
        statement.setString(3, row.advice().version().version());
        statement.setString(4, row.advice().direction().name());
    }

    private static boolean hasOutputs(LedgerEntry.@Nullable Answer answer) {
        return answer != null && !answer.outputs().isEmpty();
    }

    private static void setOutputs(PreparedStatement statement, UUID predictionId, int shadowId,
            LedgerEntry.@Nullable Answer answer) throws SQLException {
        statement.setObject(1, predictionId);
        statement.setInt(2, shadowId);
        statement.setString(3, OutputsJson.of(Objects.requireNonNull(answer).outputs()));
    }

    private static void setAnswer(PreparedStatement statement, int direction, LedgerEntry.@Nullable Answer answer)
            throws SQLException {
        Direction advised = (answer != null) ? answer.direction() : null;
        statement.setString(direction, (advised != null) ? advised.name() : null);
        setNumber(statement, direction + 1, (answer != null) ? answer.confidence() : null);
        setNumber(statement, direction + 2, (answer != null) ? answer.expectedReturn() : null);
    }

    private static void setNumber(PreparedStatement statement, int column, @Nullable Float number) throws SQLException {
        if (number != null) {
            statement.setFloat(column, number);
        }
        else {
            statement.setNull(column, Types.REAL);
        }
    }

    /** PostgreSQL has no character 0, which a caller may send. */
    private static String text(String text) {
        return text.replace('\0', '\uFFFD');
    }

    private int variantId(JdbcTemplate jdbc, LedgerEntry.Arm arm) {
        return variantIds.computeIfAbsent(arm.experimentId() + '\0' + arm.variant(),
                (key) -> Objects
                    .requireNonNull(jdbc.queryForObject("select id from variant where experiment_id = ? and name = ?",
                            Integer.class, arm.experimentId(), arm.variant())));
    }

    /**
     * What a member of the ensemble advised that made a prediction.
     *
     * @param prediction its id
     * @param advice what it said
     */
    private record Member(UUID prediction, LedgerEntry.MemberAdvice advice) {
    }

    @FunctionalInterface
    private interface Setter<T> {

        void set(JdbcTemplate jdbc, PreparedStatement statement, T row) throws SQLException;

    }

}
