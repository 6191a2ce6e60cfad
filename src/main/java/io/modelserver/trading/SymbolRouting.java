package io.modelserver.trading;

import java.util.Optional;

import io.modelserver.registry.metadata.Stage;
import io.modelserver.route.Route;
import io.modelserver.route.Routes;
import io.modelserver.serving.Addressee;
import io.modelserver.serving.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests that name no model to that of their symbol, before experiments are
 * looked at: they assign those requests as if they had named it. One that asks for an
 * experiment gets that.
 */
final class SymbolRouting {

    private final Routes routes;

    SymbolRouting(Routes routes) {
        this.routes = routes;
    }

    Addressee addressee(PredictionRequest request) {
        Addressee asked = request.addressee();
        Route route = route(request);
        return (route == null) ? asked : new Addressee(route.model(), asked.modelVersion(), asked.experimentId(),
                asked.subject(), asked.routingKey());
    }

    /**
     * Says why a model was asked that the caller has not named. That it is not there is
     * not the caller's fault.
     */
    PredictionResult.Refused explained(PredictionRequest request, PredictionResult.Refused refused) {
        Route route = isAboutModel(refused.reason()) ? route(request) : null;
        if (route == null) {
            return refused;
        }
        Refusal reason = (refused.reason() == Refusal.MODEL_NOT_FOUND) ? Refusal.NO_PRODUCTION_MODEL : refused.reason();
        return new PredictionResult.Refused(refused.symbol(), reason,
                "%s; %s".formatted(refused.detail(), route.reason(request.symbol())), refused.problems(),
                refused.failure());
    }

    private static boolean isAboutModel(Refusal reason) {
        return reason == Refusal.MODEL_NOT_FOUND || reason == Refusal.VERSION_NOT_FOUND
                || reason == Refusal.NO_PRODUCTION_MODEL;
    }

    private @Nullable Route route(PredictionRequest request) {
        boolean experimentDecides = request.experimentId() != null
                && Stage.named(request.modelVersion()).equals(Optional.of(Stage.PRODUCTION));
        return (request.modelName() != null || experimentDecides) ? null
                : routes.find(request.symbol(), request.series().timeframe());
    }

}
