package io.modelserver.registry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.modelserver.batching.BatchingPolicy;
import io.modelserver.fixtures.FakeEngine;
import io.modelserver.fixtures.RegistryFolder;
import io.modelserver.inference.ModelArtifact;
import io.modelserver.inference.ModelFormat;
import io.modelserver.inference.ModelId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private RegistryFolder folder;

    private ModelRegistry registry;

    private ModelLifecycle lifecycle;

    private RegistryOverview overview;

    private RegistryWatcher watcher;

    @BeforeEach
    void open() throws Exception {
        folder = new RegistryFolder(temp);
        folder.version("m", "1", "0.1").version("m", "2", "0.2").mark("m", "production", "1");
        ModelRepository repository = new ModelRepository(temp, 1_000_000, new CompleteVersions(SETTLE, clock));
        ModelActivator activator = new ModelActivator(engine, EnginePreference.AUTO,
                new EngineMemory(temp.resolveSibling(temp.getFileName() + "-engines")),
                new BatchingPolicy(1, 2, 10, 0, Long.MAX_VALUE), (model, size, nanos) -> {
                }, System::nanoTime, Runnable::run);
        VersionLoader loader = new VersionLoader(activator, (id) -> Map.of(), TrialPolicy.OFF,
                new LoadJournal(temp.resolveSibling(temp.getFileName() + "-loading")), Duration.ofMinutes(1),
                (id, ready, nanos) -> {
                }, System::nanoTime);
        registry = new ModelRegistry(repository, loader, "m", 2, loadingThread, System::nanoTime);
        lifecycle = new ModelLifecycle(repository, loader, registry, clock, System::nanoTime, (model, change) -> {
        });
        overview = new RegistryOverview(repository, loader, registry, "m");
        watcher = new RegistryWatcher(repository, loader, registry, lifecycle);
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

    @Test
    void aVersionThatGrowsHasNotSettled() throws Exception {
        folder.version("m", "3", "0.3");
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
        String sha256 = new ModelArtifact(new ModelId("m", "3"), ModelFormat.TORCHSCRIPT, file).sha256();
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
    void anEmptiedMarkerEndsTheServing() throws Exception {
        folder.mark("m", "production", "");

        watcher.look();

        assertThat(served()).isNull();
    }

    @Test
    void aMarkerThatIsGoneChangesNothing() throws Exception {
        Files.delete(folder.path("m", ".production"));

        watcher.look();

        assertThat(served()).isEqualTo("1");
    }

    private @Nullable String served() {
        ServedModel served = registry.serving("m");
        return (served != null) ? served.id().version() : null;
    }

}
