package io.modelserver.drift;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a version saw in training.
 *
 * @param features by their position in a time step; null where training left no
 * statistics that can be used. Empty, or at least one is there
 * @param lack why there are no features, as a sentence for people; empty if there are
 * @param without the features that are null, if any is not
 */
public record Baseline(List<@Nullable FeatureBaseline> features, String lack, List<Without> without) {

    /**
     * Takes copies of the lists. Rejects features together with a lack, and neither of
     * them.
     */
    public Baseline {
        features = Collections.unmodifiableList(new ArrayList<>(features));
        without = List.copyOf(without);
        if (features.stream().noneMatch(Objects::nonNull) == lack.isEmpty()) {
            throw new IllegalArgumentException("a baseline needs a feature, or the reason why it has none");
        }
    }

    /**
     * Creates a baseline.
     * @param features at least one of them not null
     * @param without those that are null
     * @return the baseline
     */
    public static Baseline of(List<@Nullable FeatureBaseline> features, List<Without> without) {
        return new Baseline(features, "", without);
    }

    /**
     * Creates a baseline without features.
     * @param why for people
     * @return a baseline that nothing can be compared with
     */
    public static Baseline lacking(String why) {
        return new Baseline(List.of(), why, List.of());
    }

    /**
     * A feature without a baseline, though others have one.
     *
     * @param feature its dotted path
     * @param reason for people
     */
    public record Without(String feature, String reason) {
    }

}
