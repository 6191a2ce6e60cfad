package io.modelserver.registry.load;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.modelserver.batching.BatchResult;
import io.modelserver.batching.BatchingPolicy;
import io.modelserver.batching.InstanceThreads;
import io.modelserver.batching.Submission;
import io.modelserver.engine.Engine;
import io.modelserver.engine.Engines;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.engine.ModelLoader;
import io.modelserver.fixtures.FakeEngine;
import io.modelserver.fixtures.ModelsFolder;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import io.modelserver.registry.live.DiskComparison;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.live.Resolution;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.stage.Promotions;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;
import io.modelserver.registry.store.VersionState;
import io.modelserver.registry.store.VersionStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An engine that the server has never heard of takes part in everything once it is in the
 * list: see {@link #addTheEngine}.
 */
class ThirdEngineTest {

    private static final ModelId ID = new ModelId("m", "1");

    private static final String SAMPLE = "{\"samples\": [{\"inputs\": {\"features\": [1, 2]}, "
            + "\"outputs\": {\"confidence\": [0.5]}}]}";

    @TempDir
    Path temp;

    private final FakeEngine others = new FakeEngine();

    private final Fake third = new Fake();

    private final ExecutorService loadingThread = Executors.newSingleThreadExecutor();

    private final List<Engine> list = new ArrayList<>(others.engines().inPrecedence());

    private ModelsFolder folder;

    private @Nullable LiveVersions registry;

    @BeforeEach
    void addTheEngine() throws Exception {
        list.add(third);
        folder = new ModelsFolder(temp.resolve("models")).file("m", "1", "model.fake", Fake.file("0.5"))
            .file("m", "1", "sample.json", SAMPLE.getBytes(StandardCharsets.UTF_8))
            .mark("m", "production", "1");
        metadata("null");
        others.passTakes("model.pt", 300).passTakes("model.onnx", 200);
        third.passNanos = 100;
    }

    @AfterEach
    void everyModelIsClosedInTheEnd() {
        if (registry != null) {
            registry.close();
        }
        loadingThread.close();
        assertThat(others.openModels()).isZero();
        assertThat(third.open).hasValue(0);
    }

    @Test
    void aVersionWithItsFileAloneIsFoundAndServesAndIsListed() throws Exception {
        RegistryOverview overview = serve("auto");

        VersionStatus status = overview.versions("m").getFirst();
        assertThat(status.state()).isEqualTo(VersionState.LIVE);
        assertThat(status.engine()).isEqualTo("Fake 1.0");
        assertThat(status.engineReason()).isEqualTo("there is only model.fake");
        assertThat(status.sizeMb()).isNotNull();
        assertThat(status.error()).isNull();
        assertThat(answer()).isInstanceOf(BatchResult.Computed.class);
    }

    @Test
    void whereItAgreesAndIsTheFastestItIsChosenAndRemembered() throws Exception {
        folder.file("m", "1", "model.pt", FakeEngine.file("0.5")).file("m", "1", "model.onnx", FakeEngine.file("0.5"));

        VersionStatus chosen = serve("auto").versions("m").getFirst();

        assertThat(chosen.engine()).isEqualTo("Fake 1.0");
        assertThat(chosen.engineReason())
            .isEqualTo("model.onnx agrees with model.pt and runs 1.5 times as fast at batch size 1, 1.5 times at 2; "
                    + "model.fake agrees with model.pt and runs 3.0 times as fast at batch size 1, 3.0 times at 2");
        assertThat(temp.resolve("engines")).content()
            .matches("(?:[0-9a-f]{64} ){3}FAKE \\Q%s\\E\\R".formatted(chosen.engineReason()));

        registry().close();
        third.passNanos = 1000;
        third.loads.set(0);
        VersionStatus remembered = serve("auto").versions("m").getFirst();

        assertThat(remembered.engine()).isEqualTo("Fake 1.0");
        assertThat(remembered.engineReason()).isEqualTo(chosen.engineReason());
        assertThat(third.loads).hasValue(1);
        assertThat(others.openModels()).isZero();
    }

    @Test
    void whereItIsSlowerTheFastestOfTheOthersIsChosen() throws Exception {
        folder.file("m", "1", "model.pt", FakeEngine.file("0.5")).file("m", "1", "model.onnx", FakeEngine.file("0.5"));
        third.passNanos = 250;

        assertThat(serve("auto").versions("m").getFirst().engine()).isEqualTo("Fake ONNX");
        assertThat(third.open).hasValue(0);
        assertThat(others.openModels()).isOne();
    }

    @Test
    void whereItDisagreesTheVersionGoesLiveWithoutIt() throws Exception {
        folder.file("m", "1", "model.pt", FakeEngine.file("0.5")).file("m", "1", "model.fake", Fake.file("0.6"));

        VersionStatus status = serve("auto").versions("m").getFirst();

        assertThat(status.engine()).isEqualTo("Fake TorchScript");
        assertThat(status.engineReason()).startsWith("model.fake can't be used: the golden sample is not reproduced");
    }

    @Test
    void theOperatorMayChooseItByItsName() throws Exception {
        folder.file("m", "1", "model.pt", FakeEngine.file("0.5"));
        third.passNanos = 1000;

        assertThat(serve("fake").versions("m").getFirst().engine()).isEqualTo("Fake 1.0");
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> engines("tensorflow"))
            .withMessage("modelserver.inference.engine must be one of auto, pytorch, onnxruntime, fake, not "
                    + "'tensorflow'");
    }

    @Test
    void itsChecksumIsHeld() throws Exception {
        metadata("{\"model.fake\": \"%s\"}".formatted("0".repeat(64)));
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(this::read)
            .withMessageStartingWith("the sha256 of model.fake is ");

        String digest = new ModelArtifact(ID, Fake.file("0.5")).sha256();
        metadata('"' + digest + '"');
        assertThat(read().sha256()).isEqualTo(digest);
        assertThat(version("auto").status(Stage.NONE, VersionState.FOUND, Optional.empty(), null).sha256())
            .isEqualTo(digest);
    }

    @Test
    void itsOwnLookAtTheFileComesBeforeLoading() throws Exception {
        folder.file("m", "1", "model.fake", "FAKE damaged".getBytes(StandardCharsets.UTF_8));

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(this::read).withMessage("model.fake is damaged");
    }

    @Test
    void anotherFileInItsPlaceChangesTheFingerprintAndIsTold() throws Exception {
        RegistryOverview overview = serve("auto");
        String fingerprint = version("auto").fingerprint();
        String payload = version("auto").payloadFingerprint();
        assertThat(overview.health().problems()).isEmpty();

        folder.file("m", "1", "model.fake", Fake.file("0.25"));

        assertThat(version("auto").fingerprint()).isNotEqualTo(fingerprint);
        assertThat(version("auto").payloadFingerprint()).isNotEqualTo(payload);
        assertThat(overview.health().problems()).singleElement()
            .asString()
            .contains("m:1 is served as it was loaded, but model.fake is no longer that file on disk");
    }

    @Test
    void aTrialTellsItsFileByItsChecksum() throws Exception {
        Map<String, String> tried = new LocalTrial(repository("auto"), policy(), this::nanoTime).run(ID);

        assertThat(TrialOutcome.read(TrialOutcome.tried(tried)))
            .isEqualTo(Map.of("model.fake", new ModelArtifact(ID, Fake.file("0.5")).sha256()));
    }

    @Test
    void aFolderWithoutAModelNamesItsFileToo() throws Exception {
        Files.move(folder.path("m", "1", "model.fake"), folder.path("m", "1", "bot.fake"));

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> version("auto").engines())
            .withMessage("model.pt is missing, and there is no model.onnx or model.fake either: bot.fake is Fake by "
                    + "another name: call it model.fake, in the version's folder");
    }

    @Test
    void itsFileUnderTheNameOfAnotherIsRecognised() throws Exception {
        folder.file("m", "1", "model.pt", Fake.file("0.5"));
        VersionFolder version = version("auto");

        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> version.artifact(version.metadata(), list.getFirst()))
            .withMessage("model.pt is a Fake file: call it model.fake");
    }

    private void metadata(String sha256) throws Exception {
        folder.file("m", "1", "metadata.json",
                "{\"input_shape\": [2], \"sha256\": %s}".formatted(sha256).getBytes(StandardCharsets.UTF_8));
    }

    private Engines engines(String preference) {
        return new Engines(list).preferring(preference);
    }

    private RegistryFolder repository(String preference) {
        return new RegistryFolder(temp.resolve("models"), 1_000_000, engines(preference));
    }

    private VersionFolder version(String preference) {
        return repository(preference).version(ID).orElseThrow();
    }

    private ModelArtifact read() throws ModelLoadException {
        VersionFolder version = version("auto");
        return version.artifact(version.metadata(), third);
    }

    private static BatchingPolicy policy() {
        return new BatchingPolicy(1, 2, 10, 0, Duration.ofMinutes(1).toNanos());
    }

    private long nanoTime() {
        return others.nanoTime() + third.clock.get();
    }

    private LiveVersions registry() {
        return Objects.requireNonNull(registry);
    }

    private RegistryOverview serve(String preference) throws InterruptedException {
        RegistryFolder repository = repository(preference);
        VersionPreparation activator = new VersionPreparation(new EngineMemory(temp.resolve("engines")), policy(),
                (model, size, nanos) -> {
                }, new InstanceThreads(1, this::nanoTime), this::nanoTime, Runnable::run);
        VersionLoader loader = new VersionLoader(activator, (id) -> Map.of(), TrialPolicy.OFF,
                new LoadJournal(temp.resolve("loading")), Duration.ofMinutes(1), (id, ready, nanos) -> {
                }, this::nanoTime);
        registry = new LiveVersions(repository, loader, "m", 2, loadingThread, this::nanoTime);
        new Promotions(repository, loader, registry, Clock.systemUTC(), this::nanoTime, (model, change) -> {
        }).loadProduction();
        return new RegistryOverview(repository, loader, registry, "m", new DiskComparison(Runnable::run));
    }

    private BatchResult answer() throws Exception {
        long deadline = nanoTime() + Duration.ofMinutes(1).toNanos();
        try (ModelLease lease = ((Resolution.Found) registry().resolve("m", null, deadline)).lease()) {
            Submission submission = lease.batcher()
                .submit(new ModelInput(List.of(new Tensor(new int[] { 2 }, new float[2]))), deadline);
            return ((Submission.Accepted) submission).pending().await();
        }
    }

    /** What somebody would add, in full. */
    private static final class Fake implements Engine {

        private static final String HEAD = "FAKE ";

        private final AtomicInteger open = new AtomicInteger();

        private final AtomicInteger loads = new AtomicInteger();

        private final AtomicLong clock = new AtomicLong();

        private volatile long passNanos;

        static byte[] file(String confidence) {
            return (HEAD + confidence).getBytes(StandardCharsets.UTF_8);
        }

        private static String text(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public String name() {
            return "fake";
        }

        @Override
        public String format() {
            return "Fake";
        }

        @Override
        public String fileName() {
            return "model.fake";
        }

        @Override
        public int warmUpPasses() {
            return 1;
        }

        @Override
        public void check(ModelArtifact artifact) throws ModelLoadException {
            if (text(artifact.bytes()).endsWith("damaged")) {
                throw new ModelLoadException("model.fake is damaged");
            }
        }

        @Override
        public boolean recognises(byte[] bytes) {
            return text(bytes).startsWith(HEAD);
        }

        @Override
        public ModelLoader loader() {
            return (artifact) -> {
                open.incrementAndGet();
                loads.incrementAndGet();
                return new FakeModel(this, Float.parseFloat(text(artifact.bytes()).substring(HEAD.length())));
            };
        }

    }

    private record FakeModel(Fake owner, float confidence) implements LoadedModel {

        @Override
        public String engine() {
            return "Fake 1.0";
        }

        @Override
        public ModelInstance newInstance() {
            return new ModelInstance() {

                @Override
                public List<OutputTensor> forward(List<ModelInput> batch) {
                    owner.clock.addAndGet(owner.passNanos);
                    float[] confidences = new float[batch.size()];
                    Arrays.fill(confidences, confidence);
                    return List.of(
                            new OutputTensor(null,
                                    new Tensor(new int[] { batch.size(), 3 }, new float[3 * batch.size()])),
                            new OutputTensor(null, new Tensor(new int[] { batch.size(), 1 }, confidences)));
                }

                @Override
                public void close() {
                }

            };
        }

        @Override
        public void close() {
            owner.open.decrementAndGet();
        }

    }

}
