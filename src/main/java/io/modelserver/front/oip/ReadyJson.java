package io.modelserver.front.oip;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server, or a model, can answer.
 *
 * @param name of the model, null if it is the server
 * @param ready whether it can
 */
@Schema(name = "InferenceReady")
record ReadyJson(@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String name, boolean ready) {
}
