package io.modelserver.experiment.assign;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.modelserver.model.ModelId;
import org.jspecify.annotations.Nullable;

/**
 * The experiments that assign requests at one instant; never changed, only replaced. A
 * request that addresses none is assigned by the experiment whose control is of its
 * model, of which there is one at most.
 */
public final class RunningExperiments {

    private final Map<String, Running> byId = new LinkedHashMap<>();

    private final Map<String, Running> byModel = new LinkedHashMap<>();

    /**
     * Creates the set.
     * @param experiments those that run
     */
    public RunningExperiments(Collection<Experiment> experiments) {
        for (Experiment experiment : experiments) {
            Running running = new Running(experiment, new TrafficSplit(experiment));
            byId.put(experiment.id(), running);
            byModel.put(experiment.control().model().name(), running);
        }
    }

    /**
     * {@return whether none runs}
     */
    public boolean isEmpty() {
        return byId.isEmpty();
    }

    /**
     * Assigns a request that addresses no experiment.
     * @param model the model that it asks
     * @param request what it is assigned by
     * @param now the present: an experiment whose time has run out assigns nothing
     * @return the assignment, empty if no experiment runs on the model
     */
    public Optional<Assignment> assign(String model, AssignableRequest request, Instant now) {
        return assign(byModel.get(model), request, now);
    }

    /**
     * Assigns a request that asks for an experiment.
     * @param id the experiment
     * @param request what it is assigned by
     * @param now the present
     * @return the assignment, empty if no such experiment runs
     */
    public Optional<Assignment> assignWithin(String id, AssignableRequest request, Instant now) {
        return assign(byId.get(id), request, now);
    }

    private static Optional<Assignment> assign(@Nullable Running running, AssignableRequest request, Instant now) {
        if (running == null || !running.experiment.isRunning(now)) {
            return Optional.empty();
        }
        String unit = running.experiment.assignBy().unit(request.symbol(), request.routingKey(), request.id());
        return Optional.of(new Assignment(running.experiment, running.split.assign(unit), unit));
    }

    /**
     * {@return the experiments}
     */
    public List<Experiment> experiments() {
        return byId.values().stream().map(Running::experiment).toList();
    }

    /**
     * {@return the versions of all their variants}
     */
    public Set<ModelId> versions() {
        return experiments().stream()
            .flatMap((experiment) -> experiment.variants().stream())
            .map(Variant::model)
            .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * What a request is assigned by.
     *
     * @param symbol the instrument
     * @param routingKey the caller's key, or null
     * @param id unique
     */
    public record AssignableRequest(String symbol, @Nullable String routingKey, String id) {
    }

    private record Running(Experiment experiment, TrafficSplit split) {
    }

}
