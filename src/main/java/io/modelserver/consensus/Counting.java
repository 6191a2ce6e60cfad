package io.modelserver.consensus;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import io.modelserver.model.Tensor;
import io.modelserver.signal.Consensus;
import io.modelserver.signal.ConsensusType;
import io.modelserver.signal.Direction;
import io.modelserver.signal.MemberAnswer;
import io.modelserver.signal.Probabilities;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;

/**
 * Makes one answer of those of an ensemble's members. What each strategy answers is the
 * table in {@code docs/ensembles.md}; where it leaves a tie between directions, the
 * answer is to hold. A number that some members do not give is averaged over those that
 * do.
 */
public final class Counting {

    private static final double HALF = 0.5;

    private final ConsensusRules rules;

    private final MemberScores scores;

    /**
     * Creates the count of one ensemble.
     * @param rules how it comes to its answer
     * @param scores how often its members were right lately
     */
    public Counting(ConsensusRules rules, MemberScores scores) {
        this.rules = rules;
        this.scores = scores;
    }

    /**
     * Counts votes.
     * @param votes one at least, in the order of the ensemble
     * @param failed why other members gave none, by their names
     * @return the answer of the ensemble
     */
    public Signal of(List<Vote> votes, Map<String, String> failed) {
        Outcome outcome = (votes.size() == 1) ? single(votes.getFirst()) : switch (rules.strategy()) {
            case WEIGHTED_VOTING -> weighted(votes);
            case UNANIMOUS -> unanimous(votes);
            case MAJORITY -> majority(votes);
            case CONFIDENCE_BASED -> byConfidence(votes);
            case ADAPTIVE -> adaptive(votes);
        };
        Numbers numbers = outcome.numbers;
        Double confidence = numbers.confidence;
        Double meta = (confidence != null) ? Double.valueOf(confidence * outcome.agreement) : null;
        Map<String, MemberAnswer> answers = new LinkedHashMap<>();
        votes.forEach((vote) -> answers.put(vote.member(), new MemberAnswer(vote.version(), vote.signal())));
        return new Signal(outcome.direction, single(confidence), single(numbers.expectedReturn), numbers.probabilities,
                outputs(votes),
                new Consensus(meta, outcome.agreement, outcome.type,
                        outcome.direction != Direction.HOLD && isGood(outcome, confidence, meta),
                        rules.strategy().key(), answers, failed));
    }

    private boolean isGood(Outcome outcome, @Nullable Double confidence, @Nullable Double meta) {
        return (outcome.type == ConsensusType.SINGLE) ? suffices(meta) : switch (rules.strategy()) {
            case WEIGHTED_VOTING, CONFIDENCE_BASED, ADAPTIVE -> suffices(meta);
            case UNANIMOUS -> outcome.type == ConsensusType.UNANIMOUS && suffices(confidence);
            case MAJORITY -> outcome.agreement >= HALF && suffices(confidence);
        };
    }

    private boolean suffices(@Nullable Double confidence) {
        // As the answer shows it: 0.7f is a little less than 0.7.
        return (float) ((confidence != null) ? confidence : 0) >= (float) rules.minConfidence();
    }

    private static Outcome single(Vote vote) {
        Signal signal = vote.signal();
        return new Outcome(vote.direction(), Numbers.of(List.of(vote), (each) -> 1, signal.probabilities()), 1,
                ConsensusType.SINGLE);
    }

    private static Outcome weighted(List<Vote> votes) {
        Probabilities probabilities = average(votes, Vote::weight);
        Direction direction = probabilities.greatest();
        double agreement = share(votes, direction);
        return new Outcome(direction, Numbers.of(votes, Vote::weight, shown(votes, probabilities)), agreement,
                (agreement == 1) ? ConsensusType.UNANIMOUS
                        : (agreement >= HALF) ? ConsensusType.MAJORITY : ConsensusType.WEIGHTED);
    }

    /** Where all were always wrong, their own weights are left. */
    private Outcome adaptive(List<Vote> votes) {
        Map<String, Double> weights = votes.stream()
            .collect(Collectors.toMap(Vote::member, (vote) -> vote.weight() * scores.of(vote.version(), rules)));
        boolean anyRight = weights.values().stream().anyMatch((weight) -> weight > 0);
        ToDoubleFunction<Vote> weight = (vote) -> anyRight ? weights.getOrDefault(vote.member(), 0.0) : vote.weight();
        Probabilities probabilities = average(votes, weight);
        Direction direction = probabilities.greatest();
        return new Outcome(direction, Numbers.of(votes, (vote) -> 1, shown(votes, probabilities)),
                share(votes, direction), ConsensusType.ADAPTIVE);
    }

    private Outcome unanimous(List<Vote> votes) {
        Set<Direction> directions = votes.stream().map(Vote::direction).collect(Collectors.toSet());
        double least = votes.stream().mapToDouble(Vote::confidenceOrZero).min().orElse(0);
        boolean agreed = directions.size() == 1 && (float) least >= (float) rules.unanimousThreshold();
        return new Outcome(agreed ? votes.getFirst().direction() : Direction.HOLD, equally(votes),
                1.0 / directions.size(), agreed ? ConsensusType.UNANIMOUS : ConsensusType.CONFLICT);
    }

