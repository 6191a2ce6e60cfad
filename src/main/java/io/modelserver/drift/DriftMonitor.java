package io.modelserver.drift;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.modelserver.model.Datatype;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.Tensor;

/**
 * Samples the inputs of versions. A request only leaves its input in a bounded queue, and
 * only if its version was not sampled a moment ago; a thread of its own does the rest. Of
 * a window of steps the last is taken: the others were there before.
 */
public final class DriftMonitor {

    private static final int WAITING = 64;

    private final BaselineSource source;

    private final DriftSettings settings;

    private final LongSupplier nanoTime;

    private final BlockingQueue<Sample> queue = new ArrayBlockingQueue<>(WAITING);

    private final Map<ModelId, AtomicLong> nextSamples = new ConcurrentHashMap<>();

    private final Map<ModelId, VersionSamples> samples = new ConcurrentHashMap<>();

    private volatile boolean started;

    /**
     * Creates a monitor that does not look before {@link #start()}.
     * @param source what versions saw in training
     * @param settings how often samples are taken, and how far back they count
     * @param nanoTime the clock
     */
    public DriftMonitor(BaselineSource source, DriftSettings settings, LongSupplier nanoTime) {
        this.source = source;
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    /** Starts sampling: the warm-up requests do not come from bots. */
    public void start() {
        started = true;
    }

    /**
     * A version has answered; takes no longer than reading the clock.
     * @param version the version
     * @param input its input
     */
    public void answered(ModelId version, ModelInput input) {
        if (!started) {
            return;
        }
        long now = nanoTime.getAsLong();
        AtomicLong next = nextSamples.computeIfAbsent(version, (first) -> new AtomicLong(now));
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + settings.intervalNanos())) {
            queue.offer(new Sample(version, input));
        }
    }

    /**
     * Processes samples until the thread is interrupted.
     * @throws InterruptedException once it is
     */
    public void run() throws InterruptedException {
        while (true) {
            add(queue.take());
        }
    }

    /** Processes the queued samples. */
    void runOnce() {
        for (Sample sample = queue.poll(); sample != null; sample = queue.poll()) {
            add(sample);
        }
    }

    private void add(Sample sample) {
        Tensor tensor = sample.input.tensors().getFirst();
        int[] shape = tensor.shape();
        if (shape.length > 0 && tensor.datatype() != Datatype.BYTES) {
            samples(sample.version).add(tensor.floats(), shape[shape.length - 1], nanoTime.getAsLong());
        }
    }

    private VersionSamples samples(ModelId version) {
        return samples.computeIfAbsent(version,
                (unseen) -> new VersionSamples(unseen, source.baseline(unseen), settings));
    }

    /**
     * Compares a version's features with its training.
     * @param version the version, which need not have answered anything
     * @return what can be said
     */
    public DriftReport report(ModelId version) {
        return samples(version).report(nanoTime.getAsLong());
    }

    /**
     * Forgets the samples of a version, since its files may be different now.
     * @param version the version
     */
    public void forget(ModelId version) {
        samples.remove(version);
        nextSamples.remove(version);
    }

    /**
     * Forgets versions that are not served any more.
     * @param served those that are
     */
    public void keep(List<ModelId> served) {
        samples.keySet().retainAll(served);
        nextSamples.keySet().retainAll(served);
    }

    /**
     * {@return the versions that have answered or were asked for}
     */
    public List<ModelId> versions() {
        return List.copyOf(samples.keySet());
    }

    private record Sample(ModelId version, ModelInput input) {
    }

}
