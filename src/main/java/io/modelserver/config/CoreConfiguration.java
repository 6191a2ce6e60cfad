package io.modelserver.config;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import com.github.f4b6a3.uuid.UuidCreator;
import io.modelserver.drift.DriftMonitor;
import io.modelserver.experiment.Experiments;
import io.modelserver.monitoring.MetricsAfterWarmUp;
import io.modelserver.monitoring.PredictionSpans;
import io.modelserver.prediction.PredictionListener;
import io.modelserver.prediction.PredictionService;
import io.modelserver.prediction.Router;
import io.modelserver.prediction.ShadowTraffic;
import io.modelserver.prediction.WindowService;
import io.modelserver.registry.ModelLifecycle;
import io.modelserver.registry.ModelRegistry;
import io.modelserver.registry.RegistryOverview;
import io.modelserver.web.AccessSettings;
import io.modelserver.window.Now;
import io.modelserver.window.WindowFile;
import io.modelserver.window.WindowListener;
import io.modelserver.window.WindowStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates the rest of the core, which does not depend on Spring. */
@Configuration(proxyBeanMethods = false)
class CoreConfiguration {

    /** Static, since properties are bound before there is any configuration. */
    @Bean
    static UnknownSettings unknownSettings() {
        return new UnknownSettings();
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    LongSupplier nanoTime() {
        return System::nanoTime;
    }

    @Bean
    Supplier<Now> now(Clock clock, LongSupplier nanoTime) {
        return () -> new Now(clock.millis(), TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong()));
    }

    @Bean
    ModelStartup modelStartup(ModelServerProperties properties, ModelLifecycle lifecycle, RegistryOverview overview) {
        return new ModelStartup(lifecycle, overview, properties.registry().path().toAbsolutePath());
    }

    @Bean
    RequestWarmUp requestWarmUp(ModelServerProperties properties, WebServerApplicationContext context,
            ModelRegistry registry, MetricsAfterWarmUp metrics, LedgerRecorder recorder, LongSupplier nanoTime,
            AccessSettings access, DriftMonitor drift) {
        return new RequestWarmUp(context, registry, () -> {
            metrics.start();
            recorder.start();
            drift.start();
        }, properties.warmUp(), nanoTime, access.keyForPredict() ? access.keys() : null);
    }

    @Bean
    WindowStore windowStore(ModelServerProperties properties, WindowListener listener) {
        return new WindowStore(properties.window().settings(), listener);
    }

    @Bean
    WindowKeeper windowKeeper(ModelServerProperties properties, WindowStore store, Supplier<Now> now) {
        return new WindowKeeper(store, new WindowFile(properties.window().file()), properties.window().saveInterval(),
                now);
    }

    @Bean
    WindowService windowService(ModelRegistry registry, WindowStore store, Supplier<Now> now) {
        return new WindowService(registry, store, now);
    }

    @Bean
    PredictionService predictionService(ModelServerProperties properties, ModelRegistry registry, WindowService windows,
            Experiments experiments, ShadowTraffic shadows, MetricsAfterWarmUp metrics, LedgerRecorder recorder,
            ObjectProvider<PredictionSpans> tracing, DriftMonitor drift, Clock clock, LongSupplier nanoTime) {
        PredictionListener spans = tracing.stream().<PredictionListener>map((it) -> it).findAny().orElse((result) -> {
        });
        return new PredictionService(registry, new Router(experiments::running, properties.defaultModel(), clock),
                windows, shadows, () -> UuidCreator.getTimeOrderedEpochPlus1().toString(), (result) -> {
                    metrics.ended(result);
                    spans.ended(result);
                    recorder.ended(result);
                }, (properties.drift().samplesPerSecond() > 0) ? drift::answered : (version, input) -> {
                }, nanoTime, properties.prediction().deadline().toNanos());
    }

}
