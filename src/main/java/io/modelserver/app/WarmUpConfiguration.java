package io.modelserver.app;

import java.util.List;
import java.util.function.LongSupplier;

import io.modelserver.front.access.AccessSettings;
import io.modelserver.lifecycle.Phased;
import io.modelserver.lifecycle.Phases;
import io.modelserver.lifecycle.WarmUpListener;
import io.modelserver.registry.live.LiveVersions;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates the warm-up, which goes through all rooms. */
@Configuration(proxyBeanMethods = false)
class WarmUpConfiguration {

    private final ModelServerProperties settings;

    private final LongSupplier nanoTime;

    WarmUpConfiguration(ModelServerProperties settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    @Bean
    Phased requestWarmUp(WebServerApplicationContext context, LiveVersions registry, AccessSettings access,
            List<WarmUpListener> listeners) {
        RequestWarmUp warmUp = new RequestWarmUp(context, registry, listeners, settings, nanoTime,
                access.keyForPredict() ? access.keys() : null);
        return new Phased(Phases.WARM_UP, warmUp::run);
    }

}
