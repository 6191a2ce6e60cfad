package io.modelserver.batching;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How requests queue before the instances of one version.
 *
 * @param maxBatchSize the most that go through the model at once
 * @param queueCapacity the most that wait; one more is answered with 503
 * @param maxQueueDelay how long the oldest may wait for others to join it
 */
public record BatchingProperties(@DefaultValue("32") @Min(1) @Max(1024) int maxBatchSize,
        @DefaultValue("1024") @Min(1) int queueCapacity,
        @DefaultValue("0ms") @DurationMin(nanos = 0) Duration maxQueueDelay) {
}
