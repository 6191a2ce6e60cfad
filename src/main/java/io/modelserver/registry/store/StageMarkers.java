package io.modelserver.registry.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import io.modelserver.registry.metadata.Stage;
import io.modelserver.storage.AtomicFile;

/**
 * The marker files of one model. A marker wins over a symlink and over what metadata
 * says; one that is empty says that no version is in that stage.
 */
public final class StageMarkers {

    private static final int LONGEST = 1024;

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
    public Optional<String> read(Stage stage) throws IOException {
        Optional<String> marker = text(model.resolve("." + stage.markerName()));
        return marker.isPresent() ? marker.map(StageMarkers::firstLine) : symlink(model.resolve(stage.markerName()));
    }

    /**
     * Writes a marker next to the existing one; an empty version stands for none.
     * @param stage production or staging
     * @param version the version, or an empty text
     * @return what is to be committed; closing it without that leaves the old marker
     * @throws IOException if it could not be written; the old marker is still there
     */
    public AtomicFile.Prepared prepare(Stage stage, String version) throws IOException {
        byte[] line = (version + "\n").getBytes(StandardCharsets.UTF_8);
        return new AtomicFile(model.resolve("." + stage.markerName())).prepare((out) -> out.write(line));
    }

    /**
     * Whether a marker may be one that is just being written: it is empty, or its only
     * line does not end and is the beginning of another version's name.
     * @param stage production or staging
     * @param versions those that are there
     * @throws IOException if the marker can't be read
     */
    boolean isUnfinished(Stage stage, List<String> versions) throws IOException {
        String text = text(model.resolve("." + stage.markerName())).orElse("none\n");
        String version = firstLine(text);
        return version.isEmpty() || (!text.contains("\n") && versions.stream()
            .anyMatch((other) -> other.length() > version.length() && other.startsWith(version)));
    }

    /** Editors on Windows put a mark before it. */
    private static String firstLine(String text) {
        return text.replace("\uFEFF", "").lines().findFirst().orElse("").strip();
    }

    private static Optional<String> text(Path marker) throws IOException {
        if (!Files.exists(marker, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(marker)) {
            throw new IOException("it is not a regular file");
        }
        try (var in = Files.newInputStream(marker)) {
            return Optional.of(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8));
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
