package io.modelserver.front.http;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the server ends.
 *
 * @param drain how long it goes on serving after SIGTERM, while it says that it is not
 * ready, so that load balancers can turn to others
 */
public record ShutdownProperties(@DefaultValue("0s") @DurationMin(nanos = 0) Duration drain) {
}
