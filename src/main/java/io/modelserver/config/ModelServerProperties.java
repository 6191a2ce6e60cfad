package io.modelserver.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.modelserver.drift.DriftSettings;
import io.modelserver.experiment.AnalysisSettings;
import io.modelserver.ledger.OutcomeLimits;
import io.modelserver.registry.EnginePreference;
import io.modelserver.registry.TrialPolicy;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The server's own settings; {@code config/application.yml} lists each with its default.
 *
 * @param defaultModel the model of requests that name none
 * @param registry where models come from
 * @param inference how models are run
 * @param warmUp the warm-up before the port opens
 * @param batching how requests are queued
 * @param prediction how long they may take
 * @param window how the single steps of symbols are kept
 * @param drift how live features are watched
 * @param experiment how experiments are judged
 * @param ledger what is recorded of predictions
 * @param web limits of requests
 * @param shutdown how the server shuts down
 * @param security who may call
 */
@Validated
@ConfigurationProperties("modelserver")
public record ModelServerProperties(@DefaultValue("hybrid_cnn_lstm") @NotBlank String defaultModel,
        @DefaultValue @Valid Registry registry, @DefaultValue @Valid Inference inference,
        @DefaultValue @Valid WarmUp warmUp, @DefaultValue @Valid Batching batching,
        @DefaultValue @Valid Prediction prediction, @DefaultValue @Valid WindowProperties window,
        @DefaultValue @Valid Drift drift, @DefaultValue @Valid Experiment experiment,
        @DefaultValue @Valid Ledger ledger, @DefaultValue @Valid Web web, @DefaultValue @Valid Shutdown shutdown,
        @DefaultValue @Valid Security security) {

    /**
     * Where models come from.
     *
     * @param path the registry folder, relative to the working directory
     * @param maxModelSize a larger model file is refused
     * @param keptOnDemand how many other versions stay loaded after they were requested
     * by name
     * @param keepStaging whether the version in STAGING of each model stays loaded too
     * @param loadLimit a version that is not ready within this time is refused
     * @param loadJournal where versions are recorded while they are loaded, so that one
     * that ends the process is known afterwards
     * @param trial which versions are first loaded in a process of their own
     * @param trialLimit how long such a trial may take
     * @param trialMemory how much memory it may take
     * @param watch whether changes in the folder are followed without a reload
     * @param watchInterval how often the folder is checked then
     * @param settle how long a version whose metadata has no checksums must be unchanged
     * before it is used then
     */
    public record Registry(@DefaultValue("models") Path path, @DefaultValue("1GB") DataSize maxModelSize,
            @DefaultValue("4") @Min(1) int keptOnDemand, @DefaultValue("true") boolean keepStaging,
            @DefaultValue("5m") @DurationMin(millis = 1) Duration loadLimit,
            @DefaultValue("data/loading") Path loadJournal, @DefaultValue("off") TrialPolicy trial,
            @DefaultValue("60s") @DurationMin(millis = 1) Duration trialLimit,
            @DefaultValue("2GB") DataSize trialMemory, @DefaultValue("false") boolean watch,
            @DefaultValue("2s") @DurationMin(millis = 1) Duration watchInterval,
            @DefaultValue("10s") @DurationMin(nanos = 0) Duration settle) {

        public Registry {
            expectPositive("modelserver.registry.max-model-size", maxModelSize);
            expectPositive("modelserver.registry.trial-memory", trialMemory);
        }

    }

    /**
     * How models are run.
     *
     * @param engine which engine runs versions that have a file for both
     * @param engineMemory where the choice between them is stored
     * @param instances threads that run forward passes of one version at a time; 0 for
     * one per core
     * @param intraOpThreads threads within one forward pass
     * @param longestPass a forward pass that takes longer is abandoned, and its instance
     * replaced
     */
    public record Inference(@DefaultValue("auto") EnginePreference engine,
            @DefaultValue("data/engines") Path engineMemory, @DefaultValue("0") @Min(0) @Max(1024) int instances,
            @DefaultValue("1") @Min(1) @Max(1024) int intraOpThreads,
            @DefaultValue("5s") @DurationMin(millis = 1) Duration longestPass) {

        int instancesOrCores() {
            return (instances > 0) ? instances : Runtime.getRuntime().availableProcessors();
        }

    }

    /**
     * The warm-up before the port opens.
     *
     * @param requests how many requests it sends to itself
     * @param longest how long that may take
     * @param thenExit whether the process ends when it is ready, for scripts that create
     * a class cache
     */
    public record WarmUp(@DefaultValue("50") @Min(0) int requests,
            @DefaultValue("1s") @DurationMin(millis = 1) Duration longest, @DefaultValue("false") boolean thenExit) {
    }

    /**
     * How requests are queued for the instances of one version.
     *
     * @param maxBatchSize the most requests in one forward pass
     * @param queueCapacity the most requests that wait; one more is answered with 503
     * @param maxQueueDelay how long the oldest request may wait for others to join it
     */
    public record Batching(@DefaultValue("32") @Min(1) @Max(1024) int maxBatchSize,
            @DefaultValue("1024") @Min(1) int queueCapacity,
            @DefaultValue("0ms") @DurationMin(nanos = 0) Duration maxQueueDelay) {
    }

    /**
     * How long requests may take.
     *
     * @param deadline from the end of reading the request to the answer; later it is
     * answered with 504
     */
    public record Prediction(@DefaultValue("1s") @DurationMin(millis = 1) Duration deadline) {
    }

    /**
     * How live features are watched.
     *
     * @param window how far back samples count for features without a window of their own
     * @param samplesPerSecond the most samples per second of a version; 0 for none
     * @param minSamples the samples that a feature needs before it is judged; or the rows
     * of training in its window, if those are fewer
     * @param refresh how often the gauges are updated
     */
    public record Drift(@DefaultValue("1d") @DurationMin(seconds = 1) Duration window,
            @DefaultValue("20") @Min(0) @Max(1000) int samplesPerSecond, @DefaultValue("500") @Min(1) int minSamples,
            @DefaultValue("15s") @DurationMin(millis = 1) Duration refresh) {

        DriftSettings settings() {
            return new DriftSettings(window.toNanos(), 1_000_000_000L / Math.max(1, samplesPerSecond), minSamples);
        }

    }

    /**
     * How experiments are judged.
     *
     * @param neutralBand a return this close to 0, as a fraction, is not a move of the
     * price
     * @param periodsPerYear trading days per year, with which Sharpe ratios are
     * annualised
     * @param cost the cost of acting on a signal, in basis points of the price, if an
     * experiment gives none
     * @param refresh how often experiments that other replicas started or ended are read,
     * and those whose time has run out are ended
     * @param look the pause between two looks at experiments that act on their verdict
     * @param shadowQueue the most copies of requests that wait for shadows
     * @param maxReturn an outcome with a greater return, up or down, or with a greater
     * fee is refused; as a fraction, 1 is 100 %
     */
    public record Experiment(@DefaultValue("0.001") double neutralBand, @DefaultValue("365") double periodsPerYear,
            @DefaultValue("0") double cost, @DefaultValue("2s") @DurationMin(millis = 1) Duration refresh,
            @DefaultValue("5s") @DurationMin(millis = 1) Duration look, @DefaultValue("256") @Min(1) int shadowQueue,
            @DefaultValue("1") double maxReturn) {

        AnalysisSettings analysis() {
            return new AnalysisSettings(neutralBand, periodsPerYear, cost);
        }

        OutcomeLimits outcomeLimits() {
            return new OutcomeLimits(maxReturn);
        }

        public Experiment {
            new AnalysisSettings(neutralBand, periodsPerYear, cost);
            new OutcomeLimits(maxReturn);
        }

    }

    /**
     * What is recorded of predictions.
     *
     * @param file the embedded database's file, without its ending; unused if
     * {@code spring.datasource.url} names another
     * @param predictions which are recorded
     * @param buffer the most entries that wait to be written; one more is dropped and
     * counted
     * @param gathering how long an entry may wait for others to be written with
     * @param retention older entries are deleted
     * @param minFreeSpace an embedded ledger is not written to while its disk has less
     */
    public record Ledger(@DefaultValue("data/ledger") Path file, @DefaultValue("experiments") Recording predictions,
            @DefaultValue("20000") @Min(1) int buffer,
            @DefaultValue("200ms") @DurationMin(millis = 1) Duration gathering,
            @DefaultValue("90d") @DurationMin(hours = 1) Duration retention,
            @DefaultValue("64MB") DataSize minFreeSpace) {

        /** Which predictions are recorded. */
        public enum Recording {

            /** Those of experiments. */
            EXPERIMENTS,

            /** All. */
            ALL,

            /** None; experiments then get no verdict. */
            NONE

        }

    }

    /**
     * Limits of requests.
     *
     * @param maxBodySize a longer body is answered with 413
     * @param maxBodiesInFlight the most bytes of request bodies that are processed at a
     * time; one more is answered with 503; 0 for an eighth of the heap
     * @param headDeadline a connection is closed if the head of a request takes longer
     * @param bodyDeadline a body that takes longer to arrive is answered with 408
     * @param maxBatchRequests a batch of more requests is answered with 413
     */
    public record Web(@DefaultValue("16MB") DataSize maxBodySize, @DefaultValue("0B") DataSize maxBodiesInFlight,
            @DefaultValue("10s") @DurationMin(millis = 1) Duration headDeadline,
            @DefaultValue("10s") @DurationMin(millis = 1) Duration bodyDeadline,
            @DefaultValue("128") @Min(1) int maxBatchRequests) {

        public Web {
            expectPositive("modelserver.web.max-body-size", maxBodySize);
            if (!maxBodiesInFlight.equals(DataSize.ofBytes(0)) && maxBodiesInFlight.compareTo(maxBodySize) < 0) {
                throw new IllegalArgumentException(
                        "modelserver.web.max-bodies-in-flight must be 0 or at least max-body-size, not "
                                + maxBodiesInFlight);
            }
        }

        long maxBytesInFlightOrShareOfHeap() {
            return (maxBodiesInFlight.toBytes() > 0) ? maxBodiesInFlight.toBytes()
                    : Math.max(maxBodySize.toBytes(), Runtime.getRuntime().maxMemory() / 8);
        }

    }

    /**
     * How the server shuts down.
     *
     * @param drain how long it continues to serve after SIGTERM, while it reports that it
     * is not ready, so that load balancers can turn to others
     */
    public record Shutdown(@DefaultValue("0s") @DurationMin(nanos = 0) Duration drain) {
    }

    /**
     * Who may call.
     *
     * @param apiKeysFile the file of API keys; empty for the places where systemd and
     * Docker put it; if there is none, changes are accepted from this host only
     * @param requireKeyForPredict whether predictions and windows need a key too
     * @param corsAllowedOrigins the origins whose pages may call
     */
    public record Security(@DefaultValue("") String apiKeysFile, @DefaultValue("false") boolean requireKeyForPredict,
            @DefaultValue List<String> corsAllowedOrigins) {
    }

    private static void expectPositive(String setting, DataSize size) {
        if (size.toBytes() <= 0) {
            throw new IllegalArgumentException("%s must be greater than 0, not %s".formatted(setting, size));
        }
    }

}
