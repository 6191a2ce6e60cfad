package io.modelserver.registry.load;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.AnswerRules;
import io.modelserver.model.InputPreparation;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Task;
import io.modelserver.model.TensorSpec;
import io.modelserver.registry.metadata.Ensemble;
import io.modelserver.registry.metadata.GoldenSample;
import io.modelserver.registry.metadata.MetadataFile;
import io.modelserver.registry.store.EnsembleSource;
import io.modelserver.registry.store.VersionFolder;
import io.modelserver.registry.store.VersionState;
import io.modelserver.registry.store.VersionStatus.RunBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares an ensemble for traffic. It loads nothing: its members are live or they are
 * missing. It may go live without some of them, if as many as it needs are there.
 */
public final class EnsemblePreparation {

    private static final Logger logger = LoggerFactory.getLogger(EnsemblePreparation.class);

    /** Longer chains of ensembles within ensembles are a mistake. */
    private static final int DEEPEST = 4;

    private final Members members;

    private final LongSupplier nanoTime;

    private final Executor closingThread;

    EnsemblePreparation(Members members, LongSupplier nanoTime, Executor closingThread) {
        this.members = members;
        this.nanoTime = nanoTime;
        this.closingThread = closingThread;
    }

    ServedModel activate(VersionFolder folder, VersionLoad load) throws ModelLoadException, InterruptedException {
        MetadataFile file = folder.metadata();
        EnsembleSource.Content content = folder.ensemble().check(folder, file);
        Ensemble ensemble = content.ensemble();
        expectNoCycle(folder.id(), folder.id(), ensemble, 1);
        load.enter(VersionState.CHECKED);
        load.loadedFrom(content.file());
        Map<String, ModelLease> leases = new LinkedHashMap<>();
        try {
            Map<String, String> missing = find(ensemble, leases);
            ModelMetadata metadata = file.declaresInputs() ? file.describe(folder.id())
                    : describe(folder.id(), ensemble, leases);
            load.enter(VersionState.LOADED);
            List<GoldenSample> samples = folder.goldenSamples(metadata);
            String note = missing.isEmpty() ? checked(folder.id(), ensemble, metadata, samples, leases)
                    : uncheckedNote(folder.id(), samples, missing);
            load.enter(VersionState.VERIFIED);
            load.enter(VersionState.WARM);
            return new ServedModel(metadata, new ServedModel.Inside.Members(ensemble, runBy(ensemble, note)), load,
                    closingThread, nanoTime);
        }
        finally {
            leases.values().forEach(ModelLease::close);
        }
    }

    private static RunBy runBy(Ensemble ensemble, String note) {
        return RunBy.members("%s of %s%s".formatted(ensemble.rules().strategy().key(),
                ensemble.members().stream().map(Ensemble.Member::name).collect(Collectors.joining(", ")), note));
    }

    /**
     * Where a member is whatever is in a stage of the ensemble's own model, it may become
     * the ensemble.
     */
    private void expectNoCycle(ModelId origin, ModelId id, Ensemble ensemble, int depth) throws ModelLoadException {
        for (Ensemble.Member member : ensemble.members()) {
            boolean isItself = member.model().equals(origin.name())
                    && (member.stage() != null || origin.version().equals(member.version()));
            if (isItself) {
                throw new ModelLoadException(
                        "ensemble.json: it would be a member of itself, since %s has the member %s:%s: take that out"
                            .formatted(id, member.model(), member.address()));
            }
            Optional<VersionFolder> folder = members.folder(member);
            if (folder.isPresent() && folder.get().ensemble().isThere()) {
                if (depth == DEEPEST) {
                    throw new ModelLoadException(
                            "ensemble.json: ensembles within ensembles go deeper than %d levels, at %s"
                                .formatted(DEEPEST, folder.get().id()));
                }
                expectNoCycle(origin, folder.get().id(), folder.get().ensemble().read().ensemble(), depth + 1);
            }
        }
    }

    /**
     * Finds the members that are there.
     * @return why the others are not
     */
    private Map<String, String> find(Ensemble ensemble, Map<String, ModelLease> leases)
            throws ModelLoadException, InterruptedException {
        Map<String, String> missing = new LinkedHashMap<>();
        for (Ensemble.Member member : ensemble.members()) {
            switch (members.find(member)) {
                case Sought.Found(ModelLease lease) -> leases.put(member.name(), lease);
                case Sought.Missing(String reason) -> missing.put(member.name(), reason);
            }
        }
        if (leases.size() < ensemble.minMembers()) {
            throw new ModelLoadException("%d of its %d members can answer, and it needs %d: %s".formatted(leases.size(),
                    ensemble.members().size(), ensemble.minMembers(), reasons(missing)));
        }
        for (Map.Entry<String, ModelLease> lease : leases.entrySet()) {
            expectVote(lease.getKey(), lease.getValue());
        }
        return missing;
    }

