package io.modelserver.registry.load;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.registry.store.VersionFolder;
import io.modelserver.registry.store.VersionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares versions, one of each model at a time, and remembers of each how its last
 * loading went. Engines can't be interrupted, so each loading has a thread of its own,
 * which is abandoned when it takes too long.
 */
public final class VersionLoader implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(VersionLoader.class);

    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(10);

    private final VersionPreparation activator;

    private final VersionTrial trial;

    private final TrialPolicy trialPolicy;

    private final LoadJournal journal;

    private final Duration limit;

    private final LoadListener listener;

    private final LongSupplier nanoTime;

    private final Map<ModelId, VersionLoad> loads = new ConcurrentHashMap<>();

    private final Set<ModelId> givenUp = ConcurrentHashMap.newKeySet();

    private final Set<Thread> loading = ConcurrentHashMap.newKeySet();

    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /**
     * Creates a loader.
     * @param activator does the work
     * @param trial is run before it, where the policy says so and on versions under
     * quarantine
     * @param trialPolicy whether every version is tried first
     * @param journal remembers loads that end the process
     * @param limit how long a loading may take, its trial not counted
     * @param listener notified of every load
     * @param nanoTime the clock of durations
     */
    public VersionLoader(VersionPreparation activator, VersionTrial trial, TrialPolicy trialPolicy, LoadJournal journal,
            Duration limit, LoadListener listener, LongSupplier nanoTime) {
        this.activator = activator;
        this.trial = trial;
        this.trialPolicy = trialPolicy;
        this.journal = journal;
        this.limit = limit;
        this.listener = listener;
        this.nanoTime = nanoTime;
    }

    /**
     * Prepares a version.
     * @param folder of the version
     * @return the version, warm; the caller lets it go live or retires it
     * @throws ModelLoadException if it is rejected
     * @throws InterruptedException if the calling thread is interrupted; the load is
     * abandoned
     */
    public ServedModel load(VersionFolder folder) throws ModelLoadException, InterruptedException {
        ReentrantLock lock = locks.computeIfAbsent(folder.id().name(), (model) -> new ReentrantLock());
        lock.lockInterruptibly();
        VersionLoad load = new VersionLoad(folder.id(), folder.fingerprint());
        long start = nanoTime.getAsLong();
        try {
            loads.put(folder.id(), load);
            ServedModel model = withinLimit(tried(folder), load);
            listener.loadEnded(folder.id(), true, nanoTime.getAsLong() - start);
            return model;
        }
        catch (ModelLoadException ex) {
            load.reject(String.valueOf(ex.getMessage()));
            listener.loadEnded(folder.id(), false, nanoTime.getAsLong() - start);
            throw ex;
        }
        finally {
            lock.unlock();
        }
    }

    private VersionFolder tried(VersionFolder folder) throws ModelLoadException, InterruptedException {
        if (givenUp.contains(folder.id())) {
            throw new ModelLoadException("an earlier attempt to load it still hangs: restart the server");
        }
        boolean underQuarantine = journal.isUnderQuarantine(folder);
        if (folder.ensemble().isThere() || (!underQuarantine && trialPolicy == TrialPolicy.OFF)) {
            return folder;
        }
        try {
            return folder.expecting(trial.run(folder.id()));
        }
        catch (ModelLoadException ex) {
            throw underQuarantine ? new ModelLoadException(
                    "the server died while it was being loaded, so it was tried in a process of its own: "
                            + ex.getMessage(),
                    ex) : ex;
        }
    }

    private ServedModel withinLimit(VersionFolder folder, VersionLoad load)
            throws ModelLoadException, InterruptedException {
        journal.begin(folder);
        CompletableFuture<ServedModel> done = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform()
            .daemon()
            .name("load " + folder.id())
            .unstarted(() -> run(folder, load, done));
        loading.add(thread);
        thread.start();
        try {
            return resultOf(done, limit.toNanos());
        }
        catch (TimeoutException ex) {
            return giveUp(folder.id(), done);
        }
        catch (InterruptedException ex) {
            load.abandon();
            done.cancel(false);
            throw ex;
        }
    }

    private static ServedModel resultOf(CompletableFuture<ServedModel> done, long patienceNanos)
            throws ModelLoadException, InterruptedException, TimeoutException {
        try {
            return done.get(patienceNanos, TimeUnit.NANOSECONDS);
        }
        catch (ExecutionException ex) {
            throw (ex.getCause() instanceof ModelLoadException reason) ? reason
                    : new ModelLoadException("it could not be loaded: " + reason(ex), ex);
        }
    }

    /** The name of a class is not a message for people, unless there is nothing else. */
    private static String reason(ExecutionException ex) {
        Throwable cause = Objects.requireNonNullElse(ex.getCause(), ex);
        return Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
    }

    /** It may have ended just now. */
    private ServedModel giveUp(ModelId id, CompletableFuture<ServedModel> done)
            throws ModelLoadException, InterruptedException {
        givenUp.add(id);
        ModelLoadException reason = new ModelLoadException(
                "it was not ready within %d ms, modelserver.registry.load-limit: it hangs or is too large"
                    .formatted(limit.toMillis()));
        if (!done.completeExceptionally(reason)) {
            givenUp.remove(id);
        }
        try {
            return resultOf(done, 0);
        }
        catch (TimeoutException ex) {
            throw new IllegalStateException("it is done by now", ex);
        }
    }

    private void run(VersionFolder folder, VersionLoad load, CompletableFuture<ServedModel> done) {
        try {
            ServedModel model = activator.activate(folder, load);
            journal.end(folder.id());
            if (!done.complete(model)) {
                logger.warn("{} became ready too late", folder.id());
                model.retire();
            }
        }
        catch (ModelLoadException | RuntimeException | Error ex) {
            journal.end(folder.id());
            done.completeExceptionally(ex);
        }
        catch (InterruptedException ex) {
            journal.end(folder.id());
            done.completeExceptionally(new ModelLoadException("the loading was interrupted", ex));
        }
        finally {
            givenUp.remove(folder.id());
            loading.remove(Thread.currentThread());
        }
    }

    /**
     * Abandons what is being loaded, and waits a while for the engines to release it: a
     * process that ends while they work may crash.
     */
    @Override
    public void close() {
        loads.values().forEach(VersionLoad::abandon);
        long end = System.nanoTime() + PATIENCE_AT_THE_END.toNanos();
        try {
            for (Thread thread : loading) {
                thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            }
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * {@return why the version was refused, empty if it was not or its files have changed
     * since}
     * @param folder of the version
     */
    public Optional<String> rejection(VersionFolder folder) {
        return last(folder).flatMap(VersionLoad::rejection);
    }

    /**
     * {@return where the last loading of the version stands}
     * @param folder of the version
     */
    public VersionState state(VersionFolder folder) {
        return last(folder).map(VersionLoad::state).orElse(VersionState.FOUND);
    }

    /**
     * {@return whether the server died while it loaded these files, so that they are
     * loaded only after a trial in a process of its own}
     * @param folder of the version
     */
    public boolean isUnderQuarantine(VersionFolder folder) {
        return journal.isUnderQuarantine(folder);
    }

    private Optional<VersionLoad> last(VersionFolder folder) {
        return Optional.ofNullable(loads.get(folder.id()))
            .filter((load) -> load.rejection().isEmpty() || load.fingerprint().equals(folder.fingerprint()));
    }

}
