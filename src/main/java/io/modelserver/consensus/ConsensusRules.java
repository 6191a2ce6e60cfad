package io.modelserver.consensus;

import java.time.Duration;

/**
 * How an ensemble comes to its answer.
 *
 * @param strategy what it does with its members' answers
 * @param minConfidence from 0 to 1: an answer below is not one to trade on
 * @param unanimousThreshold from 0 to 1: how sure the least confident member must be for
 * {@link Strategy#UNANIMOUS}
 * @param ties what {@link Strategy#MAJORITY} does with them
 * @param performanceWindow how far back predictions count for {@link Strategy#ADAPTIVE}
 * @param minOutcomes how many outcomes a member needs there before its score counts
 */
public record ConsensusRules(Strategy strategy, double minConfidence, double unanimousThreshold, TieRule ties,
        Duration performanceWindow, int minOutcomes) {

    /** What holds where {@code ensemble.json} says nothing. */
    public static final ConsensusRules DEFAULT = new ConsensusRules(Strategy.WEIGHTED_VOTING, 0.5, 0.7, TieRule.HOLD,
            Duration.ofDays(7), 30);

}
