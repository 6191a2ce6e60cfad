package io.modelserver.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import io.modelserver.model.ModelInput;
import io.modelserver.model.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The queue against a model of it that is too simple to be wrong: a list of everything
 * that was accepted and has not been taken.
 */
class RequestQueueModelTest {

    private static final int STEPS = 20_000;

    private final AtomicLong now = new AtomicLong();

    private final List<ModelInput> shapes = List.of(Tensors.input(1), Tensors.input(1, 2), Tensors.input(1, 2, 3));

    @ParameterizedTest
    @ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
    void theQueueDoesWhatItsModelDoes(long seed) {
        Random random = new Random(seed);
        BatchingPolicy policy = new BatchingPolicy(1, 1 + random.nextInt(6), 1 + random.nextInt(20), 0, Long.MAX_VALUE);
        RequestQueue queue = new RequestQueue(policy, now::get);
        List<Expected> model = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            now.addAndGet(random.nextInt(3));
            model.removeIf((expected) -> expected.deadline <= now.get());
            if (model.isEmpty() || random.nextInt(3) > 0) {
                offer(random, policy, queue, model);
            }
            else {
                take(policy, queue, model);
            }
        }
    }

    private void offer(Random random, BatchingPolicy policy, RequestQueue queue, List<Expected> model) {
        ModelInput input = shapes.get(random.nextInt(shapes.size()));
        long deadline = now.get() + 1 + random.nextInt(40);
        PendingResult request = new PendingResult(input, deadline, now::get);
        if (model.size() < policy.queueCapacity()) {
            assertThat(queue.offer(request)).isEqualTo(new Submission.Accepted(request));
            model.add(new Expected(request, deadline));
        }
        else {
            assertThat(queue.offer(request)).isEqualTo(new Submission.Overloaded());
        }
    }

    private static void take(BatchingPolicy policy, RequestQueue queue, List<Expected> model) {
        ModelInput oldest = model.getFirst().request.input();
        List<PendingResult> batch = model.stream()
            .map((expected) -> expected.request)
            .filter((request) -> request.input().hasShapesOf(oldest))
            .limit(policy.maxBatchSize())
            .toList();

        assertThat(queue.take()).isEqualTo(batch);

        model.removeIf((expected) -> batch.contains(expected.request));
    }

    private record Expected(PendingResult request, long deadline) {
    }

}
