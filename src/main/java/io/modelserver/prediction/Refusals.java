package io.modelserver.prediction;

import io.modelserver.inference.ModelId;
import io.modelserver.registry.NotFound;
import io.modelserver.registry.Resolution;

/** Explains to callers why no version can answer. */
final class Refusals {

    private Refusals() {
    }

    static PredictionResult.Refused of(String symbol, Resolution.Unresolved unresolved) {
        return switch (unresolved) {
            case Resolution.ModelNotFound(String name) ->
                new PredictionResult.Refused(symbol, Refusal.MODEL_NOT_FOUND, NotFound.model(name));
            case Resolution.VersionNotFound(ModelId id) ->
                new PredictionResult.Refused(symbol, Refusal.VERSION_NOT_FOUND, NotFound.version(id));
            case Resolution.NoProduction(String name, String reason) ->
                new PredictionResult.Refused(symbol, Refusal.NO_PRODUCTION_MODEL, reason);
            case Resolution.Rejected(ModelId id, String reason) -> new PredictionResult.Refused(symbol,
                    Refusal.MODEL_REJECTED, "%s was rejected: %s".formatted(id, reason));
            case Resolution.StillLoading(ModelId id) -> new PredictionResult.Refused(symbol, Refusal.MODEL_LOADING,
                    "%s is still being loaded, try again".formatted(id));
        };
    }

    static PredictionResult.Refused of(String symbol, InvalidFeaturesException ex) {
        return new PredictionResult.Refused(symbol, Refusal.INVALID_FEATURES, String.valueOf(ex.getMessage()),
                ex.problems());
    }

}
