package io.modelserver.consensus;

import io.modelserver.model.ModelId;

/** Knows how often versions were right lately; asked on the path of answers. */
@FunctionalInterface
public interface MemberScores {

    /** Nothing is known of any version. */
    MemberScores UNKNOWN = (version, rules) -> 1;

    /**
     * Tells how good a version was.
     * @param version which
     * @param rules how far back its predictions count, and how many outcomes it needs
     * @return the share of its own predictions that came true, from 0 to 1; 1 if there
     * are too few outcomes
     */
    double of(ModelId version, ConsensusRules rules);

}
