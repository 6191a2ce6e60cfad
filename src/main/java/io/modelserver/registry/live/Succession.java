package io.modelserver.registry.live;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import io.modelserver.registry.load.ServedModel;
import io.modelserver.registry.store.VersionState;

/**
 * The set that is live, and what is left of those before it. Reading is one volatile
 * read; changes are made one after the other.
 */
final class Succession {

    private final Set<ServedModel> retired = ConcurrentHashMap.newKeySet();

    private volatile LiveSet now = LiveSet.none();

    LiveSet now() {
        return now;
    }

    /**
     * Replaces the set. Models that are not in the new one are retired.
     * @param change makes the new set of the one before
     */
    void change(UnaryOperator<LiveSet> change) {
        LiveSet before;
        LiveSet after;
        synchronized (this) {
            before = now;
            after = change.apply(before);
            now = after;
        }
        before.all().filter((model) -> after.all().noneMatch((still) -> still == model)).forEach((model) -> {
            retired.add(model);
            model.retire();
        });
    }

    /**
     * {@return models that were retired and are not closed yet, such as those that hang
     * in a forward pass}
     */
    List<ServedModel> retired() {
        retired.removeIf((model) -> model.state() == VersionState.CLOSED);
        return List.copyOf(retired);
    }

}
