package io.modelserver.experiment.conduct;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.modelserver.experiment.assign.Ending;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.AnalysisSettings;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.verdict.Analysis;
import io.modelserver.experiment.verdict.AnalysisFormat;
import io.modelserver.experiment.verdict.Analyst;
import io.modelserver.experiment.verdict.Recommendation;
import io.modelserver.model.ModelId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the final look at every experiment: once, one outcome horizon after its end, and
 * keeps it. Every later look would be one more test. An experiment that acts on its
 * verdict stays unended until then, though it assigns nothing any more.
 */
final class FinalLooks {

    private static final Logger logger = LoggerFactory.getLogger(FinalLooks.class);

    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final ExperimentStore store;

    private final AnalysisSettings settings;

    private final AnalysisFormat format;

    private final ModelVersions versions;

    private final Clock clock;

    /**
     * When each is due, so that evidence is not read over and over to know its horizon.
     */
    private final Map<String, Instant> due = new ConcurrentHashMap<>();

    FinalLooks(ExperimentStore store, AnalysisSettings settings, AnalysisFormat format, ModelVersions versions,
            Clock clock) {
        this.store = store;
        this.settings = settings;
        this.format = format;
        this.versions = versions;
        this.clock = clock;
    }

    /**
     * Analyzes an experiment as of now, and takes its final look if that is due.
     * @param experiment the experiment
     * @return the final look if it was taken, by anyone
     */
    Look look(Experiment experiment) {
        Optional<FinalAnalysis> kept = store.findFinalAnalysis(experiment.id());
        if (kept.isPresent()) {
            return new Look.Final(kept.get());
        }
        Evidence evidence = read(experiment);
        Instant now = clock.instant();
        if (experiment.status() instanceof Status.Running) {
            return new Look.Passing(Analyst.analyseBeforeFinalLook(evidence, now));
        }
        Analysis analysis = Analyst.analyse(evidence, now);
        return analysis.timing().finalLook() ? new Look.Final(keep(experiment, analysis)) : new Look.Passing(analysis);
    }

    Evidence read(Experiment experiment) {
        Evidence evidence = new Evidence(experiment, settings);
        store.read(evidence);
        return evidence;
    }

    private FinalAnalysis keep(Experiment experiment, Analysis analysis) {
        due.remove(experiment.id());
        FinalAnalysis mine = new FinalAnalysis(format.write(experiment, analysis), clock.instant());
        if (store.saveFinalAnalysis(experiment.id(), mine)) {
            logger.info("the final look at experiment {}: {}", experiment.id(),
                    String.join("; ", analysis.recommendation().reasons()));
            return mine;
        }
        return store.findFinalAnalysis(experiment.id()).orElse(mine);
    }

    /**
     * Takes all final looks that are due, and acts on those that are to be acted on.
     * @throws InterruptedException if the calling thread is interrupted
     */
    void takeAllThatAreDue() throws InterruptedException {
        for (Experiment experiment : unended()) {
            if (isDue(experiment)) {
                takeAndAct(experiment);
            }
        }
        for (Experiment experiment : store.withoutFinalAnalysis()) {
            if (isDue(experiment)) {
                take(experiment);
            }
        }
    }

    /** One that can't be read must not keep the others from their final looks. */
    private void take(Experiment experiment) {
        try {
            if (look(experiment) instanceof Look.Passing(Analysis analysis)) {
                due.put(experiment.id(), analysis.timing().finalLookAt());
            }
        }
        catch (IllegalStateException | IllegalArgumentException ex) {
            due.put(experiment.id(), clock.instant().plus(PAUSE));
            logger.warn("the final look at experiment {} failed and will be tried again: {}", experiment.id(),
                    ex.toString());
        }
    }

    private List<Experiment> unended() {
        Instant now = clock.instant();
        return store.running().stream().filter((experiment) -> experiment.ranItsTime(now)).toList();
    }

    /** The least that the horizon can be is what the experiment says, else nothing. */
    private boolean isDue(Experiment experiment) {
        Instant end = (experiment.status() instanceof Status.Ended ended) ? ended.at() : experiment.endsAt();
        Instant least = (experiment.outcomeHorizon() != null) ? end.plus(experiment.outcomeHorizon()) : end;
        return !clock.instant().isBefore(due.getOrDefault(experiment.id(), least));
    }

    private void takeAndAct(Experiment experiment) throws InterruptedException {
        Analysis analysis = Analyst.analyse(read(experiment), clock.instant());
        if (!analysis.timing().finalLook()) {
            due.put(experiment.id(), analysis.timing().finalLookAt());
            return;
        }
        Recommendation verdict = analysis.recommendation();
        String reason = "it ran its time: " + String.join("; ", verdict.reasons());
        Optional<Variant> winner = verdict.winner(experiment);
        if (winner.isPresent()) {
            ModelId model = winner.get().model();
            reason += versions.promote(model, experiment.id(), verdict.reasons().getFirst())
                .map("; it could not be promoted: "::concat)
                .orElse("; %s was promoted".formatted(model));
        }
        if (store.end(experiment.id(), new Status.Ended(Ending.FINISHED, experiment.endsAt(), reason))) {
            logger.info("experiment {} has ended: {}", experiment.id(), reason);
        }
        keep(experiment.ended(Ending.FINISHED, experiment.endsAt(), reason), analysis);
    }

}
