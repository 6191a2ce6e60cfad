package io.modelserver.front;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import io.modelserver.experiment.assign.Assignment;
import io.modelserver.experiment.assign.RunningExperiments;
import io.modelserver.fixtures.ManualClock;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.fixtures.Trials;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.model.Tensors;
import io.modelserver.serving.Addressee;
import io.modelserver.serving.FieldProblem;
import io.modelserver.serving.OutputReader;
import io.modelserver.serving.Query;
import io.modelserver.serving.Refusal;
import io.modelserver.serving.Reply;
import io.modelserver.serving.Router;
import io.modelserver.serving.Serving;
import io.modelserver.serving.Supply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A door that hands tensors to a model and gets tensors back, as one for gRPC would: it
 * needs serving and what a model is, and nothing else of the server. After each test
 * nobody holds a version.
 */
@Timeout(120)
class TensorDoorTest {

    @TempDir
    Path temp;

    private final ManualClock clock = new ManualClock();

    private final AtomicInteger ids = new AtomicInteger();

    private RunningExperiments running = new RunningExperiments(List.of());

    private ServedModels models;

    private TensorDoor door;

    @BeforeEach
    void serve() throws Exception {
        models = new ServedModels(temp, clock);
        models.write("1", 2).write("2", 2).serve("1").load("2");
        door = new TensorDoor(
                new Serving(models.registry(), new Router(() -> running, ServedModels.MODEL, clock.timeOfDay()),
                        List.of(), () -> "r" + ids.incrementAndGet(), clock, Duration.ofMinutes(10).toNanos()),
                clock);
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        models.close();
    }

    @Test
    void tensorsAreAnsweredWithTheOutputsOfTheModelAsTheyAre() throws Exception {
        models.passes("1").answer(1, 2, Float.POSITIVE_INFINITY);

        Reply<ModelOutput> reply = door.infer(ServedModels.MODEL, Tensors.vector(3, 4));

        assertThat(reply).isInstanceOfSatisfying(Reply.Answered.class, (answer) -> {
            assertThat(answer.version()).isEqualTo(new ModelId(ServedModels.MODEL, "1"));
            assertThat(((ModelOutput) answer.answer()).tensor(0).values()).containsExactly(1, 2,
                    Float.POSITIVE_INFINITY);
        });
        assertThat(models.passes("1").inputs()).singleElement()
            .satisfies((input) -> assertThat(input.tensors().getFirst().values()).containsExactly(3, 4));
    }

    @Test
    void tensorsOfAnotherShapeAreRefusedByTheDoorAndNeverComputed() throws Exception {
        assertThat(door.infer(ServedModels.MODEL, Tensors.vector(1, 2, 3))).isInstanceOfSatisfying(Reply.Refused.class,
                (refused) -> {
                    assertThat(refused.reason()).isEqualTo(Refusal.INVALID_FEATURES);
                    assertThat(refused.problems().size()).isEqualTo(1);
                });
        assertThat(models.passes("1").count()).isZero();
    }

    @Test
    void aModelThatIsNotThereIsRefusedWithoutAskingForItsTensors() throws Exception {
        assertThat(door.infer("other", Tensors.vector(1, 2))).isInstanceOfSatisfying(Reply.Refused.class,
                (refused) -> assertThat(refused.reason()).isEqualTo(Refusal.MODEL_NOT_FOUND));
        assertThat(door.asked.get()).isZero();
    }

    @Test
    void anExperimentRoutesTensorsTooAndControlGetsTheSameOnesIfItsVariantFails() throws Exception {
        running = new RunningExperiments(List.of(Trials.split("e", "1", "2")));
        models.passes("2").fail();
        Reply<ModelOutput> reply;
        do {
            reply = door.infer(ServedModels.MODEL, Tensors.vector(1, 2));
        }
        while (assignment(reply).isControl());

        assertThat(reply).isInstanceOfSatisfying(Reply.Answered.class,
                (answer) -> assertThat(answer.failedOver()).isTrue());
        assertThat(models.passes("2").inputs()).hasSize(1);
        assertThat(models.passes("1").inputs()).contains(models.passes("2").inputs().getFirst());
        assertThat(door.asked).hasValue(ids.get());
    }

    private static Assignment assignment(Reply<ModelOutput> reply) {
        assertThat(reply).isInstanceOf(Reply.Answered.class);
        Assignment assignment = ((Reply.Answered<ModelOutput>) reply).assignment();
        assertThat(assignment).isNotNull();
        return assignment;
    }

    /** The whole door, less its protocol. */
    private static final class TensorDoor {

        private final Serving serving;

        private final LongSupplier nanoTime;

        private final AtomicInteger asked = new AtomicInteger();

        TensorDoor(Serving serving, LongSupplier nanoTime) {
            this.serving = serving;
            this.nanoTime = nanoTime;
        }

        Reply<ModelOutput> infer(String model, Tensor... tensors) throws InterruptedException {
            Addressee addressee = new Addressee(model, null, null, null, null);
            return serving.serve(
                    new Query<>(addressee, (version) -> check(List.of(tensors), version), OutputReader.unread()),
                    nanoTime.getAsLong());
        }

        private Supply check(List<Tensor> tensors, ModelMetadata version) {
            asked.incrementAndGet();
            List<FieldProblem> problems = new ArrayList<>();
            for (int i = 0; i < tensors.size(); i++) {
                TensorSpec spec = version.inputs().get(i);
                if (!spec.accepts(tensors.get(i).shape())) {
                    problems.add(new FieldProblem(spec.name(), "expected the shape " + spec.shape()));
                }
            }
            return problems.isEmpty() ? new Supply.Ready(new ModelInput(tensors))
                    : new Supply.Unusable(Refusal.INVALID_FEATURES, FieldProblem.summary(problems), problems);
        }

    }

}
