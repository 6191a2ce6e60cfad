package io.modelserver.prediction;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

import io.modelserver.experiment.Assignment;
import io.modelserver.experiment.RunningExperiments;
import io.modelserver.experiment.RunningExperiments.AssignableRequest;
import io.modelserver.registry.Stage;

/**
 * Finds the experiment that applies to a request. A request that names an exact version
 * or staging gets that, whatever runs.
 */
public final class Router {

    private final Supplier<RunningExperiments> running;

    private final String defaultModel;

    private final Clock clock;

    /**
     * Creates a router.
     * @param running the experiments that run
     * @param defaultModel the model of requests that name none
     * @param clock tells whether they still do
     */
    public Router(Supplier<RunningExperiments> running, String defaultModel, Clock clock) {
        this.running = running;
        this.defaultModel = defaultModel;
        this.clock = clock;
    }

    Routing route(PredictionRequest request, String predictionId) {
        RunningExperiments experiments = running.get();
        boolean unaddressed = Stage.named(request.modelVersion()).equals(Optional.of(Stage.PRODUCTION));
        if (request.experimentId() == null && (!unaddressed || experiments.isEmpty())) {
            return new Routing.Direct();
        }
        AssignableRequest unit = new AssignableRequest(request.symbol(), request.routingKey(), predictionId);
        Instant now = clock.instant();
        if (request.experimentId() != null) {
            Optional<Assignment> assignment = experiments.assignWithin(request.experimentId(), unit, now);
            return assignment.isEmpty() ? new Routing.NoExperiment(request.experimentId())
                    : unaddressed ? new Routing.Assigned(assignment.get()) : new Routing.Direct();
        }
        String model = (request.modelName() != null) ? request.modelName() : defaultModel;
        return experiments.assign(model, unit, now).<Routing>map(Routing.Assigned::new).orElseGet(Routing.Direct::new);
    }

    /** Where a request goes. */
    sealed interface Routing {

        /** To the version that it asks for. */
        record Direct() implements Routing {
        }

        /**
         * To a variant.
         *
         * @param assignment which
         */
        record Assigned(Assignment assignment) implements Routing {
        }

        /**
         * Nowhere.
         *
         * @param id the experiment that it asks for, which does not run
         */
        record NoExperiment(String id) implements Routing {
        }

    }

}
