package io.modelserver.app;

import io.modelserver.batching.BatchingProperties;
import io.modelserver.drift.DriftProperties;
import io.modelserver.experiment.ExperimentProperties;
import io.modelserver.front.WebProperties;
import io.modelserver.front.http.RequestLimits;
import io.modelserver.front.http.ShutdownProperties;
import io.modelserver.ledger.LedgerProperties;
import io.modelserver.oip.RowLimits;
import io.modelserver.registry.InferenceProperties;
import io.modelserver.registry.RegistryProperties;
import io.modelserver.registry.live.DefaultModel;
import io.modelserver.route.Routes;
import io.modelserver.security.SecurityProperties;
import io.modelserver.serving.PredictionProperties;
import io.modelserver.window.WindowProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Binds the settings and hands each room its own. They are bound at once, so that one
 * that belongs to no room is found.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ModelServerProperties.class)
class SettingsConfiguration {

    private final ModelServerProperties settings;

    SettingsConfiguration(ModelServerProperties settings) {
        this.settings = settings;
    }

    /** Static, since properties are bound before there is any configuration. */
    @Bean
    static UnknownSettings unknownSettings() {
        return new UnknownSettings();
    }

    @Bean
    DefaultModel defaultModel() {
        return new DefaultModel(settings.defaultModel());
    }

    @Bean
    Routes routes() {
        return Routes.of(settings.routes());
    }

    @Bean
    RegistryProperties registryProperties() {
        return settings.registry();
    }

    @Bean
    InferenceProperties inferenceProperties() {
        return settings.inference();
    }

    @Bean
    BatchingProperties batchingProperties() {
        return settings.batching();
    }

    @Bean
    PredictionProperties predictionProperties() {
        return settings.prediction();
    }

    @Bean
    WindowProperties windowProperties() {
        return settings.window();
    }

    @Bean
    DriftProperties driftProperties() {
        return settings.drift();
    }

    @Bean
    ExperimentProperties experimentProperties() {
        return settings.experiment();
    }

    @Bean
    LedgerProperties ledgerProperties() {
        return settings.ledger();
    }

    @Bean
    ShutdownProperties shutdownProperties() {
        return settings.shutdown();
    }

    @Bean
    SecurityProperties securityProperties() {
        return settings.security();
    }

    /** Of two rooms: of a batch, as many are queued at once as a model takes at once. */
    @Bean
    RequestLimits requestLimits() {
        WebProperties web = settings.web();
        return new RequestLimits(web.maxBatchRequests(), settings.batching().maxBatchSize(),
                web.maxBodySize().toBytes(), web.maxBytesInFlightOrShareOfHeap(), web.headDeadline().toNanos(),
                web.bodyDeadline().toNanos());
    }

    /** Rows of tensors are counted as the requests of a batch are. */
    @Bean
    RowLimits rowLimits() {
        return new RowLimits(settings.web().maxBatchRequests(), settings.batching().maxBatchSize());
    }

}
