package io.modelserver.drift;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.modelserver.inference.ModelId;
import io.modelserver.inference.ModelInput;
import io.modelserver.inference.Tensor;

/**
 * Samples what versions are asked about. A request only leaves its input in a bounded
 * queue, and only if its version was not sampled a moment ago; a thread of its own does
 * the rest. Of a window of steps the last is taken: the others were there before.
 */
public final class DriftMonitor {

    private static final int WAITING = 64;

    private static final Comparator<FeatureDrift> WORST_FIRST = Comparator.comparing(FeatureDrift::verdict)
        .thenComparingDouble(FeatureDrift::psi)
        .thenComparingDouble((feature) -> Math.abs(feature.meanShift()))
        .reversed();

    private final BaselineSource source;

    private final DriftSettings settings;

    private final LongSupplier nanoTime;

    private final BlockingQueue<Sample> queue = new ArrayBlockingQueue<>(WAITING);

    private final Map<ModelId, AtomicLong> nextSamples = new ConcurrentHashMap<>();

    private final Map<ModelId, SlidingWindow> windows = new ConcurrentHashMap<>();

    private volatile boolean started;

    /**
     * Makes a monitor that does not look before {@link #start()}.
     * @param source what versions saw in training
     * @param settings how often is sampled, and how far back samples count
     * @param nanoTime the clock
     */
    public DriftMonitor(BaselineSource source, DriftSettings settings, LongSupplier nanoTime) {
        this.source = source;
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    /** Looks from now on: the requests that warm up the server are none of bots. */
    public void start() {
        started = true;
    }

    /**
     * A version has answered; takes no longer than a look at the clock.
     * @param version the version
     * @param input what it looked at
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
     * Takes in samples until the thread is interrupted.
     * @throws InterruptedException once it is
     */
    public void run() throws InterruptedException {
        while (true) {
            add(queue.take());
        }
    }

    /** Takes in what waits. */
    void runOnce() {
        for (Sample sample = queue.poll(); sample != null; sample = queue.poll()) {
            add(sample);
        }
    }

    private void add(Sample sample) {
        Tensor tensor = sample.input.tensors().getFirst();
        int[] shape = tensor.shape();
        SlidingWindow window = window(sample.version);
        int features = window.baseline().features().size();
        if (features > 0 && shape.length > 0 && shape[shape.length - 1] == features) {
            window.add(tensor.values(), tensor.values().length - features, nanoTime.getAsLong());
        }
    }

    private SlidingWindow window(ModelId version) {
        return windows.computeIfAbsent(version,
                (unseen) -> new SlidingWindow(source.baseline(unseen), settings.windowNanos()));
    }

    /**
     * Compares a version's features with its training.
     * @param version the version, which need not have answered anything
     * @return what can be said
     */
    public DriftReport report(ModelId version) {
        SlidingWindow window = window(version);
        if (!window.baseline().lack().isEmpty()) {
            return DriftReport.withoutBaseline(version, window.baseline().lack());
        }
        long now = nanoTime.getAsLong();
        long samples = window.samples(now);
        if (samples < settings.minSamples()) {
            return DriftReport.tooFew(version, samples);
        }
        List<FeatureDrift> features = window.compare(now);
        return DriftReport.of(version, samples, features.stream().sorted(WORST_FIRST).toList());
    }

    /**
     * Forgets what a version was asked, since its files may be others now.
     * @param version the version
     */
    public void forget(ModelId version) {
        windows.remove(version);
        nextSamples.remove(version);
    }

    /**
     * Forgets versions that are not served any more.
     * @param served those that are
     */
    public void keep(List<ModelId> served) {
        windows.keySet().retainAll(served);
        nextSamples.keySet().retainAll(served);
    }

    /**
     * {@return the versions that have answered or were asked for}
     */
    public List<ModelId> versions() {
        return List.copyOf(windows.keySet());
    }

    private record Sample(ModelId version, ModelInput input) {
    }

}
