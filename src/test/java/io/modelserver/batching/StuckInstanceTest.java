package io.modelserver.batching;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.modelserver.contract.Eventually;
import io.modelserver.engine.InferenceException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.Tensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A pass hangs while its gate is closed; the clock moves only when it is told to. */
class StuckInstanceTest {

    private static final float HANGS = -1;

    private static final float FAILS = -2;

    private static final long LONGEST_PASS = Duration.ofSeconds(5).toNanos();

    private final AtomicLong clock = new AtomicLong();

    private final CountDownLatch gate = new CountDownLatch(1);

    private final BlockingQueue<Float> hanging = new LinkedBlockingQueue<>();

    private final AtomicInteger opened = new AtomicInteger();

    private final AtomicInteger closed = new AtomicInteger();

    private final InstanceThreads threads = new InstanceThreads(1, clock::get);

    private final DynamicBatcher batcher = batcher("1");

    private DynamicBatcher batcher(String version) {
        return new DynamicBatcher(new ModelId("model", version), new BatchingPolicy(1, 4, 100, 0, LONGEST_PASS),
                HangingRunner::new, (model, size, nanos) -> {
                }, threads);
    }

    @AfterEach
    void letGo() throws Exception {
        gate.countDown();
        batcher.stop(Duration.ofMinutes(5));
        batcher.awaitEnd();
        threads.close();
        assertThat(closed).hasValue(opened.get());
    }

    @Test
    void aPassWithinItsLimitIsLeftAlone() throws Exception {
        hang();
        clock.addAndGet(LONGEST_PASS);

        threads.giveUpStuckPasses();

        assertThat(batcher.instances()).isEqualTo(new InstanceCount(1, 1, 0));
    }

    @Test
    void aPassOverItsLimitIsAnsweredAndItsInstanceReplaced() throws Exception {
        PendingResult stuck = hang();
        clock.addAndGet(LONGEST_PASS + 1);

        threads.giveUpStuckPasses();

        assertThat(stuck.await()).isEqualTo(new BatchResult.Stuck(LONGEST_PASS));
        assertThat(batcher.instances()).isEqualTo(new InstanceCount(1, 0, 1));
        assertThat(submit(1).await()).isInstanceOf(BatchResult.Computed.class);
    }

    @Test
    void aModelThatAlwaysHangsRunsOutOfInstances() throws Exception {
        for (int i = 0; i < 2; i++) {
            hang();
            clock.addAndGet(LONGEST_PASS + 1);
            threads.giveUpStuckPasses();
        }

        assertThat(batcher.instances()).isEqualTo(new InstanceCount(0, 0, 2));
        assertThat(batcher.submit(Tensors.input(1), Long.MAX_VALUE)).isEqualTo(new Submission.Stuck());
        assertThat(opened).hasValue(2);
    }

    @Test
    void anInstanceThatComesBackAndHasNoSuccessorGoesOn() throws Exception {
        for (int i = 0; i < 2; i++) {
            hang();
            clock.addAndGet(LONGEST_PASS + 1);
            threads.giveUpStuckPasses();
        }
        assertThat(batcher.instances()).isEqualTo(new InstanceCount(0, 0, 2));

        gate.countDown();

        awaitInstances(new InstanceCount(1, 0, 0));
        assertThat(submit(1).await()).isInstanceOf(BatchResult.Computed.class);
    }

    @Test
    void anInstanceThatComesBackToASuccessorEnds() throws Exception {
        hang();
        clock.addAndGet(LONGEST_PASS + 1);
        threads.giveUpStuckPasses();
        assertThat(submit(1).await()).isInstanceOf(BatchResult.Computed.class);

        gate.countDown();

        awaitInstances(new InstanceCount(1, 0, 0));
        assertThat(opened).hasValue(2);
    }

    @Test
    void stoppingDoesNotWaitForAStuckInstance() throws Exception {
        hang();
        clock.addAndGet(LONGEST_PASS + 1);
        threads.giveUpStuckPasses();

        assertThat(batcher.stop(Duration.ofDays(1))).isFalse();
    }

    @Test
    void aPassThatHangsDoesNotHoldUpAnotherVersion() throws Exception {
        hang();
        DynamicBatcher other = batcher("2");

        assertThat(submit(other, 1).await()).isInstanceOf(BatchResult.Computed.class);

        other.stop(Duration.ofMinutes(5));
    }

    @Test
    void allThatIsLeftOfAHalvedBatchIsAnsweredWhenItHangs() throws Exception {
        hang();
        List<PendingResult> halved = Stream.of(HANGS, 1f, FAILS, 2f).map(this::submit).toList();
        clock.addAndGet(LONGEST_PASS + 1);
        threads.giveUpStuckPasses();
        assertThat(hanging.take()).isEqualTo(HANGS);
        clock.addAndGet(LONGEST_PASS + 1);

        threads.giveUpStuckPasses();

        for (PendingResult request : halved) {
            assertThat(request.await()).isEqualTo(new BatchResult.Stuck(LONGEST_PASS));
        }
    }

    @Test
    void threadsThatWereReplacedEndWhenTheyComeBack() throws Exception {
        hang();
        clock.addAndGet(LONGEST_PASS + 1);
        threads.giveUpStuckPasses();
        assertThat(submit(1).await()).isInstanceOf(BatchResult.Computed.class);
        assertThat(threads.count()).isEqualTo(2);

        gate.countDown();

        Eventually.isSo(() -> threads.count() == 1);
    }

    private PendingResult hang() throws InterruptedException {
        PendingResult request = submit(HANGS);
        assertThat(hanging.take()).isEqualTo(HANGS);
        return request;
    }

    private PendingResult submit(float value) {
        return submit(batcher, value);
    }

    private PendingResult submit(DynamicBatcher to, float value) {
        Submission submission = to.submit(Tensors.input(value), clock.get() + Duration.ofDays(1).toNanos());
        return ((Submission.Accepted) submission).pending();
    }

    /** The instances' own threads count, and there is nothing to wait on. */
    private void awaitInstances(InstanceCount expected) {
        while (!batcher.instances().equals(expected)) {
            threads.giveUpStuckPasses();
            Thread.onSpinWait();
        }
    }

    private final class HangingRunner implements BatchRunner {

        HangingRunner() {
            opened.incrementAndGet();
        }

        @Override
        public List<ModelOutput> run(List<ModelInput> batch) throws InferenceException {
            if (batch.stream().anyMatch((input) -> input.tensors().getFirst().values()[0] == FAILS)) {
                throw new InferenceException("it fails", new IllegalStateException());
            }
            float value = batch.getFirst().tensors().getFirst().values()[0];
            if (value == HANGS) {
                hanging.add(value);
                boolean interrupted = true;
                while (interrupted) {
                    try {
                        gate.await();
                        interrupted = false;
                    }
                    catch (InterruptedException ex) {
                        // Engines can't be interrupted either.
                    }
                }
            }
            return Collections.nCopies(batch.size(), Tensors.output(value));
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }

    }

}
