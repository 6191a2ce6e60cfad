package io.modelserver.trading;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.modelserver.consensus.MemberScores;
import io.modelserver.experiment.ExperimentProperties;
import io.modelserver.lifecycle.PeriodicTask;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.route.Routes;
import io.modelserver.serving.Serving;
import io.modelserver.serving.ShadowListener;
import io.modelserver.serving.ShadowTraffic;
import io.modelserver.signal.Signal;
import io.modelserver.window.Now;
import io.modelserver.window.WindowStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what turns requests into inputs, and outputs into signals. */
@Configuration(proxyBeanMethods = false)
public class TradingConfiguration {

    TradingConfiguration() {
    }

    @Bean
    SignalReader signalReader(MemberScores scores) {
        return new SignalReader(scores);
    }

    @Bean
    WindowService windowService(Serving serving, WindowStore store, Supplier<Now> now, Routes routes) {
        return new WindowService(serving, store, now, routes);
    }

    @Bean
    PredictionService predictionService(Serving serving, WindowService windows, Routes routes, SignalReader signals,
            List<PredictionListener> listeners) {
        return new PredictionService(serving, windows, routes, signals, PredictionListener.all(listeners));
    }

    @Bean
    ShadowTraffic<Signal> shadowTraffic(LiveVersions registry, SignalReader signals,
            List<ShadowListener<Signal>> listeners, ExperimentProperties experiment, LongSupplier nanoTime) {
        return new ShadowTraffic<>(registry, signals, ShadowListener.all(listeners), experiment.shadowQueue(),
                nanoTime);
    }

    @Bean
    PeriodicTask shadowing(ShadowTraffic<Signal> shadows) {
        return new PeriodicTask("shadows", Duration.ZERO, shadows::run);
    }

}
