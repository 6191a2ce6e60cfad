package io.modelserver.config;

import io.modelserver.web.ConnectionDrain;
import io.modelserver.web.RequestLimits;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives the wire its limits, and its end. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

    @Bean
    RequestLimits requestLimits(ModelServerProperties properties) {
        return new RequestLimits(properties.web().maxBatchRequests(), properties.batching().maxBatchSize(),
                properties.web().maxBodySize().toBytes(), properties.web().maxBytesInFlightOrShareOfHeap(),
                properties.web().bodyDeadline().toNanos());
    }

    @Bean
    Drain drain(ModelServerProperties properties, ConnectionDrain connections) {
        return new Drain(connections, properties.shutdown().drain());
    }

}
