package io.modelserver.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
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

/** The passes of a version that is held wait until they are let go. */
class InstanceThreadsTest {

    private static final int THREADS = 2;

    private static final BatchingPolicy ONE_BY_ONE = new BatchingPolicy(THREADS, 1, 1000, 0,
            Duration.ofMinutes(10).toNanos());

    private static final BatchingPolicy ONE_AT_A_TIME = new BatchingPolicy(1, 1, 1000, 0,
            Duration.ofMinutes(10).toNanos());

    private static final int MANY = 1 << 20;

    private final InstanceThreads threads = new InstanceThreads(THREADS, System::nanoTime);

    private final Map<String, Held> held = new ConcurrentHashMap<>();

    private final List<Float> order = Collections.synchronizedList(new ArrayList<>());

    private final List<DynamicBatcher> batchers = new ArrayList<>();

    @AfterEach
    void letGo() throws Exception {
        held.values().forEach((version) -> version.permits.release(MANY));
        for (DynamicBatcher batcher : batchers) {
            assertThat(batcher.stop(Duration.ofMinutes(5))).isTrue();
        }
        threads.close();
        Eventually.isSo(() -> threads.count() == 0);
    }

    @Test
    void threeHundredIdleVersionsHaveNoThread() {
        IntStream.range(0, 300).forEach((i) -> batcher("idle-" + i, ONE_BY_ONE));

        assertThat(threads.count()).isZero();
    }

    @Test
    void threeHundredVersionsShareTheThreads() {
        List<PendingResult> requests = IntStream.range(0, 300)
            .mapToObj((i) -> submit(batcher("busy-" + i, ONE_BY_ONE)))
            .toList();

        requests.forEach(InstanceThreadsTest::assertComputed);

        assertThat(threads.count()).isBetween(1, THREADS + InstanceThreads.SPARE);
    }

    @Test
    void aVersionOfWhichAllThreadsAreBusyDoesNotHoldUpAnother() {
        DynamicBatcher slow = heldBatcher("slow", ONE_BY_ONE);
        List<PendingResult> requests = IntStream.range(0, 2 * THREADS).mapToObj((i) -> submit(slow)).toList();
        held("slow").awaitRunning(THREADS);

        assertComputed(submit(batcher("fast", ONE_BY_ONE)));

        assertThat(slow.instances()).isEqualTo(new InstanceCount(THREADS, THREADS, 0));
        held("slow").permits.release(requests.size());
        requests.forEach(InstanceThreadsTest::assertComputed);
    }

    @Test
    void asManyVersionsMayHangAsThereAreSpareThreads() {
        DynamicBatcher first = heldBatcher("first", ONE_BY_ONE);
        IntStream.range(0, THREADS).forEach((i) -> submit(first));
        held("first").awaitRunning(THREADS);
        for (int i = 1; i < InstanceThreads.SPARE; i++) {
            submit(heldBatcher("other-" + i, ONE_BY_ONE));
            held("other-" + i).awaitRunning(1);
        }

        assertComputed(submit(batcher("fast", ONE_BY_ONE)));

        assertThat(threads.count()).isEqualTo(THREADS + InstanceThreads.SPARE);
    }

    /** All threads are taken but one, which comes back to versions that queue. */
    @Test
    void versionsTakeTurns() {
        InstanceThreads few = new InstanceThreads(1, System::nanoTime);
        for (int i = 0; i <= InstanceThreads.SPARE; i++) {
            submit(batcher(few, "gate-" + i, ONE_AT_A_TIME, hold("gate-" + i)));
            held("gate-" + i).awaitRunning(1);
        }
        DynamicBatcher crowded = batcher(few, "crowded", ONE_AT_A_TIME, this::note);
        DynamicBatcher rare = batcher(few, "rare", ONE_AT_A_TIME, this::note);
        List<PendingResult> requests = new ArrayList<>();
        IntStream.range(0, 3).forEach((i) -> requests.add(submit(crowded, 1)));
        requests.add(submit(rare, 2));

        held("gate-0").permits.release();
        requests.forEach(InstanceThreadsTest::assertComputed);

        assertThat(order).containsExactly(1f, 2f, 1f, 1f);
        few.close();
    }

    @Test
    void aHotVersionUsesAllThreadsAtATime() {
        DynamicBatcher hot = heldBatcher("hot", ONE_BY_ONE);

        List<PendingResult> requests = IntStream.range(0, 3 * THREADS).mapToObj((i) -> submit(hot)).toList();

        held("hot").awaitRunning(THREADS);
        assertThat(hot.instances()).isEqualTo(new InstanceCount(THREADS, THREADS, 0));
        held("hot").permits.release(requests.size());
        requests.forEach(InstanceThreadsTest::assertComputed);
        assertThat(threads.count()).isEqualTo(THREADS);
    }

