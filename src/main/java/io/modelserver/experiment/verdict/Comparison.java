package io.modelserver.experiment.verdict;

import io.modelserver.experiment.statistics.Design;
import org.jspecify.annotations.Nullable;

/**
 * One treatment or shadow compared with control. A difference is null while it can't be
 * computed: fewer than two units or blocks of time, or no variance.
 *
 * @param variant the treatment or shadow
 * @param design how it was compared
 * @param avgReturn the difference of the mean net return of a signal, which decides
 * @param grossReturn the same before costs
 * @param hedgedReturn the difference of the mean net return less the mean return of all
 * requests of the same minute; null but for shadows
 * @param accuracy the difference of the accuracy
 * @param agreementRate share of requests on which both advised the same direction; null
 * but for shadows
 * @param timeBlocks how many blocks of time the outcomes are of
 * @param finding what may be said
 */
public record Comparison(String variant, Design design, @Nullable Difference avgReturn,
        @Nullable Difference grossReturn, @Nullable Difference hedgedReturn, @Nullable Difference accuracy,
        @Nullable Double agreementRate, long timeBlocks, Finding finding) {

    /**
     * {@return whether the outcomes can't be judged, so that no p-value counts}
     */
    public boolean isWithheld() {
        return finding instanceof Finding.Withheld;
    }

}
