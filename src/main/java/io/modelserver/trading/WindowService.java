package io.modelserver.trading;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

import io.modelserver.model.ModelMetadata;
import io.modelserver.route.Routes;
import io.modelserver.serving.Addressee;
import io.modelserver.serving.Refusal;
import io.modelserver.serving.Serving;
import io.modelserver.serving.VersionLookup;
import io.modelserver.window.HistoryFill;
import io.modelserver.window.JointSteps;
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

    private final SymbolRouting routing;

    /**
     * Creates the use case.
     * @param serving knows the versions
     * @param store the windows
     * @param now the present, on the clock that steps are dated by and on that of
     * durations
     * @param routes the models of requests that name none
     */
    public WindowService(Serving serving, WindowStore store, Supplier<Now> now, Routes routes) {
        this.serving = serving;
        this.store = store;
        this.now = now;
        this.routing = new SymbolRouting(routes);
    }

    /**
     * Creates the use case where only one model answers the requests that name none.
     * @param serving knows the versions
     * @param store the windows
     * @param now the present, on the clock that steps are dated by and on that of
     * durations
     */
    public WindowService(Serving serving, WindowStore store, Supplier<Now> now) {
        this(serving, store, now, Routes.none());
    }

    /**
     * Adds the steps of a request to their windows.
     * @param added what became of those that were added for other versions already, which
     * are not added again; those that are added now are put there
     * @return the windows to predict on, or why there are none
     */
    WindowResult add(PredictionRequest request, ModelMetadata model, DecodedFeatures.SingleStep single,
            Map<SeriesKey, WindowResult> added) throws InvalidFeaturesException {
        List<DecodedFeatures.Windowed> steps = single.windowed();
        DecodedFeatures.Windowed first = steps.getFirst();
        DecodedFeatures.Windowed last = steps.getLast();
        expectMillis("timestamp", first.step().timestampMillis());
        SeriesKey key = request.series().key(request.symbol(), model, first.schema());
        if (steps.size() == 1) {
            return added.computeIfAbsent(key, (series) -> store.add(series, first.step(), now.get()));
        }
        SeriesKey bookKey = request.series().key(request.symbol(), model, last.schema());
        return new JointSteps(key, first.step(), bookKey, last.step()).addTo(store, now.get(), added);
    }

    /**
     * Empties the windows that the steps of a request go to.
     * @param filled those to which its steps have been added already
     */
    void empty(PredictionRequest request, ModelMetadata model, DecodedFeatures.SingleStep single,
            Set<SeriesKey> filled) {
        single.windowed()
            .stream()
            .map((step) -> request.series().key(request.symbol(), model, step.schema()))
            .filter((key) -> !filled.contains(key))
            .forEach(this::drop);
    }

    void drop(SeriesKey series) {
        series.dropFrom(store);
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
        Addressee addressee = routing.addressee(request);
        return switch (serving.find(addressee.modelName(), addressee.modelVersion(), deadlineNanos)) {
            case VersionLookup.Found(List<ModelMetadata> lookers) -> fill(request, lookers);
            case VersionLookup.Missing(Refusal reason, String detail) -> new HistoryResult.Refused(
                    routing.explained(request, new PredictionResult.Refused(request.symbol(), reason, detail)));
        };
    }

    /**
     * Members of an ensemble may look at windows of their own: all are filled, and the
     * one that misses most is told.
     */
    private HistoryResult fill(PredictionRequest request, List<ModelMetadata> lookers) {
        List<ModelMetadata> windowed = lookers.stream().filter((version) -> isHistoryOf(request, version)).toList();
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

    private static boolean isHistoryOf(PredictionRequest request, ModelMetadata version) {
        boolean sendsFeatures = !(request.features() instanceof RequestFeatures.Absent);
        return (sendsFeatures && WindowSchema.of(version).isPresent())
                || (request.rawLob() != null && WindowSchema.ofBooks(version).isPresent());
    }

    private static int missing(HistoryResult result) {
        return (result instanceof HistoryResult.Kept kept) ? kept.window().need() - kept.window().have() : 0;
    }

    private HistoryResult fill(PredictionRequest request, ModelMetadata version) {
        try {
            FeatureDecoder decoder = new FeatureDecoder(version);
            List<Step> steps = decoder.decodeHistory(request);
            for (int i = 0; i < steps.size(); i++) {
                expectMillis("features[%d].timestamp".formatted(i), steps.get(i).timestampMillis());
            }
            SeriesKey key = request.series().key(request.symbol(), version, decoder.historySchema(request));
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
