package io.modelserver.experiment.evidence;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import io.modelserver.experiment.statistics.Quotient;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;

/**
 * How often each direction was predicted, came true, and both: all that accuracy,
 * precision, recall and F1 need of a confusion matrix.
 */
final class Classification {

    private final Map<Direction, ClassCount> classes = new EnumMap<>(Direction.class);

    private long total;

    private long hits;

    void add(Direction truth, Direction predicted) {
        count(truth).occurred++;
        count(predicted).predicted++;
        total++;
        if (truth == predicted) {
            count(truth).hits++;
            hits++;
        }
    }

    long total() {
        return total;
    }

    @Nullable Double accuracy() {
        return Quotient.of(hits, total);
    }

    @Nullable Double precision() {
        return macroAverage((count) -> quotientOrZero(count.hits, count.predicted));
    }

    @Nullable Double recall() {
        return macroAverage((count) -> quotientOrZero(count.hits, count.occurred));
    }

    @Nullable Double f1Score() {
        return macroAverage((count) -> quotientOrZero(2 * count.hits, count.predicted + count.occurred));
    }

    private @Nullable Double macroAverage(ToDoubleFunction<ClassCount> score) {
        double sum = classes.values().stream().mapToDouble(score).sum();
        return Quotient.of(sum, (double) classes.size());
    }

    private ClassCount count(Direction direction) {
        return classes.computeIfAbsent(direction, (key) -> new ClassCount());
    }

    private static double quotientOrZero(long numerator, long denominator) {
        return (denominator > 0) ? (double) numerator / denominator : 0;
    }

    /** Counts of one direction. */
    private static final class ClassCount {

        private long predicted;

        private long occurred;

        private long hits;

    }

}
