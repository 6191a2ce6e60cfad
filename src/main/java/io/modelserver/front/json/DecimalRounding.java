package io.modelserver.front.json;

/**
 * Rounds decimals to floats, as {@code (float) Double.parseDouble(text)} does. A decimal
 * is an integer m and a power of ten. If m is at most 2⁵³ and the power at most 10²²,
 * both are exact as doubles, and one multiplication or division rounds correctly (W.
 * Clinger, "How to Read Floating Point Numbers Accurately", 1990). If m is larger, it is
 * rounded too: the double is then off by at most three units in its last place, which
 * makes no difference to the float unless it lies that close to the middle between two
 * floats.
 */
final class DecimalRounding {

    private static final long LARGEST_EXACT_INTEGER = 1L << 53;

    /** The last bits of a double's fraction, which a float has no room for. */
    private static final long BITS_BEYOND_FLOAT = (1L << 29) - 1;

    private static final long FLOAT_TIE = 1L << 28;

    private static final long MOST_ULPS_OFF = 4;

    private static final double[] EXACT_POWERS_OF_TEN = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
            1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

    private DecimalRounding() {
    }

    /**
     * Rounds a short decimal.
     * @param digits all of its digits, at most 2⁵³
     * @param places how many of them stand behind the point, at most 22
     * @return the double that is nearest
     */
    static double fraction(long digits, int places) {
        return digits / EXACT_POWERS_OF_TEN[places];
    }

    /**
     * Rounds any decimal.
     * @param digits all of its digits, at most 18
     * @param power of ten, by which they are multiplied
     * @param negative whether it has a sign
     * @return the float, not finite if that is not certain
     */
    static float toFloat(long digits, int power, boolean negative) {
        if (Math.abs(power) >= EXACT_POWERS_OF_TEN.length) {
            return Float.NaN;
        }
        double magnitude = (power < 0) ? digits / EXACT_POWERS_OF_TEN[-power] : digits * EXACT_POWERS_OF_TEN[power];
        if (digits > LARGEST_EXACT_INTEGER) {
            long beyondFloat = Double.doubleToRawLongBits(magnitude) & BITS_BEYOND_FLOAT;
            if (Math.abs(beyondFloat - FLOAT_TIE) <= MOST_ULPS_OFF || magnitude < Float.MIN_NORMAL) {
                return Float.NaN;
            }
        }
        return (float) (negative ? -magnitude : magnitude);
    }

}
