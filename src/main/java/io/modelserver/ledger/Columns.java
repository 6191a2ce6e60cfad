package io.modelserver.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** Numbers of columns that may be null, which JDBC reads as 0. */
final class Columns {

    private Columns() {
    }

    static @Nullable Double number(ResultSet row, String column) throws SQLException {
        return number(row, row.findColumn(column));
    }

    static @Nullable Double number(ResultSet row, int column) throws SQLException {
        double number = row.getDouble(column);
        return row.wasNull() ? null : number;
    }

    static @Nullable Float single(ResultSet row, String column) throws SQLException {
        float number = row.getFloat(column);
        return row.wasNull() ? null : number;
    }

    static @Nullable Duration millis(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Duration.ofMillis(millis);
    }

}
