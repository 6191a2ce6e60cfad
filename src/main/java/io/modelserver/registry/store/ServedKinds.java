package io.modelserver.registry.store;

import java.util.List;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.head.Heads;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.TensorSpec;

/**
 * Refuses versions whose metadata can be read but whose requests can't be filled or
 * answered yet: they would be served wrong.
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
        List<String> others = metadata.inputs()
            .stream()
            .skip(1)
            .map(TensorSpec::name)
            .filter((name) -> !name.equals(ModelMetadata.RAW_LOB))
            .toList();
        if (!others.isEmpty()) {
            throw new ModelLoadException(
                    ("metadata.json: requests can't fill the inputs %s yet: they fill the first one, from 'features', "
                            + "and one called raw_lob")
                        .formatted(others));
        }
        for (TensorSpec input : metadata.inputs()) {
            if (input.datatype() != Datatype.FP32) {
                throw new ModelLoadException(
                        ("metadata.json: input '%s' is declared as %s, but the server feeds float32 tensors: export the "
                                + "model with float32 inputs and convert them inside it")
                            .formatted(input.name(), input.datatype()));
            }
        }
    }

}
