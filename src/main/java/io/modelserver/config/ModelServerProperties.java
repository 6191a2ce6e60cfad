package io.modelserver.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.modelserver.drift.DriftSettings;
import io.modelserver.engine.Engines;
import io.modelserver.experiment.AnalysisSettings;
import io.modelserver.ledger.OutcomeLimits;
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
     * @param maxModelSize a model file over this size is refused
     * @param keptOnDemand how many other versions stay loaded after they were asked for
     * by name
     * @param keepStaging whether the version in STAGING of each model stays loaded too
     * @param loadLimit a version that is not ready within it is refused
     * @param loadJournal where versions are noted while they are loaded, so that one that
     * ends the process is known afterwards
     * @param trial which versions are first loaded in a process of their own
     * @param trialLimit how long such a trial may take
     * @param trialMemory how much memory it may take
     * @param watch whether changes in the folder are followed without a reload
     * @param watchInterval how often it is looked at then
     * @param settle how long a version whose metadata has no checksums must not have
     * changed before it is seen then
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
     * What runs models.
     *
     * @param engine the name of the engine that runs versions with a file for it, or
     * {@code auto} for the fastest of those that agree
     * @param engineMemory where the choice between engines is kept
     * @param instances threads that run forward passes of one version at a time; 0 for
     * one a core
     * @param intraOpThreads threads within one forward pass
     * @param longestPass a forward pass that takes longer is given up, and its instance
     * replaced
     */
    public record Inference(@DefaultValue("auto") String engine, @DefaultValue("data/engines") Path engineMemory,
            @DefaultValue("0") @Min(0) @Max(1024) int instances,
            @DefaultValue("1") @Min(1) @Max(1024) int intraOpThreads,
            @DefaultValue("5s") @DurationMin(millis = 1) Duration longestPass) {

        public Inference {
            BundledEngines.of(intraOpThreads).preferring(engine);
        }

        Engines engines() {
            return BundledEngines.of(intraOpThreads).preferring(engine);
        }

        int instancesOrCores() {
            return (instances > 0) ? instances : Runtime.getRuntime().availableProcessors();
        }

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

    /**
     * How requests queue before the instances of one version.
     *
     * @param maxBatchSize the most that go through the model at once
     * @param queueCapacity the most that wait; one more is answered with 503
     * @param maxQueueDelay how long the oldest may wait for others to join it
     */
    public record Batching(@DefaultValue("32") @Min(1) @Max(1024) int maxBatchSize,
            @DefaultValue("1024") @Min(1) int queueCapacity,
            @DefaultValue("0ms") @DurationMin(nanos = 0) Duration maxQueueDelay) {
    }

    /**
     * How long requests may take.
     *
     * @param deadline from the request having been read to the answer; later it is
     * answered with 504
     */
    public record Prediction(@DefaultValue("1s") @DurationMin(millis = 1) Duration deadline) {
    }

    /**
     * How live features are watched.
     *
     * @param window how far back samples count of features for which training left no
     * window of their own
     * @param samplesPerSecond the most that are taken of a version; 0 for none
     * @param minSamples as many a feature needs before anything is said of it, or as many
     * as training had rows in its window where those are fewer
     * @param refresh how often the gauges are brought up to date
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
     * @param neutralBand a return within this of 0, as a fraction, is no move of the
     * price
     * @param periodsPerYear what Sharpe ratios are annualised with: days in a year on
     * which there is trade
     * @param cost what acting on a signal costs, in basis points of the price, where an
     * experiment does not say
     * @param refresh how often experiments that other replicas have begun or ended are
     * looked for, and those whose time ran out are ended
     * @param look how long to wait between two looks at experiments that act on their
     * verdict
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
     * What is kept of predictions.
     *
     * @param file the embedded database's, without its ending; unused where
     * {@code spring.datasource.url} names another
     * @param predictions which are written down
     * @param buffer the most that wait to be written; one more is dropped and counted
     * @param gathering how long one may wait for others to be written with
     * @param retention what is older is deleted
     * @param minFreeSpace an embedded ledger is not written to while its disk has less
     */
    public record Ledger(@DefaultValue("data/ledger") Path file, @DefaultValue("experiments") Recording predictions,
            @DefaultValue("20000") @Min(1) int buffer,
            @DefaultValue("200ms") @DurationMin(millis = 1) Duration gathering,
            @DefaultValue("90d") @DurationMin(hours = 1) Duration retention,
            @DefaultValue("64MB") DataSize minFreeSpace) {

        /** Which predictions are written down. */
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
     * What requests may ask for.
     *
     * @param maxBodySize a longer body is answered with 413
     * @param maxBodiesInFlight the most bytes of bodies that are worked on at a time; one
     * more is answered with 503; 0 for an eighth of the heap
     * @param headDeadline a connection is closed on which the head of a request takes
     * longer
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
     * How the server ends.
     *
     * @param drain how long it goes on serving after SIGTERM, while it says that it is
     * not ready, so that load balancers can turn to others
     */
    public record Shutdown(@DefaultValue("0s") @DurationMin(nanos = 0) Duration drain) {
    }

    /**
     * Who is let in.
     *
     * @param apiKeysFile the file of API keys; empty for where systemd and Docker put it,
     * and where there is none, changes are taken from this host only
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
