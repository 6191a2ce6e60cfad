package io.modelserver.serving;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

import io.modelserver.experiment.assign.Assignment;
import io.modelserver.experiment.assign.RunningExperiments;
import io.modelserver.experiment.assign.RunningExperiments.AssignableRequest;
import io.modelserver.registry.metadata.Stage;

/**
 * Finds the experiment that applies to a query. A query that names an exact version or
 * staging gets that, whatever runs.
 */
public final class Router {

    private final Supplier<RunningExperiments> running;

    private final String defaultModel;

    private final Clock clock;

    /**
     * Creates a router.
     * @param running the experiments that run
     * @param defaultModel the model of queries that name none
     * @param clock tells whether they still do
     */
    public Router(Supplier<RunningExperiments> running, String defaultModel, Clock clock) {
        this.running = running;
        this.defaultModel = defaultModel;
        this.clock = clock;
    }

    Routing route(Addressee addressee, String id) {
        RunningExperiments experiments = running.get();
        boolean unaddressed = Stage.named(addressee.modelVersion()).equals(Optional.of(Stage.PRODUCTION));
        if (addressee.experimentId() == null && (!unaddressed || experiments.isEmpty())) {
            return new Routing.Direct();
        }
        String subject = (addressee.subject() != null) ? addressee.subject() : id;
        AssignableRequest unit = new AssignableRequest(subject, addressee.routingKey(), id);
        Instant now = clock.instant();
        if (addressee.experimentId() != null) {
            Optional<Assignment> assignment = experiments.assignWithin(addressee.experimentId(), unit, now);
            if (assignment.isEmpty()) {
                return new Routing.NoExperiment(addressee.experimentId());
            }
            return unaddressed ? within(assignment.get(), addressee) : new Routing.Direct();
        }
        String model = (addressee.modelName() != null) ? addressee.modelName() : defaultModel;
        return experiments.assign(model, unit, now).<Routing>map(Routing.Assigned::new).orElseGet(Routing.Direct::new);
    }

    private static Routing within(Assignment assignment, Addressee addressee) {
        String control = assignment.experiment().control().model().name();
        return (addressee.modelName() == null || addressee.modelName().equals(control))
                ? new Routing.Assigned(assignment) : new Routing.OtherModel(assignment.experiment().id(), control);
    }

    /** Where a query goes. */
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
         * Nowhere: it names a model that the experiment is not about.
         *
         * @param id the experiment that it asks for
         * @param model which that is about
         */
        record OtherModel(String id, String model) implements Routing {
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
