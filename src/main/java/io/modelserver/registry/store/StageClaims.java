package io.modelserver.registry.store;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.MetadataFile;
import io.modelserver.registry.metadata.Stage;

/**
 * The stages that versions claim for themselves in {@code metadata.json}. One that can't
 * be read claims nothing.
 */
final class StageClaims {

    private final Function<ModelId, Optional<VersionFolder>> folders;

    private final ReaderFailures failures;

    StageClaims(Function<ModelId, Optional<VersionFolder>> folders, ReaderFailures failures) {
        this.folders = folders;
        this.failures = failures;
    }

    /**
     * Finds the versions that claim a stage.
     * @param model an existing model
     * @param versions those to look at
     * @param stage what they claim to be in
     * @return their names, the newest last, by {@code created_at} and then by the
     * version's numbers
     */
    List<String> of(String model, List<String> versions, Stage stage) {
        return versions.stream()
            .flatMap((version) -> claim(new ModelId(model, version), stage).stream())
            .sorted(Claim.OLDEST_FIRST)
            .map(Claim::version)
            .toList();
    }

    private Optional<Claim> claim(ModelId id, Stage stage) {
        return read(id, (metadata) -> metadata.stage().filter(stage::equals).isPresent()
                ? Optional.of(new Claim(id.version(), metadata.createdAt().orElse(Instant.MIN))) : Optional.empty());
    }

    /**
     * {@return whether a version says that it is archived}
     */
    boolean isArchived(ModelId id) {
        return read(id, MetadataFile::stage).filter(Stage.ARCHIVED::equals).isPresent();
    }

    private <T> Optional<T> read(ModelId id, Function<MetadataFile, Optional<T>> field) {
        try {
            Optional<VersionFolder> folder = folders.apply(id);
            return folder.isPresent() ? field.apply(folder.get().metadata()) : Optional.empty();
        }
        catch (ModelLoadException ex) {
            return Optional.empty();
        }
        catch (RuntimeException ex) {
            failures.report(id, ex);
            return Optional.empty();
        }
    }

    /**
     * A version whose metadata says that it is in a stage.
     *
     * @param version its name
     * @param createdAt when it was made according to its metadata; long ago if that does
     * not say
     */
    private record Claim(String version, Instant createdAt) {

        static final Comparator<Claim> OLDEST_FIRST = Comparator.comparing(Claim::createdAt)
            .thenComparing(Claim::version, new VersionOrder());

    }

}
