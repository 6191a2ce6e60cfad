package io.modelserver.front.operators;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of the reload call whose address names no model.
 *
 * @param others what else is in it, which is ignored
 */
record NamedReloadJson(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String modelName,
        @Schema(description = "default: the one in production") @Nullable String version,
        @JsonAnySetter @Schema(hidden = true) @Nullable Map<String, @Nullable Object> others) {
}
