package io.modelserver.window;

/**
 * The present on two clocks: the one that steps are dated by, which is corrected from
 * time to time, and the one that durations are measured by, which only runs forwards.
 *
 * @param wallMillis milliseconds since 1970
 * @param monotonicMillis milliseconds since some instant in the life of this process
 */
public record Now(long wallMillis, long monotonicMillis) {
}
