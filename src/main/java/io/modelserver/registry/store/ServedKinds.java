package io.modelserver.registry.store;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.head.Heads;
import io.modelserver.model.ModelMetadata;

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
        try {
            Heads.expectConsistent(metadata);
        }
        catch (IllegalArgumentException ex) {
            throw new ModelLoadException(String.valueOf(ex.getMessage()), ex);
        }
    }

}
