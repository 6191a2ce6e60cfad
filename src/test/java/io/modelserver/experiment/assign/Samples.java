package io.modelserver.experiment.assign;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.modelserver.experiment.evidence.Observation;
import io.modelserver.model.ModelId;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;

/** Samples and observations to test with. */
public final class Samples {

    public static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    public static final Instant DURING = START.plus(Duration.ofHours(20));

    public static final Instant AFTER = START.plus(Duration.ofHours(24));

    public static final Duration HORIZON = Duration.ofMinutes(15);

    public static final Instant FINAL_LOOK = AFTER.plus(HORIZON);

    public static final long EVENT_MILLIS = START.toEpochMilli();

    private static final int MINUTES_BETWEEN_UNITS = 7;

    private static final int MINUTES = 19 * 60;

    private Samples() {
    }

    public static ModelId model(String version) {
        return new ModelId("hybrid_cnn_lstm", version);
    }

    public static Experiment split(String id, double... shares) {
        List<Variant> variants = new java.util.ArrayList<>();
        for (int i = 0; i < shares.length; i++) {
            variants.add(Variant.serving((i == 0) ? "control" : "treatment" + ((i == 1) ? "" : String.valueOf(i)),
                    model("v" + i), shares[i]));
        }
        return of(id, variants, Guardrails.none());
    }

    public static Experiment of(String id, List<Variant> variants, Guardrails guardrails) {
        return new Experiment(id, variants, AssignBy.REQUEST, START, Duration.ofHours(24),
                Experiment.DEFAULT_MIN_SAMPLES, OnVerdict.REPORT, guardrails, new Status.Running(), HORIZON, null);
    }

    /**
     * {@return the time of a request of a unit: units are counted, and come one after
     * another, over and over the first 19 hours}
     */
    public static long timeOf(String unit) {
        int digits = unit.length();
        while (digits > 0 && Character.isDigit(unit.charAt(digits - 1))) {
            digits--;
        }
        long number = (digits < unit.length()) ? Long.parseLong(unit.substring(digits)) : 0;
        return EVENT_MILLIS + Duration.ofMinutes(number * MINUTES_BETWEEN_UNITS % MINUTES).toMillis();
    }

    public static Observation signal(String unit, Direction direction, double actualReturn) {
        return signal(unit, timeOf(unit), direction, result(actualReturn));
    }

    public static Observation signal(String unit, long eventMillis, Direction direction,
            Observation.@Nullable Result result) {
        return new Observation(unit, unit, eventMillis, direction, 0.8, 2_000_000, false, result);
    }

    public static Observation.Result result(double actualReturn) {
        return new Observation.Result(actualReturn, 0, null);
    }

    public static Observation bought(String unit, double actualReturn) {
        return signal(unit, Direction.BUY, actualReturn);
    }

    public static Observation answered(String unit, long latencyNanos) {
        return new Observation(unit, unit, timeOf(unit), Direction.HOLD, 0.8, latencyNanos, false, null);
    }

    public static Observation failed(String unit) {
        return new Observation(unit, unit, timeOf(unit), null, 0, 2_000_000, true, null);
    }

}
