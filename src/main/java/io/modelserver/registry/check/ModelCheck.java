package io.modelserver.registry.check;

import java.util.List;

import io.modelserver.drift.Baseline;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.metadata.GoldenSample;

/**
 * What every model file of a version must pass before it sees traffic, whatever engine
 * runs it: on different rows, it answers the same alone, twice, in a batch and in another
 * order; its numbers can be what they are taken for; it reproduces its golden samples;
 * each instance runs every batch size. The checks themselves: {@link GoLiveChecks}.
 */
public final class ModelCheck {

    private final ModelMetadata metadata;

    private final List<GoldenSample> goldenSamples;

    private final Baseline baseline;

    private final int maxBatchSize;

    /**
     * Creates a check.
     * @param metadata of the version
     * @param goldenSamples of the version, may be empty
     * @param baseline what training saw of each feature, where that is known
     * @param maxBatchSize the most requests that will go through the model at once
     */
    public ModelCheck(ModelMetadata metadata, List<GoldenSample> goldenSamples, Baseline baseline, int maxBatchSize) {
        this.metadata = metadata;
        this.goldenSamples = List.copyOf(goldenSamples);
        this.baseline = baseline;
        this.maxBatchSize = maxBatchSize;
    }

    /**
     * {@return whether there is anything by which two engines could be compared}
     */
    public boolean hasGoldenSamples() {
        return !goldenSamples.isEmpty();
    }

    /**
     * Looks at what the file says of itself.
     * @param model what is to be checked
     * @return the check of this model
     * @throws ModelLoadException if it contradicts the metadata
     */
    public GoLiveChecks of(LoadedModel model) throws ModelLoadException {
        return new GoLiveChecks(metadata, model, goldenSamples, new CheckRows(metadata, goldenSamples, baseline),
                maxBatchSize);
    }

}
