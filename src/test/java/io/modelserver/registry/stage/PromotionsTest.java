package io.modelserver.registry.stage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.modelserver.batching.BatchResult;
import io.modelserver.batching.BatchingPolicy;
import io.modelserver.batching.InstanceThreads;
import io.modelserver.batching.Submission;
import io.modelserver.engine.ModelLoader;
import io.modelserver.fixtures.FakeEngine;
import io.modelserver.fixtures.ModelsFolder;
import io.modelserver.head.Reading;
import io.modelserver.model.ModelId;
import io.modelserver.model.Tensors;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.live.RegistryHealth;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.live.Resolution;
import io.modelserver.registry.load.EngineMemory;
import io.modelserver.registry.load.LoadJournal;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.registry.load.TrialPolicy;
import io.modelserver.registry.load.VersionLoader;
import io.modelserver.registry.load.VersionPreparation;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.ChangeAuthor;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.StageChange;
import io.modelserver.registry.store.StageHistory;
import io.modelserver.registry.store.VersionStatus;
import io.modelserver.signal.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PromotionsTest {

    private static final long LONGEST_PASS = Duration.ofMinutes(1).toNanos();

    private static final String MODEL = "m";

    private static final ChangeAuthor OPERATOR = new ChangeAuthor("operator", "a test");

    @TempDir
    Path temp;

    private final FakeEngine engine = new FakeEngine();

    private final ExecutorService closingThread = Executors.newSingleThreadExecutor();

    private final ExecutorService loadingThread = Executors
        .newSingleThreadExecutor(Thread.ofPlatform().name("on-demand").factory());

    private final List<String> stageChanges = new ArrayList<>();

    private ModelsFolder folder;

    private LiveVersions registry;

    private Promotions lifecycle;

    private RegistryOverview overview;

    @BeforeEach
    void openRegistry() throws Exception {
        folder = new ModelsFolder(temp);
        folder.version(MODEL, "1", "0.1").version(MODEL, "2", "0.2").mark(MODEL, "production", "1");
        open(engine);
    }

    private void open(ModelLoader loader) {
        RegistryFolder repository = new RegistryFolder(temp, 1_000_000, engine.enginesThatLoad(loader));
        VersionPreparation activator = new VersionPreparation(
                new EngineMemory(temp.resolveSibling(temp.getFileName() + "-engines")),
                new BatchingPolicy(1, 2, 10, 0, LONGEST_PASS), (model, size, nanos) -> {
                }, new InstanceThreads(1, System::nanoTime), System::nanoTime, closingThread);
        VersionLoader versions = new VersionLoader(activator, (id) -> Map.of(), TrialPolicy.OFF,
                new LoadJournal(temp.resolveSibling(temp.getFileName() + "-loading")), Duration.ofMinutes(1),
                (id, ready, nanos) -> {
                }, System::nanoTime);
        registry = new LiveVersions(repository, versions, MODEL, 2, loadingThread, System::nanoTime);
        lifecycle = new Promotions(repository, versions, registry, Clock.systemUTC(), System::nanoTime,
                (model, change) -> stageChanges.add("%s:%s %s %s %s".formatted(model, change.version(), change.from(),
                        change.to(), change.author().who())));
        overview = new RegistryOverview(repository, versions, registry, MODEL);
    }

    @AfterEach
    void closeRegistry() throws Exception {
        registry.close();
        loadingThread.close();
        drain();
        assertThat(engine.openModels()).isZero();
    }

    @Test
    void atStartTheProductionVersionServes() throws Exception {
        lifecycle.loadProduction();

        assertThat(answer(null)).isEqualTo(0.1f);
        assertThat(answer("latest")).isEqualTo(0.1f);
        assertThat(answer("production")).isEqualTo(0.1f);
        assertThat(overview.health().status()).isEqualTo(RegistryHealth.Status.HEALTHY);
        assertThat(overview.health().loaded()).containsExactly("m:1");
    }

    @Test
    void aVersionThatIsAskedForByNameIsLoadedThen() throws Exception {
        lifecycle.loadProduction();

        assertThat(answer("2")).isEqualTo(0.2f);
        assertThat(overview.health().loaded()).containsExactly("m:1", "m:2");
    }

    @Test
    void ofTheVersionsOutsideProductionOnlyAFewStayLoaded() throws Exception {
        lifecycle.loadProduction();
        folder.version(MODEL, "3", "0.3").version(MODEL, "4", "0.4");

        for (String version : new String[] { "2", "3", "4" }) {
            answer(version);
        }

        assertThat(overview.health().loaded()).containsExactly("m:1", "m:3", "m:4");
        assertThat(answer("2")).isEqualTo(0.2f);
    }

    @Test
    void aKeptVersionStaysLoadedWhateverElseIsAskedForOrPromoted() throws Exception {
        lifecycle.loadProduction();
        folder.version(MODEL, "3", "0.3").version(MODEL, "4", "0.4").version(MODEL, "5", "0.5");
        ModelId production = new ModelId(MODEL, "1");
        ModelId beside = new ModelId(MODEL, "2");
        registry.keep(Set.of(production, beside));

        for (String version : new String[] { "2", "3", "4", "5" }) {
            answer(version);
        }
        lifecycle.changeStage(new ModelId(MODEL, "5"), Stage.PRODUCTION, OPERATOR);

        assertThat(overview.health().loaded()).contains("m:1", "m:2", "m:5");
        assertThat(registry.lease(production)).hasValueSatisfying(ModelLease::close);
        assertThat(registry.lease(beside)).hasValueSatisfying(ModelLease::close);
        assertThat(registry.lease(new ModelId(MODEL, "3"))).isEmpty();
    }

    @Test
    void aKeptVersionCanNotBeArchived() throws Exception {
        lifecycle.loadProduction();
        ModelId kept = new ModelId(MODEL, "2");
        registry.keep(Set.of(kept));

        assertThat(lifecycle.changeStage(kept, Stage.ARCHIVED, OPERATOR))
            .isEqualTo(new ChangeResult.Conflict("m:2 answers in a running experiment; stop that first"));

        registry.keep(Set.of());
        assertThat(lifecycle.changeStage(kept, Stage.ARCHIVED, OPERATOR)).isInstanceOf(ChangeResult.Done.class);
    }

    @Test
    void everyChangeOfStageIsReported() throws Exception {
        lifecycle.loadProduction();
        stageChanges.clear();

        lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.PRODUCTION, OPERATOR);
        lifecycle.changeStage(new ModelId(MODEL, "1"), Stage.ARCHIVED, OPERATOR);
        lifecycle.changeStage(new ModelId(MODEL, "gone"), Stage.PRODUCTION, OPERATOR);

        assertThat(stageChanges).containsExactly("m:2 NONE PRODUCTION operator", "m:1 STAGING ARCHIVED operator");
    }

    @Test
    void stagingIsTheMarkedVersion() throws Exception {
        folder.mark(MODEL, "staging", "2");
        lifecycle.loadProduction();

        assertThat(answer("staging")).isEqualTo(0.2f);
    }

    @Test
    void promotingSwapsTheVersionInAndRemembersTheOneBefore() throws Exception {
        lifecycle.loadProduction();

        ChangeResult result = lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.PRODUCTION, OPERATOR);

        assertThat(result).isInstanceOfSatisfying(ChangeResult.Done.class, (done) -> {
            assertThat(done.previousVersion()).isEqualTo("1");
            assertThat(done.message()).isEqualTo("m:2 is now in PRODUCTION");
        });
        assertThat(answer(null)).isEqualTo(0.2f);
        assertThat(marker("production")).isEqualTo("2\n");
        assertThat(marker("staging")).isEqualTo("1\n");
        assertThat(Files.readString(folder.path(MODEL, "2", "metadata.json"))).contains("\"Production\"")
            .contains("\"kept\"")
            .contains("2.50");
        drain();
        assertThat(engine.openModels()).isEqualTo(1);
    }

    @Test
    void rollbackBringsTheVersionBeforeBack() throws Exception {
        lifecycle.loadProduction();
        lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.PRODUCTION, OPERATOR);

        assertThat(lifecycle.rollback(MODEL, OPERATOR)).isInstanceOf(ChangeResult.Done.class);

        assertThat(answer(null)).isEqualTo(0.1f);
        assertThat(marker("production")).isEqualTo("1\n");
        assertThat(marker("staging")).isEqualTo("2\n");
    }

    @Test
    void aRollbackToAnArchivedVersionIsRefusedWithTheCure() throws Exception {
        ModelId second = new ModelId(MODEL, "2");
        lifecycle.loadProduction();
        lifecycle.changeStage(second, Stage.PRODUCTION, OPERATOR);
        lifecycle.rollback(MODEL, OPERATOR);
        lifecycle.changeStage(second, Stage.ARCHIVED, OPERATOR);

        assertThat(lifecycle.rollback(MODEL, OPERATOR)).isInstanceOfSatisfying(ChangeResult.Conflict.class,
                (conflict) -> assertThat(conflict.reason()).contains("m:2 was in PRODUCTION before, but is ARCHIVED",
                        "set its stage to NONE"));
        assertThat(answer(null)).isEqualTo(0.1f);

        lifecycle.changeStage(second, Stage.NONE, OPERATOR);
        assertThat(lifecycle.rollback(MODEL, OPERATOR)).isInstanceOf(ChangeResult.Done.class);
        assertThat(answer(null)).isEqualTo(0.2f);
    }

    @Test
    void theVersionThatIsDisplacedFromStagingIsTold() throws Exception {
        folder.version(MODEL, "3", "0.3");
        lifecycle.loadProduction();
        lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.STAGING, OPERATOR);

        ChangeResult result = lifecycle.changeStage(new ModelId(MODEL, "3"), Stage.STAGING, OPERATOR);

        assertThat(result).isInstanceOfSatisfying(ChangeResult.Done.class,
                (done) -> assertThat(done.previousVersion()).isEqualTo("2"));
        assertThat(overview.history(MODEL).getLast().previousVersion()).isEqualTo("2");
        assertThat(overview.versions(MODEL)).extracting(VersionStatus::stage)
            .containsExactly(Stage.PRODUCTION, Stage.NONE, Stage.STAGING);
    }

    @Test
    void aPromotionThatIsSentTwiceCanBeRolledBack() throws Exception {
        lifecycle.loadProduction();
        lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.PRODUCTION, OPERATOR);
        lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.PRODUCTION, OPERATOR);

        assertThat(lifecycle.rollback(MODEL, OPERATOR)).isInstanceOf(ChangeResult.Done.class);

        assertThat(answer(null)).isEqualTo(0.1f);
    }

    @Test
    void aPromotionWhileTheMarkerIsTruncatedCanBeRolledBack() throws Exception {
        lifecycle.loadProduction();
        Files.writeString(folder.path(MODEL, ".production"), "");

        lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.PRODUCTION, OPERATOR);

        assertThat(answer(null)).isEqualTo(0.2f);
        assertThat(lifecycle.rollback(MODEL, OPERATOR)).isInstanceOf(ChangeResult.Done.class);
        assertThat(answer(null)).isEqualTo(0.1f);
    }

    @Test
    void rollbackFromAVersionThatCanNotBeLoadedGoesToTheOneThatServes() throws Exception {
        lifecycle.loadProduction();
        folder.version(MODEL, "bad", "broken").mark(MODEL, "production", "bad");

        assertThat(lifecycle.rollback(MODEL, OPERATOR)).isInstanceOf(ChangeResult.Done.class);

        assertThat(marker("production")).isEqualTo("1\n");
    }

    @Test
    void rollbackKnowsTheVersionThatATrainersMarkerDisplaced() throws Exception {
        lifecycle.loadProduction();
        folder.mark(MODEL, "production", "2");
        lifecycle.reload(MODEL, null);

        assertThat(lifecycle.rollback(MODEL, OPERATOR)).isInstanceOf(ChangeResult.Done.class);

        assertThat(answer(null)).isEqualTo(0.1f);
    }

    @Test
    void aPromotionThatACrashCutShortLeavesTheOldVersionAndItsPredecessor() throws Exception {
        folder.version(MODEL, "0", "0.0");
        folder.mark(MODEL, "production", "0");
        lifecycle.loadProduction();
        lifecycle.changeStage(new ModelId(MODEL, "1"), Stage.PRODUCTION, OPERATOR);
        new StageHistory(folder.path(MODEL)).append(new StageChange(Instant.now(), StageChange.Action.PROMOTE, "2",
                Stage.NONE, Stage.PRODUCTION, "1", OPERATOR));
        Files.writeString(folder.path(MODEL, ".production.tmp"), "2");
        registry.close();
        open(engine);

        lifecycle.loadProduction();

        assertThat(answer(null)).isEqualTo(0.1f);
        assertThat(Files.readString(folder.path(MODEL, "history.jsonl"))).contains("\"action\":\"undone\"");
        assertThat(lifecycle.rollback(MODEL, OPERATOR)).isInstanceOf(ChangeResult.Done.class);
        assertThat(answer(null)).isEqualTo(0.0f);
    }

    @Test
    void aPromotionThatCanNotBeWrittenChangesNothing() throws Exception {
        lifecycle.loadProduction();
        Files.delete(folder.path(MODEL, "history.jsonl"));
        Files.createDirectory(folder.path(MODEL, "history.jsonl"));

        assertThat(lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.PRODUCTION, OPERATOR))
            .isInstanceOf(ChangeResult.NotStored.class);

        assertThat(answer(null)).isEqualTo(0.1f);
        assertThat(marker("production")).isEqualTo("1\n");
        assertThat(folder.path(MODEL, ".production.tmp")).doesNotExist();
        drain();
        assertThat(engine.openModels()).isEqualTo(1);
    }

    @Test
    void aVersionInProductionIsNotInStagingWhateverItsMarkerSays() throws Exception {
        folder.mark(MODEL, "staging", "1");
        lifecycle.loadProduction();

        assertThat(registry.resolve(MODEL, "staging", deadline())).isInstanceOf(Resolution.VersionNotFound.class);
    }

    @Test
    void promotionTakesTheStageFromAThirdVersion() throws Exception {
        folder.version(MODEL, "3", "0.3").mark(MODEL, "staging", "3");
        lifecycle.loadProduction();

        lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.PRODUCTION, OPERATOR);

        assertThat(overview.versions(MODEL)).extracting(VersionStatus::stage)
            .containsExactly(Stage.STAGING, Stage.PRODUCTION, Stage.NONE);
        assertThat(Files.readString(folder.path(MODEL, "3", "metadata.json"))).contains("\"None\"");
    }

    @Test
    void retiringAVersionStopsItAlsoWhereItServesWithoutBeingInProduction() throws Exception {
        lifecycle.loadProduction();
        lifecycle.reload(MODEL, "2");

        lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.NONE, OPERATOR);

        assertThat(registry.resolve(null, null, deadline())).isInstanceOf(Resolution.NoProduction.class);
    }

    @Test
    void retiringTheMarkedVersionLeavesAnotherThatServesAlone() throws Exception {
        lifecycle.loadProduction();
        lifecycle.reload(MODEL, "2");

        lifecycle.changeStage(new ModelId(MODEL, "1"), Stage.ARCHIVED, OPERATOR);

        assertThat(answer(null)).isEqualTo(0.2f);
        assertThat(overview.health().problems()).containsExactly("m:2 is served, but no version is in PRODUCTION");
    }

    @Test
    void healthTellsWhereTheMarkersAndWhatIsServedDisagree() throws Exception {
        lifecycle.loadProduction();
        folder.mark(MODEL, "production", "9");

        assertThat(overview.health().status()).isEqualTo(RegistryHealth.Status.DEGRADED);
        assertThat(overview.health().problems())
            .containsExactly("'9' is marked as PRODUCTION of model 'm', but there is no such version; m:1 is served");
    }

    @Test
    void aVersionThatWasMendedIsNoLongerListedWithItsOldError() throws Exception {
        lifecycle.loadProduction();
        folder.version(MODEL, "3", "broken");
        lifecycle.reload(MODEL, "3");

        folder.version(MODEL, "3", "0.375");

        assertThat(overview.versions(MODEL)).extracting(VersionStatus::error).containsOnlyNulls();
        assertThat(answer("3")).isEqualTo(0.375f);
    }

    @Test
    void withoutAnEarlierVersionThereIsNoRollback() throws Exception {
        lifecycle.loadProduction();

        assertThat(lifecycle.rollback(MODEL, OPERATOR)).isInstanceOf(ChangeResult.Conflict.class);
        assertThat(answer(null)).isEqualTo(0.1f);
    }

    @Test
    void aVersionThatFailsItsCheckLeavesAllAsItWas() throws Exception {
        lifecycle.loadProduction();
        folder.version(MODEL, "bad", "broken").version(MODEL, "worse", "fails");

        assertThat(lifecycle.changeStage(new ModelId(MODEL, "bad"), Stage.PRODUCTION, OPERATOR))
            .isEqualTo(new ChangeResult.Rejected(new ModelId(MODEL, "bad"), "the engine can't read it"));
        assertThat(lifecycle.reload(MODEL, "worse")).isInstanceOf(ChangeResult.Rejected.class);

        assertThat(answer(null)).isEqualTo(0.1f);
        assertThat(marker("production")).isEqualTo("1\n");
        assertThat(overview.versions(MODEL)).filteredOn((version) -> version.version().equals("bad"))
            .singleElement()
            .satisfies((version) -> assertThat(version.error()).isEqualTo("the engine can't read it"));
        assertThat(registry.resolve(MODEL, "bad", deadline())).isInstanceOf(Resolution.Rejected.class);
    }

    @Test
    void aGoldenSampleThatIsNotReproducedRejectsTheVersion() throws Exception {
        lifecycle.loadProduction();
        folder.version(MODEL, "3", "0.3");
        Files.writeString(folder.path(MODEL, "3", "sample.json"), """
                {"samples": [{"inputs": {"features": [1, 2]}, "outputs": {"confidence": [0.31]}}]}""");

        assertThat(lifecycle.reload(MODEL, "3")).isInstanceOfSatisfying(ChangeResult.Rejected.class,
                (rejected) -> assertThat(rejected.reason()).contains("confidence[0] is 0.3, sample.json says 0.31"));
    }

    @Test
    void aReloadOfAnotherVersionServesItAndLeavesTheStage() throws Exception {
        lifecycle.loadProduction();

        assertThat(lifecycle.reload(MODEL, "2")).isInstanceOfSatisfying(ChangeResult.Done.class,
                (done) -> assertThat(done.previousVersion()).isEqualTo("1"));

        assertThat(answer(null)).isEqualTo(0.2f);
        assertThat(marker("production")).isEqualTo("1\n");
        assertThat(lifecycle.reload(MODEL, null)).isInstanceOf(ChangeResult.Done.class);
        assertThat(answer(null)).isEqualTo(0.1f);
    }

    @Test
    void retiringTheProductionVersionLeavesNoneToAnswer() throws Exception {
        lifecycle.loadProduction();

        lifecycle.changeStage(new ModelId(MODEL, "1"), Stage.ARCHIVED, OPERATOR);

        assertThat(registry.resolve(null, null, deadline())).isInstanceOf(Resolution.NoProduction.class);
        assertThat(overview.health().status()).isEqualTo(RegistryHealth.Status.UNHEALTHY);
        assertThat(overview.versions(MODEL).getFirst().stage()).isEqualTo(Stage.ARCHIVED);
        assertThat(lifecycle.rollback(MODEL, OPERATOR)).isInstanceOf(ChangeResult.Done.class);
        assertThat(answer(null)).isEqualTo(0.1f);
    }

    @Test
    void whatIsUnknownIsNotFound() throws Exception {
        lifecycle.loadProduction();

        assertThat(registry.resolve("x", null, deadline())).isEqualTo(new Resolution.ModelNotFound("x"));
        assertThat(registry.resolve(MODEL, "9", deadline()))
            .isEqualTo(new Resolution.VersionNotFound(new ModelId(MODEL, "9")));
        assertThat(registry.resolve(MODEL, "staging", deadline())).isInstanceOf(Resolution.VersionNotFound.class);
        assertThat(lifecycle.reload("x", null)).isEqualTo(new ChangeResult.ModelNotFound("x"));
        assertThat(lifecycle.reload(MODEL, "9")).isEqualTo(new ChangeResult.VersionNotFound(new ModelId(MODEL, "9")));
    }

    @Test
    void aServedVersionWhoseFolderIsGoneIsAProblem() throws Exception {
        lifecycle.loadProduction();
        for (String file : new String[] { "model.pt", "metadata.json" }) {
            Files.delete(folder.path(MODEL, "1", file));
        }
        Files.delete(folder.path(MODEL, "1"));

        assertThat(overview.health().status()).isEqualTo(RegistryHealth.Status.DEGRADED);
        assertThat(overview.health().problems())
            .anySatisfy((problem) -> assertThat(problem).contains("folder is gone"));
    }

    @Test
    void ofTheVersionsThatWereAskedForTheLongestUnusedGoesAndStagingStays() throws Exception {
        folder.version(MODEL, "3", "0.3")
            .version(MODEL, "4", "0.4")
            .version(MODEL, "5", "0.5")
            .mark(MODEL, "staging", "2");
        lifecycle.loadProduction();

        use("staging");
        use("3");
        assertThat(loaded()).containsExactly("1", "2", "3");
        use("4");
        assertThat(loaded()).containsExactly("1", "2", "4");

        folder.mark(MODEL, "staging", "");
        use("2");
        use("5");
        assertThat(loaded()).containsExactly("1", "2", "5");
    }

    @Test
    void onceTheServerHasStartedWhatIsInStagingIsLoadedAndStays() throws Exception {
        folder.version(MODEL, "3", "0.3")
            .version(MODEL, "4", "0.4")
            .version(MODEL, "5", "0.5")
            .mark(MODEL, "staging", "2");
        lifecycle.loadProduction();
        assertThat(loaded()).containsExactly("1");

        registry.keepStaged();
        awaitLoads();
        assertThat(loaded()).containsExactly("1", "2");
        assertThat(registry.resolve(MODEL, "staging", System.nanoTime() - 1))
            .isInstanceOfSatisfying(Resolution.Found.class, (found) -> found.lease().close());

        for (String version : new String[] { "3", "4", "5" }) {
            use(version);
        }
        assertThat(loaded()).containsExactly("1", "2", "4", "5");
    }

    @Test
    void theVersionThatAPromotionMovesToStagingStaysLoaded() throws Exception {
        lifecycle.loadProduction();
        registry.keepStaged();

        lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.PRODUCTION, OPERATOR);
        awaitLoads();
        drain();

        assertThat(loaded()).containsExactly("1", "2");
        assertThat(engine.openModels()).isEqualTo(2);
        lifecycle.rollback(MODEL, OPERATOR);
        drain();
        assertThat(answer("staging")).isEqualTo(0.2f);
        assertThat(answer(null)).isEqualTo(0.1f);
        assertThat(engine.openModels()).isEqualTo(2);
    }

    @Test
    void aMarkerOfStagingThatWasMovedByHandIsFollowedByTheNextReload() throws Exception {
        lifecycle.loadProduction();
        registry.keepStaged();
        folder.mark(MODEL, "staging", "2");

        lifecycle.reload(MODEL, null);
        awaitLoads();

        assertThat(loaded()).containsExactly("1", "2");
    }

    @Test
    void anUnfitVersionInStagingHarmsNothingAndIsTriedAgainWhenItsFilesChange() throws Exception {
        folder.version(MODEL, "2", "broken").mark(MODEL, "staging", "2");
        lifecycle.loadProduction();
        registry.keepStaged();
        awaitLoads();

        assertThat(overview.health().status()).isEqualTo(RegistryHealth.Status.HEALTHY);
        assertThat(answer(null)).isEqualTo(0.1f);
        assertThat(registry.resolve(MODEL, "staging", deadline())).isInstanceOf(Resolution.Rejected.class);

        folder.version(MODEL, "2", "0.25");
        lifecycle.reload(MODEL, null);
        awaitLoads();
        assertThat(answer("staging")).isEqualTo(0.25f);
    }

    @Test
    void aVersionInStagingWhoseFilesAreFoundUnfitAnswersNoMore() throws Exception {
        folder.mark(MODEL, "staging", "2");
        lifecycle.loadProduction();
        registry.keepStaged();
        awaitLoads();
        assertThat(loaded()).containsExactly("1", "2");

        folder.version(MODEL, "2", "broken");
        lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.PRODUCTION, OPERATOR);

        assertThat(loaded()).containsExactly("1");
        assertThat(registry.resolve(MODEL, "2", deadline())).isInstanceOf(Resolution.Rejected.class);
    }

    @Test
    void severalVersionsThatClaimProductionAreAProblem() throws Exception {
        Files.delete(folder.path(MODEL, ".production"));
        for (String version : new String[] { "9", "10" }) {
            folder.version(MODEL, version, "0.5", "{\"input_shape\": [2], \"stage\": \"Production\"}");
        }

        lifecycle.loadProduction();

        assertThat(overview.health().status()).isEqualTo(RegistryHealth.Status.DEGRADED);
        assertThat(overview.health().loaded()).containsExactly("m:10");
        assertThat(overview.health().problems())
            .containsExactly("several versions of model 'm' say in metadata.json that they are in PRODUCTION (9, 10): "
                    + "10 is taken, the newest; promote one");

        lifecycle.changeStage(new ModelId(MODEL, "9"), Stage.PRODUCTION, OPERATOR);
        assertThat(overview.health().status()).isEqualTo(RegistryHealth.Status.HEALTHY);
    }

    @Test
    void aFolderThatCanNotBeAVersionIsListedWithTheReason() throws Exception {
        folder.version(MODEL, "run 7", "0.5").mark(MODEL, "production", "run 7");
        lifecycle.loadProduction();

        assertThat(overview.versions(MODEL)).extracting(VersionStatus::version).containsExactly("1", "2", "run 7");
        assertThat(overview.versions(MODEL).getLast().error())
            .startsWith("'run 7' can't be the name of a version: rename the folder");
        assertThat(overview.health().problems()).anySatisfy((problem) -> assertThat(problem)
            .startsWith("'run 7' is marked as PRODUCTION of model 'm', but 'run 7' can't be the name of a version"));
        assertThat(registry.resolve(MODEL, "run 7", deadline())).isInstanceOf(Resolution.VersionNotFound.class);
    }

    private void awaitLoads() throws Exception {
        loadingThread.submit(() -> {
        }).get(5, TimeUnit.MINUTES);
    }

    private void use(String version) throws Exception {
        ((Resolution.Found) registry.resolve(MODEL, version, deadline())).lease().close();
    }

    private List<String> loaded() {
        return overview.versions(MODEL).stream().filter(VersionStatus::loaded).map(VersionStatus::version).toList();
    }

    @Test
    void aModelThatIsInUseIsClosedOnlyWhenItIsNot() throws Exception {
        lifecycle.loadProduction();
        Resolution.Found held = (Resolution.Found) registry.resolve(null, null, deadline());

        lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.PRODUCTION, OPERATOR);
        drain();

        assertThat(engine.openModels()).isEqualTo(2);
        held.lease().close();
        held.lease().close();
        drain();
        assertThat(engine.openModels()).isEqualTo(1);
    }

    @Test
    void aSecondChangeOfAModelIsTurnedAwayWhileOneIsUnderWay() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        open((artifact) -> {
            loading.countDown();
            awaitUninterrupted(goOn);
            return engine.load(artifact);
        });
        Thread first = inBackground(() -> lifecycle.reload(MODEL, null));
        loading.await();

        assertThat(lifecycle.reload(MODEL, null)).isInstanceOf(ChangeResult.Conflict.class);

        goOn.countDown();
        first.join();
        assertThat(answer(null)).isEqualTo(0.1f);
    }

    @Test
    void aVersionThatLoadsTooSlowlyIsReportedAsStillLoading() throws Exception {
        lifecycle.loadProduction();

        assertThat(registry.resolve(MODEL, "2", System.nanoTime() - 1)).isInstanceOf(Resolution.StillLoading.class);
        assertThat(answer("2")).isEqualTo(0.2f);
    }

    @Test
    void aVersionThatIsPromotedWhileItIsLoadedForARequestWaitsForThat() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        lifecycle.loadProduction();
        LiveVersions first = registry;
        open((artifact) -> {
            loading.countDown();
            awaitUninterrupted(goOn);
            return engine.load(artifact);
        });
        first.close();
        registry.resolve(MODEL, "2", System.nanoTime() - 1);
        loading.await();
        Thread promotion = inBackground(
                () -> lifecycle.changeStage(new ModelId(MODEL, "2"), Stage.PRODUCTION, OPERATOR));

        goOn.countDown();
        promotion.join();

        assertThat(answer(null)).isEqualTo(0.2f);
        loadingThread.submit(() -> {
        }).get(2, TimeUnit.MINUTES);
        drain();
        assertThat(engine.openModels()).isEqualTo(1);
    }

    @Test
    void aRegistryThatVanishesKeepsServingAndSaysSo() throws Exception {
        lifecycle.loadProduction();
        Files.move(temp.resolve(MODEL), temp.resolveSibling(temp.getFileName() + "-gone"));
        Files.delete(temp);

        assertThat(answer(null)).isEqualTo(0.1f);
        assertThat(overview.health().status()).isEqualTo(RegistryHealth.Status.DEGRADED);
        Files.createDirectory(temp);
    }

    private float answer(@org.jspecify.annotations.Nullable String version) throws Exception {
        Resolution resolution = registry.resolve(null, version, deadline());
        assertThat(resolution).isInstanceOf(Resolution.Found.class);
        try (ModelLease lease = ((Resolution.Found) resolution).lease()) {
            Submission submission = lease.batcher().submit(Tensors.input(1, 2), deadline());
            BatchResult result = ((Submission.Accepted) submission).pending().await();
            Reading<Signal> said = lease.head().read(((BatchResult.Computed) result).output());
            return Objects.requireNonNull(((Reading.Read<Signal>) said).answer().confidence());
        }
    }

    private String marker(String stage) throws Exception {
        return Files.readString(folder.path(MODEL, "." + stage));
    }

    private void drain() throws Exception {
        closingThread.submit(() -> {
        }).get(2, TimeUnit.MINUTES);
    }

    private static long deadline() {
        return System.nanoTime() + Duration.ofMinutes(5).toNanos();
    }

    private static Thread inBackground(Callable<ChangeResult> change) {
        return Thread.ofPlatform().start(() -> {
            try {
                change.call();
            }
            catch (Exception ex) {
                throw new IllegalStateException(ex);
            }
        });
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        }
        catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

}
