package io.modelserver.registry.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import io.modelserver.engine.Engine;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Task;
import io.modelserver.registry.metadata.MetadataFile;
import io.modelserver.registry.metadata.Stage;
import org.jspecify.annotations.Nullable;

/** Shows a version without loading it. */
final class VersionListing {

    private final VersionFolder folder;

    private final ReaderFailures failures;

    VersionListing(VersionFolder folder, ReaderFailures failures) {
        this.folder = folder;
        this.failures = failures;
    }

    /** Whatever is in the files of one version, the others are listed. */
    VersionStatus status(Stage stage, VersionState state, Optional<VersionStatus.RunBy> engine,
            @Nullable String rejection) {
        ModelId id = folder.id();
        String name = engine.map(VersionStatus.RunBy::name).orElse(null);
        String why = engine.map(VersionStatus.RunBy::reason).orElse(null);
        Optional<Engine> shown = shown(engine);
        Double size = shown.map(this::sizeMb).orElse(null);
        try {
            MetadataFile metadata = folder.metadata();
            String error = (rejection != null) ? rejection : problem(metadata);
            String sha256 = shown.flatMap((file) -> sha256(metadata, file)).orElse(null);
            String createdAt = metadata.createdAt()
                .map(Instant::toString)
                .or(() -> metadata.text("created_at"))
                .orElse(null);
            return new VersionStatus(id.name(), id.version(), stage, state, metadata.text("model_type").orElse(null),
                    framework(metadata, shown), metadata.metrics(), size, name != null, name, shape(metadata),
                    createdAt, sha256, why, error)
                .answering(task(metadata), List.of())
                .consistingOf(folder.ensemble().members());
        }
        catch (ModelLoadException ex) {
            return new VersionStatus(id.name(), id.version(), stage, state, null, null, Map.of(), size, name != null,
                    name, List.of(), null, null, why, ex.getMessage());
        }
        catch (RuntimeException ex) {
            return new VersionStatus(id.name(), id.version(), stage, state, null, null, Map.of(), size, name != null,
                    name, List.of(), null, null, why, failures.report(id, ex));
        }
    }

    /** What the metadata says, else what the file is of. */
    private @Nullable String framework(MetadataFile metadata, Optional<Engine> shown) {
        return metadata.text("framework")
            .or(() -> shown.map(Engine::framework))
            .orElse(folder.ensemble().isThere() ? "ensemble" : null);
    }

    /** The file that runs, else the one that would be looked at first. */
    private Optional<Engine> shown(Optional<VersionStatus.RunBy> engine) {
        try {
            return engine.isPresent() ? engine.get().engine() : Optional.of(folder.engines().getFirst());
        }
        catch (ModelLoadException ex) {
            return Optional.empty();
        }
    }

    private Optional<String> sha256(MetadataFile metadata, Engine engine) {
        try {
            return metadata.checksums().of(engine, folder.engines());
        }
        catch (ModelLoadException ex) {
            return Optional.empty();
        }
    }

    private @Nullable String task(MetadataFile metadata) {
        if (folder.ensemble().isThere()) {
            return Task.DIRECTION.key();
        }
        try {
            ModelMetadata described = metadata.describe(folder.id());
            boolean certain = described.rules().taskIsDeclared() || described.task() != Task.DIRECTION
                    || !described.classes().isEmpty();
            return certain ? described.task().key() : null;
        }
        catch (ModelLoadException ex) {
            return null;
        }
    }

    private List<Integer> shape(MetadataFile metadata) {
        try {
            return metadata.describe(folder.id()).features().shape();
        }
        catch (ModelLoadException ex) {
            return List.of();
        }
    }

    private @Nullable String problem(MetadataFile metadata) {
        try {
            if (folder.ensemble().isThere()) {
                folder.ensemble().check(folder, metadata);
                return null;
            }
            ServedKinds.check(metadata.describe(folder.id()));
            List<Engine> engines = folder.engines();
            metadata.checksums().expectToFit(engines);
            // A second file that can't be used is not an error: the version is
            // served without it.
            folder.expectLoadable(engines.getFirst());
            return null;
        }
        catch (ModelLoadException ex) {
            return ex.getMessage();
        }
    }

    private @Nullable Double sizeMb(Engine engine) {
        OptionalLong size = folder.size(engine);
        return size.isPresent() ? Math.round(size.getAsLong() / 1e4) / 100.0 : null;
    }

}
