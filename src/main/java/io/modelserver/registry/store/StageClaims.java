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

    private final Fingerprint.Memory<Claim> known;

    StageClaims(Function<ModelId, Optional<VersionFolder>> folders, ReaderFailures failures) {
        this(folders, failures, new Fingerprint.Memory<>(System::currentTimeMillis));
    }

    StageClaims(Function<ModelId, Optional<VersionFolder>> folders, ReaderFailures failures,
            Fingerprint.Memory<Claim> known) {
        this.folders = folders;
        this.failures = failures;
        this.known = known;
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
            .map((version) -> claim(new ModelId(model, version)))
            .filter((claim) -> claim.isOf(stage))
            .sorted(Claim.OLDEST_FIRST)
            .map(Claim::version)
            .toList();
    }

    /**
     * {@return whether a version says that it is archived}
     */
    boolean isArchived(ModelId id) {
        return claim(id).isOf(Stage.ARCHIVED);
    }

    private Claim claim(ModelId id) {
        Claim none = new Claim(id.version(), Optional.empty(), Instant.MIN);
        try {
            return folders.apply(id)
                .map((folder) -> known.of(id, folder.prints(), List.of(), () -> read(folder, none),
                        (claim) -> claim.stage().isPresent() || claim.createdAt().isAfter(Instant.MIN)))
                .orElse(none);
        }
        catch (RuntimeException ex) {
            failures.report(id, ex);
            return none;
        }
    }

    private static Claim read(VersionFolder folder, Claim none) {
        try {
            MetadataFile metadata = folder.metadata();
            return new Claim(folder.id().version(), metadata.stage(), metadata.createdAt().orElse(Instant.MIN));
        }
        catch (ModelLoadException ex) {
            return none;
        }
    }

    /**
     * What the metadata of a version says of it.
     *
     * @param version its name
     * @param stage empty if it says none
     * @param createdAt when it was made according to its metadata; long ago if that does
     * not say
     */
    record Claim(String version, Optional<Stage> stage, Instant createdAt) {

        static final Comparator<Claim> OLDEST_FIRST = Comparator.comparing(Claim::createdAt)
            .thenComparing(Claim::version, new VersionOrder());

        private boolean isOf(Stage expected) {
            return stage.filter(expected::equals).isPresent();
        }

    }

}
