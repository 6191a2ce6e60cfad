package io.modelserver.web;

import org.jspecify.annotations.Nullable;

/** The body of a change of stage. */
record StageJson(@Nullable String stage) {
}
