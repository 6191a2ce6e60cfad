package io.modelserver.front.bots;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.modelserver.window.WindowStatus;
import org.jspecify.annotations.Nullable;

/**
 * A window that was filled with a history: as the list has it, how many steps of the
 * history were left out, and why if there were any.
 */
record FilledWindowJson(@JsonUnwrapped WindowStatus window, int dropped,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String droppedReason) {
}
