package io.modelserver.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What the metadata says of a model's answers beside where known outputs are found.
 *
 * @param taskIsDeclared whether it names the task, which is derived otherwise
 * @param ownLabels what each of the model's own class labels stands for, in the order in
 * which they are written; empty if the metadata does not say
 * @param named where further outputs are found, by the names under which they are
 * answered
 * @param leftOut names of outputs that are not answered
 * @param levels the level of each column of the quantiles, ascending; empty if there are
 * none
 * @param decision how a direction comes about, null if nothing is said about it
 */
public record AnswerRules(boolean taskIsDeclared, Map<String, String> ownLabels, Map<String, OutputRef> named,
        Set<String> leftOut, List<Double> levels, @Nullable Decision decision) {

    /** Nothing is said. */
    public static final AnswerRules NONE = new AnswerRules(false, Map.of(), Map.of(), Set.of(), List.of(), null);

    /** Takes copies of the collections. */
    public AnswerRules {
        ownLabels = Collections.unmodifiableMap(new LinkedHashMap<>(ownLabels));
        named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
        leftOut = Set.copyOf(leftOut);
        levels = List.copyOf(levels);
    }

    AnswerRules leavingOut(Set<String> outputs) {
        Set<String> all = new LinkedHashSet<>(leftOut);
        all.addAll(outputs);
        return new AnswerRules(taskIsDeclared, ownLabels, named, all, levels, decision);
    }

}
