package io.modelserver.trading;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Predicate;

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
public final class FeatureInput implements InputSource {

    private final PredictionRequest request;

    private final WindowService windows;

    private final List<Made> made = new ArrayList<>(1);

    /** A step goes into each window once, whoever looks at it. */
    private final Map<SeriesKey, WindowResult> added = new HashMap<>(2);

    private final boolean restarts;

    private Predicate<String> isTaken = (name) -> false;

    private @Nullable WindowCoverage coverage;

    private OptionalLong eventMillis = OptionalLong.empty();

    FeatureInput(PredictionRequest request, WindowService windows) {
        this(request, windows, false);
    }

    /**
     * Creates the input of one request.
     * @param request its features, or its arrays by name
     * @param windows where single steps are kept
     * @param restarts whether its step is the first of its windows, which are emptied
     * before it
     */
    public FeatureInput(PredictionRequest request, WindowService windows, boolean restarts) {
        this.request = request;
        this.windows = windows;
        this.restarts = restarts;
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

    @Override
    public void askedByMembers(Predicate<String> isTakenByAny) {
        isTaken = isTakenByAny;
    }

    private Supply make(ModelMetadata version) {
        try {
            return switch (new FeatureDecoder(version, isTaken).decode(request)) {
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
        if (restarts) {
            windows.empty(request, version, step, added.keySet());
        }
        return switch (windows.add(request, version, step, added)) {
            case WindowResult.Ready(List<Tensor> filledWindows, WindowCoverage filled) -> {
                if (step.windowed().getFirst().input().equals(version.features()) && version.takesFeatures()) {
                    MissingValues.expectNone(filledWindows.getFirst(), version, request);
                }
                coverage = (coverage == null || filled.filled() < coverage.filled()) ? filled : coverage;
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

    /** Drops the windows that the request's step went to. */
    public void dropWindows() {
        added.keySet().forEach(windows::drop);
    }

    /**
     * {@return how much of the window was there, null if the request held all of it}
     */
    public @Nullable WindowCoverage coverage() {
        return coverage;
    }

    /**
     * {@return when the market was as the request describes it, see
     * {@link PredictionResult.Predicted}}
     */
    public OptionalLong eventMillis() {
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
            return version.takesTheSameAs(other) && version.preparation().equals(other.preparation())
                    && WindowSchema.of(version).equals(WindowSchema.of(other))
                    && WindowSchema.ofBooks(version).equals(WindowSchema.ofBooks(other))
                    && Objects.equals(version.timeframe(), other.timeframe());
        }

    }

}
