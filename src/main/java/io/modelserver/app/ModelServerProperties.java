package io.modelserver.app;

import java.time.Duration;
import java.util.List;

import io.modelserver.batching.BatchingProperties;
import io.modelserver.drift.DriftProperties;
import io.modelserver.experiment.ExperimentProperties;
import io.modelserver.front.WebProperties;
import io.modelserver.front.http.ShutdownProperties;
import io.modelserver.ledger.LedgerProperties;
import io.modelserver.ledger.store.OutcomeLimits;
import io.modelserver.registry.InferenceProperties;
import io.modelserver.registry.RegistryProperties;
import io.modelserver.route.RouteProperties;
import io.modelserver.route.Routes;
import io.modelserver.security.SecurityProperties;
import io.modelserver.serving.PredictionProperties;
import io.modelserver.window.WindowProperties;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The server's own settings; {@code config/application.yml} lists each with its default.
 *
 * @param defaultModel the model of requests that name none
 * @param routes which model answers such requests for some symbols instead
 * @param registry where models come from
 * @param inference what runs them
 * @param warmUp what the server does before its port opens
 * @param batching how requests queue
 * @param prediction how long they may take
 * @param window how the single steps of symbols are kept
 * @param drift how live features are watched
 * @param experiment how experiments are judged
 * @param ledger what is kept of predictions
 * @param web what they may ask for
 * @param shutdown how the server ends
 * @param security who is let in
 */
@Validated
@ConfigurationProperties("modelserver")
public record ModelServerProperties(@DefaultValue("hybrid_cnn_lstm") @NotBlank String defaultModel,
        @DefaultValue List<RouteProperties> routes, @DefaultValue @Valid RegistryProperties registry,
        @DefaultValue @Valid InferenceProperties inference, @DefaultValue @Valid WarmUp warmUp,
        @DefaultValue @Valid BatchingProperties batching, @DefaultValue @Valid PredictionProperties prediction,
        @DefaultValue @Valid WindowProperties window, @DefaultValue @Valid DriftProperties drift,
        @DefaultValue @Valid ExperimentProperties experiment, @DefaultValue @Valid LedgerProperties ledger,
        @DefaultValue @Valid WebProperties web, @DefaultValue @Valid ShutdownProperties shutdown,
        @DefaultValue @Valid SecurityProperties security) {

    /** Checks what spans the settings of several rooms. */
    public ModelServerProperties {
        routes = List.copyOf(routes);
        Routes.of(routes);
        new OutcomeLimits(experiment.maxReturn());
        BundledEngines.of(inference.intraOpThreads()).preferring(inference.engine());
    }

    /**
     * What the server does before its port opens.
     *
     * @param requests how many requests it sends to itself
     * @param longest how long that may take
     * @param thenExit whether the process ends when it is ready, for scripts that make a
     * class cache
     */
    public record WarmUp(@DefaultValue("50") @Min(0) int requests,
            @DefaultValue("1s") @DurationMin(millis = 1) Duration longest, @DefaultValue("false") boolean thenExit) {
    }

}
