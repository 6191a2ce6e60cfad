package io.modelserver.front.operators;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of the reload calls: which version, where it is not the one in production.
 *
 * @param others what else is in it, which is ignored
 */
record ReloadJson(@Nullable String modelName, @Nullable String version,
        @JsonAnySetter @Schema(hidden = true) @Nullable Map<String, @Nullable Object> others) {
}
