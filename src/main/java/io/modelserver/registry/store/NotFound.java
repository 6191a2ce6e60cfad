package io.modelserver.registry.store;

import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.Stage;

/** What people are told of models and versions that the registry does not have. */
public final class NotFound {

    private NotFound() {
    }

    /**
     * {@return that there is no such model}
     * @param model as asked for
     */
    public static String model(String model) {
        return "there is no model '%s'".formatted(model);
    }

    /**
     * {@return that the model has no such version}
     * @param id as asked for
     */
    public static String version(ModelId id) {
        return "model '%s' has no version '%s'".formatted(id.name(), id.version());
    }

    /**
     * {@return that no version of the model is in a stage}
     * @param model the model
     * @param stage the stage
     */
    public static String version(String model, Stage stage) {
        return "model '%s' has no version in %s".formatted(model, stage);
    }

}
