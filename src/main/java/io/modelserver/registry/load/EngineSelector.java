package io.modelserver.registry.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.modelserver.engine.Engine;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.registry.check.GoLiveChecks;
import io.modelserver.registry.check.ModelCheck;
import io.modelserver.registry.metadata.MetadataFile;
import io.modelserver.registry.store.VersionFolder;
import io.modelserver.registry.store.VersionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which of a version's model files is served. Where there are several, that of
 * the first engine in the list is the reference: it must pass its golden samples. Another
 * takes its place if it answers the samples alike and is faster; if it can't be used,
 * that is said and the version goes live without it. The same files get the same engine
 * ever after, so that a reload does not change a version's answers in their last digits.
 */
final class EngineSelector {

    private static final Logger logger = LoggerFactory.getLogger(EngineSelector.class);

    private static final String SET = "set by modelserver.inference.engine";

    private final EngineMemory memory;

    private final EngineRace race;

    EngineSelector(EngineMemory memory, LongSupplier nanoTime) {
        this.memory = memory;
        this.race = new EngineRace(nanoTime);
    }

    /**
     * Loads and checks what is to be served.
     * @return the model, which the caller must close
     * @throws ModelLoadException if the version can't be served
     */
    Selected select(VersionFolder folder, MetadataFile file, ModelCheck check, VersionLoad load)
            throws ModelLoadException {
        Selected selected = unnoted(folder, file, check, load);
        selected.checks().notes().forEach((note) -> logger.info("{} of {}: {}", selected.file(), folder.id(), note));
        return selected.noted();
    }

    private Selected unnoted(VersionFolder folder, MetadataFile file, ModelCheck check, VersionLoad load)
            throws ModelLoadException {
        List<Engine> engines = folder.engines();
        if (engines.size() == 1) {
            Candidate only = Candidate.of(folder, file, engines.getFirst());
            return checked(only, check, load, "there is only " + only.name());
        }
        Optional<Engine> preferred = folder.preferredEngine();
        return preferred.isPresent() ? checked(Candidate.of(folder, file, preferred.get()), check, load, SET)
                : fastest(folder, file, check, load);
    }

    private static Selected checked(Candidate candidate, ModelCheck check, VersionLoad load, String reason)
            throws ModelLoadException {
        load.enter(VersionState.CHECKED);
        LoadedModel model = candidate.engine().loader().load(candidate.file());
        try {
            load.enter(VersionState.LOADED);
            GoLiveChecks checks = check.of(model);
            try (ModelInstance instance = checks.newInstance()) {
                checks.verify(instance);
            }
            load.enter(VersionState.VERIFIED);
            return new Selected(checks, new EngineChoice(candidate.engine(), model.engine(), reason));
        }
        catch (ModelLoadException | RuntimeException ex) {
            model.close();
            throw ex;
        }
    }

    private Selected fastest(VersionFolder folder, MetadataFile file, ModelCheck check, VersionLoad load)
            throws ModelLoadException {
        List<Engine> engines = folder.engines();
        Candidate reference = Candidate.of(folder, file, engines.getFirst());
        List<Engine> others = engines.subList(1, engines.size());
        if (!check.hasGoldenSamples()) {
            return checked(reference, check, load,
                    "there is no sample.json by which %s could be compared with %s".formatted(
                            others.stream().map(Engine::fileName).collect(Collectors.joining(" and ")),
                            reference.name()));
        }
        List<Candidate> rivals = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (Engine other : others) {
            try {
                rivals.add(Candidate.of(folder, file, other));
            }
            catch (ModelLoadException ex) {
                reasons.add(unusable(folder.id(), other, ex));
            }
        }
        if (rivals.isEmpty()) {
            return checked(reference, check, load, String.join("; ", reasons));
        }
        List<Candidate> all = Stream.concat(Stream.of(reference), rivals.stream()).toList();
        Optional<EngineMemory.Decision> known = memory.recall(all.stream().map(Candidate::file).toList());
        for (Candidate candidate : all) {
            if (known.isPresent() && known.get().isFor(candidate.engine())) {
                return checked(candidate, check, load, known.get().reason());
            }
        }
        return compared(all, check, load, reasons);
    }

    private Selected compared(List<Candidate> all, ModelCheck check, VersionLoad load, List<String> reasons)
            throws ModelLoadException {
        Selected reference = checked(all.getFirst(), check, load, "");
        Selected best = reference;
        double bestGain = 1;
        boolean allLoaded = true;
        for (Candidate rival : all.subList(1, all.size())) {
            Selected loser;
            try {
                loser = checked(rival, check, new VersionLoad(load.id(), load.fingerprint()), "");
            }
            catch (ModelLoadException | RuntimeException ex) {
                reasons.add(unusable(load.id(), rival.engine(), ex));
                allLoaded = false;
                continue;
            }
            try {
                EngineRace.Result result = race.run(reference, loser);
                reasons.add(result.reason());
                if (result.gain() > bestGain) {
                    Selected winner = loser;
                    loser = best;
                    best = winner;
                    bestGain = result.gain();
                }
            }
            catch (ModelLoadException | RuntimeException ex) {
                reasons.add(unusable(load.id(), rival.engine(), ex));
            }
            // All are compared with the reference.
            closeUnlessItIs(reference, loser);
        }
        closeUnlessItIs(best, reference);
        Selected selected = best.because(String.join("; ", reasons));
        if (allLoaded) {
            memory.remember(all.stream().map(Candidate::file).toList(), selected.choice().engine(),
                    selected.choice().reason());
        }
        return selected;
    }

    private static void closeUnlessItIs(Selected kept, Selected selected) {
        if (!kept.choice().engine().equals(selected.choice().engine())) {
            selected.model().close();
        }
    }

    private static String unusable(ModelId id, Engine engine, Exception reason) {
        logger.warn("{} of {} is not used: {}", engine.fileName(), id, reason.getMessage());
        return "%s can't be used: %s".formatted(engine.fileName(), reason.getMessage());
    }

    /**
     * A file that could be served.
     *
     * @param engine what runs it
     * @param file its bytes, which have been checked
     */
    private record Candidate(Engine engine, ModelArtifact file) {

        private static Candidate of(VersionFolder folder, MetadataFile metadata, Engine engine)
                throws ModelLoadException {
            return new Candidate(engine, folder.artifact(metadata, engine));
        }

        private String name() {
            return file.name();
        }

    }

    /**
     * A model that passed its checks, and why it is this one.
     *
     * @param checks the model in its engine, with what was found out about it
     * @param choice for the listing
     */
    record Selected(GoLiveChecks checks, EngineChoice choice) {

        /**
         * {@return the model, to be closed}
         */
        LoadedModel model() {
            return checks.model();
        }

        Selected because(String reason) {
            return new Selected(checks, new EngineChoice(choice.engine(), choice.release(), reason));
        }

        private String file() {
            return choice.engine().fileName();
        }

        /** What is kept of the choice says nothing of how the model is run. */
        private Selected noted() {
            String reason = Stream.concat(Stream.of(choice.reason()), checks.notes().stream())
                .collect(Collectors.joining("; "));
            return new Selected(checks,
                    new EngineChoice(choice.engine(), choice.release(), reason, checks.runsOneByOne() ? 1 : null));
        }

    }

}
