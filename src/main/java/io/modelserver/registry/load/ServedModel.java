package io.modelserver.registry.load;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import io.modelserver.batching.DynamicBatcher;
import io.modelserver.engine.LoadedModel;
import io.modelserver.head.Head;
import io.modelserver.head.VersionHead;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.OutputSpec;
import io.modelserver.model.Task;
import io.modelserver.registry.metadata.Ensemble;
import io.modelserver.registry.store.LoadedFile;
import io.modelserver.registry.store.VersionState;
import io.modelserver.registry.store.VersionStatus;
import io.modelserver.registry.store.VersionStatus.RunBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A version that is loaded, checked and warm. The registry holds it, and so does every
 * prediction for as long as it runs; the last to release it has it closed, on the closing
 * thread. Once nobody holds it, nobody can take hold of it again.
 */
public final class ServedModel {

    private static final Logger logger = LoggerFactory.getLogger(ServedModel.class);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ModelMetadata metadata;

    private final Inside inside;

    private final VersionLoad load;

    private final Executor closingThread;

    private final LongSupplier nanoTime;

    private volatile long lastUseNanos;

    private final AtomicInteger holders = new AtomicInteger(1);

    ServedModel(ModelMetadata metadata, EngineSelector.Selected selected, DynamicBatcher batcher, VersionLoad load,
            Executor closingThread, LongSupplier nanoTime) {
        this(metadata, Inside.ModelFile.of(selected, batcher), load, closingThread, nanoTime);
    }

    ServedModel(ModelMetadata metadata, Inside inside, VersionLoad load, Executor closingThread,
            LongSupplier nanoTime) {
        this.metadata = metadata;
        this.inside = inside;
        this.load = load;
        this.closingThread = closingThread;
        this.nanoTime = nanoTime;
        this.lastUseNanos = nanoTime.getAsLong();
    }

    /**
     * {@return the version}
     */
    public ModelId id() {
        return metadata.id();
    }

    /**
     * {@return what its metadata says, as of when it was loaded}
     */
    public ModelMetadata metadata() {
        return metadata;
    }

    Head head() {
        return modelFile().head();
    }

    Task task() {
        return switch (inside) {
            case Inside.ModelFile file -> file.head().task();
            case Inside.Members members -> Task.DIRECTION;
        };
    }

    /**
     * {@return how the listing shows it: what it is for, and what it answers}
     * @param status what is known of it otherwise
     */
    public VersionStatus described(VersionStatus status) {
        return switch (inside) {
            case Inside.ModelFile file -> status.answering(task().key(), file.outputs());
            case Inside.Members members -> status.answering(task().key(), List.of());
        };
    }

    /**
     * {@return what callers get who want tensors; none of an ensemble}
     */
    List<OutputSpec> returned() {
        return (inside instanceof Inside.ModelFile file) ? file.returned() : List.of();
    }

    /**
     * {@return what answers, for the listing}
     */
    public RunBy engine() {
        return switch (inside) {
            case Inside.ModelFile file -> file.engine().runBy();
            case Inside.Members members -> members.runBy();
        };
    }

    /**
     * {@return what the version consists of, empty if a model file answers}
     */
    public Optional<Ensemble> ensemble() {
        return (inside instanceof Inside.Members members) ? Optional.of(members.ensemble()) : Optional.empty();
    }

    /**
     * {@return whether an instance is left that does not hang; an ensemble has none of
     * its own that could}
     */
    public boolean canAnswer() {
        return ensemble().isPresent() || batcher().instances().working() > 0;
    }

    /**
     * {@return where its requests wait for an instance; only if it is not an ensemble}
     */
    public DynamicBatcher batcher() {
        return modelFile().batcher();
    }

    private Inside.ModelFile modelFile() {
        if (inside instanceof Inside.ModelFile file) {
            return file;
        }
        throw new IllegalStateException(id() + " is an ensemble: its members answer");
    }

    /**
     * {@return a lease, empty if the model is already on its way out}
     */
    public Optional<ModelLease> lease() {
        lastUseNanos = nanoTime.getAsLong();
        int before = holders.getAndUpdate((count) -> (count == 0) ? 0 : count + 1);
        return (before == 0) ? Optional.empty() : Optional.of(new ModelLease(this));
    }

    /**
     * {@return when a request last asked for it}
     */
    public long lastUseNanos() {
        return lastUseNanos;
    }

    /**
     * {@return the model file as it was when it was loaded}
     */
    public LoadedFile file() {
        return load.file();
    }

    /**
     * {@return where it stands between its check and its end}
     */
    public VersionState state() {
        return load.state();
    }

    /** Requests can reach it from now on. */
    public void goLive() {
        load.enter(VersionState.LIVE);
    }

    /** The registry lets go. */
    public void retire() {
        load.enter(VersionState.DRAINING);
        release();
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            closingThread.execute(this::close);
        }
    }

    private void close() {
        switch (inside) {
            case Inside.ModelFile file -> close(file);
            case Inside.Members members -> closed();
        }
    }

    private void close(Inside.ModelFile file) {
        try {
            if (file.batcher().stop(PATIENCE)) {
                closeModel(file);
                return;
            }
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        logger.warn("{} stays in memory until its last forward pass has ended", id());
        Thread.ofVirtual().name("close " + id()).start(() -> closeLater(file));
    }

    private void closeLater(Inside.ModelFile file) {
        try {
            file.batcher().awaitEnd();
            closeModel(file);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeModel(Inside.ModelFile file) {
        file.model().close();
        closed();
    }

    private void closed() {
        load.enter(VersionState.CLOSED);
        logger.info("closed {}", id());
    }

    /** What answers in the name of the version. */
    sealed interface Inside {

        /**
         * A model file. What it was checked with is not kept.
         *
         * @param model it in its engine
         * @param head tells what it answers
         * @param outputs what of that is answered
         * @param returned what callers get who want tensors
         * @param engine which it is, and why
         * @param batcher the queue before its instances
         */
        record ModelFile(LoadedModel model, VersionHead head, List<VersionStatus.OutputStatus> outputs,
                List<OutputSpec> returned, EngineChoice engine, DynamicBatcher batcher) implements Inside {

            static ModelFile of(EngineSelector.Selected selected, DynamicBatcher batcher) {
                return new ModelFile(selected.model(), selected.checks().head(), selected.checks().outputs(),
                        selected.checks().returned(), selected.choice(), batcher);
            }

        }

        /**
         * Other versions, which are loaded and closed by themselves.
         *
         * @param ensemble which, and how their answers become one
         * @param runBy what the listing says of that
         */
        record Members(Ensemble ensemble, RunBy runBy) implements Inside {
        }

    }

}
