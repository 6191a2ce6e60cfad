package io.modelserver.registry.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.modelserver.batching.BatchResult;
import io.modelserver.batching.BatchingPolicy;
import io.modelserver.batching.InstanceThreads;
import io.modelserver.batching.Submission;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.fixtures.RealEngines;
import io.modelserver.head.Reading;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.Tensor;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;
import io.modelserver.registry.store.VersionStatus;
import io.modelserver.signal.Signal;
import org.assertj.core.api.AbstractStringAssert;

import static org.assertj.core.api.Assertions.assertThat;

/** A version made of a model file of the test resources, on its way to be served. */
final class DoubtfulModel {

    private static final Path RESOURCES = Path.of("src", "test", "resources");

    private static final InstanceThreads THREADS = new InstanceThreads(1, System::nanoTime);

    private static final long PATIENCE = Duration.ofMinutes(2).toNanos();

    private final Path registry;

    private final Path folder;

    private int maxBatchSize = 8;

    private DoubtfulModel(Path registry, Path folder) {
        this.registry = registry;
        this.folder = folder;
    }

    static DoubtfulModel torchScript(Path registry, String name) {
        return of(registry, RESOURCES.resolve("doubtful").resolve(name + ".pt"), "model.pt");
    }

    static DoubtfulModel onnx(Path registry, String name) {
        return of(registry, RESOURCES.resolve("onnx").resolve(name + ".onnx"), "model.onnx");
    }

    private static DoubtfulModel of(Path registry, Path file, String name) {
        try {
            Path folder = Files.createDirectories(registry.resolve("m").resolve("1"));
            Files.copy(file, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            return new DoubtfulModel(registry, folder).with("{\"input_shape\": [4]}");
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    DoubtfulModel with(String metadata) {
        return file("metadata.json", metadata);
    }

    DoubtfulModel sample(String sample) {
        return file("sample.json", "{\"samples\": [%s]}".formatted(sample));
    }

    /** The version has a graph too. */
    DoubtfulModel and(String onnx) {
        of(registry, RESOURCES.resolve("onnx").resolve(onnx + ".onnx"), "model.onnx");
        return this;
    }

    DoubtfulModel neverBatched() {
        maxBatchSize = 1;
        return this;
    }

    private DoubtfulModel file(String name, String content) {
        try {
            Files.writeString(folder.resolve(name), content);
            return this;
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Ends with the reason why it is refused. */
    void serve() throws ModelLoadException, InterruptedException {
        load().retire();
    }

    /** How it is run. */
    EngineChoice choice() throws ModelLoadException, InterruptedException {
        ServedModel served = load();
        served.retire();
        VersionStatus.RunBy by = served.engine();
        return new EngineChoice(by.engine().orElseThrow(), by.name(), by.reason(), by.maxBatchSize());
    }

    /** What it answers to one request. */
    Signal answer(float... features) throws ModelLoadException, InterruptedException {
        return ((Reading.Read<Signal>) result(features)).answer();
    }

    Signal said(Tensor input) throws ModelLoadException, InterruptedException {
        return ((Reading.Read<Signal>) result(List.of(input))).answer();
    }

    Reading<Signal> result(float[]... inputs) throws ModelLoadException, InterruptedException {
        List<Tensor> tensors = new ArrayList<>();
        for (float[] input : inputs) {
            tensors.add(new Tensor(new int[] { input.length }, input));
        }
        return result(tensors);
    }

    private Reading<Signal> result(List<Tensor> tensors) throws ModelLoadException, InterruptedException {
        ServedModel served = load();
        try {
            Submission submission = served.batcher().submit(new ModelInput(tensors), System.nanoTime() + PATIENCE);
            BatchResult result = ((Submission.Accepted) submission).pending().await();
            return served.head().read(((BatchResult.Computed) result).output());
        }
        finally {
            served.retire();
        }
    }

    private ServedModel load() throws ModelLoadException, InterruptedException {
        ModelId id = new ModelId("m", "1");
        VersionFolder version = new RegistryFolder(registry, 1_000_000, RealEngines.LIST).version(id).orElseThrow();
        VersionPreparation activator = new VersionPreparation(EngineMemory.none(),
                new BatchingPolicy(1, maxBatchSize, 10, 0, Long.MAX_VALUE), (model, size, nanos) -> {
                }, THREADS, System::nanoTime, Runnable::run);
        ServedModel served = activator.activate(version, new VersionLoad(id, ""));
        served.goLive();
        return served;
    }

    /**
     * {@return an assertion on why a model is not served}
     */
    static AbstractStringAssert<?> assertThatRefusal(DoubtfulModel model) {
        try {
            model.serve();
        }
        catch (ModelLoadException ex) {
            return assertThat(ex.getMessage());
        }
        catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
        throw new AssertionError("it is served");
    }

}
