package io.modelserver.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import io.modelserver.ledger.store.Columns;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.LedgerUnavailableException;
import io.modelserver.ledger.store.PredictionIds;
import io.modelserver.ledger.store.Times;
import org.jspecify.annotations.Nullable;

/** Reads predictions with their outcomes, in the order in which they were made. */
public final class PredictionArchive {

    private static final int PAGE = 1_000;

    private static final Instant FIRST = Instant.EPOCH;

    private static final Instant LAST = Instant.ofEpochMilli((1L << 47) - 1);

    private final LedgerDatabase database;

    /**
     * Creates the archive.
     * @param database the ledger's
     */
    public PredictionArchive(LedgerDatabase database) {
        this.database = database;
    }

    /**
     * Reads predictions page by page; no transaction and no memory lasts longer than a
     * page. The shadows' answers to the same request come right after its prediction.
     * @param model only what this model said, or null for all
     * @param from only those made then or later, or null
     * @param to only those made before, or null
     * @param reader receives each
     * @throws LedgerUnavailableException if the database fails
     */
    public void read(@Nullable String model, @Nullable Instant from, @Nullable Instant to, Reader reader) {
        UUID first = PredictionIds.firstAt(within(from, FIRST));
        UUID end = PredictionIds.firstAt(within(to, LAST));
        Pages answers = new Pages(first, (next) -> answers(model, next, end));
        Pages shadows = new Pages(first, (next) -> shadows(next, end));
        while (answers.hasRow() || shadows.hasRow()) {
            boolean answerFirst = answers.hasRow() && (!shadows.hasRow()
                    || PredictionIds.ORDER.compare(answers.row().predictionId(), shadows.row().predictionId()) <= 0);
            LedgerRow row = answerFirst ? answers.next() : shadows.next();
            if (model == null || model.equals(row.modelName())) {
                reader.row(row);
            }
        }
    }

    private Page answers(@Nullable String model, UUID from, UUID end) {
        List<Object> arguments = new ArrayList<>(List.of(from, end));
        if (model != null) {
            arguments.add(model);
        }
        String ofModel = (model != null) ? "and p.model_name = ?" : "";
        List<LedgerRow> rows = database.inTransaction((jdbc) -> jdbc.query("""
                select p.*, v.experiment_id, v.name as variant, o.outputs
                from prediction p left join variant v on v.id = p.variant_id
                left join further_outputs o on o.prediction_id = p.id and o.shadow_id = 0
                where p.id >= ? and p.id < ? %s order by p.id fetch first %s rows only""".formatted(ofModel, PAGE),
                (row, number) -> read(row, false), arguments.toArray()));
        return new Page(rows, (rows.size() == PAGE) ? after(rows.getLast().predictionId()) : null);
    }

    /**
     * A full page may end among the shadows of one request, which then begin the next.
     */
    private Page shadows(UUID from, UUID end) {
        List<LedgerRow> rows = new ArrayList<>();
        List<UUID> ids = new ArrayList<>(PAGE);
        database.inTransaction((jdbc) -> {
            jdbc.query(
                    """
                            select s.prediction_id, p.id, p.made_at, p.event_time, p.symbol, p.actual_return, p.closed_at, p.fee,
                                v.model_name, v.model_version, v.experiment_id, v.name as variant, s.unit, s.failed, s.direction,
                                s.confidence, s.expected_return, s.latency_nanos, o.outputs
                            from (select * from shadow_prediction where prediction_id >= ? and prediction_id < ?
                                order by prediction_id, variant_id fetch first %s rows only) s
                            left join prediction p on p.id = s.prediction_id join variant v on v.id = s.variant_id
                            left join further_outputs o on o.prediction_id = s.prediction_id and o.shadow_id = s.variant_id
                            order by s.prediction_id, s.variant_id"""
                        .formatted(PAGE),
                    (row) -> {
                        ids.add(row.getObject("prediction_id", UUID.class));
                        if (row.getObject("id", UUID.class) != null) {
                            rows.add(read(row, true));
                        }
                    }, from, end);
            return ids.size();
        });
        UUID next = (ids.size() == PAGE) ? ids.getLast() : null;
        rows.removeIf((row) -> row.predictionId().equals(next));
        return new Page(rows, next);
    }

    private static Instant within(@Nullable Instant time, Instant otherwise) {
        return (time == null) ? otherwise : time.isBefore(FIRST) ? FIRST : time.isAfter(LAST) ? LAST : time;
    }

    /** The low bits of a version 7 UUID are negative, and never all set at once. */
    private static UUID after(UUID id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() + 1);
    }

    private static LedgerRow read(ResultSet row, boolean shadow) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        Instant eventTime = Times.readOrNull(row, "event_time");
        return new LedgerRow(id, Times.read(row, "made_at"), row.getString("symbol"), row.getString("model_name"),
                row.getString("model_version"), row.getString("experiment_id"), row.getString("variant"),
                row.getString("unit"), row.getBoolean("failed"), row.getString("direction"),
                Columns.single(row, "confidence"), Columns.single(row, "expected_return"), row.getLong("latency_nanos"),
                Columns.number(row, "actual_return"), Times.readOrNull(row, "closed_at"),
                (eventTime != null) ? eventTime : PredictionIds.time(id), Columns.number(row, "fee"), shadow,
                row.getString("outputs"));
    }

    /**
     * Some rows.
     *
     * @param rows in their order
     * @param next where the rest begins, null if there is none
     */
    private record Page(List<LedgerRow> rows, @Nullable UUID next) {
    }

    /** Rows, of which one page is held. */
    private static final class Pages {

        private final Function<UUID, Page> reader;

        private Page page;

        private int place;

        Pages(UUID first, Function<UUID, Page> reader) {
            this.reader = reader;
            this.page = new Page(List.of(), first);
        }

        boolean hasRow() {
            while (place == page.rows.size() && page.next != null) {
                page = reader.apply(page.next);
                place = 0;
            }
            return place < page.rows.size();
        }

        LedgerRow row() {
            return page.rows.get(place);
        }

        LedgerRow next() {
            return page.rows.get(place++);
        }

    }

    /** Takes rows in. */
    @FunctionalInterface
    public interface Reader {

        /**
         * Takes one in.
         * @param row a prediction
         */
        void row(LedgerRow row);

    }

}
