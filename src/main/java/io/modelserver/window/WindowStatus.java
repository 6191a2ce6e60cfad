package io.modelserver.window;

import java.util.Comparator;

import org.jspecify.annotations.Nullable;

/**
 * A window as an operator sees it.
 *
 * @param symbol whose it is
 * @param timeframe of its series, null where neither caller nor model says
 * @param windowKey what else distinguishes it for its caller, or null
 * @param have steps that are there
 * @param need steps that the model looks at
 * @param age seconds since the last step came
 * @param features how many numbers a step has
 * @param period seconds from one step to the next, null while it is not known
 * @param gaps how many periods are missing between the steps, null while the period is
 * not known
 * @param conflict whether two callers seem to feed it with values that contradict each
 * other
 * @param input the field of requests that fills it: {@code features} or {@code raw_lob}
 */
public record WindowStatus(String symbol, @Nullable String timeframe, @Nullable String windowKey, int have, int need,
        double age, int features, @Nullable Double period, @Nullable Integer gaps, boolean conflict, String input) {

    static final Comparator<WindowStatus> BY_SERIES = Comparator.comparing(WindowStatus::symbol)
        .thenComparing((status) -> String.valueOf(status.timeframe()))
        .thenComparingInt(WindowStatus::need)
        .thenComparing(WindowStatus::input);

}
