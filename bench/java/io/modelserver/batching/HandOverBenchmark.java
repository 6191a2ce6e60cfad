package io.modelserver.batching;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What the batcher itself costs a request: its model answers at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HandOverBenchmark {

    private static final long LONGEST_PASS = Duration.ofMinutes(1).toNanos();

    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private static final ModelInput INPUT = new ModelInput(List.of(new Tensor(new int[] { 1 }, new float[1])));

    private static final List<OutputTensor> ANSWERS = List
        .of(new OutputTensor("answer", new Tensor(new int[] { 32, 1 }, new float[32])));

    private final InstanceThreads threads = new InstanceThreads(2, System::nanoTime);

    private final DynamicBatcher batcher = new DynamicBatcher(new ModelId("benchmark", "1"),
            new BatchingPolicy(2, 32, 1024, 0, LONGEST_PASS), Instant::new, (model, size, nanos) -> {
            }, threads);

    @TearDown(Level.Trial)
    public void close() throws InterruptedException {
        batcher.stop(Duration.ofSeconds(5));
        threads.close();
    }

    @Benchmark
    @Threads(1)
    public BatchResult oneCaller() throws InterruptedException {
        return compute();
    }

    @Benchmark
    @Threads(64)
    public BatchResult manyCallers() throws InterruptedException {
        return compute();
    }

    private BatchResult compute() throws InterruptedException {
        return switch (batcher.submit(INPUT, System.nanoTime() + MINUTE_NANOS)) {
            case Submission.Accepted(PendingResult pending) -> pending.await();
            case Submission refused -> throw new IllegalStateException(refused.toString());
        };
    }

    private static final class Instant implements BatchRunner {

        @Override
        public List<ModelOutput> run(List<ModelInput> batch) {
            return ModelOutput.perSample(ANSWERS, batch.size());
        }

        @Override
        public void close() {
        }

    }

}
