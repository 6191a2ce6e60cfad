package io.modelserver.web;

import org.jspecify.annotations.Nullable;

/** The body of a rollback; the reason goes into the history. */
record RollbackJson(@Nullable String reason) {
}
