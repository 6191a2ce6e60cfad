package io.modelserver.config;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import com.github.f4b6a3.uuid.UuidCreator;
import io.modelserver.drift.DriftMonitor;
import io.modelserver.experiment.Experiments;
import io.modelserver.monitoring.MetricsAfterWarmUp;
import io.modelserver.monitoring.PredictionSpans;
import io.modelserver.registry.ModelLifecycle;
import io.modelserver.registry.ModelRegistry;
import io.modelserver.registry.RegistryOverview;
import io.modelserver.serving.AnswerListener;
import io.modelserver.serving.Router;
import io.modelserver.serving.Serving;
import io.modelserver.trading.PredictionListener;
import io.modelserver.trading.PredictionService;
import io.modelserver.trading.WindowService;
import io.modelserver.web.AccessSettings;
import io.modelserver.window.Now;
import io.modelserver.window.WindowFile;
import io.modelserver.window.WindowListener;
import io.modelserver.window.WindowStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the rest of the core, which knows no Spring. */
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
    Router router(ModelServerProperties properties, Experiments experiments, Clock clock) {
        return new Router(experiments::running, properties.defaultModel(), clock);
    }

    @Bean
    AnswerListener driftSamples(ModelServerProperties properties, DriftMonitor drift) {
        return (properties.drift().samplesPerSecond() > 0)
                ? (answer, input, version) -> drift.answered(answer.version(), input) : (answer, input, version) -> {
                };
    }

    @Bean
    Serving serving(ModelServerProperties properties, ModelRegistry registry, Router router,
            List<AnswerListener> listeners, LongSupplier nanoTime) {
        return new Serving(registry, router, listeners, () -> UuidCreator.getTimeOrderedEpochPlus1().toString(),
                nanoTime, properties.prediction().deadline().toNanos());
    }

    @Bean
    WindowService windowService(Serving serving, WindowStore store, Supplier<Now> now) {
        return new WindowService(serving, store, now);
    }

    @Bean
    PredictionService predictionService(Serving serving, WindowService windows, MetricsAfterWarmUp metrics,
            LedgerRecorder recorder, ObjectProvider<PredictionSpans> tracing) {
        PredictionListener spans = tracing.stream().<PredictionListener>map((it) -> it).findAny().orElse((result) -> {
        });
        return new PredictionService(serving, windows, (result) -> {
            metrics.ended(result);
            spans.ended(result);
            recorder.ended(result);
        });
    }

}
