package io.modelserver.trading;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

import io.modelserver.model.ModelMetadata;
import io.modelserver.serving.Refusal;
import io.modelserver.serving.Serving;
import io.modelserver.serving.VersionLookup;
import io.modelserver.window.HistoryFill;
import io.modelserver.window.Now;
import io.modelserver.window.SeriesKey;
import io.modelserver.window.Step;
import io.modelserver.window.WindowResult;
import io.modelserver.window.WindowSchema;
import io.modelserver.window.WindowStatus;
import io.modelserver.window.WindowStore;
import org.jspecify.annotations.Nullable;

/** Keeps the steps of symbols for models that look at several. */
public final class WindowService {

    /** What is less is of another unit, not of the first years after 1970. */
    private static final long EARLIEST_MILLIS = 100_000_000_000L;

    private final Serving serving;

    private final WindowStore store;

    private final Supplier<Now> now;

    /**
     * Creates the use case.
     * @param serving knows the versions
     * @param store the windows
     * @param now the present, on the clock that steps are dated by and on that of
     * durations
     */
    public WindowService(Serving serving, WindowStore store, Supplier<Now> now) {
        this.serving = serving;
        this.store = store;
        this.now = now;
    }

    WindowResult add(PredictionRequest request, ModelMetadata model, DecodedFeatures.SingleStep single)
            throws InvalidFeaturesException {
        expectMillis("timestamp", single.step().timestampMillis());
        return store.add(request.series().key(request.symbol(), model, single.schema()), single.step(), now.get());
    }

    InvalidFeaturesException ahead(String field, Step step, long limitMillis) {
        return StepRefusals.ahead(field, step.timestampMillis().orElse(0), now.get().wallMillis(), limitMillis);
    }

    /**
     * Fills the window of a symbol with its history.
     * @param request the symbol, the steps and the model whose window it is
     * @param deadlineNanos until when to wait for a version that must be loaded first
     * @return the window as it is now, or why it is not filled
     * @throws InterruptedException if the calling thread is interrupted
     */
    public HistoryResult fill(PredictionRequest request, long deadlineNanos) throws InterruptedException {
        return switch (serving.find(request.modelName(), request.modelVersion(), deadlineNanos)) {
            case VersionLookup.Found(List<ModelMetadata> lookers) -> fill(request, lookers);
            case VersionLookup.Missing(Refusal reason, String detail) ->
                new HistoryResult.Refused(new PredictionResult.Refused(request.symbol(), reason, detail));
        };
    }

    /**
     * Members of an ensemble may look at windows of their own: all are filled, and the
     * one that misses most is told.
     */
    private HistoryResult fill(PredictionRequest request, List<ModelMetadata> lookers) {
        List<ModelMetadata> windowed = lookers.stream()
            .filter((version) -> WindowSchema.of(version).isPresent())
            .toList();
        HistoryResult told = null;
        for (ModelMetadata version : windowed.isEmpty() ? lookers : windowed) {
            HistoryResult result = fill(request, version);
            if (result instanceof HistoryResult.Refused) {
                return result;
            }
            told = (told == null || missing(result) > missing(told)) ? result : told;
        }
        return (told != null) ? told : new HistoryResult.Refused(new PredictionResult.Refused(request.symbol(),
                Refusal.NO_PRODUCTION_MODEL, "no member of the ensemble can answer, so that there is no window"));
    }

    private static int missing(HistoryResult result) {
        return (result instanceof HistoryResult.Kept kept) ? kept.window().need() - kept.window().have() : 0;
    }

    private HistoryResult fill(PredictionRequest request, ModelMetadata version) {
        try {
            List<Step> steps = new FeatureDecoder(version).decodeHistory(request);
            for (int i = 0; i < steps.size(); i++) {
                expectMillis("features[%d].timestamp".formatted(i), steps.get(i).timestampMillis());
            }
            WindowSchema schema = WindowSchema.of(version).orElseThrow();
            SeriesKey key = request.series().key(request.symbol(), version, schema);
            return switch (store.fill(key, steps, now.get())) {
                case HistoryFill.Filled(WindowStatus window, int dropped, String reason) ->
                    new HistoryResult.Kept(window, dropped, reason);
                case HistoryFill.Ahead(int index, long limitMillis) ->
                    throw ahead("features[%d].timestamp".formatted(index), steps.get(index), limitMillis);
                case HistoryFill.Full(String limit) ->
                    new HistoryResult.Refused(new PredictionResult.Refused(request.symbol(), Refusal.OVERLOADED,
                            StepRefusals.full(request.series().describe(request.symbol()), limit)));
            };
        }
        catch (InvalidFeaturesException ex) {
            return new HistoryResult.Refused(new PredictionResult.Refused(request.symbol(), Refusal.INVALID_FEATURES,
                    String.valueOf(ex.getMessage()), ex.problems()));
        }
    }

    private static void expectMillis(String field, OptionalLong timestampMillis) throws InvalidFeaturesException {
        if (timestampMillis.orElse(EARLIEST_MILLIS) < EARLIEST_MILLIS) {
            throw StepRefusals.tooEarly(field, timestampMillis.getAsLong());
        }
    }

    /**
     * {@return every window, sorted by symbol}
     */
    public List<WindowStatus> list() {
        return store.list(now.get());
    }

    /**
     * Empties the windows of a symbol.
     * @param symbol whose
     * @param timeframe of which series, null for all
     * @param windowKey of which series, null for all
     * @return whether there were any
     */
    public boolean remove(String symbol, @Nullable String timeframe, @Nullable String windowKey) {
        return store.remove(symbol, timeframe, windowKey);
    }

}
