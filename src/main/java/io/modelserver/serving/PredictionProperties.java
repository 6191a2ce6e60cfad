package io.modelserver.serving;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long requests may take.
 *
 * @param deadline from the request having been read to the answer; later it is answered
 * with 504
 */
public record PredictionProperties(@DefaultValue("1s") @DurationMin(millis = 1) Duration deadline) {
}
