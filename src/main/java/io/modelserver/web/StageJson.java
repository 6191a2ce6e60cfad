package io.modelserver.web;

import org.jspecify.annotations.Nullable;

/** The body of a change of stage; the reason goes into the history. */
record StageJson(@Nullable String stage, @Nullable String reason) {
}
