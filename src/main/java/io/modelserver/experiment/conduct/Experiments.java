package io.modelserver.experiment.conduct;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.modelserver.experiment.assign.Ending;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.OnVerdict;
import io.modelserver.experiment.assign.RunningExperiments;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.AnalysisSettings;
import io.modelserver.experiment.evidence.TrafficFacts;
import io.modelserver.experiment.verdict.Analysis;
import io.modelserver.experiment.verdict.AnalysisFormat;
import io.modelserver.experiment.verdict.Analyst;
import io.modelserver.experiment.verdict.Prospects;
import io.modelserver.experiment.verdict.Recommendation;
import io.modelserver.model.ModelId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and ends experiments. The store is the source of truth for all replicas; the
 * running ones are read from it regularly and kept in memory for routing.
 */
public final class Experiments {

    private static final Logger logger = LoggerFactory.getLogger(Experiments.class);

    /** Traffic of that time shows what an experiment may expect. */
    private static final Duration LATELY = Duration.ofDays(7);

    private final ExperimentStore store;

    private final ModelVersions versions;

    private final FinalLooks finalLooks;

    private final Clock clock;

    private volatile RunningExperiments running = new RunningExperiments(List.of());

    /**
     * Creates the use case; nothing runs before {@link #refresh()}.
     * @param store keeps experiments and observations
     * @param versions what they compare
     * @param settings how outcomes are read
     * @param format how final analyses are kept
     * @param clock the time of beginnings and ends
     */
    public Experiments(ExperimentStore store, ModelVersions versions, AnalysisSettings settings, AnalysisFormat format,
            Clock clock) {
        this.store = store;
        this.versions = versions;
        this.finalLooks = new FinalLooks(store, settings, format, versions, clock);
        this.clock = clock;
    }

    /**
     * {@return what runs, as of the last {@link #refresh()}}
     */
    public RunningExperiments running() {
        return running;
    }

    /**
     * {@return all experiments, the newest first}
     */
    public List<Experiment> all() {
        return store.all();
    }

    /**
     * Looks up an experiment.
     * @param id its id
     * @return the experiment, empty if there is none
     */
    public Optional<Experiment> find(String id) {
        return store.find(id);
    }

    /**
     * Starts an experiment: its versions are loaded and it is on disk when this returns.
     * @param experiment what to compare
     * @return the result
     * @throws InterruptedException if the calling thread is interrupted
     */
    public CreateResult create(Experiment experiment) throws InterruptedException {
        List<ModelId> ids = experiment.variants().stream().map(Variant::model).distinct().toList();
        if (store.find(experiment.id()).isPresent()) {
            return idTaken(experiment);
        }
        return switch (versions.prepare(ids)) {
            case ModelVersions.Preparation.Missing(ModelId version) -> new CreateResult.VersionMissing(version);
            case ModelVersions.Preparation.Unfit(ModelId version, String reason) ->
                new CreateResult.VersionUnfit(version, reason);
            case ModelVersions.Preparation.Incomparable(String reason) -> new CreateResult.Incomparable(reason);
            case ModelVersions.Preparation.Ready() -> begin(experiment);
        };
    }

    private CreateResult begin(Experiment experiment) throws InterruptedException {
        refresh();
        List<String> warnings = Prospects.warnings(experiment, traffic(experiment));
        CreateResult result = switch (store.insert(experiment)) {
            case DONE -> new CreateResult.Created(experiment, warnings);
            case ID_TAKEN -> idTaken(experiment);
            case MODEL_TAKEN -> new CreateResult.Exists(
                    "another experiment runs on the traffic of model '%s', or waits for its final look; stop it first"
                        .formatted(experiment.control().model().name()));
        };
        if (result instanceof CreateResult.Created) {
            logger.info("experiment {} has started: {}", experiment.id(), experiment.variants());
            refresh();
        }
        return result;
    }

    private TrafficFacts traffic(Experiment experiment) {
        return store.traffic(experiment.control().model().name(), clock.instant().minus(LATELY));
    }

