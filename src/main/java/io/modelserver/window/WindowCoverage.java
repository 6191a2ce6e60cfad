package io.modelserver.window;

import org.jspecify.annotations.Nullable;

/**
 * How much of a window is filled, as its answer reports.
 *
 * @param filled share of the periods from the window's first to its last that there is a
 * step of, above 0; where the first step is repeated, of all that the model looks at
 * @param gaps how many periods are missing between its steps; null while its period is
 * not known, or where its steps come at no regular distance
 * @param conflict whether two callers seem to feed it with values that contradict each
 * other
 */
public record WindowCoverage(double filled, @Nullable Integer gaps, boolean conflict) {

    /**
     * Reports two windows as one.
     * @param other the other
     * @return what is worse of each
     */
    WindowCoverage and(WindowCoverage other) {
        Integer more = (gaps == null || (other.gaps != null && other.gaps > gaps)) ? other.gaps : gaps;
        return new WindowCoverage(Math.min(filled, other.filled), more, conflict || other.conflict);
    }

}
