package io.modelserver.ledger.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** Numbers of columns that may be null, which JDBC reads as 0. */
public final class Columns {

    private Columns() {
    }

    /**
     * {@return a double, null if the column is}
     * @param row the row that the result is at
     * @param column its name
     * @throws SQLException if the column is not there or can't be read
     */
    public static @Nullable Double number(ResultSet row, String column) throws SQLException {
        return number(row, row.findColumn(column));
    }

    /**
     * {@return a double, null if the column is}
     * @param row the row that the result is at
     * @param column its number, from 1
     * @throws SQLException if the column is not there or can't be read
     */
    public static @Nullable Double number(ResultSet row, int column) throws SQLException {
        double number = row.getDouble(column);
        return row.wasNull() ? null : number;
    }

    /**
     * {@return a float, null if the column is}
     * @param row the row that the result is at
     * @param column its name
     * @throws SQLException if the column is not there or can't be read
     */
    public static @Nullable Float single(ResultSet row, String column) throws SQLException {
        float number = row.getFloat(column);
        return row.wasNull() ? null : number;
    }

    /**
     * {@return a duration that is kept in milliseconds, null if the column is}
     * @param row the row that the result is at
     * @param column its name
     * @throws SQLException if the column is not there or can't be read
     */
    public static @Nullable Duration millis(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Duration.ofMillis(millis);
    }

}
