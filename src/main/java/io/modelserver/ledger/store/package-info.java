/**
 * The database of the ledger: its connections, its rows and how values become columns.
 */
@NullMarked
package io.modelserver.ledger.store;

import org.jspecify.annotations.NullMarked;
