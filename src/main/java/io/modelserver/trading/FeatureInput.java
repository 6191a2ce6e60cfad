package io.modelserver.trading;

import java.util.List;
import java.util.OptionalLong;

import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.serving.InputSource;
import io.modelserver.serving.Refusal;
import io.modelserver.serving.Supply;
import io.modelserver.window.WindowCoverage;
import io.modelserver.window.WindowResult;
import org.jspecify.annotations.Nullable;

/**
 * Turns the features of one request, and remembers what the answer tells of it. A single
 * step goes through the window of its symbol. Used once.
 */
final class FeatureInput implements InputSource {

    private final PredictionRequest request;

    private final WindowService windows;

    private @Nullable WindowCoverage coverage;

    private OptionalLong eventMillis = OptionalLong.empty();

    FeatureInput(PredictionRequest request, WindowService windows) {
        this.request = request;
        this.windows = windows;
    }

    @Override
    public Supply inputFor(ModelMetadata version) {
        try {
            return switch (new FeatureDecoder(version).decode(request)) {
                case DecodedFeatures.Whole(ModelInput input, OptionalLong millis) -> {
                    eventMillis = millis;
                    yield new Supply.Ready(ScaleCheck.passed(version, input));
                }
                case DecodedFeatures.SingleStep step -> add(step, version);
            };
        }
        catch (InvalidFeaturesException ex) {
            return new Supply.Unusable(Refusal.INVALID_FEATURES, String.valueOf(ex.getMessage()), ex.problems());
        }
    }

    private Supply add(DecodedFeatures.SingleStep step, ModelMetadata version) throws InvalidFeaturesException {
        return switch (windows.add(request, version, step)) {
            case WindowResult.Ready(List<Tensor> filledWindows, WindowCoverage filled) -> {
                if (step.windowed().getFirst().input().equals(version.features()) && version.takesFeatures()) {
                    MissingValues.expectNone(filledWindows.getFirst(), version, request);
                }
                coverage = filled;
                eventMillis = step.step().timestampMillis();
                yield new Supply.Ready(ScaleCheck.passed(version, step.input(filledWindows, request.symbol())));
            }
            case WindowResult.Filling(int have, int need, String restart) -> new Supply.NotYet(have, need, restart);
            case WindowResult.Stale stale ->
                new Supply.Unusable(Refusal.STALE_STEP, StepRefusals.describe(series(), stale), List.of());
            case WindowResult.Ahead(long limitMillis) -> throw windows.ahead("timestamp", step.step(), limitMillis);
            case WindowResult.Full(String limit) ->
                new Supply.Unusable(Refusal.OVERLOADED, StepRefusals.full(series(), limit), List.of());
        };
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

}
