package io.modelserver.experiment;

import java.time.Duration;
import java.util.Locale;

/** Numbers in sentences, the same in every locale. */
final class Numbers {

    private static final long MILLIS_PER_HOUR = 3_600_000;

    private static final long MILLIS_PER_MINUTE = 60_000;

    private static final double MILLIS_PER_SECOND = 1_000;

    private Numbers() {
    }

    /**
     * {@return four digits}
     */
    static String text(double number) {
        return String.format(Locale.ROOT, "%.4g", number);
    }

    /**
     * {@return e.g. {@code 4 h}, {@code 90 min} or {@code 1.5 s}}
     */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % MILLIS_PER_HOUR == 0) {
            return duration.toHours() + " h";
        }
        return (millis % MILLIS_PER_MINUTE == 0) ? duration.toMinutes() + " min" : millis / MILLIS_PER_SECOND + " s";
    }

    /**
     * {@return e.g. {@code 1.25 %}}
     */
    static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * fraction);
    }

}
