package io.modelserver.app;

import java.time.Clock;
import java.util.function.LongSupplier;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The two clocks of the server. */
@Configuration(proxyBeanMethods = false)
class ClockConfiguration {

    /** The time of day. */
    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** The clock of deadlines and durations. */
    @Bean
    LongSupplier nanoTime() {
        return System::nanoTime;
    }

}
