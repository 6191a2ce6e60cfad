package io.modelserver.registry.load;

import java.util.List;
import java.util.Optional;

import io.modelserver.batching.DynamicBatcher;
import io.modelserver.head.Head;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.OutputSpec;
import io.modelserver.model.Task;
import io.modelserver.registry.metadata.Ensemble;
import io.modelserver.registry.store.VersionStatus.RunBy;

/**
 * The right to use a version, which can't be closed until the lease is; used by one
 * thread.
 */
public final class ModelLease implements AutoCloseable {

    private final ServedModel model;

    private boolean closed;

    ModelLease(ServedModel model) {
        this.model = model;
    }

    /**
     * {@return what the version's requests must look like}
     */
    public ModelMetadata metadata() {
        return model.metadata();
    }

    /**
     * {@return another lease of the same version, to be closed by itself}
     */
    public ModelLease again() {
        return model.lease().orElseThrow();
    }

    /**
     * {@return what callers get who want tensors; none of an ensemble}
     */
    public List<OutputSpec> returned() {
        return model.returned();
    }

    /**
     * {@return what runs it}
     */
    public RunBy engine() {
        return model.engine();
    }

    /**
     * {@return what it is for, by its metadata and its file}
     */
    public Task task() {
        return model.task();
    }

    /**
     * {@return what the version consists of if it is an ensemble; it has neither a head
     * nor a batcher then}
     */
    public Optional<Ensemble> ensemble() {
        return model.ensemble();
    }

    /**
     * {@return what makes a signal of the version's outputs}
     */
    public Head head() {
        return model.head();
    }

    /**
     * {@return the queue before the version's instances}
     */
    public DynamicBatcher batcher() {
        return model.batcher();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            model.release();
        }
    }

}
