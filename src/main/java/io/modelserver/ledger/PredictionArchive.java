package io.modelserver.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** Reads predictions with their outcomes, in the order in which they were made. */
public final class PredictionArchive {

    private static final int PAGE = 1_000;

    private static final Instant FIRST = Instant.EPOCH;

    private static final Instant LAST = Instant.ofEpochMilli((1L << 47) - 1);

    private final LedgerDatabase database;

    /**
     * Makes the archive.
     * @param database the ledger's
     */
    public PredictionArchive(LedgerDatabase database) {
        this.database = database;
    }

    /**
     * Reads predictions page by page; no transaction and no memory lasts longer than a
     * page.
     * @param model only those of this model, or null for all
     * @param from only those made then or later, or null
     * @param to only those made before, or null
     * @param reader takes each in
     * @throws LedgerUnavailableException if the database fails
     */
    public void read(@Nullable String model, @Nullable Instant from, @Nullable Instant to, Reader reader) {
        UUID next = PredictionIds.firstAt(within(from, FIRST));
        UUID end = PredictionIds.firstAt(within(to, LAST));
        List<LedgerRow> page;
        do {
            page = page(model, next, end);
            page.forEach(reader::row);
            next = page.isEmpty() ? next : after(page.getLast().predictionId());
        }
        while (page.size() == PAGE);
    }

    private List<LedgerRow> page(@Nullable String model, UUID from, UUID end) {
        List<Object> arguments = new ArrayList<>(List.of(from, end));
        if (model != null) {
            arguments.add(model);
        }
        String ofModel = (model != null) ? "and p.model_name = ?" : "";
        return database.inTransaction((jdbc) -> jdbc.query("""
                select p.*, v.experiment_id, v.name as variant
                from prediction p left join variant v on v.id = p.variant_id
                where p.id >= ? and p.id < ? %s order by p.id fetch first %d rows only""".formatted(ofModel, PAGE),
                (row, number) -> read(row), arguments.toArray()));
    }

    private static Instant within(@Nullable Instant time, Instant otherwise) {
        return (time == null) ? otherwise : time.isBefore(FIRST) ? FIRST : time.isAfter(LAST) ? LAST : time;
    }

    /** The low bits of a version 7 UUID are negative, and never all set at once. */
    private static UUID after(UUID id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() + 1);
    }

    private static LedgerRow read(ResultSet row) throws SQLException {
        return new LedgerRow(row.getObject("id", UUID.class), Times.read(row, "made_at"), row.getString("symbol"),
                row.getString("model_name"), row.getString("model_version"), row.getString("experiment_id"),
                row.getString("variant"), row.getString("unit"), row.getBoolean("failed"), row.getString("direction"),
                single(row, "confidence"), single(row, "expected_return"), row.getLong("latency_nanos"),
                number(row, "actual_return"), Times.readOrNull(row, "closed_at"));
    }

    private static @Nullable Float single(ResultSet row, String column) throws SQLException {
        float number = row.getFloat(column);
        return row.wasNull() ? null : number;
    }

    private static @Nullable Double number(ResultSet row, String column) throws SQLException {
        double number = row.getDouble(column);
        return row.wasNull() ? null : number;
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
