package io.modelserver.serving;

import java.util.Optional;

import io.modelserver.experiment.assign.Assignment;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.live.Resolution;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.serving.Router.Routing;
import org.jspecify.annotations.Nullable;

/** Finds the variant, or the version, that answers a query. */
final class Destinations {

    private final LiveVersions registry;

    private final Router router;

    Destinations(LiveVersions registry, Router router) {
        this.registry = registry;
        this.router = router;
    }

    /**
     * Finds it.
     * @param addressee who shall answer
     * @param id of the answer
     * @param deadlineNanos until when to wait for a version that must be loaded first
     * @return the version, or why there is none
     */
    Destination find(Addressee addressee, String id, long deadlineNanos) throws InterruptedException {
        return switch (router.route(addressee, id)) {
            case Routing.NoExperiment(String experiment) -> new Destination.None(Refusal.EXPERIMENT_NOT_FOUND,
                    "there is no running experiment '%s'".formatted(experiment));
            case Routing.OtherModel(String experiment, String model) -> new Destination.None(Refusal.INVALID_REQUEST,
                    "experiment '%s' is about model '%s', but model_name is '%s': leave out one of model_name and experiment_id"
                        .formatted(experiment, model, addressee.modelName()));
            case Routing.Direct() -> resolve(addressee.modelName(), addressee, deadlineNanos);
            case Routing.Assigned(Assignment assignment) -> assigned(assignment, addressee, deadlineNanos);
        };
    }

    private Destination resolve(@Nullable String model, Addressee addressee, long deadlineNanos)
            throws InterruptedException {
        return switch (registry.resolve(model, addressee.modelVersion(), deadlineNanos)) {
            case Resolution.Found(ModelLease lease) -> new Destination.Version(lease, null, false);
            case Resolution.Unresolved unresolved -> {
                VersionLookup.Missing none = VersionLookup.Missing.of(unresolved);
                yield new Destination.None(none.reason(), none.detail());
            }
        };
    }

    /**
     * Variants are kept loaded; where one is not, control answers, or else what is in
     * production of its model.
     */
    private Destination assigned(Assignment assignment, Addressee addressee, long deadlineNanos)
            throws InterruptedException {
        Optional<ModelLease> variant = registry.lease(assignment.variant().model());
        if (variant.isPresent()) {
            return new Destination.Version(variant.get(), assignment, false);
        }
        Optional<ModelLease> control = registry.lease(assignment.experiment().control().model());
        return (control.isPresent() && !assignment.isControl())
                ? new Destination.Version(control.get(), assignment, true)
                : resolve(assignment.experiment().control().model().name(), addressee, deadlineNanos);
    }

}
