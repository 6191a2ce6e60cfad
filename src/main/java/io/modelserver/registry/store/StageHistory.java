package io.modelserver.registry.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.modelserver.registry.metadata.Stage;
import io.modelserver.storage.AppendOnlyFile;
import org.jspecify.annotations.Nullable;

/**
 * The {@code history.jsonl} of one model. A line is written before the marker, so that no
 * change goes unrecorded. Which version was in PRODUCTION before is read from the last
 * line about the version that is there now; so a crash between line and marker leaves no
 * wrong answer behind.
 */
public final class StageHistory {

    static final String FILE = "history.jsonl";

    private final AppendOnlyFile file;

    /**
     * Creates the history that is kept in the folder of a model.
     * @param model the folder
     */
    public StageHistory(Path model) {
        this.file = new AppendOnlyFile(model.resolve(FILE));
    }

    /**
     * Adds a change at the end.
     * @param change what changed
     * @throws IOException if the file can't be written
     */
    public void append(StageChange change) throws IOException {
        file.append(change.toJson());
    }

    /**
     * Finds the version to go back to.
     * @param production the version in PRODUCTION, or null if there is none
     * @return the version that was there before, empty if none is known
     * @throws IOException if the file can't be read
     */
    public Optional<String> before(@Nullable String production) throws IOException {
        for (StageChange change : changes().reversed()) {
            boolean entered = change.to() == Stage.PRODUCTION;
            if (entered && change.version().equals(production)) {
                return Optional.ofNullable(change.previousVersion());
            }
            if (production == null && !entered && change.from() == Stage.PRODUCTION) {
                return Optional.of(change.version());
            }
        }
        return Optional.empty();
    }

    /**
     * {@return the last change of what is in PRODUCTION}
     * @throws IOException if the file can't be read
     */
    public Optional<StageChange> lastOfProduction() throws IOException {
        return changes().reversed()
            .stream()
            .filter((change) -> change.to() == Stage.PRODUCTION || change.from() == Stage.PRODUCTION)
            .findFirst();
    }

    /**
     * {@return all changes, the oldest first}
     * @throws IOException if the file can't be read
     */
    public List<StageChange> changes() throws IOException {
        return file.lines().stream().map(StageChange::of).filter(Objects::nonNull).toList();
    }

}
