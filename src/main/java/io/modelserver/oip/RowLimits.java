package io.modelserver.oip;

/**
 * How many rows a request may have.
 *
 * @param most more are refused
 * @param atOnce the most of them that are queued before the first is waited for
 */
public record RowLimits(int most, int atOnce) {
}