    private static void expectVote(String member, ModelLease lease) throws ModelLoadException {
        String problem = switch (lease.task()) {
            case DIRECTION -> null;
            case REGRESSION -> (lease.metadata().rules().decision() != null) ? null
                    : "it predicts numbers; say in 'decide' in its metadata.json when they mean to buy or to sell, or take it "
                            + "out";
            case RAW -> "its task is raw; take it out";
        };
        if (problem != null) {
            throw new ModelLoadException(
                    "ensemble.json: %s gives no direction, so that it can't vote: %s".formatted(member, problem));
        }
    }

    private static String reasons(Map<String, String> failed) {
        return failed.entrySet()
            .stream()
            .map((member) -> "%s: %s".formatted(member.getKey(), member.getValue()))
            .collect(Collectors.joining("; "));
    }

    /**
     * One whose metadata does not say looks at all that its members look at; features
     * come first, as in any model that takes some.
     */
    private static ModelMetadata describe(ModelId id, Ensemble ensemble, Map<String, ModelLease> leases)
            throws ModelLoadException {
        List<ModelMetadata> looking = ensemble.members()
            .stream()
            .map((member) -> leases.get(member.name()))
            .filter(Objects::nonNull)
            .map(ModelLease::metadata)
            .sorted(Comparator.comparing((ModelMetadata metadata) -> !metadata.takesFeatures()))
            .toList();
        if (looking.isEmpty()) {
            throw new ModelLoadException("none of its members is there");
        }
        Map<String, TensorSpec> inputs = new LinkedHashMap<>();
        looking.forEach((metadata) -> metadata.inputs().forEach((input) -> inputs.putIfAbsent(input.name(), input)));
        ModelMetadata first = looking.getFirst();
        return new ModelMetadata(id, Task.DIRECTION, List.copyOf(inputs.values()), List.of(), Map.of(),
                first.featureNames(), first.timeframe(), AnswerRules.NONE,
                new InputPreparation(looking.stream().allMatch(ModelMetadata::missingAllowed), Map.of()));
    }

    private String checked(ModelId id, Ensemble ensemble, ModelMetadata metadata, List<GoldenSample> samples,
            Map<String, ModelLease> leases) throws ModelLoadException, InterruptedException {
        EnsembleGolden golden = new EnsembleGolden(ensemble, metadata, members, nanoTime);
        String difference = golden.difference(samples, leases);
        if (difference == null) {
            return "";
        }
        List<String> following = ensemble.members()
            .stream()
            .filter((member) -> member.stage() != null)
            .map(Ensemble.Member::name)
            .toList();
        if (!following.isEmpty() && members.isInProduction(id)) {
            logger
                .warn("{} is served though it no longer reproduces its golden sample ({}): {} may have other versions "
                        + "in their stages since", id, difference, following);
            return "; it no longer reproduces its golden sample, since members have been promoted";
        }
        throw new ModelLoadException("the golden sample is not reproduced: the answer's %s%s".formatted(difference,
                following.isEmpty() ? ""
                        : "; it was asked with %s: give the members versions in ensemble.json, or export it again"
                            .formatted(leases.values().stream().map((lease) -> lease.metadata().id()).toList())));
    }

    private static String uncheckedNote(ModelId id, List<GoldenSample> samples, Map<String, String> missing) {
        logger.warn("{} goes live without {}", id, reasons(missing));
        return samples.isEmpty() ? "" : "; its golden sample was not compared, since members were missing";
    }

    /** Where the members of ensembles are found. */
    public interface Members {

        /** There are none, where versions are tried apart from all others. */
        Members NONE = new Members() {

            @Override
            public Sought find(Ensemble.Member member) {
                return new Sought.Missing("it is not loaded here");
            }

            @Override
            public Optional<VersionFolder> folder(Ensemble.Member member) {
                return Optional.empty();
            }

            @Override
            public boolean isInProduction(ModelId version) {
                return false;
            }

        };

        /**
         * Finds a member that can answer at once; never waits for one.
         * @param member which
         * @return it, to be closed, or why it is missing
         * @throws InterruptedException if the calling thread is interrupted
         */
        Sought find(Ensemble.Member member) throws InterruptedException;

        /**
         * {@return the folder of what a member is now, loaded or not}
         * @param member which
         */
        Optional<VersionFolder> folder(Ensemble.Member member);

        /**
         * {@return whether a version is in PRODUCTION already}
         * @param version which
         */
        boolean isInProduction(ModelId version);

    }

    /** What became of the search for a member. */
    public sealed interface Sought {

        /**
         * It can answer.
         *
         * @param lease to be closed
         */
        record Found(ModelLease lease) implements Sought {
        }

        /**
         * It can't.
         *
         * @param reason a sentence
         */
        record Missing(String reason) implements Sought {
        }

    }

}
