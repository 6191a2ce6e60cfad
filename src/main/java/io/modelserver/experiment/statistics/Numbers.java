package io.modelserver.experiment.statistics;

import java.time.Duration;
import java.util.Locale;

/** Numbers in sentences, the same in every locale. */
public final class Numbers {

    private static final long MILLIS_PER_HOUR = 3_600_000;

    private static final long MILLIS_PER_MINUTE = 60_000;

    private static final double MILLIS_PER_SECOND = 1_000;

    private Numbers() {
    }

    /**
     * {@return four digits}
     * @param number any number
     */
    public static String text(double number) {
        return String.format(Locale.ROOT, "%.4g", number);
    }

    /**
     * {@return e.g. {@code 4 h}, {@code 90 min} or {@code 1.5 s}}
     * @param duration of whole milliseconds
     */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % MILLIS_PER_HOUR == 0) {
            return duration.toHours() + " h";
        }
        return (millis % MILLIS_PER_MINUTE == 0) ? duration.toMinutes() + " min" : millis / MILLIS_PER_SECOND + " s";
    }

    /**
     * {@return e.g. {@code 1.25 %} or {@code 97.5 %}}
     * @param fraction 1 for 100 %
     */
    public static String percent(double fraction) {
        return "%s %%".formatted(upTo("%.2f", 100 * fraction));
    }

    /**
     * {@return e.g. {@code 1 unit} or {@code 8 units}}
     * @param count how many
     * @param noun what is counted, in the singular; its plural ends in s
     */
    public static String count(long count, String noun) {
        return "%d %s%s".formatted(count, noun, (count == 1) ? "" : "s");
    }

    /**
     * {@return how many of equal size this many of unequal size are worth, empty if that
     * is the same}
     * @param count how many there are
     * @param effective how many of equal size would tell as much
     */
    public static String worth(long count, double effective) {
        String rounded = upTo("%.1f", effective);
        return rounded.equals(Long.toString(count)) ? "" : ", worth %s of equal size".formatted(rounded);
    }

    /** Without zeros at the end. */
    private static String upTo(String format, double number) {
        String text = String.format(Locale.ROOT, format, number);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }

}
