package io.modelserver.oip;

import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;

import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.stage.Promotions;
import io.modelserver.serving.PredictionProperties;
import io.modelserver.serving.Serving;
import io.modelserver.trading.PredictionListener;
import io.modelserver.trading.SignalReader;
import io.modelserver.trading.WindowService;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the protocol's use cases, which its doors share. */
@Configuration(proxyBeanMethods = false)
public class OipConfiguration {

    private static final List<String> EXTENSIONS = List.of("binary_tensor_data", "classification", "model_repository",
            "parameters", "sequence", "sequence(string_id)", "statistics");

    private final RowLimits limits;

    private final Statistics statistics;

    OipConfiguration(RowLimits limits, Clock clock) {
        this.limits = limits;
        this.statistics = new Statistics(clock);
    }

    @Bean
    Statistics statistics() {
        return statistics;
    }

    @Bean
    InferenceService inferenceService(Serving serving, WindowService windows, SignalReader signals,
            List<PredictionListener> listeners) {
        return new InferenceService(serving, windows, signals, statistics, limits, PredictionListener.all(listeners));
    }

    @Bean
    ServerDetails serverDetails(ObjectProvider<BuildProperties> build) {
        BuildProperties properties = build.getIfAvailable();
        String version = (properties != null) ? properties.getVersion() : null;
        return new ServerDetails("ML Model Server", (version != null) ? version : "unknown", EXTENSIONS);
    }

    @Bean
    ModelCatalog modelCatalog(ServerDetails server, RegistryOverview overview, LiveVersions registry,
            PredictionProperties prediction, LongSupplier nanoTime) {
        return new ModelCatalog(server, overview, registry, statistics, nanoTime, prediction.deadline().toNanos());
    }

    @Bean
    ModelControl modelControl(Promotions promotions) {
        return new ModelControl(promotions);
    }

}
