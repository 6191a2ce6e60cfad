package io.modelserver.experiment.statistics;

/**
 * A variance estimated from blocks of time.
 *
 * @param variance the variance, NaN with less than two blocks
 * @param blocks how many blocks have signals
 * @param effectiveBlocks how many blocks of equal size would tell as much, by Kish's
 * formula as for units; of two means the smaller number
 */
public record BlockVariance(double variance, long blocks, double effectiveBlocks) {

    /**
     * {@return {@code effectiveBlocks}, rounded down but for errors of rounding}
     */
    public long wholeBlocks() {
        return (long) Math.floor(effectiveBlocks * (1 + 1e-9));
    }

}
