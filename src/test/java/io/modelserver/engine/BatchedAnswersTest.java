package io.modelserver.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

import io.modelserver.batching.BatchResult;
import io.modelserver.batching.BatchingPolicy;
import io.modelserver.batching.DynamicBatcher;
import io.modelserver.batching.InstanceRunner;
import io.modelserver.batching.InstanceThreads;
import io.modelserver.batching.PendingResult;
import io.modelserver.batching.Submission;
import io.modelserver.fixtures.RealEngines;
import io.modelserver.head.ClassHead;
import io.modelserver.head.Reading;
import io.modelserver.model.FeatureNames;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Signal;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The bundled model, batched at random by many threads, answers as it does alone. */
class BatchedAnswersTest {

    private static final long LONGEST_PASS = Duration.ofMinutes(1).toNanos();

    private static final int CALLERS = 32;

    private static final int INPUTS = 2_048;

    private static final int MAX_BATCH_SIZE = 8;

    private static final Offset<Float> TOLERANCE = Offset.offset(1e-5f);

    private static final ModelMetadata METADATA = new ModelMetadata(new ModelId("hybrid_cnn_lstm", "20251114_192715"),
            List.of(new TensorSpec("features", List.of(60, 110))), List.of(), Map.of(), new FeatureNames(List.of()));

    private final ClassHead head = new ClassHead(METADATA);

    private final List<ModelInput> inputs = IntStream.range(0, INPUTS).mapToObj(BatchedAnswersTest::input).toList();

    static List<Engine> engines() {
        return RealEngines.LIST.inPrecedence();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void everyInputGetsTheAnswerThatItGetsAlone(Engine engine) throws Exception {
        try (LoadedModel model = load(engine)) {
            List<Signal> alone = new ArrayList<>();
            try (ModelInstance instance = model.newInstance()) {
                for (ModelInput input : inputs) {
                    alone.add(answers(instance, List.of(input)).getFirst());
                }
            }
            InstanceThreads threads = new InstanceThreads(2, System::nanoTime);
            DynamicBatcher batcher = new DynamicBatcher(METADATA.id(),
                    new BatchingPolicy(2, MAX_BATCH_SIZE, INPUTS, 0, LONGEST_PASS),
                    () -> new InstanceRunner(model.newInstance()), (id, size, nanos) -> {
                    }, threads);
            List<Throwable> wrong = Collections.synchronizedList(new ArrayList<>());
            List<Thread> callers = IntStream.range(0, CALLERS)
                .mapToObj((caller) -> Thread.ofVirtual().start(() -> check(batcher, caller, alone, wrong)))
                .toList();
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(batcher.stop(Duration.ofMinutes(1))).isTrue();
            threads.close();
            assertThat(wrong).isEmpty();
        }
    }

    /** Whatever else is in the batch, and at whichever place in it the input stands. */
    @ParameterizedTest
    @MethodSource("engines")
    void inBatchesOfOneSizeAnAnswerIsTheSameToTheLastBit(Engine engine) throws Exception {
        Random random = new Random(1);
        try (LoadedModel model = load(engine); ModelInstance instance = model.newInstance()) {
            for (int size = 1; size <= MAX_BATCH_SIZE; size++) {
                List<ModelInput> batch = inputs.subList(0, size);
                List<Signal> expected = answers(instance, batch);
                for (int place = 0; place < size; place++) {
                    List<ModelInput> others = new ArrayList<>(inputs.subList(100, 100 + size));
                    Collections.shuffle(others, random);
                    others.set(place, batch.get(place));

                    assertThat(answers(instance, others).get(place)).isEqualTo(expected.get(place));
                }
            }
        }
    }

    private void check(DynamicBatcher batcher, int caller, List<Signal> alone, List<Throwable> wrong) {
        try {
            for (int i = caller; i < INPUTS; i += CALLERS) {
                Submission submission = batcher.submit(inputs.get(i),
                        System.nanoTime() + Duration.ofMinutes(2).toNanos());
                PendingResult pending = ((Submission.Accepted) submission).pending();
                Signal actual = signal(((BatchResult.Computed) pending.await()).output());
                Signal expected = alone.get(i);
                assertThat(actual.confidence()).isCloseTo(expected.confidence(), TOLERANCE);
                assertThat(actual.expectedReturn()).isCloseTo(expected.expectedReturn(), TOLERANCE);
                assertThat(Objects.requireNonNull(actual.probabilities()).buy())
                    .isCloseTo(Objects.requireNonNull(expected.probabilities()).buy(), TOLERANCE);
                assertThat(Objects.requireNonNull(actual.probabilities()).sell())
                    .isCloseTo(Objects.requireNonNull(expected.probabilities()).sell(), TOLERANCE);
            }
        }
        catch (InterruptedException | RuntimeException | AssertionError ex) {
            wrong.add(ex);
        }
    }

    private List<Signal> answers(ModelInstance instance, List<ModelInput> batch) throws InferenceException {
        return ModelOutput.perSample(instance.forward(batch), batch.size()).stream().map(this::signal).toList();
    }

    private Signal signal(ModelOutput output) {
        return ((Reading.Read<Signal>) head.read(output)).answer();
    }

    private static LoadedModel load(Engine engine) throws IOException, ModelLoadException {
        Path file = Path.of("models", METADATA.id().name(), METADATA.id().version(), engine.fileName());
        return engine.loader().load(new ModelArtifact(METADATA.id(), Files.readAllBytes(file)));
    }

    private static ModelInput input(int seed) {
        Random random = new Random(seed);
        float[] values = new float[60 * 110];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new ModelInput(List.of(new Tensor(new int[] { 60, 110 }, Arrays.copyOf(values, values.length))));
    }

}
