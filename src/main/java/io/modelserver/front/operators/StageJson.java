package io.modelserver.front.operators;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a change of stage; the reason goes into the history. */
record StageJson(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String stage, @Nullable String reason) {
}