    private Outcome majority(List<Vote> votes) {
        Map<Direction, Long> counts = votes.stream()
            .collect(Collectors.groupingBy(Vote::direction, Collectors.counting()));
        long most = counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
        Set<Direction> first = EnumSet.noneOf(Direction.class);
        counts.forEach((direction, count) -> {
            if (count == most) {
                first.add(direction);
            }
        });
        double agreement = (double) most / votes.size();
        return (first.size() == 1)
                ? new Outcome(first.iterator().next(), equally(votes), agreement, ConsensusType.MAJORITY)
                : new Outcome(resolved(votes, first), equally(votes), agreement, ConsensusType.TIE_RESOLVED);
    }

    private Direction resolved(List<Vote> votes, Set<Direction> tied) {
        return switch (rules.ties()) {
            case HOLD -> Direction.HOLD;
            case HIGHEST_CONFIDENCE ->
                ofTheMostConfident(votes.stream().filter((vote) -> tied.contains(vote.direction())).toList());
        };
    }

    private static Outcome byConfidence(List<Vote> votes) {
        Vote leader = leader(votes);
        Direction direction = ofTheMostConfident(votes);
        Float confidence = leader.signal().confidence();
        return new Outcome(direction,
                new Numbers((confidence != null) ? confidence.doubleValue() : null,
                        Numbers.mean(votes, (vote) -> vote.signal().expectedReturn(), Vote::confidenceOrZero),
                        leader.signal().probabilities()),
                share(votes, direction), ConsensusType.CONFIDENCE_LEADER);
    }

    /** Where equally confident and weighty ones contradict each other, nobody leads. */
    private static Direction ofTheMostConfident(List<Vote> votes) {
        Vote leader = leader(votes);
        boolean contradicted = votes.stream()
            .anyMatch((vote) -> vote.confidenceOrZero() == leader.confidenceOrZero() && vote.weight() == leader.weight()
                    && vote.direction() != leader.direction());
        return contradicted ? Direction.HOLD : leader.direction();
    }

    /** Of equally confident ones the weightier, then the one that is named first. */
    private static Vote leader(List<Vote> votes) {
        return votes.stream()
            .sorted(Comparator.comparingDouble(Vote::confidenceOrZero).thenComparingDouble(Vote::weight).reversed())
            .findFirst()
            .orElseThrow();
    }

    private static Numbers equally(List<Vote> votes) {
        return Numbers.of(votes, (vote) -> 1, shown(votes, average(votes, (vote) -> 1)));
    }

    /** What stands in for probabilities that no member gives is not shown. */
    private static @Nullable Probabilities shown(List<Vote> votes, Probabilities probabilities) {
        return votes.stream().anyMatch((vote) -> vote.signal().probabilities() != null) ? probabilities : null;
    }

    private static Probabilities average(List<Vote> votes, ToDoubleFunction<Vote> weight) {
        double total = votes.stream().mapToDouble(weight).sum();
        ToDoubleFunction<Direction> of = (direction) -> votes.stream()
            .mapToDouble((vote) -> weight.applyAsDouble(vote) * vote.probability(direction))
            .sum() / total;
        return new Probabilities((float) of.applyAsDouble(Direction.SELL), (float) of.applyAsDouble(Direction.HOLD),
                (float) of.applyAsDouble(Direction.BUY));
    }

    private static double share(List<Vote> votes, Direction direction) {
        return (double) votes.stream().filter((vote) -> vote.direction() == direction).count() / votes.size();
    }

    /** An output that several members call the same may mean something else to each. */
    private static Map<String, Tensor> outputs(List<Vote> votes) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        Set<String> shared = new HashSet<>();
        votes.forEach((vote) -> vote.signal().outputs().forEach((name, output) -> {
            if (outputs.putIfAbsent(name, output) != null) {
                shared.add(name);
            }
        }));
        outputs.keySet().removeAll(shared);
        return outputs;
    }

    private static @Nullable Float single(@Nullable Double number) {
        return (number != null) ? number.floatValue() : null;
    }

    /**
     * What a strategy makes of votes.
     *
     * @param direction its advice
     * @param numbers what goes with it
     * @param agreement from 0 to 1
     * @param type what kind of consensus it is
     */
    private record Outcome(Direction direction, Numbers numbers, double agreement, ConsensusType type) {
    }

    /** The numbers of an answer; what no member gives is null. */
    private record Numbers(@Nullable Double confidence, @Nullable Double expectedReturn,
            @Nullable Probabilities probabilities) {

        private static Numbers of(List<Vote> votes, ToDoubleFunction<Vote> weight,
                @Nullable Probabilities probabilities) {
            return new Numbers(mean(votes, (vote) -> vote.signal().confidence(), weight),
                    mean(votes, (vote) -> vote.signal().expectedReturn(), weight), probabilities);
        }

        private static @Nullable Double mean(List<Vote> votes, Figure figure, ToDoubleFunction<Vote> weight) {
            double sum = 0;
            double plain = 0;
            double total = 0;
            int count = 0;
            for (Vote vote : votes) {
                Float value = figure.of(vote);
                if (value != null) {
                    sum += weight.applyAsDouble(vote) * value;
                    total += weight.applyAsDouble(vote);
                    plain += value;
                    count++;
                }
            }
            return (count == 0) ? null : Double.valueOf((total > 0) ? sum / total : plain / count);
        }

    }

    /** One that a member may not give. */
    @FunctionalInterface
    private interface Figure {

        @Nullable Float of(Vote vote);

    }

}
