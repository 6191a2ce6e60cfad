package io.modelserver.trading;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One time step of named features for a model that gives its features no names: the
 * numbers of the known channels, one channel after the other.
 */
public final class UnnamedStep {

    private static final List<String> CHANNELS = List.of("orderbook", "candle", "indicator");

    private UnnamedStep() {
    }

    /**
     * Creates a step.
     * @param fields the numbers below each name of the outermost object, in the order of
     * their names
     * @param timestamp when the step was observed
     * @param field what the step is called in messages
     * @return the numbers, all finite or NaN where a value is null
     * @throws InvalidFeaturesException if a number is not finite
     */
    public static TimedStep of(Map<String, List<Float>> fields, StepTimestamp timestamp, String field)
            throws InvalidFeaturesException {
        List<Float> numbers = new ArrayList<>();
        CHANNELS.forEach((channel) -> numbers.addAll(fields.getOrDefault(channel, List.of())));
        float[] step = new float[numbers.size()];
        for (int i = 0; i < step.length; i++) {
            step[i] = numbers.get(i);
            if (Float.isInfinite(step[i])) {
                throw new InvalidFeaturesException("%s: number %d is not finite as a 32-bit float".formatted(field, i));
            }
        }
        return new TimedStep(step, timestamp);
    }

}
