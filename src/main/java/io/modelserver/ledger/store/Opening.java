package io.modelserver.ledger.store;

import javax.sql.DataSource;

/**
 * How the ledger is opened at the start, and its schema brought up to date. An embedded
 * database is opened by its first connection: on a slow machine, after a crash or where
 * it is big, that may take long, and so may a migration; the limits that are right while
 * the server runs do not hold for them.
 *
 * @param source where connections without such limits come from
 * @param embedded whether the database is embedded, so that it is there and its first
 * connection is worth waiting for; another one may be unavailable
 */
public record Opening(DataSource source, boolean embedded) {
}
