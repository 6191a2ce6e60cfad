package io.modelserver.experiment;

import java.util.Locale;

/** Numbers in sentences, the same in every locale. */
final class Numbers {

    private Numbers() {
    }

    /**
     * {@return four digits}
     */
    static String text(double number) {
        return String.format(Locale.ROOT, "%.4g", number);
    }

    /**
     * {@return e.g. {@code 1.25 %}}
     */
    static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * fraction);
    }

}
