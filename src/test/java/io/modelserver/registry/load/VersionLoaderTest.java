package io.modelserver.registry.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.modelserver.batching.BatchingPolicy;
import io.modelserver.batching.InstanceThreads;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.engine.ModelLoader;
import io.modelserver.fixtures.FakeEngine;
import io.modelserver.fixtures.ModelsFolder;
import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;
import io.modelserver.registry.store.VersionState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class VersionLoaderTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    private final FakeEngine engine = new FakeEngine();

    private final List<ModelId> tried = new ArrayList<>();

    private final VersionTrial passes = (id) -> {
        tried.add(id);
        return Map.of("model.pt", sha256Of("0.5"));
    };

    private final VersionTrial crashes = (id) -> {
        throw new ModelLoadException("it crashes");
    };

    private VersionFolder folder;

    @BeforeEach
    void makeAVersion() throws Exception {
        new ModelsFolder(temp.resolve("models")).version("m", "1", "0.5");
        folder = version(engine);
    }

    @Test
    void aVersionThatIsReadyIsWarm() throws Exception {
        VersionLoader loader = loader(passes, TrialPolicy.OFF, LIMIT);

        ServedModel model = loader.load(folder);

        assertThat(loader.state(folder)).isEqualTo(VersionState.WARM);
        assertThat(tried).isEmpty();
        assertThat(journal()).isEmpty();
        model.goLive();
        model.retire();
        assertThat(loader.state(folder)).isEqualTo(VersionState.CLOSED);
    }

    @Test
    void aRejectedVersionIsRememberedUntilItsFilesChange() throws Exception {
        new ModelsFolder(temp.resolve("models")).version("m", "1", "broken");
        VersionLoader loader = loader(passes, TrialPolicy.OFF, LIMIT);

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> loader.load(folder));

        assertThat(loader.state(folder)).isEqualTo(VersionState.REJECTED);
        assertThat(loader.rejection(folder)).hasValue("the engine can't read it");
        new ModelsFolder(temp.resolve("models")).version("m", "1", "0.25");
        assertThat(loader.rejection(folder)).isEmpty();
        assertThat(loader.state(folder)).isEqualTo(VersionState.FOUND);
    }

    @Test
    void whereEveryVersionIsTriedOneThatFailsIsNotLoaded() {
        VersionLoader loader = loader(crashes, TrialPolicy.CHILD, LIMIT);

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> loader.load(folder))
            .withMessage("it crashes");
        assertThat(engine.openModels()).isZero();
    }

    @Test
    void onlyTheFilesThatWereTriedAreLoaded() throws Exception {
        VersionLoader loader = loader(passes, TrialPolicy.CHILD, LIMIT);
        loader.load(folder).retire();
        assertThat(tried).containsExactly(folder.id());

        new ModelsFolder(temp.resolve("models")).version("m", "1", "0.6");

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> loader.load(folder))
            .withMessage("model.pt is not the file that was tried: it has changed since, try again");
    }

    @Test
    void aVersionThatWasBeingLoadedWhenTheProcessDiedIsTriedFirst() throws Exception {
        new LoadJournal(journalFolder()).begin(folder);
        VersionLoader afterTheCrash = loader(crashes, TrialPolicy.OFF, LIMIT);

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> afterTheCrash.load(folder))
            .withMessageStartingWith("the server died while it was being loaded")
            .withMessageEndingWith("it crashes");
        assertThat(afterTheCrash.isUnderQuarantine(folder)).isTrue();

        VersionLoader afterTheNextStart = loader(passes, TrialPolicy.OFF, LIMIT);
        afterTheNextStart.load(folder).retire();

        assertThat(tried).containsExactly(folder.id());
        assertThat(afterTheNextStart.isUnderQuarantine(folder)).isFalse();
        assertThat(journal()).isEmpty();
    }

    @Test
    void quarantineEndsWhenTheFilesChange() throws Exception {
        new LoadJournal(journalFolder()).begin(folder);
        new ModelsFolder(temp.resolve("models")).version("m", "1", "0.25");

        loader(crashes, TrialPolicy.OFF, LIMIT).load(folder).retire();
    }

    @Test
    void quarantineOutlivesAChangeOfStageWhichTheServerItselfWrites() throws Exception {
        new LoadJournal(journalFolder()).begin(folder);

        folder.writeStage(Stage.STAGING, Instant.EPOCH);

        assertThat(loader(crashes, TrialPolicy.OFF, LIMIT).isUnderQuarantine(folder)).isTrue();
        Files.writeString(temp.resolve("models/m/1/metadata.json"), "{\"input_shape\": [5]}");
        assertThat(loader(crashes, TrialPolicy.OFF, LIMIT).isUnderQuarantine(folder)).isFalse();
    }

    @Test
    void quarantineOutlivesAMoveToOtherInodes() throws Exception {
        new LoadJournal(journalFolder()).begin(folder);
        for (Path file : List.of(temp.resolve("models/m/1/model.pt"), temp.resolve("models/m/1/metadata.json"))) {
            Path copy = file.resolveSibling("copy");
            Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
        }

        assertThat(loader(crashes, TrialPolicy.OFF, LIMIT).isUnderQuarantine(folder)).isTrue();
    }

    @Test
    void closingGivesUpWhatIsBeingLoadedAndWaitsForTheEngineToLetGoOfIt() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        folder = version((artifact) -> {
            loading.countDown();
            awaitUninterrupted(goOn);
            return engine.load(artifact);
        });
        VersionLoader loader = loader(passes, TrialPolicy.OFF, LIMIT);
        Thread load = Thread.ofPlatform()
            .start(() -> assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> loader.load(folder)));
        loading.await();
        Thread closing = Thread.ofPlatform().start(loader::close);
        while (closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        goOn.countDown();
        closing.join();
        load.join();

        assertThat(engine.openModels()).isZero();
        assertThat(loader.state(folder)).isEqualTo(VersionState.REJECTED);
    }

    @Test
    void aShapeThatMayHaveTheBatchAxisIsDoubtedWhereTheModelDoesNotRunOnIt() throws Exception {
        new ModelsFolder(temp.resolve("models")).version("m", "1", "fails", "{\"input_shape\": [-1, 4]}");

        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> loader(passes, TrialPolicy.OFF, LIMIT).load(folder))
            .withMessageEndingWith(
                    "; input_shape leaves the batch axis out: for a model of [batch, 4] it is [4], not " + "[-1, 4]");
    }

    @Test
    void aLoadThatHangsIsGivenUpAndNotTriedAgainWhileItDoes() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        folder = version((artifact) -> {
            awaitUninterrupted(goOn);
            return engine.load(artifact);
        });
        VersionLoader loader = loader(passes, TrialPolicy.OFF, Duration.ofMillis(1));

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> loader.load(folder))
            .withMessageStartingWith("it was not ready within 1 ms");
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> loader.load(folder))
            .withMessageContaining("still hangs");

        goOn.countDown();
    }

    /** A version that is loaded by something else than the engine itself. */
    private VersionFolder version(ModelLoader models) {
        return new RegistryFolder(temp.resolve("models"), 1_000_000, engine.enginesThatLoad(models))
            .version(new ModelId("m", "1"))
            .orElseThrow();
    }

    private VersionLoader loader(VersionTrial trial, TrialPolicy policy, Duration limit) {
        VersionPreparation activator = new VersionPreparation(
                new EngineMemory(temp.resolveSibling(temp.getFileName() + "-engines")),
                new BatchingPolicy(1, 2, 10, 0, LIMIT.toNanos()), (model, size, nanos) -> {
                }, new InstanceThreads(1, System::nanoTime), System::nanoTime, Runnable::run);
        return new VersionLoader(activator, trial, policy, new LoadJournal(journalFolder()), limit,
                (id, ready, nanos) -> {
                }, System::nanoTime);
    }

    private Path journalFolder() {
        return temp.resolve("loading");
    }

    private List<Path> journal() throws Exception {
        try (var files = Files.list(journalFolder())) {
            return files.toList();
        }
    }

    private static String sha256Of(String word) {
        return new ModelArtifact(new ModelId("m", "1"), FakeEngine.file(word)).sha256();
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
