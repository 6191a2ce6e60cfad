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
import io.modelserver.registry.store.EngineChoice;
import io.modelserver.registry.store.LoadedFile;
import io.modelserver.registry.store.VersionState;
import io.modelserver.registry.store.VersionStatus;
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

    private final LoadedModel model;

    private final VersionHead head;

    private final List<VersionStatus.OutputStatus> outputs;

    private final EngineChoice engine;

    private final DynamicBatcher batcher;

    private final VersionLoad load;

    private final Executor closingThread;

    private final LongSupplier nanoTime;

    private volatile long lastUseNanos;

    private final AtomicInteger holders = new AtomicInteger(1);

    ServedModel(ModelMetadata metadata, EngineSelector.Selected selected, DynamicBatcher batcher, VersionLoad load,
            Executor closingThread, LongSupplier nanoTime) {
        this.metadata = metadata;
        this.model = selected.model();
        this.head = selected.checks().head();
        this.outputs = selected.checks().outputs();
        this.engine = selected.choice();
        this.batcher = batcher;
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
        return head;
    }

    /**
     * {@return how the listing shows it: what it is for, and what it answers}
     * @param status what is known of it otherwise
     */
    public VersionStatus described(VersionStatus status) {
        return status.answering(head.task().key(), outputs);
    }

    /**
     * {@return the engine that runs it, and why that one}
     */
    public EngineChoice engine() {
        return engine;
    }

    /**
     * {@return whether an instance is left that does not hang}
     */
    public boolean canAnswer() {
        return batcher.instances().working() > 0;
    }

    /**
     * {@return where its requests wait for an instance}
     */
    public DynamicBatcher batcher() {
        return batcher;
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
        try {
            if (batcher.stop(PATIENCE)) {
                closeModel();
                return;
            }
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        logger.warn("{} stays in memory until its last forward pass has ended", id());
        Thread.ofVirtual().name("close " + id()).start(this::closeLater);
    }

    private void closeLater() {
        try {
            batcher.awaitEnd();
            closeModel();
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeModel() {
        model.close();
        load.enter(VersionState.CLOSED);
        logger.info("closed {}", id());
    }

}