    @Test
    void aVersionIsClosedWhileOthersRun() throws Exception {
        PendingResult other = submit(heldBatcher("other", ONE_BY_ONE));
        held("other").awaitRunning(1);
        DynamicBatcher closing = batcher("closing", ONE_BY_ONE);
        List<PendingResult> requests = IntStream.range(0, 20).mapToObj((i) -> submit(closing)).toList();

        assertThat(closing.stop(Duration.ofMinutes(5))).isTrue();

        requests.forEach(InstanceThreadsTest::assertComputed);
        assertThat(closing.submit(Tensors.input(1), Long.MAX_VALUE)).isEqualTo(new Submission.Closed());
        held("other").permits.release();
        assertComputed(other);
    }

    @Test
    void aBatchThatWaitsToBeFilledHoldsUpNobody() {
        DynamicBatcher patient = batcher("patient", waiting(Duration.ofHours(1)));
        PendingResult first = submit(patient);

        assertComputed(submit(batcher("fast", ONE_BY_ONE)));
        assertThat(patient.queued()).isEqualTo(1);

        assertComputed(submit(patient));
        assertComputed(first);
    }

    @Test
    void aBatchThatIsNotFilledInTimeGoesAsItIs() {
        DynamicBatcher patient = batcher("patient", waiting(Duration.ofMillis(1)));
        DynamicBatcher slow = heldBatcher("slow", ONE_BY_ONE);
        submit(slow);
        held("slow").awaitRunning(1);

        assertComputed(submit(patient));
    }

    @Test
    void threadsThatAreClosedStillAnswerWhatIsSent() {
        threads.close();

        assertComputed(submit(batcher("late", ONE_BY_ONE)));

        Eventually.isSo(() -> threads.count() == 0);
    }

    private static BatchingPolicy waiting(Duration delay) {
        return new BatchingPolicy(THREADS, 2, 10, delay.toNanos(), Long.MAX_VALUE);
    }

    private DynamicBatcher heldBatcher(String name, BatchingPolicy policy) {
        return batcher(threads, name, policy, hold(name));
    }

    private DynamicBatcher batcher(String name, BatchingPolicy policy) {
        return batcher(threads, name, policy, this::note);
    }

    private DynamicBatcher batcher(InstanceThreads on, String name, BatchingPolicy policy, Pass pass) {
        DynamicBatcher batcher = new DynamicBatcher(new ModelId(name, "1"), policy, () -> new Runner(pass),
                (model, size, nanos) -> {
                }, on);
        batchers.add(batcher);
        return batcher;
    }

    private void note(float value) {
        order.add(value);
    }

    private Pass hold(String name) {
        return held(name)::run;
    }

    private Held held(String name) {
        return held.computeIfAbsent(name, (unknown) -> new Held());
    }

    private static PendingResult submit(DynamicBatcher batcher) {
        return submit(batcher, 1);
    }

    private static PendingResult submit(DynamicBatcher batcher, float value) {
        Submission submission = batcher.submit(Tensors.input(value),
                System.nanoTime() + Duration.ofMinutes(10).toNanos());
        return ((Submission.Accepted) submission).pending();
    }

    private static void assertComputed(PendingResult request) {
        try {
            assertThat(request.await()).isInstanceOf(BatchResult.Computed.class);
        }
        catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** What a pass does with the first number of its batch. */
    private interface Pass {

        void run(float value) throws InterruptedException;

    }

    private static final class Held {

        private final Semaphore permits = new Semaphore(0);

        private final Semaphore running = new Semaphore(0);

        private void run(float value) throws InterruptedException {
            running.release();
            permits.acquire();
        }

        private void awaitRunning(int passes) {
            running.acquireUninterruptibly(passes);
        }

    }

    private record Runner(Pass pass) implements BatchRunner {

        @Override
        public List<ModelOutput> run(List<ModelInput> batch) throws InferenceException {
            float value = batch.getFirst().tensors().getFirst().values()[0];
            try {
                pass.run(value);
            }
            catch (InterruptedException ex) {
                throw new InferenceException("interrupted", ex);
            }
            return Collections.nCopies(batch.size(), Tensors.output(value));
        }

        @Override
        public void close() {
        }

    }

}
