package io.modelserver.drift;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How live features are watched.
 *
 * @param window how far back samples count of features for which training left no window
 * of their own
 * @param samplesPerSecond the most that are taken of a version; 0 for none
 * @param minSamples as many a feature needs before anything is said of it, or as many as
 * training had rows in its window where those are fewer
 * @param refresh how often the gauges are brought up to date
 */
public record DriftProperties(@DefaultValue("1d") @DurationMin(seconds = 1) Duration window,
        @DefaultValue("20") @Min(0) @Max(1000) int samplesPerSecond, @DefaultValue("500") @Min(1) int minSamples,
        @DefaultValue("15s") @DurationMin(millis = 1) Duration refresh) {

    DriftSettings settings() {
        return new DriftSettings(window.toNanos(), 1_000_000_000L / Math.max(1, samplesPerSecond), minSamples);
    }

}
