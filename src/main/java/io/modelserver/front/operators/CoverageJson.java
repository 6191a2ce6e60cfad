package io.modelserver.front.operators;

import io.modelserver.experiment.verdict.Coverage;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;

/**
 * Of how many of a variant's answers the outcome is known. Where the share differs from
 * that of control by more than chance, the variant is not judged.
 */
record CoverageJson(String variant, long answered, long outcomes, @Nullable Double share, OfDirectionJson buy,
        OfDirectionJson sell, OfDirectionJson hold, @Nullable Double pValue, boolean mismatch) {

    static CoverageJson of(Coverage coverage) {
        return new CoverageJson(coverage.variant(), coverage.answered(), coverage.outcomes(),
                share(coverage.outcomes(), coverage.answered()), of(coverage, Direction.BUY),
                of(coverage, Direction.SELL), of(coverage, Direction.HOLD), coverage.pValue(), coverage.mismatch());
    }

    private static OfDirectionJson of(Coverage coverage, Direction direction) {
        return coverage.directions()
            .stream()
            .filter((one) -> one.direction() == direction)
            .map((one) -> new OfDirectionJson(one.answered(), one.outcomes(), share(one.outcomes(), one.answered())))
            .findFirst()
            .orElseThrow();
    }

    private static @Nullable Double share(long outcomes, long answered) {
        return (answered > 0) ? (double) outcomes / answered : null;
    }

    /** The same of one direction. */
    record OfDirectionJson(long answered, long outcomes, @Nullable Double share) {
    }

}
