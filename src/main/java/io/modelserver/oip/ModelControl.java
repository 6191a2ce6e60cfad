package io.modelserver.oip;

import java.util.Map;

import io.modelserver.model.ModelId;
import io.modelserver.registry.stage.ChangeResult;
import io.modelserver.registry.stage.Promotions;
import io.modelserver.registry.store.NotFound;

/**
 * Loads and unloads models as the protocol wants it: the version in production is loaded
 * again or no longer served, whatever else is loaded. Which version that is stays what
 * the registry says: no stage changes.
 */
public final class ModelControl {

    private static final String CONFIG = "config";

    private final Promotions promotions;

    /**
     * Creates the use case.
     * @param promotions changes what is live
     */
    public ModelControl(Promotions promotions) {
        this.promotions = promotions;
    }

    /**
     * Loads the version in production, or loads it again.
     * @param model the model
     * @param parameters by name; those that would replace its files are refused
     * @return what was done, in a sentence; or why nothing was
     * @throws InterruptedException if the calling thread is interrupted
     */
    public OipResult<String> load(String model, Map<String, Object> parameters) throws InterruptedException {
        for (String name : parameters.keySet()) {
            if (name.equals(CONFIG) || name.startsWith("file:")) {
                return new OipResult.Refused<>(OipStatus.UNIMPLEMENTED,
                        "parameters.%s: a model is loaded as the registry has it; write a new version there"
                            .formatted(name));
            }
        }
        return result(promotions.reload(model, null));
    }

    /**
     * Stops serving a model until it is loaded again, or a version of it is promoted.
     * @param model the model
     * @return what was done, in a sentence; or why nothing was
     * @throws InterruptedException if the calling thread is interrupted
     */
    public OipResult<String> unload(String model) throws InterruptedException {
        return result(promotions.unload(model));
    }

    private static OipResult<String> result(ChangeResult result) {
        return switch (result) {
            case ChangeResult.Done done -> new OipResult.Done<>(done.message());
            case ChangeResult.ModelNotFound(String name) ->
                new OipResult.Refused<>(OipStatus.NOT_FOUND, NotFound.model(name));
            case ChangeResult.VersionNotFound(ModelId id) ->
                new OipResult.Refused<>(OipStatus.NOT_FOUND, NotFound.version(id));
            case ChangeResult.Rejected(ModelId id, String reason) -> new OipResult.Refused<>(
                    OipStatus.FAILED_PRECONDITION, "%s was rejected, nothing has changed: %s".formatted(id, reason));
            case ChangeResult.Conflict(String reason) -> new OipResult.Refused<>(OipStatus.FAILED_PRECONDITION, reason);
            case ChangeResult.NotStored(String reason) -> new OipResult.Refused<>(OipStatus.INTERNAL, reason);
        };
    }

}
