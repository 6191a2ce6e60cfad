package io.modelserver.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.modelserver.fixtures.RealEngines;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** An instance of the bundled model goes from thread to thread, each of which is new. */
class PassesOnManyThreadsTest {

    private static final ModelId ID = new ModelId("hybrid_cnn_lstm", "20251114_192715");

    private static final int MAX_BATCH_SIZE = 8;

    private static final Path TASKS = Path.of("/proc/self/task");

    private int named;

    static List<Engine> engines() {
        return RealEngines.LIST.inPrecedence();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aPassGivesTheSameOnWhicheverThread(Engine engine) throws Exception {
        try (LoadedModel model = load(engine); ModelInstance instance = model.newInstance()) {
            for (int size = 1; size <= MAX_BATCH_SIZE; size++) {
                List<ModelInput> batch = batch(size);
                List<OutputTensor> here = instance.forward(batch);

                assertThat(onNewThread(() -> instance.forward(batch))).zipSatisfy(here, (there, expected) -> {
                    assertThat(there.name()).isEqualTo(expected.name());
                    assertThat(there.tensor().shape()).isEqualTo(expected.tensor().shape());
                    assertThat(there.tensor().values()).isEqualTo(expected.tensor().values());
                });
            }
        }
    }

    /** A thread that an engine starts has the name of the one that it was started by. */
    @ParameterizedTest
    @MethodSource("engines")
    @EnabledOnOs(OS.LINUX)
    void aPassUsesNoThreadButItsOwn(Engine engine) throws Exception {
        try (LoadedModel model = load(engine); ModelInstance instance = model.newInstance()) {
            assertThat(onNewThread(() -> {
                instance.forward(batch(MAX_BATCH_SIZE));
                return threadsNamed(Thread.currentThread().getName());
            })).isEqualTo(1);
        }
    }

    private static LoadedModel load(Engine engine) throws IOException, ModelLoadException {
        Path file = Path.of("models", ID.name(), ID.version(), engine.fileName());
        return engine.loader().load(new ModelArtifact(ID, Files.readAllBytes(file)));
    }

    private static List<ModelInput> batch(int size) {
        Random random = new Random(size);
        List<ModelInput> batch = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            float[] values = new float[60 * 110];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) random.nextGaussian();
            }
            batch.add(new ModelInput(List.of(new Tensor(new int[] { 60, 110 }, values))));
        }
        return batch;
    }

    private <T> T onNewThread(Pass<T> pass) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        named++;
        Thread.ofPlatform().name("pass-" + named).start(() -> {
            try {
                result.complete(pass.run());
            }
            catch (InferenceException | IOException | RuntimeException | Error ex) {
                result.completeExceptionally(ex);
            }
        });
        return result.get();
    }

    private static long threadsNamed(String name) throws IOException {
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return tasks.filter((task) -> name.equals(nameOf(task))).count();
        }
    }

    private static String nameOf(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        }
        catch (IOException ended) {
            return "";
        }
    }

    private interface Pass<T> {

        T run() throws InferenceException, IOException;

    }

}
