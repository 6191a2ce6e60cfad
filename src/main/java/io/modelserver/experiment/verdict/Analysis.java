package io.modelserver.experiment.verdict;

import java.util.List;

import io.modelserver.experiment.evidence.ShadowComparison;
import io.modelserver.experiment.evidence.VariantMetrics;
import io.modelserver.experiment.statistics.Method;

/**
 * The analysis of an experiment at one look.
 *
 * @param experimentId the experiment
 * @param method how differences were tested at this look, see {@link Method#of}
 * @param timing when it is judged
 * @param metrics every variant, control first, shadows too
 * @param comparisons every treatment and every shadow compared with control
 * @param sampleRatio whether units came in the shares that they should
 * @param coverage of how many answers of each variant the outcome is known, control first
 * @param breaches guardrails that treatments are beyond
 * @param shadows every shadow compared with control
 * @param recommendation what to do
 */
public record Analysis(String experimentId, Method method, Timing timing, List<VariantMetrics> metrics,
        List<Comparison> comparisons, SampleRatio sampleRatio, List<Coverage> coverage, List<Breach> breaches,
        List<ShadowComparison> shadows, Recommendation recommendation) {

    /** Takes copies of the lists. */
    public Analysis {
        metrics = List.copyOf(metrics);
        comparisons = List.copyOf(comparisons);
        coverage = List.copyOf(coverage);
        breaches = List.copyOf(breaches);
        shadows = List.copyOf(shadows);
    }

}
