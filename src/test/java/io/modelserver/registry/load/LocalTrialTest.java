package io.modelserver.registry.load;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

import io.modelserver.batching.BatchingPolicy;
import io.modelserver.batching.InstanceThreads;
import io.modelserver.fixtures.FakeEngine;
import io.modelserver.fixtures.ModelsFolder;
import io.modelserver.model.ModelId;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LocalTrialTest {

    private static final BatchingPolicy POLICY = new BatchingPolicy(1, 2, 10, 0, Duration.ofMinutes(1).toNanos());

    private static final ModelId ID = new ModelId("m", "1");

    @TempDir
    Path temp;

    private final FakeEngine engine = new FakeEngine();

    /** The one that was chosen before may be the other one the next time. */
    @Test
    void bothFilesAreTriedWhicheverIsToBeServed() throws Exception {
        new ModelsFolder(temp).version("m", "1", "0.5")
            .file("m", "1", "model.onnx", FakeEngine.file("0.5"))
            .file("m", "1", "sample.json",
                    "{\"samples\": [{\"inputs\": {\"features\": [1, 2]}, \"outputs\": {\"confidence\": [0.5]}}]}"
                        .getBytes(StandardCharsets.UTF_8));
        RegistryFolder repository = new RegistryFolder(temp, 1_000_000, engine.engines());
        EngineMemory memory = new EngineMemory(temp.resolve("engines"));
        VersionPreparation activator = new VersionPreparation(memory, POLICY, (model, size, nanos) -> {
        }, new InstanceThreads(1, System::nanoTime), System::nanoTime, Runnable::run);
        VersionLoader loader = new VersionLoader(activator, new LocalTrial(repository, POLICY, System::nanoTime),
                TrialPolicy.CHILD, new LoadJournal(temp.resolve("loading")), Duration.ofMinutes(1),
                (id, ready, nanos) -> {
                }, System::nanoTime);
        VersionFolder folder = repository.version(ID).orElseThrow();

        loader.load(folder).retire();
        loader.load(folder).retire();

        assertThat(new LocalTrial(repository, POLICY, System::nanoTime).run(ID)).containsOnlyKeys("model.pt",
                "model.onnx");
        assertThat(engine.openModels()).isZero();
    }

}
