package io.modelserver.registry;

import java.util.Optional;

import io.modelserver.drift.Baseline;
import io.modelserver.drift.BaselineSource;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.inference.ModelId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads {@code feature_stats} of versions' {@code metadata.json}. */
public final class TrainingStatistics implements BaselineSource {

    private static final Logger logger = LoggerFactory.getLogger(TrainingStatistics.class);

    private final ModelRepository repository;

    /**
     * Makes a source.
     * @param repository where versions are
     */
    public TrainingStatistics(ModelRepository repository) {
        this.repository = repository;
    }

    /** Features may be sent flat: then only their number tells that they are others. */
    private static Baseline fitting(ModelId version, MetadataFile file) throws ModelLoadException {
        int features = file.describe(version).features().shape().getLast();
        Baseline baseline = file.baseline();
        int described = baseline.features().size();
        if (described > 0 && features > 0 && described != features) {
            throw new IllegalArgumentException("%d features, the model takes %d".formatted(described, features));
        }
        return baseline;
    }

    private static Baseline partial(ModelId version, Baseline baseline) {
        if (!baseline.without().isEmpty()) {
            Baseline.Without first = baseline.without().getFirst();
            logger.warn("drift of {} is not watched for {} of {} features: {}", version, baseline.without().size(),
                    baseline.features().size(), first.reason());
        }
        return baseline;
    }

    @Override
    public Baseline baseline(ModelId version) {
        try {
            Optional<VersionFolder> folder = repository.version(version);
            return folder.isPresent() ? partial(version, fitting(version, folder.get().metadata()))
                    : Baseline.lacking("the version is not there");
        }
        catch (ModelLoadException | IllegalArgumentException ex) {
            String lack = "feature_stats in metadata.json can't be used: " + ex.getMessage();
            logger.warn("drift of {} is not watched, {}", version, lack);
            return Baseline.lacking(lack);
        }
    }

}
