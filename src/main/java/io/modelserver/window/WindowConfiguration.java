package io.modelserver.window;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.modelserver.lifecycle.Phased;
import io.modelserver.lifecycle.Phases;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the windows and what keeps them across a restart. */
@Configuration(proxyBeanMethods = false)
public class WindowConfiguration {

    private final WindowProperties properties;

    WindowConfiguration(WindowProperties properties) {
        this.properties = properties;
    }

    @Bean
    Supplier<Now> now(Clock clock, LongSupplier nanoTime) {
        return () -> new Now(clock.millis(), TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong()));
    }

    @Bean
    WindowStore windowStore(WindowListener listener) {
        return new WindowStore(properties.settings(), listener);
    }

    @Bean
    Phased windowKeeper(WindowStore store, Supplier<Now> now) {
        WindowKeeper keeper = new WindowKeeper(store, new WindowFile(properties.file()), properties.saveInterval(),
                now);
        return new Phased(Phases.WINDOWS, keeper::start, keeper::stop);
    }

}
