package io.modelserver.route;

import io.modelserver.lifecycle.WarmUpListener;
import io.modelserver.registry.live.LiveVersions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what looks after routes; they themselves are a setting. */
@Configuration(proxyBeanMethods = false)
public class RouteConfiguration {

    private static final Logger logger = LoggerFactory.getLogger(RouteConfiguration.class);

    RouteConfiguration() {
    }

    @Bean
    UnservedRoutes unservedRoutes(Routes routes, LiveVersions live) {
        return new UnservedRoutes(routes, (model) -> live.serving(model) != null);
    }

    /** All that is in PRODUCTION has been loaded by then. */
    @Bean
    WarmUpListener routesAtStart(UnservedRoutes unserved) {
        return () -> unserved.find().forEach(logger::warn);
    }

}
