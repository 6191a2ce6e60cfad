package io.modelserver.front;

import io.modelserver.front.access.AccessSettings;
import io.modelserver.front.http.ConnectionDrain;
import io.modelserver.front.http.Drain;
import io.modelserver.front.http.ShutdownProperties;
import io.modelserver.security.KeyRing;
import io.modelserver.security.SecurityProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives the wire its keys and its end. */
@Configuration(proxyBeanMethods = false)
class FrontConfiguration {

    @Bean
    AccessSettings accessSettings(@Nullable KeyRing keys, SecurityProperties properties) {
        return new AccessSettings(keys, properties.requireKeyForPredict(), properties.corsAllowedOrigins());
    }

    @Bean
    Drain drain(ShutdownProperties properties, ConnectionDrain connections, WebServerApplicationContext context) {
        return new Drain(connections, context, properties.drain());
    }

}
