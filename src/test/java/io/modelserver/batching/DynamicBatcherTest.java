package io.modelserver.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.modelserver.contract.Eventually;
import io.modelserver.engine.InferenceException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.Tensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DynamicBatcherTest {

    private static final long LONGEST_PASS = Duration.ofMinutes(1).toNanos();

    private static final ModelId MODEL = new ModelId("model", "1");

    private static final float POISON = -1;

    private static final float FATAL = -2;

    private final CountDownLatch gate = new CountDownLatch(1);

    private final CountDownLatch computing = new CountDownLatch(1);

    private final List<Integer> batchSizes = new ArrayList<>();

    private final AtomicInteger opened = new AtomicInteger();

    private final AtomicInteger closed = new AtomicInteger();

    private final InstanceThreads threads = new InstanceThreads(3, System::nanoTime);

    @AfterEach
    void noThreadIsLeft() {
        threads.close();
        Eventually.isSo(() -> threads.count() == 0);
    }

    @Test
    void eachRequestGetsTheAnswerToItsOwnInput() throws Exception {
        DynamicBatcher batcher = batcher(new BatchingPolicy(3, 8, 10_000, 0, LONGEST_PASS));
        gate.countDown();

        List<PendingResult> pending = IntStream.range(0, 5_000).mapToObj((i) -> submit(batcher, i)).toList();

        for (int i = 0; i < pending.size(); i++) {
            assertThat(answer(pending.get(i))).isEqualTo(i);
        }
        assertThat(batcher.stop(Duration.ofMinutes(5))).isTrue();
    }

    @Test
    void requestsThatArriveWhileTheInstanceIsBusyShareTheNextPass() throws Exception {
        DynamicBatcher batcher = batcher(new BatchingPolicy(1, 8, 100, 0, LONGEST_PASS));
        PendingResult first = submit(batcher, 1);
        computing.await();
        List<PendingResult> crowd = IntStream.range(0, 8).mapToObj((i) -> submit(batcher, i)).toList();

        gate.countDown();

        assertThat(computed(first).batchSize()).isEqualTo(1);
        for (PendingResult request : crowd) {
            assertThat(computed(request).batchSize()).isEqualTo(8);
        }
        batcher.stop(Duration.ofMinutes(5));
        assertThat(batchSizes).containsExactly(1, 8);
    }

    @Test
    void aPoisonousRequestFailsAlone() throws Exception {
        DynamicBatcher batcher = batcher(new BatchingPolicy(1, 8, 100, 0, LONGEST_PASS));
        submit(batcher, 0);
        computing.await();
        List<PendingResult> crowd = IntStream.range(0, 8)
            .mapToObj((i) -> submit(batcher, (i == 5) ? POISON : i))
            .toList();

        gate.countDown();

        for (int i = 0; i < crowd.size(); i++) {
            assertThat(awaitResult(crowd.get(i)))
                .isInstanceOf((i == 5) ? BatchResult.Failed.class : BatchResult.Computed.class);
        }
        batcher.stop(Duration.ofMinutes(5));
    }

    @Test
    void aRequestWhoseDeadlinePassesInTheQueueIsNotComputed() throws Exception {
        DynamicBatcher batcher = batcher(new BatchingPolicy(1, 8, 100, 0, LONGEST_PASS));
        PendingResult first = submit(batcher, 1);
        computing.await();

        Submission late = batcher.submit(Tensors.input(2), System.nanoTime() - 1);

        assertThat(late).isInstanceOfSatisfying(Submission.Accepted.class,
                (accepted) -> assertThat(awaitResult(accepted.pending())).isEqualTo(new BatchResult.Expired()));
        gate.countDown();
        computed(first);
        batcher.stop(Duration.ofMinutes(5));
        assertThat(batchSizes).containsExactly(1);
    }

    @Test
    void stoppingComputesWhatIsQueuedAndClosesEveryInstance() throws Exception {
        DynamicBatcher batcher = batcher(new BatchingPolicy(2, 4, 100, 0, LONGEST_PASS));
        List<PendingResult> pending = IntStream.range(0, 20).mapToObj((i) -> submit(batcher, i)).toList();
        gate.countDown();

        assertThat(batcher.stop(Duration.ofMinutes(5))).isTrue();

        assertThat(pending).allSatisfy((request) -> assertThat(computed(request)).isNotNull());
        assertThat(batcher.submit(Tensors.input(1), Long.MAX_VALUE)).isInstanceOf(Submission.Closed.class);
        assertThat(closed).hasValue(opened.get());
    }

    @Test
    void instancesAreOpenedWhenTheyAreNeeded() throws Exception {
        DynamicBatcher batcher = batcher(new BatchingPolicy(2, 1, 100, 0, LONGEST_PASS));
        assertThat(opened).hasValue(0);
        gate.countDown();

        for (int i = 0; i < 100; i++) {
            answer(submit(batcher, i));
        }

        assertThat(opened).hasValueBetween(1, 2);
        batcher.stop(Duration.ofMinutes(5));
        assertThat(closed).hasValue(opened.get());
    }

    @Test
    void anInstanceThatCantBeOpenedFailsItsRequestsAndIsTriedAgain() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        DynamicBatcher batcher = new DynamicBatcher(MODEL, new BatchingPolicy(1, 4, 100, 0, LONGEST_PASS), () -> {
            if (failures.getAndIncrement() == 0) {
                throw new IllegalStateException("no memory");
            }
            return new Echo();
        }, (model, size, nanos) -> {
        }, threads);
        gate.countDown();

        assertThat(awaitResult(submit(batcher, 1))).isInstanceOf(BatchResult.Failed.class);
        assertThat(answer(submit(batcher, 2))).isEqualTo(2);
        batcher.stop(Duration.ofMinutes(5));
    }

    @Test
    void anErrorFailsItsRequestAndNotTheInstance() throws Exception {
        DynamicBatcher batcher = batcher(new BatchingPolicy(1, 8, 100, 0, LONGEST_PASS));
        gate.countDown();

        assertThat(awaitResult(submit(batcher, FATAL))).isInstanceOf(BatchResult.Failed.class);

        assertThat(answer(submit(batcher, 3))).isEqualTo(3);
        batcher.stop(Duration.ofMinutes(5));
    }

    @Test
    void whateverHappensEveryAcceptedRequestIsAnsweredOnceAndRight() throws Exception {
        DynamicBatcher batcher = batcher(new BatchingPolicy(3, 4, 50, 0, LONGEST_PASS));
        gate.countDown();
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger rejected = new AtomicInteger();
        List<Throwable> wrong = Collections.synchronizedList(new ArrayList<>());
        List<Thread> callers = IntStream.range(0, 64).mapToObj((caller) -> Thread.ofVirtual().start(() -> {
            Random random = new Random(caller);
            try {
                for (int i = 0; i < 300; i++) {
                    float value = (random.nextInt(20) == 0) ? POISON : caller * 1000 + i;
                    long patience = (random.nextInt(10) == 0) ? -1 : Duration.ofMinutes(1).toNanos();
                    ModelInput input = random.nextBoolean() ? Tensors.input(value) : Tensors.input(value, 0);
                    switch (batcher.submit(input, System.nanoTime() + patience)) {
                        case Submission.Accepted(PendingResult pending) -> {
                            accepted.incrementAndGet();
                            assertRight(value, patience, pending.await());
                        }
                        case Submission.Overloaded() -> rejected.incrementAndGet();
                        case Submission.Stuck() -> throw new AssertionError("stuck");
                        case Submission.Closed() -> throw new AssertionError("not open");
                    }
                }
            }
            catch (InterruptedException | AssertionError ex) {
                wrong.add(ex);
            }
        })).toList();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(wrong).isEmpty();
        assertThat(accepted.get() + rejected.get()).isEqualTo(64 * 300);
        assertThat(batcher.stop(Duration.ofMinutes(5))).isTrue();
        assertThat(batchSizes).allMatch((size) -> size >= 1 && size <= 4);
    }

    private static void assertRight(float value, long patience, BatchResult result) {
        switch (result) {
            case BatchResult.Expired() -> assertThat(patience).isNegative();
            case BatchResult.Stuck stuck -> throw new AssertionError(stuck);
            case BatchResult.Computed computed -> {
                assertThat(patience).isPositive();
                assertThat(answer(computed)).isEqualTo(value);
            }
            case BatchResult.Failed failure -> assertThat(value).isEqualTo(POISON);
        }
    }

    private DynamicBatcher batcher(BatchingPolicy policy) {
        return new DynamicBatcher(MODEL, policy, Echo::new, (model, size, nanos) -> {
            synchronized (batchSizes) {
                batchSizes.add(size);
            }
        }, threads);
    }

    private static PendingResult submit(DynamicBatcher batcher, float value) {
        Submission submission = batcher.submit(Tensors.input(value),
                System.nanoTime() + Duration.ofMinutes(1).toNanos());
        assertThat(submission).isInstanceOf(Submission.Accepted.class);
        return ((Submission.Accepted) submission).pending();
    }

    private static float answer(PendingResult request) {
        return answer(computed(request));
    }

    private static float answer(BatchResult.Computed computed) {
        return computed.output().tensor(0).values()[0];
    }

    private static BatchResult.Computed computed(PendingResult request) {
        return (BatchResult.Computed) awaitResult(request);
    }

    private static BatchResult awaitResult(PendingResult request) {
        try {
            return request.await();
        }
        catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** Returns its input, once the gate is open. */
    private final class Echo implements BatchRunner {

        Echo() {
            opened.incrementAndGet();
        }

        @Override
        public List<ModelOutput> run(List<ModelInput> batch) throws InferenceException {
            computing.countDown();
            try {
                gate.await();
            }
            catch (InterruptedException ex) {
                throw new InferenceException("interrupted", ex);
            }
            List<ModelOutput> outputs = new ArrayList<>();
            for (ModelInput input : batch) {
                float value = input.tensors().getFirst().values()[0];
                if (value == POISON) {
                    throw new InferenceException("poison", new IllegalArgumentException());
                }
                if (value == FATAL) {
                    throw new LinkageError("fatal");
                }
                outputs.add(Tensors.output(value));
            }
            return outputs;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }

    }

}
