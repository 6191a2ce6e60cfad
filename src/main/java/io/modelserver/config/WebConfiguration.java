package io.modelserver.config;

import java.util.function.LongSupplier;

import io.modelserver.security.KeyFile;
import io.modelserver.security.KeyRing;
import io.modelserver.web.AccessSettings;
import io.modelserver.web.ConnectionDrain;
import io.modelserver.web.RequestLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the limits, the keys and the shutdown of the web layer. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

    private static final Logger logger = LoggerFactory.getLogger(WebConfiguration.class);

    @Bean
    RequestLimits requestLimits(ModelServerProperties properties) {
        return new RequestLimits(properties.web().maxBatchRequests(), properties.batching().maxBatchSize(),
                properties.web().maxBodySize().toBytes(), properties.web().maxBytesInFlightOrShareOfHeap(),
                properties.web().headDeadline().toNanos(), properties.web().bodyDeadline().toNanos());
    }

    @Bean
    Drain drain(ModelServerProperties properties, ConnectionDrain connections, WebServerApplicationContext context) {
        return new Drain(connections, context, properties.shutdown().drain());
    }

    @Bean
    AccessSettings accessSettings(ModelServerProperties properties, LongSupplier nanoTime) {
        ModelServerProperties.Security security = properties.security();
        KeyRing keys = KeyFileLocation.of(security.apiKeysFile(), System.getenv())
            .map((path) -> new KeyRing(new KeyFile(path), nanoTime))
            .orElse(null);
        if (keys == null) {
            logger.info("no API keys: changes are accepted from this host only");
        }
        return new AccessSettings(keys, security.requireKeyForPredict(), security.corsAllowedOrigins());
    }

}
