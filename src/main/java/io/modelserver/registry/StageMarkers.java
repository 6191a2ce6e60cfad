package io.modelserver.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

import io.modelserver.storage.AtomicFile;

/**
 * The marker files of one model. A marker wins over a symlink and over what metadata
 * says; one that is empty says that no version is in that stage.
 */
final class StageMarkers {

    private static final int LONGEST = 1024;

    private static final String PREVIOUS = ".previous";

    private final Path model;

    StageMarkers(Path model) {
        this.model = model;
    }

    /**
     * Reads which version a stage has.
     * @param stage production or staging
     * @return the version, empty text if the marker says that there is none, empty if
     * nothing is marked
     * @throws IOException if the marker can't be read
     */
    Optional<String> read(Stage stage) throws IOException {
        Optional<String> marker = text(model.resolve("." + stage.markerName()));
        return marker.isPresent() ? marker : symlink(model.resolve(stage.markerName()));
    }

    Optional<String> readPrevious() throws IOException {
        return text(model.resolve(PREVIOUS));
    }

    void write(Stage stage, String version) throws IOException {
        replace(model.resolve("." + stage.markerName()), version);
    }

    void writePrevious(String version) throws IOException {
        replace(model.resolve(PREVIOUS), version);
    }

    private static void replace(Path marker, String version) throws IOException {
        new AtomicFile(marker).write((version + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> text(Path marker) throws IOException {
        if (!Files.isRegularFile(marker)) {
            return Optional.empty();
        }
        try (var in = Files.newInputStream(marker)) {
            return Optional.of(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip());
        }
        catch (NoSuchFileException ex) {
            return Optional.empty();
        }
    }

    private static Optional<String> symlink(Path link) throws IOException {
        if (!Files.isSymbolicLink(link) || !Files.isDirectory(link)) {
            return Optional.empty();
        }
        Path target = Files.readSymbolicLink(link).getFileName();
        return Files.exists(link, LinkOption.NOFOLLOW_LINKS) ? Optional.of(String.valueOf(target)) : Optional.empty();
    }

}
