package io.modelserver.front.operators;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of the reload call whose address names no model. */
record NamedReloadJson(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String modelName,
        @Schema(description = "default: the one in production") @Nullable String version) {
}
