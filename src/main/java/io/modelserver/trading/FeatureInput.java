package io.modelserver.trading;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.serving.InputSource;
import io.modelserver.serving.Refusal;
import io.modelserver.serving.Supply;
import io.modelserver.window.SeriesKey;
import io.modelserver.window.WindowCoverage;
import io.modelserver.window.WindowResult;
import io.modelserver.window.WindowSchema;
import org.jspecify.annotations.Nullable;

/**
 * Turns the features of one request, and remembers what the answer tells of it. A single
 * step goes through the window of its symbol. Used once.
 */
final class FeatureInput implements InputSource {

    private final PredictionRequest request;

    private final WindowService windows;

    private final List<Made> made = new ArrayList<>(1);

    private final List<Added> added = new ArrayList<>(1);

    private @Nullable WindowCoverage coverage;

    private OptionalLong eventMillis = OptionalLong.empty();

    FeatureInput(PredictionRequest request, WindowService windows) {
        this.request = request;
        this.windows = windows;
    }

    /** What members of an ensemble look at alike is made once. */
    @Override
    public Supply inputFor(ModelMetadata version) {
        for (Made one : made) {
            if (one.isFor(version)) {
                return one.supply;
            }
        }
        Supply supply = make(version);
        made.add(new Made(version, supply));
        return supply;
    }

    private Supply make(ModelMetadata version) {
        try {
            return switch (new FeatureDecoder(version).decode(request)) {
                case DecodedFeatures.Whole(ModelInput input, OptionalLong millis) -> {
                    eventMillis = millis;
                    yield new Supply.Ready(input);
                }
                case DecodedFeatures.SingleStep step -> add(step, version);
            };
        }
        catch (InvalidFeaturesException ex) {
            return new Supply.Unusable(Refusal.INVALID_FEATURES, String.valueOf(ex.getMessage()), ex.problems());
        }
    }

    private Supply add(DecodedFeatures.SingleStep step, ModelMetadata version) throws InvalidFeaturesException {
        return switch (added(step, version)) {
            case WindowResult.Ready(Tensor window, WindowCoverage filled) -> {
                coverage = (coverage == null || filled.filled() < coverage.filled()) ? filled : coverage;
                eventMillis = step.step().timestampMillis();
                yield new Supply.Ready(FeatureDecoder.input(window, step.rawLob()));
            }
            case WindowResult.Filling(int have, int need, String restart) -> new Supply.NotYet(have, need, restart);
            case WindowResult.Stale stale ->
                new Supply.Unusable(Refusal.STALE_STEP, StepRefusals.describe(series(), stale), List.of());
            case WindowResult.Ahead(long limitMillis) -> throw windows.ahead("timestamp", step.step(), limitMillis);
            case WindowResult.Full(String limit) ->
                new Supply.Unusable(Refusal.OVERLOADED, StepRefusals.full(series(), limit), List.of());
        };
    }

    /** A step goes into each window once, whoever looks at it. */
    private WindowResult added(DecodedFeatures.SingleStep step, ModelMetadata version) throws InvalidFeaturesException {
        SeriesKey key = request.series().key(request.symbol(), version, step.schema());
        for (Added one : added) {
            if (one.key.equals(key)) {
                return one.result;
            }
        }
        WindowResult result = windows.add(request, version, step);
        added.add(new Added(key, result));
        return result;
    }

    private String series() {
        return request.series().describe(request.symbol());
    }

    PredictionRequest request() {
        return request;
    }

    /**
     * {@return how much of the window was there, null if the request held all of it}
     */
    @Nullable WindowCoverage coverage() {
        return coverage;
    }

    /**
     * {@return when the market was as the request describes it, see
     * {@link PredictionResult.Predicted}}
     */
    OptionalLong eventMillis() {
        return eventMillis;
    }

    /**
     * What was made for a version.
     *
     * @param version which
     * @param supply what it gets
     */
    private record Made(ModelMetadata version, Supply supply) {

        boolean isFor(ModelMetadata other) {
            return version.takesTheSameAs(other) && WindowSchema.of(version).equals(WindowSchema.of(other))
                    && Objects.equals(version.timeframe(), other.timeframe());
        }

    }

    /**
     * The step in a window.
     *
     * @param key the window
     * @param result what became of it
     */
    private record Added(SeriesKey key, WindowResult result) {
    }

}
