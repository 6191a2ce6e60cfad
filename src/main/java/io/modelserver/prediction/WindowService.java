package io.modelserver.prediction;

import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;

import io.modelserver.registry.ModelLease;
import io.modelserver.registry.ModelRegistry;
import io.modelserver.registry.Resolution;
import io.modelserver.window.Step;
import io.modelserver.window.WindowResult;
import io.modelserver.window.WindowSchema;
import io.modelserver.window.WindowStatus;
import io.modelserver.window.WindowStore;
import tools.jackson.core.JacksonException;

/** Keeps the steps of symbols for models that look at several. */
public final class WindowService {

    /**
     * Seconds since 1970 are taken for what they are, not for milliseconds of January
     * 1970.
     */
    private static final long EARLIEST_MILLIS = 100_000_000_000L;

    private final ModelRegistry registry;

    private final WindowStore store;

    private final Clock clock;

    private final long maxAheadMillis;

    /**
     * Makes the use case.
     * @param registry what is live
     * @param store the windows
     * @param clock the wall clock that steps are dated by
     * @param maxAheadMillis how far a step may lie in the future; one further ahead would
     * make all true ones stale
     */
    public WindowService(ModelRegistry registry, WindowStore store, Clock clock, long maxAheadMillis) {
        this.registry = registry;
        this.store = store;
        this.clock = clock;
        this.maxAheadMillis = maxAheadMillis;
    }

    WindowResult add(String symbol, DecodedFeatures.SingleStep single) throws InvalidFeaturesException {
        expectPlausible(single.step().timestampMillis());
        return store.add(symbol, single.schema(), single.step(), clock.millis());
    }

    /**
     * Fills the window of a symbol with its history.
     * @param request the symbol, the steps and the model whose window it is
     * @param deadlineNanos until when to wait for a version that must be loaded first
     * @return the window as it is now, or why it is not filled
     * @throws InterruptedException if the calling thread is interrupted
     */
    public HistoryResult fill(PredictionRequest request, long deadlineNanos) throws InterruptedException {
        return switch (registry.resolve(request.modelName(), request.modelVersion(), deadlineNanos)) {
            case Resolution.Found(ModelLease lease) -> fill(request, lease);
            case Resolution.Unresolved unresolved ->
                new HistoryResult.Refused(Refusals.of(request.symbol(), unresolved));
        };
    }

    private HistoryResult fill(PredictionRequest request, ModelLease lease) {
        try (lease) {
            List<Step> steps = new FeatureDecoder(lease.metadata()).decodeHistory(request);
            for (Step step : steps) {
                expectPlausible(step.timestampMillis());
            }
            WindowSchema schema = WindowSchema.of(lease.metadata()).orElseThrow();
            return new HistoryResult.Kept(store.fill(request.symbol(), schema, steps, clock.millis()));
        }
        catch (JacksonException ex) {
            return new HistoryResult.Refused(
                    Refusals.of(request.symbol(), new InvalidFeaturesException(JsonTokens.reason(ex))));
        }
        catch (InvalidFeaturesException ex) {
            return new HistoryResult.Refused(Refusals.of(request.symbol(), ex));
        }
    }

    private void expectPlausible(OptionalLong timestampMillis) throws InvalidFeaturesException {
        long now = clock.millis();
        if (timestampMillis.orElse(now) < EARLIEST_MILLIS) {
            throw new InvalidFeaturesException("timestamp %d: expected milliseconds since 1970, this is before 1973"
                .formatted(timestampMillis.getAsLong()));
        }
        if (timestampMillis.orElse(now) - now > maxAheadMillis) {
            throw new InvalidFeaturesException(
                    "timestamp %d lies in the future, the server's clock says %d (milliseconds since 1970)"
                        .formatted(timestampMillis.getAsLong(), now));
        }
    }

    /**
     * {@return every window, sorted by symbol}
     */
    public List<WindowStatus> list() {
        return store.list(clock.millis());
    }

    /**
     * Empties the windows of a symbol.
     * @param symbol whose
     * @return whether there were any
     */
    public boolean remove(String symbol) {
        return store.remove(symbol);
    }

}
