package io.modelserver.registry.stage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.modelserver.batching.BatchingPolicy;
import io.modelserver.batching.InstanceThreads;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.fixtures.FakeEngine;
import io.modelserver.fixtures.ModelsFolder;
import io.modelserver.model.ModelId;
import io.modelserver.registry.live.DiskComparison;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.live.RegistryHealth;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.load.EngineMemory;
import io.modelserver.registry.load.LoadJournal;
import io.modelserver.registry.load.ServedModel;
import io.modelserver.registry.load.TrialPolicy;
import io.modelserver.registry.load.VersionLoader;
import io.modelserver.registry.load.VersionPreparation;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.ChangeAuthor;
import io.modelserver.registry.store.CompleteVersions;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RegistryWatcherTest {

    private static final Duration SETTLE = Duration.ofSeconds(10);

    @TempDir
    Path temp;

    private final FakeEngine engine = new FakeEngine();

    private final ExecutorService loadingThread = Executors.newSingleThreadExecutor();

    private Instant now = Instant.now().plus(Duration.ofHours(1));

    private final InstantSource time = () -> now;

    private final Clock clock = time.withZone(ZoneOffset.UTC);

    private ModelsFolder folder;

    private LiveVersions registry;

    private Promotions lifecycle;

    private RegistryOverview overview;

    private RegistryWatcher watcher;

    @BeforeEach
    void open() throws Exception {
        folder = new ModelsFolder(temp);
        folder.version("m", "1", "0.1").version("m", "2", "0.2").mark("m", "production", "1");
        RegistryFolder repository = new RegistryFolder(temp, 1_000_000, engine.engines(),
                new CompleteVersions(SETTLE, clock, this::nanoTime));
        VersionPreparation activator = new VersionPreparation(
                new EngineMemory(temp.resolveSibling(temp.getFileName() + "-engines")),
                new BatchingPolicy(1, 2, 10, 0, Long.MAX_VALUE), (model, size, nanos) -> {
                }, new InstanceThreads(1, System::nanoTime), System::nanoTime, Runnable::run);
        VersionLoader loader = new VersionLoader(activator, (id) -> Map.of(), TrialPolicy.OFF,
                new LoadJournal(temp.resolveSibling(temp.getFileName() + "-loading")), Duration.ofMinutes(1),
                (id, ready, nanos) -> {
                }, System::nanoTime);
        registry = new LiveVersions(repository, loader, "m", 2, loadingThread, System::nanoTime);
        lifecycle = new Promotions(repository, loader, registry, clock, System::nanoTime, (model, change) -> {
        });
        overview = new RegistryOverview(repository, loader, registry, "m", new DiskComparison(Runnable::run));
        watcher = new RegistryWatcher(repository, loader, registry, lifecycle, SETTLE, this::nanoTime);
        lifecycle.loadProduction();
        watcher.look();
        now = now.plus(SETTLE);
    }

    @AfterEach
    void close() {
        registry.close();
        loadingThread.close();
        assertThat(engine.openModels()).isZero();
    }

    @Test
    void aMarkerThatIsMovedIsFollowed() throws Exception {
        folder.mark("m", "production", "2");

        watcher.look();

        assertThat(served()).isEqualTo("2");
        assertThat(lifecycle.rollback("m", ChangeAuthor.registry(""))).isInstanceOf(ChangeResult.Done.class);
        assertThat(served()).isEqualTo("1");
    }

    @Test
    void aVersionWithoutChecksumsIsSeenOnceItHasSettled() throws Exception {
        folder.version("m", "3", "0.3").mark("m", "production", "3");
        arrivesNow("3");
        watcher.look();
        assertThat(served()).isEqualTo("1");
        assertThat(overview.versions("m")).extracting(VersionStatus::version).containsExactly("1", "2");

        now = now.plus(SETTLE).minusMillis(1);
        watcher.look();
        assertThat(served()).isEqualTo("1");

        now = now.plusMillis(1);
        watcher.look();
        assertThat(served()).isEqualTo("3");
    }

    /**
     * As after a slow start, in which the first models took longer than the settle
     * period.
     */
    @Test
    void aVersionWhoseFilesAreOldIsSeenAtOnceHoweverLate() throws Exception {
        now = now.plus(SETTLE).plus(SETTLE);
        folder.version("m", "3", "0.3").mark("m", "production", "3");

        watcher.look();

        assertThat(served()).isEqualTo("3");
    }

    @Test
    void aCopyThatKeptTheTimesOfItsFilesIsNotOld() throws Exception {
        now = Instant.now();
        folder.version("m", "3", "0.3");
        Files.setLastModifiedTime(folder.path("m", "3", "model.pt"), FileTime.from(Instant.EPOCH));
        Files.setLastModifiedTime(folder.path("m", "3", "metadata.json"), FileTime.from(Instant.EPOCH));

        assertThat(overview.versions("m")).extracting(VersionStatus::version).containsExactly("1", "2");
    }

    @Test
    void aVersionThatGrowsHasNotSettled() throws Exception {
        folder.version("m", "3", "0.3");
        arrivesNow("3");
        watcher.look();
        overview.versions("m");
        now = now.plus(SETTLE).minusMillis(1);
        folder.file("m", "3", "model.pt", FakeEngine.file("and more 0.35"));
        overview.versions("m");

        now = now.plusMillis(1);

        assertThat(overview.versions("m")).extracting(VersionStatus::version).containsExactly("1", "2");
    }

    @Test
    void aVersionWithItsChecksumsIsSeenAtOnce() throws Exception {
        byte[] file = FakeEngine.file("0.3");
        String sha256 = new ModelArtifact(new ModelId("m", "3"), file).sha256();
        folder.version("m", "3", "half", "{\"input_shape\": [2], \"sha256\": \"%s\"}".formatted(sha256))
            .mark("m", "production", "3");
        watcher.look();
        assertThat(served()).isEqualTo("1");

        folder.file("m", "3", "model.pt", file);
        watcher.look();

        assertThat(served()).isEqualTo("3");
    }

    @Test
    void whatAnOperatorReloadedByNameStaysUntilTheMarkerIsMoved() throws Exception {
        lifecycle.reload("m", "2");
        watcher.look();
        assertThat(served()).isEqualTo("2");

        folder.version("m", "3", "0.3").mark("m", "production", "3");
        watcher.look();
        now = now.plus(SETTLE);
        watcher.look();

        assertThat(served()).isEqualTo("3");
    }

    @Test
    void aRejectedVersionIsTriedAgainWhenItsFilesChange() throws Exception {
        folder.version("m", "2", "broken").mark("m", "production", "2");
        watcher.look();
        watcher.look();
        assertThat(served()).isEqualTo("1");

        folder.version("m", "2", "0.25");
        watcher.look();

        assertThat(served()).isEqualTo("2");
    }

    @Test
    void aRepairedFileOfTheSameSizeAndTimeIsTriedAgain() throws Exception {
        Path file = folder.path("m", "2", "model.pt");
        FileTime time = Files.getLastModifiedTime(file);
        folder.version("m", "2", "fails").mark("m", "production", "2");
        Files.setLastModifiedTime(file, time);
        long size = Files.size(file);
        watcher.look();
        assertThat(served()).isEqualTo("1");

        folder.file("m", "2", "model.pt", FakeEngine.file("0.225"));
        Files.setLastModifiedTime(file, time);
        assertThat(Files.size(file)).isEqualTo(size);
        watcher.look();

        assertThat(served()).isEqualTo("2");
    }

    @Test
    void aServedFileThatIsOverwrittenIsAProblem() throws Exception {
        Path file = folder.path("m", "1", "model.pt");
        FileTime time = Files.getLastModifiedTime(file);
        byte[] loaded = Files.readAllBytes(file);
        assertThat(overview.health().status()).isEqualTo(RegistryHealth.Status.HEALTHY);

        folder.file("m", "1", "model.pt", FakeEngine.file("0.9"));
        Files.setLastModifiedTime(file, time);
        watcher.look();
        overview.health();

        assertThat(overview.health().status()).isEqualTo(RegistryHealth.Status.DEGRADED);
        assertThat(overview.health().problems())
            .containsExactly("m:1 is served as it was loaded, but model.pt is no longer that file on disk: reload the "
                    + "version, or copy the file that was loaded back");

        folder.file("m", "1", "model.pt", loaded);
        overview.health();
        assertThat(overview.health().status()).isEqualTo(RegistryHealth.Status.HEALTHY);

        folder.file("m", "1", "model.pt", FakeEngine.file("0.9"));
        assertThat(lifecycle.reload("m", null)).isInstanceOf(ChangeResult.Done.class);
        assertThat(overview.health().status()).isEqualTo(RegistryHealth.Status.HEALTHY);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "\n", "\r\n" })
    void anEmptiedMarkerEndsTheServingOnceItHasStayedSo(String content) throws Exception {
        Files.writeString(folder.path("m", ".production"), content);

        watcher.look();
        now = now.plus(SETTLE).minusMillis(1);
        watcher.look();
        assertThat(served()).isEqualTo("1");

        now = now.plusMillis(1);
        watcher.look();
        assertThat(served()).isNull();
        assertThat(overview.history("m").getLast()).satisfies((change) -> {
            assertThat(change.version()).isEqualTo("1");
            assertThat(change.from()).isEqualTo(Stage.PRODUCTION);
            assertThat(change.to()).isEqualTo(Stage.NONE);
            assertThat(change.author().why()).isEqualTo("the marker was emptied");
        });
    }

    @Test
    void aMarkerThatIsTruncatedAndThenWrittenWithdrawsNothing() throws Exception {
        for (int time = 0; time < 10; time++) {
            Files.writeString(folder.path("m", ".production"), "");
            watcher.look();
            now = now.plusMillis(2500);
            watcher.look();
            assertThat(served()).isEqualTo("1");
            folder.mark("m", "production", "1");
            watcher.look();
        }

        assertThat(served()).isEqualTo("1");
    }

    @Test
    void aMarkerThatCouldGoOnIsFollowedOnceItHasStayedSo() throws Exception {
        folder.version("m", "20", "0.3");
        overview.versions("m");
        now = now.plus(SETTLE);
        Files.writeString(folder.path("m", ".production"), "2");
        watcher.look();
        assertThat(served()).isEqualTo("1");

        Files.writeString(folder.path("m", ".production"), "20");
        watcher.look();
        assertThat(served()).isEqualTo("20");

        Files.writeString(folder.path("m", ".production"), "2");
        watcher.look();
        now = now.plus(SETTLE);
        watcher.look();
        assertThat(served()).isEqualTo("2");
    }

    @Test
    void whatAnOperatorReloadsByNameWhileTheMarkerIsEmptyStays() throws Exception {
        Files.writeString(folder.path("m", ".production"), "");
        watcher.look();
        assertThat(lifecycle.reload("m", null)).isInstanceOfSatisfying(ChangeResult.Conflict.class,
                (conflict) -> assertThat(conflict.reason()).contains("its marker .production is empty"));
        lifecycle.reload("m", "2");

        now = now.plus(SETTLE);
        watcher.look();
        watcher.look();
        assertThat(served()).isEqualTo("2");

        folder.mark("m", "production", "1");
        watcher.look();
        assertThat(served()).isEqualTo("1");
    }

    @Test
    void whatAnOperatorReloadsAfterAnEmptiedMarkerEndedTheServingStays() throws Exception {
        folder.mark("m", "production", "");
        watcher.look();
        now = now.plus(SETTLE);
        watcher.look();
        assertThat(served()).isNull();

        lifecycle.reload("m", "2");
        now = now.plus(SETTLE);
        watcher.look();

        assertThat(served()).isEqualTo("2");
    }

    @Test
    void aVersionThatIsMarkedAsStagingIsLoaded() throws Exception {
        registry.keepStaged();
        folder.mark("m", "staging", "2");

        watcher.look();
        loadingThread.submit(() -> {
        }).get(5, TimeUnit.MINUTES);

        assertThat(overview.health().loaded()).containsExactly("m:1", "m:2");
    }

    @Test
    void aMarkerThatIsGoneChangesNothing() throws Exception {
        Files.delete(folder.path("m", ".production"));

        watcher.look();

        assertThat(served()).isEqualTo("1");
    }

    private long nanoTime() {
        return TimeUnit.MILLISECONDS.toNanos(now.toEpochMilli());
    }

    private void arrivesNow(String version) throws Exception {
        for (String file : List.of("model.pt", "metadata.json")) {
            Files.setLastModifiedTime(folder.path("m", version, file), FileTime.from(now));
        }
    }

    private @Nullable String served() {
        ServedModel served = registry.serving("m");
        return (served != null) ? served.id().version() : null;
    }

}
