package io.modelserver.front.operators;

import java.util.Locale;

import io.modelserver.experiment.statistics.Method;
import io.modelserver.experiment.verdict.Comparison;
import io.modelserver.experiment.verdict.Difference;
import io.modelserver.experiment.verdict.Finding;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One treatment or shadow compared with control. {@code avg_return} is net of costs, and
 * decides.
 */
record ComparisonJson(String variant, @Schema(allowableValues = {
        "split", "paired" }) String design, String finding, @Nullable String withheld,
        @Nullable DifferenceJson avgReturn, @Nullable DifferenceJson grossReturn, @Nullable DifferenceJson hedgedReturn,
        @Nullable DifferenceJson accuracy, @Nullable Double agreementRate, long timeBlocks){

    static ComparisonJson of(Method method, Comparison comparison) {
        String finding = switch (comparison.finding()) {
            case Finding.Better() -> "better";
            case Finding.Worse() -> "worse";
            case Finding.Unclear() -> "unclear";
            case Finding.Withheld(String reason) -> "withheld";
        };
        return new ComparisonJson(comparison.variant(), comparison.design().name().toLowerCase(Locale.ROOT), finding,
                (comparison.finding() instanceof Finding.Withheld(String reason)) ? reason : null,
                difference(method, comparison, comparison.avgReturn()),
                difference(method, comparison, comparison.grossReturn()),
                difference(method, comparison, comparison.hedgedReturn()),
                difference(method, comparison, comparison.accuracy()), comparison.agreementRate(),
                comparison.timeBlocks());
    }

    private static @Nullable DifferenceJson difference(Method method, Comparison comparison,
            @Nullable Difference difference) {
        return (difference == null) ? null
                : new DifferenceJson(difference.control(), difference.treatment(), difference.difference(),
                        difference.relative(),
                        SignificanceJson.of(method.of(comparison.design()), difference, comparison.isWithheld()));
    }

    /** A difference to control. */
    record DifferenceJson(double control, double treatment, double difference, @Nullable Double relative,
            SignificanceJson significance) {
    }

    /** How sure a difference is. */
    record SignificanceJson(boolean significant, @Nullable Double pValue, double alpha, @Nullable Double lower,
            @Nullable Double upper, @Nullable Double confidence, String method) {

        static SignificanceJson of(Method method, @Nullable Difference difference, boolean withheld) {
            return (difference == null)
                    ? new SignificanceJson(false, null, method.alpha(), null, null, null, method.title())
                    : new SignificanceJson(difference.isSignificant() && !withheld, difference.adjustedPValue(),
                            method.alpha(), difference.lower(), difference.upper(), difference.confidence(),
                            method.title());
        }

    }

}
