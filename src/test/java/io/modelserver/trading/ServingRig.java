package io.modelserver.trading;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.RunningExperiments;
import io.modelserver.fixtures.ManualClock;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.route.Routes;
import io.modelserver.serving.Query;
import io.modelserver.serving.Router;
import io.modelserver.serving.Serving;
import io.modelserver.serving.ShadowTraffic;
import io.modelserver.serving.Shadowed;
import io.modelserver.signal.Signal;
import io.modelserver.window.Now;
import io.modelserver.window.WindowListener;
import io.modelserver.window.WindowSettings;
import io.modelserver.window.WindowStore;
import org.jspecify.annotations.Nullable;

/** The use cases as the server wires them, on a fake engine and a clock of their own. */
public final class ServingRig implements AutoCloseable {

    /** How long a request may take. */
    public static final Duration DEADLINE = Duration.ofMinutes(10);

    /** How far a step may lie in the future, and how long a gap may be. */
    public static final Duration MAX_AHEAD = Duration.ofHours(1);

    /** The most copies that wait for shadows. */
    public static final int SHADOW_QUEUE = 2;

    public final ManualClock clock = new ManualClock();

    public final ServedModels models;

    public final WindowService windows;

    public final Shadowed shadowed = new Shadowed();

    public final ShadowTraffic<Signal> shadows;

    public final Serving serving;

    public final PredictionService service;

    /** What the use case does: {@code started p1}, {@code ended}. */
    public final List<String> events = new CopyOnWriteArrayList<>();

    public final List<PredictionResult> ended = new CopyOnWriteArrayList<>();

    public final List<Answered> answered = new CopyOnWriteArrayList<>();

    private final AtomicInteger ids = new AtomicInteger();

    private volatile RunningExperiments running = new RunningExperiments(List.of());

    private volatile BeforeStart beforeStart = (number) -> {
    };

    private final CompletableFuture<Void> shadowsEnded = new CompletableFuture<>();

    private @Nullable Thread shadowThread;

    public ServingRig(Path temp) {
        this(temp, Routes.none());
    }

    public ServingRig(Path temp, Routes routes) {
        this.models = new ServedModels(temp, clock);
        this.shadows = shadows(() -> clock.getAsLong() + DEADLINE.toNanos());
        this.serving = serving(clock);
        this.windows = windows(serving, routes);
        this.service = new PredictionService(serving, windows, routes, this::ended);
    }

    private Serving serving(LongSupplier nanoTime) {
        return new Serving(models.registry(), new Router(() -> running, ServedModels.MODEL, clock.timeOfDay()),
                List.of((answer, input, version) -> answered.add(new Answered(answer.version(), input)), shadows),
                this::nextId, nanoTime, DEADLINE.toNanos());
    }

    /** The use case on a clock that need not be the batchers'. */
    public PredictionService service(LongSupplier nanoTime) {
        return new PredictionService(serving(nanoTime), windows, this::ended);
    }

    private WindowService windows(Serving serving, Routes routes) {
        WindowStore store = new WindowStore(new WindowSettings(100, 1 << 20, MAX_AHEAD.toMillis(), MAX_AHEAD.toMillis(),
                WindowSettings.UNLIMITED, MAX_AHEAD.toMillis(), WindowSettings.Fill.WAIT), new WindowListener() {

                    @Override
                    public void windowReset() {
                    }

                    @Override
                    public void staleStep() {
                    }

                });
        return new WindowService(serving, store,
                () -> new Now(clock.timeOfDay().millis(), TimeUnit.NANOSECONDS.toMillis(clock.getAsLong())), routes);
    }

    /**
     * Shadows on a clock that need not be the batchers': one that is ahead of theirs
     * gives shadows more time, whatever else the machine does.
     */
    public ShadowTraffic<Signal> shadows(LongSupplier nanoTime) {
        return new ShadowTraffic<>(models.registry(), new SignalReader(), shadowed, SHADOW_QUEUE, nanoTime);
    }

    /** What a request asks, its single steps kept in the windows of this rig. */
    public Query<Signal> query(PredictionRequest request) {
        return service.query(new FeatureInput(request, windows));
    }

    /** Does something before a request is started, on the thread that starts it. */
    public void beforeStart(BeforeStart action) {
        beforeStart = action;
    }

    private String nextId() {
        int number = ids.incrementAndGet();
        beforeStart.request(number);
        String id = "p" + number;
        events.add("started " + id);
        return id;
    }

    private void ended(PredictionResult result) {
        events.add("ended");
        ended.add(result);
    }

    /** From now on these run. */
    public void run(Experiment... experiments) {
        running = new RunningExperiments(List.of(experiments));
    }

    public PredictionResult predict(PredictionRequest request) throws InterruptedException {
        return service.predict(request, clock.getAsLong());
    }

    /** The deadline of such a request is a millisecond from now. */
    public PredictionResult predictWithinAMillisecond(PredictionRequest request) throws InterruptedException {
        return service.predict(request, clock.getAsLong() - DEADLINE.toNanos() + TimeUnit.MILLISECONDS.toNanos(1));
    }

    /** The deadline of such a request is now. */
    public PredictionResult predictAtOnce(PredictionRequest request) throws InterruptedException {
        return service.predict(request, clock.getAsLong() - DEADLINE.toNanos());
    }

    /** Has an instance hang in a pass of its own request until it is released. */
    public CompletableFuture<PredictionResult> occupy(String version, PredictionRequest request)
            throws InterruptedException {
        models.passes(version).holdNext();
        CompletableFuture<PredictionResult> result = inBackground(() -> predict(request));
        models.passes(version).awaitHeld();
        return result;
    }

    /** Has an instance hang in a pass, which is given up. */
    public PredictionResult giveUp(String version, PredictionRequest request) throws Exception {
        models.passes(version).holdNext();
        CompletableFuture<PredictionResult> result = inBackground(() -> predict(request));
        models.giveUpHeldPass(version);
        return result.get();
    }

    /**
     * Has a version's instance hang and the one that replaces it, and there is no third.
     */
    public void giveUpAll(String version, PredictionRequest request) throws Exception {
        giveUp(version, request);
        // Answered once the replacement is warm, so that no pass of its warm-up hangs.
        predict(request);
        giveUp(version, request);
    }

    public static <T> CompletableFuture<T> inBackground(Callable<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(action.call());
            }
            catch (Throwable ex) {
                result.completeExceptionally(ex);
            }
        });
        return result;
    }

    /** Has copies given to shadows. */
    public Thread startShadows(ShadowTraffic<?> traffic) {
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                traffic.run();
            }
            catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
            finally {
                shadowsEnded.complete(null);
            }
        });
        shadowThread = thread;
        return thread;
    }

    @Override
    public void close() {
        if (shadowThread != null) {
            shadowThread.interrupt();
            shadowsEnded.join();
        }
        models.close();
    }

    /** What is done before a request is started. */
    @FunctionalInterface
    public interface BeforeStart {

        void request(int number);

    }

    /**
     * What a version was asked.
     *
     * @param version which
     * @param input what it looked at
     */
    public record Answered(ModelId version, ModelInput input) {
    }

}
