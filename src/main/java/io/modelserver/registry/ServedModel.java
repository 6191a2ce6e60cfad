package io.modelserver.registry;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import io.modelserver.batching.DynamicBatcher;
import io.modelserver.inference.LoadedModel;
import io.modelserver.inference.ModelId;
import io.modelserver.inference.ModelMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A version that is loaded, checked and warm. The registry holds it, and so does every
 * prediction for as long as it runs; the last to let go has it closed, on the closing
 * thread. Once nobody holds it, nobody can take hold of it again.
 */
final class ServedModel {

    private static final Logger logger = LoggerFactory.getLogger(ServedModel.class);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ModelMetadata metadata;

    private final LoadedModel model;

    private final EngineChoice engine;

    private final DynamicBatcher batcher;

    private final Executor closingThread;

    private final LongSupplier nanoTime;

    private volatile long lastUseNanos;

    private final AtomicInteger holders = new AtomicInteger(1);

    ServedModel(ModelMetadata metadata, LoadedModel model, EngineChoice engine, DynamicBatcher batcher,
            Executor closingThread, LongSupplier nanoTime) {
        this.metadata = metadata;
        this.model = model;
        this.engine = engine;
        this.batcher = batcher;
        this.closingThread = closingThread;
        this.nanoTime = nanoTime;
        this.lastUseNanos = nanoTime.getAsLong();
    }

    ModelId id() {
        return metadata.id();
    }

    ModelMetadata metadata() {
        return metadata;
    }

    EngineChoice engine() {
        return engine;
    }

    DynamicBatcher batcher() {
        return batcher;
    }

    /**
     * {@return a lease, empty if the model is already on its way out}
     */
    Optional<ModelLease> lease() {
        lastUseNanos = nanoTime.getAsLong();
        int before = holders.getAndUpdate((count) -> (count == 0) ? 0 : count + 1);
        return (before == 0) ? Optional.empty() : Optional.of(new ModelLease(this));
    }

    /**
     * {@return when a request last asked for it}
     */
    long lastUseNanos() {
        return lastUseNanos;
    }

    /** The registry lets go. */
    void retire() {
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
                model.close();
                logger.info("closed {}", id());
                return;
            }
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        logger.warn("{} is left in memory: a forward pass still runs", id());
    }

}