    private static CreateResult idTaken(Experiment experiment) {
        return new CreateResult.Exists(
                "experiment '%s' already exists; ids cannot be reused".formatted(experiment.id()));
    }

    /**
     * Looks at an experiment. The final look, once it is due, is taken once and kept.
     * @param experiment the experiment
     * @return what it says
     */
    public Look look(Experiment experiment) {
        return finalLooks.look(experiment);
    }

    /**
     * Ends an experiment before its time; one that has ended stays as it is.
     * @param id its id
     * @param reason for the operator
     * @return the experiment, empty if there is none
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Optional<Experiment> stop(String id, String reason) throws InterruptedException {
        refresh();
        if (store.end(id, new Status.Ended(Ending.STOPPED, clock.instant(), reason))) {
            logger.info("experiment {} was stopped: {}", id, reason);
            refresh();
        }
        return store.find(id);
    }

    /**
     * Reads from the store what runs, ends what has run its time, and keeps versions
     * loaded.
     * @throws InterruptedException if the calling thread is interrupted
     */
    public synchronized void refresh() throws InterruptedException {
        Instant now = clock.instant();
        List<Experiment> unended = store.running();
        for (Experiment experiment : unended) {
            if (experiment.ranItsTime(now)) {
                finish(experiment);
            }
        }
        RunningExperiments next = new RunningExperiments(
                unended.stream().filter((experiment) -> !experiment.ranItsTime(now)).toList());
        // Loading takes seconds, in which no request may be assigned to what is not there
        // yet.
        versions.keep(Stream.of(running, next).flatMap((some) -> some.versions().stream()).collect(Collectors.toSet()));
        running = next;
        versions.keep(next.versions());
    }

    /** One that acts on its verdict ends with its final look. */
    private void finish(Experiment experiment) {
        String reason = "it ran its time";
        if (experiment.onVerdict() == OnVerdict.REPORT
                && store.end(experiment.id(), new Status.Ended(Ending.FINISHED, experiment.endsAt(), reason))) {
            logger.info("experiment {} has ended: {}", experiment.id(), reason);
        }
    }

    /**
     * Looks at every experiment that acts on its verdict, and acts; and takes the final
     * looks that are due, which are acted on likewise.
     * @throws InterruptedException if the calling thread is interrupted
     */
    public void applyVerdicts() throws InterruptedException {
        for (Experiment experiment : running.experiments()) {
            if (experiment.onVerdict() == OnVerdict.APPLY && experiment.isRunning(clock.instant())) {
                Analysis analysis = Analyst.analyseBeforeFinalLook(finalLooks.read(experiment), clock.instant());
                apply(experiment, analysis.recommendation());
            }
        }
        finalLooks.takeAllThatAreDue();
    }

    private void apply(Experiment experiment, Recommendation verdict) throws InterruptedException {
        switch (verdict.action()) {
            case CONTINUE -> logger.debug("experiment {} continues", experiment.id());
            case ROLLBACK -> conclude(experiment, "%s was taken out".formatted(verdict.variant()), verdict);
            case PROMOTE -> {
                Variant winner = verdict.winner(experiment).orElseThrow();
                Optional<String> failure = promotion(experiment, winner, verdict);
                if (failure.isEmpty()) {
                    conclude(experiment, "%s was promoted".formatted(winner.model()), verdict);
                }
                else {
                    logger.warn("the winner of experiment {}, {}, could not be promoted and will be tried again: {}",
                            experiment.id(), winner.model(), failure.get());
                }
            }
        }
    }

    private Optional<String> promotion(Experiment experiment, Variant winner, Recommendation verdict)
            throws InterruptedException {
        return versions.promote(winner.model(), experiment.id(), verdict.reasons().getFirst());
    }

    private void conclude(Experiment experiment, String what, Recommendation verdict) throws InterruptedException {
        String reason = "%s: %s".formatted(what, String.join("; ", verdict.reasons()));
        if (store.end(experiment.id(), new Status.Ended(Ending.CONCLUDED, clock.instant(), reason))) {
            logger.info("experiment {} has ended: {}", experiment.id(), reason);
        }
        refresh();
    }

}
