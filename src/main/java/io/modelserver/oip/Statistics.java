package io.modelserver.oip;

import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.modelserver.batching.BatchListener;
import io.modelserver.lifecycle.WarmUpListener;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.oip.VersionStatistics.OfBatchSize;
import io.modelserver.oip.VersionStatistics.Stages;
import io.modelserver.oip.VersionStatistics.Timed;
import io.modelserver.serving.AnswerListener;
import io.modelserver.serving.Reply;

/**
 * Counts what versions do, whoever asks them. What the server's own warm-up did is
 * forgotten. Safe for use by all threads.
 */
public final class Statistics implements AnswerListener, BatchListener, WarmUpListener {

    private final Clock clock;

    private final Map<ModelId, Counts> versions = new ConcurrentHashMap<>();

    /**
     * Creates statistics of nothing.
     * @param clock tells when a version last answered
     */
    public Statistics(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void answered(Reply.Answered<?> answer, ModelInput input, ModelMetadata version) {
        count(answer);
    }

    @Override
    public void answeredTogether(Reply.Answered<?> answer, List<Looked> inputs) {
        count(answer);
    }

    private void count(Reply.Answered<?> answer) {
        Counts counts = counts(answer.version());
        counts.lastMillis = clock.millis();
        counts.success.add(answer.latencyNanos());
        counts.queue.add(answer.queueNanos());
        counts.computeInput.add(answer.inputNanos());
        counts.computeInfer.add(answer.computeNanos());
    }

    @Override
    public void batchComputed(ModelId model, int batchSize, long computeNanos) {
        counts(model).batches.computeIfAbsent(batchSize, (size) -> new Sum()).add(computeNanos);
    }

    @Override
    public void warmedUp() {
        versions.clear();
    }

    /**
     * A version was asked and did not answer.
     * @param version the version
     * @param nanos how long that took
     */
    void failed(ModelId version, long nanos) {
        counts(version).fail.add(nanos);
    }

    private Counts counts(ModelId version) {
        Counts counts = versions.get(version);
        return (counts != null) ? counts : versions.computeIfAbsent(version, (id) -> new Counts());
    }

    /**
     * {@return what a version has done}
     * @param version the version
     */
    VersionStatistics of(ModelId version) {
        Counts counts = versions.getOrDefault(version, new Counts());
        List<OfBatchSize> batches = counts.batches.entrySet()
            .stream()
            .map((batch) -> new OfBatchSize(batch.getKey(), batch.getValue().timed()))
            .sorted(Comparator.comparingInt(OfBatchSize::size))
            .toList();
        return new VersionStatistics(version, counts.lastMillis, counts.success.timed().count(),
                batches.stream().mapToLong((batch) -> batch.computeInfer().count()).sum(),
                new Stages(counts.success.timed(), counts.fail.timed(), counts.queue.timed(),
                        counts.computeInput.timed(), counts.computeInfer.timed()),
                batches);
    }

    private static final class Counts {

        private final Sum success = new Sum();

        private final Sum fail = new Sum();

        private final Sum queue = new Sum();

        private final Sum computeInput = new Sum();

        private final Sum computeInfer = new Sum();

        private final Map<Integer, Sum> batches = new ConcurrentHashMap<>();

        private volatile long lastMillis;

    }

    private static final class Sum {

        private final LongAdder count = new LongAdder();

        private final LongAdder nanos = new LongAdder();

        void add(long some) {
            count.increment();
            nanos.add(some);
        }

        Timed timed() {
            return new Timed(count.sum(), nanos.sum());
        }

    }

}
