package io.modelserver.experiment.verdict;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Variant;
import org.jspecify.annotations.Nullable;

/**
 * What to do, and why.
 *
 * @param action what to do
 * @param variant with which treatment or shadow, null if it is to continue
 * @param reasons sentences with numbers, the deciding one first
 */
public record Recommendation(Action action, @Nullable String variant, List<String> reasons) {

    /** Takes a copy of the reasons. */
    public Recommendation {
        reasons = List.copyOf(reasons);
    }

    /**
     * {@return the same with one more reason at the end, if there is one}
     */
    Recommendation withReason(Optional<String> reason) {
        return reason.isEmpty() ? this
                : new Recommendation(action, variant, Stream.concat(reasons.stream(), reason.stream()).toList());
    }

    /**
     * {@return the variant to be promoted, empty if none is}
     * @param experiment the one that was judged
     */
    public Optional<Variant> winner(Experiment experiment) {
        return (action == Action.PROMOTE) ? Optional.ofNullable(variant).flatMap(experiment::variant)
                : Optional.empty();
    }

}
