package io.modelserver.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.Tensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** What an instance keeps from pass to pass is guarded by nothing but its turns. */
@Timeout(120)
class SharedInstancesTest {

    private static final int THREADS = 3;

    private static final int INSTANCES = 2;

    private static final int VERSIONS = 2;

    private static final int CALLERS = 4;

    private static final int REQUESTS = 2_000;

    private static final BatchingPolicy POLICY = new BatchingPolicy(INSTANCES, 4, 1000, 0,
            Duration.ofMinutes(10).toNanos());

    private final InstanceThreads threads = new InstanceThreads(THREADS, System::nanoTime);

    private final List<Unguarded> opened = Collections.synchronizedList(new ArrayList<>());

    private final AtomicBoolean overlapped = new AtomicBoolean();

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void anInstanceIsUsedByOneThreadAtATimeThatSeesWhatTheLastOneDid() throws Exception {
        List<DynamicBatcher> batchers = IntStream.range(0, VERSIONS).mapToObj(this::batcher).toList();
        int asked = 0;
        do {
            crowd(batchers);
            asked += CALLERS * REQUESTS;
        }
        while (opened.stream().noneMatch((instance) -> instance.usedBy.size() > 1));
        for (DynamicBatcher batcher : batchers) {
            assertThat(batcher.stop(Duration.ofMinutes(1))).isTrue();
        }

        assertThat(overlapped).isFalse();
        assertThat(opened).hasSizeLessThanOrEqualTo(VERSIONS * INSTANCES);
        assertThat(opened.stream().mapToInt((instance) -> instance.answered).sum()).isEqualTo(asked);
    }

    private void crowd(List<DynamicBatcher> batchers) throws InterruptedException {
        List<Thread> callers = IntStream.range(0, CALLERS)
            .mapToObj((caller) -> Thread.ofVirtual().start(() -> askInTurn(batchers)))
            .toList();
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private void askInTurn(List<DynamicBatcher> batchers) {
        for (int i = 0; i < REQUESTS; i++) {
            Submission submission = batchers.get(i % batchers.size())
                .submit(Tensors.input(i), System.nanoTime() + Duration.ofMinutes(10).toNanos());
            try {
                ((Submission.Accepted) submission).pending().await();
            }
            catch (InterruptedException ex) {
                throw new IllegalStateException(ex);
            }
        }
    }

    private DynamicBatcher batcher(int version) {
        return new DynamicBatcher(new ModelId("model", Integer.toString(version)), POLICY, Unguarded::new,
                (model, size, nanos) -> {
                }, threads);
    }

    private final class Unguarded implements BatchRunner {

        private final AtomicBoolean inUse = new AtomicBoolean();

        private final Set<Thread> usedBy = ConcurrentHashMap.newKeySet();

        private int answered;

        Unguarded() {
            opened.add(this);
        }

        @Override
        public List<ModelOutput> run(List<ModelInput> batch) {
            if (!inUse.compareAndSet(false, true)) {
                overlapped.set(true);
            }
            usedBy.add(Thread.currentThread());
            answered += batch.size();
            List<ModelOutput> outputs = Collections.nCopies(batch.size(), Tensors.output(1));
            inUse.set(false);
            return outputs;
        }

        @Override
        public void close() {
        }

    }

}
