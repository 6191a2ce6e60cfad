package io.modelserver.window;

import java.nio.file.Path;
import java.time.Duration;

import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the single steps of symbols are kept.
 *
 * @param maxMemory how much memory windows may take; a new series for which there is no
 * room is answered with 503; 0 for 55 % of the heap
 * @param maxWindows the most windows at a time, in addition to their memory; as many as
 * fit where it is not set
 * @param idle a window that got no step for this long is dropped, if its next step would
 * restart it
 * @param maxMissing more missing periods than this in a row restart a window; where it is
 * not set 10, or any number if {@code maxGap} is set
 * @param maxGap a gap that is longer restarts a window whatever its period; none where it
 * is not set
 * @param maxAhead how far a step may be ahead of the clock in addition to its period
 * @param fill what is answered until a window is full
 * @param file where windows are kept over a restart
 * @param saveInterval how often they are written there while the server runs
 */
public record WindowProperties(@DefaultValue("0B") DataSize maxMemory, @Min(1) @Nullable Integer maxWindows,
        @DefaultValue("1h") @DurationMin(seconds = 1) Duration idle, @Min(1) @Nullable Integer maxMissing,
        @DurationMin(millis = 1) @Nullable Duration maxGap,
        @DefaultValue("30s") @DurationMin(nanos = 0) Duration maxAhead, @DefaultValue("wait") WindowSettings.Fill fill,
        @DefaultValue("data/windows") Path file, @DefaultValue("30s") @DurationMin(seconds = 1) Duration saveInterval) {

    private static final int MAX_MISSING = 10;

    private static final double SHARE_OF_HEAP = 0.55;

    /** Rejects a negative amount of memory. */
    public WindowProperties {
        if (maxMemory.isNegative()) {
            throw new IllegalArgumentException("modelserver.window.max-memory must be 0 or more, not " + maxMemory);
        }
    }

    /**
     * {@return these settings in bytes and milliseconds, with a number for each that is
     * not set}
     */
    public WindowSettings settings() {
        long memory = (maxMemory.toBytes() > 0) ? maxMemory.toBytes()
                : (long) (Runtime.getRuntime().maxMemory() * SHARE_OF_HEAP);
        int missing = (maxGap == null) ? MAX_MISSING : WindowSettings.UNLIMITED;
        return new WindowSettings((maxWindows != null) ? maxWindows : WindowSettings.UNLIMITED, memory, idle.toMillis(),
                (maxGap != null) ? maxGap.toMillis() : WindowSettings.NO_MAX_GAP,
                (maxMissing != null) ? maxMissing : missing, maxAhead.toMillis(), fill);
    }

}
