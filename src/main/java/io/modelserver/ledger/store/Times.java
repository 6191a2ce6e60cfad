package io.modelserver.ledger.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

import org.jspecify.annotations.Nullable;

/** Instants as both databases take them. */
public final class Times {

    private Times() {
    }

    /**
     * {@return an instant as the database takes it, in UTC}
     * @param instant of any precision
     */
    public static OffsetDateTime of(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    /**
     * {@return an instant, of a column that is never null}
     * @param row the row that the result is at
     * @param column its name
     * @throws SQLException if the column is not there or can't be read
     */
    public static Instant read(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /**
     * {@return an instant, null if the column is}
     * @param row the row that the result is at
     * @param column its name
     * @throws SQLException if the column is not there or can't be read
     */
    public static @Nullable Instant readOrNull(ResultSet row, String column) throws SQLException {
        return readOrNull(row, row.findColumn(column));
    }

    /**
     * {@return an instant, null if the column is}
     * @param row the row that the result is at
     * @param column its number, from 1
     * @throws SQLException if the column is not there or can't be read
     */
    public static @Nullable Instant readOrNull(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return (time != null) ? time.toInstant() : null;
    }

}
