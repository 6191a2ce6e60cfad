package io.modelserver.registry.store;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.head.ClassHead;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Task;

/**
 * Refuses versions whose metadata can be read but whose requests can't be answered yet:
 * they would be served wrong.
 */
public final class ServedKinds {

    private ServedKinds() {
    }

    /**
     * Looks at what a version declares.
     * @param metadata of the version
     * @throws ModelLoadException if it is not served yet; the message says what is
     */
    public static void check(ModelMetadata metadata) throws ModelLoadException {
        if (metadata.task() != Task.DIRECTION) {
            throw new ModelLoadException(("metadata.json: the task '%s' is not served yet: the server answers with a "
                    + "direction, which it makes of one number per class; leave 'task' out if the model returns that")
                .formatted(metadata.task().key()));
        }
        try {
            ClassHead.expectDirections(metadata);
        }
        catch (IllegalArgumentException ex) {
            throw new ModelLoadException(String.valueOf(ex.getMessage()), ex);
        }
    }

}
