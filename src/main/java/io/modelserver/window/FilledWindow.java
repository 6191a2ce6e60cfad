package io.modelserver.window;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** A window built from a history, and how much of the history it holds. */
final class FilledWindow {

    private final RollingWindow window;

    private final List<Step> steps;

    private final Now now;

    private final WindowSettings settings;

    private @Nullable Restart lastGap;

    FilledWindow(SeriesKey key, List<Step> steps, Now now, WindowSettings settings) {
        this.window = new RollingWindow(key, now);
        this.steps = steps;
        this.now = now;
        this.settings = settings;
        for (Step step : steps) {
            // Which one lies too far ahead is known when all have shown their period.
            Now then = new Now(Math.max(now.wallMillis(), step.timestampMillis().orElse(0)), now.monotonicMillis());
            if (window.add(step, then, settings) == RollingWindow.Addition.RESET) {
                lastGap = window.restart();
            }
        }
    }

    RollingWindow window() {
        return window;
    }

    /**
     * {@return the position of the first step that lies too far ahead of the clock, -1 if
     * none does}
     */
    int firstAhead() {
        long latest = now.wallMillis() + window.aheadLimitMillis(settings);
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).timestampMillis().orElse(0) > latest) {
                return i;
            }
        }
        return -1;
    }

    int dropped() {
        return steps.size() - window.have();
    }

    @Nullable String reason() {
        long rolledOver = window.taken() - window.have();
        long beforeGap = dropped() - rolledOver;
        String tooMany = "%d are more than the window holds".formatted(rolledOver);
        if (beforeGap == 0 || lastGap == null) {
            return (rolledOver == 0) ? null : tooMany;
        }
        String gap = "%d lie before %s".formatted(beforeGap, lastGap.describe());
        return (rolledOver == 0) ? gap : "%s; %s".formatted(gap, tooMany);
    }

}
