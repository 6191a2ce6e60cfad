package io.modelserver.config;

import io.modelserver.web.RequestLimits;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives the wire its limits. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

    @Bean
    RequestLimits requestLimits(ModelServerProperties properties) {
        return new RequestLimits(properties.web().maxBatchRequests(), properties.batching().maxBatchSize(),
                properties.web().maxBodySize().toBytes(), properties.web().maxBytesInFlightOrShareOfHeap(),
                properties.web().bodyDeadline().toNanos());
    }

}
