package io.modelserver.consensus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.modelserver.model.ModelId;
import io.modelserver.model.Tensor;
import io.modelserver.signal.Consensus;
import io.modelserver.signal.ConsensusType;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Probabilities;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class CountingTest {

    private final List<Vote> votes = new ArrayList<>();

    @Test
    void weightedVotingTakesTheGreatestAverageProbability() {
        vote(0.4, Direction.BUY, 0.9f, 0.02f, new Probabilities(0.05f, 0.05f, 0.9f));
        vote(0.35, Direction.SELL, 0.5f, -0.01f, new Probabilities(0.5f, 0.1f, 0.4f));
        vote(0.25, Direction.SELL, 0.6f, null, new Probabilities(0.6f, 0.3f, 0.1f));

        Signal answer = count(Strategy.WEIGHTED_VOTING);

        assertThat(answer.direction()).isEqualTo(Direction.BUY);
        assertThat(answer.confidence()).isCloseTo(0.685f, within(1e-6f));
        // Averaged over those that give one: (0.4 × 0.02 − 0.35 × 0.01) / 0.75.
        assertThat(answer.expectedReturn()).isCloseTo(0.006f, within(1e-6f));
        assertThat(answer.probabilities()).isNotNull()
            .satisfies((of) -> assertThat(of.buy()).isCloseTo(0.525f, within(1e-6f)));
        assertConsensus(answer, ConsensusType.WEIGHTED, 1 / 3.0, 0.685 / 3, false);
    }

    @Test
    void weightsNeedNotSumToOne() {
        vote(40, Direction.BUY, 0.9f);
        vote(35, Direction.SELL, 0.5f);

        assertThat(count(Strategy.WEIGHTED_VOTING).confidence()).isCloseTo((40 * 0.9f + 35 * 0.5f) / 75, within(1e-6f));
    }

    @Test
    void weightedVotingIsUnanimousWhereAllSayTheSame() {
        vote(1, Direction.BUY, 0.9f);
        vote(1, Direction.BUY, 0.7f);

        assertConsensus(count(Strategy.WEIGHTED_VOTING), ConsensusType.UNANIMOUS, 1, 0.8, true);
    }

    @Test
    void weightedVotingHasAMajorityFromOneHalf() {
        vote(1, Direction.BUY, 0.9f);
        vote(1, Direction.SELL, 0.5f);

        assertConsensus(count(Strategy.WEIGHTED_VOTING), ConsensusType.MAJORITY, 0.5, 0.35, false);
    }

    @Test
    void anAnswerAtTheLeastConfidenceIsTradedOn() {
        vote(1, Direction.SELL, 0.5f);
        vote(1, Direction.SELL, 0.5f);

        assertThat(consensus(count(Strategy.WEIGHTED_VOTING)).shouldTrade()).isTrue();
    }

    @Test
    void nobodyTradesOnHold() {
        vote(1, Direction.HOLD, 0.9f);
        vote(1, Direction.HOLD, 0.9f);

        for (Strategy strategy : Strategy.values()) {
            assertThat(count(strategy).direction()).as(strategy.key()).isEqualTo(Direction.HOLD);
            assertThat(consensus(count(strategy)).shouldTrade()).as(strategy.key()).isFalse();
        }
    }

    @Test
    void equalProbabilitiesOfBuyingAndSellingMeanHold() {
        vote(1, Direction.BUY, 0.8f, null, new Probabilities(0.1f, 0.1f, 0.8f));
        vote(1, Direction.SELL, 0.8f, null, new Probabilities(0.8f, 0.1f, 0.1f));

        Signal answer = count(Strategy.WEIGHTED_VOTING);

        assertThat(answer.direction()).isEqualTo(Direction.HOLD);
        assertConsensus(answer, ConsensusType.WEIGHTED, 0, 0, false);
    }

    @Test
    void equallyConfidentMembersThatContradictEachOtherMeanHold() {
        vote(1, Direction.BUY, 0.8f, null, new Probabilities(0.1f, 0.1f, 0.8f));
        vote(1, Direction.SELL, 0.8f, null, new Probabilities(0.8f, 0.1f, 0.1f));

        assertThat(count(Strategy.CONFIDENCE_BASED).direction()).isEqualTo(Direction.HOLD);
    }

    @Test
    void aMemberWithoutProbabilitiesHasItsConfidenceForItsDirection() {
        vote(1, Direction.BUY, 0.6f, 0.01f, null);
        vote(1, Direction.SELL, 0.5f, null, new Probabilities(0.5f, 0.4f, 0.1f));

        assertThat(count(Strategy.WEIGHTED_VOTING).probabilities()).isNotNull().satisfies((of) -> {
            assertThat(of.sell()).isCloseTo(0.35f, within(1e-6f));
            assertThat(of.hold()).isCloseTo(0.3f, within(1e-6f));
            assertThat(of.buy()).isCloseTo(0.35f, within(1e-6f));
        });
        // Equal but for rounding.
        assertThat(count(Strategy.WEIGHTED_VOTING).direction()).isEqualTo(Direction.HOLD);
    }

    @Test
    void aMemberThatGivesADirectionAloneHasAllOfItsVoteForThat() {
        vote(1, Direction.BUY, null, 0.01f, null);
        vote(1, Direction.SELL, 0.6f, null, new Probabilities(0.6f, 0.3f, 0.1f));

        Signal answer = count(Strategy.WEIGHTED_VOTING);

        assertThat(answer.direction()).isEqualTo(Direction.BUY);
        assertThat(answer.confidence()).isEqualTo(0.6f);
    }

    @Test
    void whereNobodyTellsHowSureHeIsNobodyTrades() {
        vote(1, Direction.BUY, null, 0.01f, null);
        vote(1, Direction.BUY, null, 0.03f, null);

        for (Strategy strategy : Strategy.values()) {
            Signal answer = count(strategy);
            assertThat(answer.confidence()).as(strategy.key()).isNull();
            assertThat(answer.probabilities()).as(strategy.key()).isNull();
            assertThat(consensus(answer).metaConfidence()).as(strategy.key()).isNull();
            assertThat(consensus(answer).shouldTrade()).as(strategy.key()).isFalse();
            // Weighted by a confidence that nobody gives, the mean is the plain one.
            assertThat(answer.expectedReturn()).as(strategy.key()).isCloseTo(0.02f, within(1e-7f));
        }
        assertThat(consensus(count(rules(Strategy.WEIGHTED_VOTING, 0, 0.7, TieRule.HOLD))).shouldTrade()).isTrue();
    }

    @Test
    void theUnanimousAgreeIfAllAreSureEnough() {
        vote(3, Direction.SELL, 0.7f, -0.03f, null);
        vote(1, Direction.SELL, 0.9f, -0.01f, null);

        Signal answer = count(Strategy.UNANIMOUS);

        assertThat(answer.direction()).isEqualTo(Direction.SELL);
        assertThat(answer.expectedReturn()).isCloseTo(-0.02f, within(1e-7f));
        assertConsensus(answer, ConsensusType.UNANIMOUS, 1, 0.8, true);
    }

    @Test
    void theUnanimousHoldWhereOneIsNotSureEnough() {
        vote(1, Direction.SELL, 0.69f);
        vote(1, Direction.SELL, 0.99f);

        Signal answer = count(Strategy.UNANIMOUS);

        assertThat(answer.direction()).isEqualTo(Direction.HOLD);
        assertConsensus(answer, ConsensusType.CONFLICT, 1, 0.84, false);
    }

    @Test
    void theUnanimousHoldWhereTheyDiffer() {
        vote(1, Direction.SELL, 0.9f);
        vote(1, Direction.BUY, 0.9f);
        vote(1, Direction.BUY, 0.9f);

        Signal answer = count(Strategy.UNANIMOUS);

        assertThat(answer.direction()).isEqualTo(Direction.HOLD);
        assertConsensus(answer, ConsensusType.CONFLICT, 0.5, 0.45, false);
    }

    @Test
    void theUnanimousDoNotTradeBelowTheLeastConfidence() {
        vote(1, Direction.BUY, 0.8f);
        vote(1, Direction.BUY, 0.8f);

        Signal answer = count(rules(Strategy.UNANIMOUS, 0.9, 0.7, TieRule.HOLD));

        assertThat(answer.direction()).isEqualTo(Direction.BUY);
        assertConsensus(answer, ConsensusType.UNANIMOUS, 1, 0.8, false);
    }

    @Test
    void theMajorityDecides() {
        vote(9, Direction.SELL, 0.9f);
        vote(1, Direction.BUY, 0.6f);
        vote(1, Direction.BUY, 0.6f);

        Signal answer = count(Strategy.MAJORITY);

        assertThat(answer.direction()).isEqualTo(Direction.BUY);
        assertConsensus(answer, ConsensusType.MAJORITY, 2 / 3.0, 0.7 * 2 / 3, true);
    }

    @Test
    void aMajorityOfLessThanHalfIsNotTradedOn() {
        vote(1, Direction.BUY, 0.9f);
        vote(1, Direction.BUY, 0.9f);
        vote(1, Direction.SELL, 0.9f);
        vote(1, Direction.HOLD, 0.9f);
        vote(1, Direction.HOLD, 0.9f, null, null);

        Signal tied = count(Strategy.MAJORITY);

        assertThat(tied.direction()).isEqualTo(Direction.HOLD);
        assertConsensus(tied, ConsensusType.TIE_RESOLVED, 0.4, 0.36, false);
        assertConsensus(count(rules(Strategy.MAJORITY, 0.5, 0.7, TieRule.HIGHEST_CONFIDENCE)),
                ConsensusType.TIE_RESOLVED, 0.4, 0.36, false);
    }

    @Test
    void aTieMeansHoldUnlessTheMostConfidentMemberResolvesIt() {
        vote(1, Direction.BUY, 0.6f);
        vote(1, Direction.SELL, 0.8f);

        Signal held = count(Strategy.MAJORITY);
        Signal resolved = count(rules(Strategy.MAJORITY, 0.5, 0.7, TieRule.HIGHEST_CONFIDENCE));

        assertThat(held.direction()).isEqualTo(Direction.HOLD);
        assertConsensus(held, ConsensusType.TIE_RESOLVED, 0.5, 0.35, false);
        assertThat(resolved.direction()).isEqualTo(Direction.SELL);
        assertConsensus(resolved, ConsensusType.TIE_RESOLVED, 0.5, 0.35, true);
    }

    @Test
    void onlyMembersThatSaidOneOfTheTiedDirectionsResolveATie() {
        vote(1, Direction.BUY, 0.6f);
        vote(1, Direction.BUY, 0.6f);
        vote(1, Direction.SELL, 0.7f);
        vote(1, Direction.SELL, 0.5f);
        vote(1, Direction.HOLD, 0.99f);

        assertThat(count(rules(Strategy.MAJORITY, 0.5, 0.7, TieRule.HIGHEST_CONFIDENCE)).direction())
            .isEqualTo(Direction.SELL);
    }

    @Test
    void theMostConfidentMemberLeads() {
        vote(1, Direction.BUY, 0.6f, 0.01f, null);
        vote(1, Direction.SELL, 0.9f, -0.02f, new Probabilities(0.9f, 0.1f, 0));
        vote(1, Direction.SELL, 0.5f);

        Signal answer = count(Strategy.CONFIDENCE_BASED);

        assertThat(answer.direction()).isEqualTo(Direction.SELL);
        assertThat(answer.confidence()).isEqualTo(0.9f);
        assertThat(answer.expectedReturn()).isCloseTo((0.6f * 0.01f - 0.9f * 0.02f) / 1.5f, within(1e-6f));
        assertThat(answer.probabilities()).isEqualTo(new Probabilities(0.9f, 0.1f, 0));
        assertConsensus(answer, ConsensusType.CONFIDENCE_LEADER, 2 / 3.0, 0.6, true);
    }

    @Test
    void ofEquallyConfidentMembersTheWeightierLeads() {
        vote(1, Direction.BUY, 0.6f);
        vote(2, Direction.SELL, 0.6f);
        vote(1, Direction.HOLD, 0.6f);

        assertThat(count(Strategy.CONFIDENCE_BASED).direction()).isEqualTo(Direction.SELL);
    }

    @Test
    void whoWasRightLatelyHasMoreWeight() {
        vote(1, Direction.BUY, 0.8f, 0.02f, new Probabilities(0.1f, 0.1f, 0.8f));
        vote(1, Direction.SELL, 0.7f, 0.04f, new Probabilities(0.7f, 0.2f, 0.1f));

        MemberScores secondWasRight = (version, rules) -> version.name().equals("m1") ? 0.9 : 0.3;
        Signal answer = new Counting(rules(Strategy.ADAPTIVE, 0.5, 0.7, TieRule.HOLD), secondWasRight).of(votes,
                Map.of());

        assertThat(answer.direction()).isEqualTo(Direction.SELL);
        assertThat(answer.confidence()).isCloseTo(0.75f, within(1e-6f));
        assertThat(answer.expectedReturn()).isCloseTo(0.03f, within(1e-6f));
        assertConsensus(answer, ConsensusType.ADAPTIVE, 0.5, 0.375, false);
        assertThat(count(Strategy.ADAPTIVE).direction()).isEqualTo(Direction.BUY);
    }

    @Test
    void whereAllWereAlwaysWrongTheirOwnWeightsAreLeft() {
        vote(1, Direction.BUY, 0.8f);
        vote(3, Direction.SELL, 0.8f);

        Signal answer = new Counting(rules(Strategy.ADAPTIVE, 0.5, 0.7, TieRule.HOLD), (version, rules) -> 0).of(votes,
                Map.of());

        assertThat(answer.direction()).isEqualTo(Direction.SELL);
    }

    @Test
    void oneThatIsLeftGivesItsOwnAnswer() {
        Probabilities probabilities = new Probabilities(0.1f, 0.3f, 0.6f);
        vote(0.25, Direction.BUY, 0.6f, 0.01f, probabilities);

        for (Strategy strategy : Strategy.values()) {
            Signal answer = new Counting(rules(strategy, 0.5, 0.7, TieRule.HOLD), MemberScores.UNKNOWN).of(votes,
                    Map.of("other", "it is late"));

            assertThat(answer.direction()).isEqualTo(Direction.BUY);
            assertThat(answer.confidence()).isEqualTo(0.6f);
            assertThat(answer.expectedReturn()).isEqualTo(0.01f);
            assertThat(answer.probabilities()).isEqualTo(probabilities);
            assertConsensus(answer, ConsensusType.SINGLE, 1, 0.6, true);
            assertThat(consensus(answer).failed()).containsExactly(Map.entry("other", "it is late"));
            assertThat(consensus(answer).strategy()).isEqualTo(strategy.key());
        }
    }

    @Test
    void whatTheMembersSaidIsToldInTheirOrder() {
        vote(1, Direction.BUY, 0.6f);
        vote(1, Direction.SELL, 0.8f);

        Consensus consensus = consensus(count(Strategy.MAJORITY));

        assertThat(consensus.answers().keySet()).containsExactly("m0", "m1");
        assertThat(consensus.answers().get("m1")).isNotNull().satisfies((answer) -> {
            assertThat(answer.version()).isEqualTo(new ModelId("m1", "1"));
            assertThat(answer.signal()).isEqualTo(votes.getLast().signal());
        });
    }

    @Test
    void anOutputIsPassedOnWhereOneMemberAloneHasIt() {
        Tensor mae = new Tensor(new int[] { 1 }, new float[] { 0.5f });
        votes.add(new Vote("a", new ModelId("a", "1"), 1,
                new Signal(Direction.BUY, 0.6f, null, null, Map.of("predicted_mae", mae, "hidden", mae))));
        votes.add(new Vote("b", new ModelId("b", "1"), 1,
                new Signal(Direction.BUY, 0.6f, null, null, Map.of("hidden", mae))));
        votes.add(new Vote("c", new ModelId("c", "1"), 1,
                new Signal(Direction.BUY, 0.6f, null, null, Map.of("hidden", mae))));

        assertThat(count(Strategy.MAJORITY).outputs()).containsOnlyKeys("predicted_mae");
    }

    private void vote(double weight, Direction direction, float confidence) {
        vote(weight, direction, confidence, null, null);
    }

    private void vote(double weight, Direction direction, @Nullable Float confidence, @Nullable Float expectedReturn,
            @Nullable Probabilities probabilities) {
        String name = "m" + votes.size();
        votes.add(new Vote(name, new ModelId(name, "1"), weight,
                new Signal(direction, confidence, expectedReturn, probabilities, Map.of())));
    }

    private Signal count(Strategy strategy) {
        return count(rules(strategy, 0.5, 0.7, TieRule.HOLD));
    }

    private Signal count(ConsensusRules rules) {
        return new Counting(rules, MemberScores.UNKNOWN).of(votes, Map.of());
    }

    private static ConsensusRules rules(Strategy strategy, double minConfidence, double threshold, TieRule ties) {
        return new ConsensusRules(strategy, minConfidence, threshold, ties, Duration.ofDays(7), 30);
    }

    private static Consensus consensus(Signal answer) {
        Consensus consensus = answer.consensus();
        assertThat(consensus).isNotNull();
        return consensus;
    }

    private static void assertConsensus(Signal answer, ConsensusType type, double agreement, double meta,
            boolean shouldTrade) {
        Consensus consensus = consensus(answer);
        assertThat(consensus.type()).isEqualTo(type);
        assertThat(consensus.agreementRatio()).isCloseTo(agreement, within(1e-9));
        assertThat(consensus.metaConfidence()).isCloseTo(meta, within(1e-6));
        assertThat(consensus.shouldTrade()).isEqualTo(shouldTrade);
    }

}
