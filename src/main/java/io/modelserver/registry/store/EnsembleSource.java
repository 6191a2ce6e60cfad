package io.modelserver.registry.store;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.registry.metadata.BoundedFile;
import io.modelserver.registry.metadata.Ensemble;
import io.modelserver.registry.metadata.EnsembleFile;
import io.modelserver.registry.metadata.MetadataFile;
import org.apache.commons.codec.digest.DigestUtils;

/** The {@code ensemble.json} of a version, which has it in place of a model file. */
public final class EnsembleSource {

    private static final int LARGEST = 1 << 20;

    private final BoundedFile file;

    EnsembleSource(BoundedFile file) {
        this.file = new BoundedFile(file.path(), file.name(), file.root(), LARGEST);
    }

    /**
     * {@return whether the version is an ensemble}
     */
    public boolean isThere() {
        return Files.exists(file.path(), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Reads the file, as it is on disk now.
     * @return what the ensemble consists of, and the file that said so
     * @throws ModelLoadException if it can't be used
     */
    public Content read() throws ModelLoadException {
        Path path = file.path();
        String identity = FileIdentity.of(path);
        byte[] bytes = file.checked().bytes();
        return new Content(EnsembleFile.read(bytes), new LoadedFile(path, identity, DigestUtils.sha256Hex(bytes)));
    }

    /**
     * Looks for what keeps the version from being one ensemble and nothing else.
     * @param folder the version's
     * @param metadata of the version
     * @return what is in the file
     * @throws ModelLoadException if the version can't be served
     */
    public Content check(VersionFolder folder, MetadataFile metadata) throws ModelLoadException {
        Content content = read();
        if (hasModelFile(folder)) {
            throw new ModelLoadException(
                    "there is both an ensemble.json and a model file: keep the one that shall answer");
        }
        Optional<String> expected = metadata.checksums().of(EnsembleFile.NAME);
        if (expected.isPresent() && !expected.get().equals(content.file().sha256())) {
            throw new ModelLoadException("the sha256 of ensemble.json is %s, metadata.json says %s: copy the file again"
                .formatted(content.file().sha256(), expected.get()));
        }
        if (metadata.declaresInputs()) {
            metadata.describe(folder.id());
        }
        return content;
    }

    private static boolean hasModelFile(VersionFolder folder) {
        try {
            return !folder.engines().isEmpty();
        }
        catch (ModelLoadException ex) {
            return false;
        }
    }

    /**
     * {@return the members; none if it is no ensemble, or one that can't be used}
     */
    List<Ensemble.Member> members() {
        try {
            return isThere() ? read().ensemble().members() : List.of();
        }
        catch (ModelLoadException ex) {
            return List.of();
        }
    }

    /**
     * What was in the file.
     *
     * @param ensemble what the ensemble consists of
     * @param file how the file was when it was read
     */
    public record Content(Ensemble ensemble, LoadedFile file) {
    }

}
