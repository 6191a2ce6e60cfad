package io.modelserver.experiment;

import org.jspecify.annotations.Nullable;

/**
 * One treatment beside control.
 *
 * @param variant the treatment
 * @param avgReturn the difference of the mean signed return of a signal, which decides;
 * null while it can't be computed: fewer than two units, or no variance
 * @param accuracy the difference of the accuracy, which decides nothing; null likewise
 * @param finding what may be said
 */
public record Comparison(String variant, @Nullable Difference avgReturn, @Nullable Difference accuracy,
        Finding finding) {
}
