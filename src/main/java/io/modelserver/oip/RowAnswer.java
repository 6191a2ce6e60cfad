package io.modelserver.oip;

import io.modelserver.head.VersionHead;
import io.modelserver.model.ModelOutput;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;

/**
 * What a version said of one row.
 *
 * @param tensors what it returned, null if it is an ensemble, which returns nothing of
 * its own
 * @param signal what that means, null if it means nothing
 * @param problem why it means nothing, empty if it does
 */
record RowAnswer(@Nullable Tensors tensors, @Nullable Signal signal, String problem) {

    /**
     * What a model returned.
     *
     * @param head names it
     * @param output the tensors
     */
    record Tensors(VersionHead head, ModelOutput output) {
    }

}
