package io.modelserver.registry.live;

import java.util.Optional;

import io.modelserver.drift.Baseline;
import io.modelserver.drift.BaselineSource;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.metadata.MetadataFile;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads {@code feature_stats} of versions' {@code metadata.json}. */
public final class TrainingStatistics implements BaselineSource {

    private static final Logger logger = LoggerFactory.getLogger(TrainingStatistics.class);

    private final RegistryFolder repository;

    /**
     * Creates a source.
     * @param repository where versions are
     */
    public TrainingStatistics(RegistryFolder repository) {
        this.repository = repository;
    }

    @Override
    public Baseline baseline(ModelId version) {
        try {
            Optional<VersionFolder> folder = repository.version(version);
            return folder.isPresent() ? told(version, folder.get().metadata())
                    : Baseline.lacking("the version does not exist");
        }
        catch (ModelLoadException ex) {
            return unwatched(version, MetadataFile.unusableBaseline(String.valueOf(ex.getMessage())));
        }
    }

    private static Baseline told(ModelId version, MetadataFile file) throws ModelLoadException {
        Baseline baseline = fitting(file.describe(version), file.baseline());
        return (!baseline.lack().isEmpty() && file.hasFeatureStats()) ? unwatched(version, baseline)
                : partial(version, baseline);
    }

    /** Features may be sent flat: then only their number tells that they are others. */
    private static Baseline fitting(ModelMetadata metadata, Baseline baseline) {
        int features = metadata.features().shape().getLast();
        int described = baseline.features().size();
        return (described > 0 && features > 0 && described != features)
                ? MetadataFile.unusableBaseline("%d features, the model takes %d".formatted(described, features))
                : baseline;
    }

    private static Baseline unwatched(ModelId version, Baseline baseline) {
        logger.warn("drift of {} is not watched, {}", version, baseline.lack());
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

}
