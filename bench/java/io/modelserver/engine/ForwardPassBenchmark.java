package io.modelserver.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.modelserver.engine.onnx.OnnxEngine;
import io.modelserver.engine.torch.TorchEngine;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One forward pass of the bundled model on one thread, by engine and batch size. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ForwardPassBenchmark {

    private static final Path VERSION = Path.of("models/hybrid_cnn_lstm/20251114_192715");

    @Param({ "pytorch", "onnxruntime" })
    public String engine = "onnxruntime";

    @Param({ "1", "4", "16", "32" })
    public int batchSize = 1;

    private final ModelInput input = input();

    private @Nullable LoadedModel model;

    private @Nullable ModelInstance instance;

    @Setup
    public void open() throws IOException, ModelLoadException {
        Engine runs = new Engines(List.of(new TorchEngine(1), new OnnxEngine(1))).preferring(engine)
            .preferred()
            .orElseThrow();
        model = runs.loader()
            .load(new ModelArtifact(new ModelId("bundled", "1"), Files.readAllBytes(VERSION.resolve(runs.fileName()))));
        instance = model.newInstance();
    }

    @TearDown
    public void close() {
        Objects.requireNonNull(instance).close();
        Objects.requireNonNull(model).close();
    }

    @Benchmark
    public List<OutputTensor> forward() throws InferenceException {
        return Objects.requireNonNull(instance).forward(Collections.nCopies(batchSize, input));
    }

    private static ModelInput input() {
        Random random = new Random(1);
        float[] values = new float[60 * 110];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new ModelInput(List.of(new Tensor(new int[] { 60, 110 }, values)));
    }

}
