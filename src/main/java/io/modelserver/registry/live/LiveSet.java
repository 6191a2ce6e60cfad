package io.modelserver.registry.live;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.modelserver.model.ModelId;
import io.modelserver.registry.load.ServedModel;
import org.jspecify.annotations.Nullable;

/**
 * What is live at one instant; never changed, only replaced.
 *
 * @param serving the version of each model that answers requests that name none
 * @param beside versions that were asked for by name
 */
record LiveSet(Map<String, ServedModel> serving, Map<ModelId, ServedModel> beside) {

    static LiveSet none() {
        return new LiveSet(Map.of(), Map.of());
    }

    @Nullable ServedModel find(ModelId id) {
        ServedModel served = serving.get(id.name());
        return (served != null && served.id().equals(id)) ? served : beside.get(id);
    }

    Stream<ServedModel> all() {
        return Stream.concat(serving.values().stream(), beside.values().stream());
    }

    /**
     * {@return those that model files answer for, and no ensembles}
     */
    Stream<ServedModel> ofFiles() {
        return all().filter(LiveSet::isOfFile);
    }

    Stream<ServedModel> servingFiles() {
        return serving.values().stream().filter(LiveSet::isOfFile);
    }

    static boolean isOfFile(ServedModel served) {
        return served.ensemble().isEmpty();
    }

    LiveSet withServing(ServedModel model) {
        Map<String, ServedModel> changed = new HashMap<>(serving);
        changed.put(model.id().name(), model);
        return new LiveSet(changed, beside);
    }

    LiveSet withoutServing(String name) {
        Map<String, ServedModel> changed = new HashMap<>(serving);
        changed.remove(name);
        return new LiveSet(changed, beside);
    }

    LiveSet withBeside(ServedModel model) {
        Map<ModelId, ServedModel> changed = new HashMap<>(beside);
        changed.put(model.id(), model);
        return new LiveSet(serving, changed);
    }

    LiveSet withoutBeside(ModelId id) {
        Map<ModelId, ServedModel> changed = new HashMap<>(beside);
        changed.remove(id);
        return new LiveSet(serving, changed);
    }

    /**
     * Finds which of the versions that were requested by name may be released.
     * @param kept how many of them may stay
     * @param newest stays in any case
     * @param isUncounted whether a version stays in any case and is not counted
     * @param isStaged whether a version stays as long as there are others
     * @return those that are too many, the longest unused first
     */
    List<ModelId> unused(int kept, ModelId newest, Predicate<ModelId> isUncounted, Predicate<ModelId> isStaged) {
        List<ServedModel> counted = beside.values().stream().filter((model) -> !isUncounted.test(model.id())).toList();
        return counted.stream()
            .filter((model) -> !model.id().equals(newest))
            .sorted(Comparator.comparing((ServedModel model) -> isStaged.test(model.id()))
                .thenComparingLong(ServedModel::lastUseNanos))
            .limit(Math.max(0, counted.size() - kept))
            .map(ServedModel::id)
            .toList();
    }

}
