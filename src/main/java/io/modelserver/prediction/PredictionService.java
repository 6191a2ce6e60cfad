package io.modelserver.prediction;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.modelserver.batching.BatchResult;
import io.modelserver.batching.PendingResult;
import io.modelserver.batching.Submission;
import io.modelserver.inference.InferenceFailure;
import io.modelserver.inference.ModelInput;
import io.modelserver.inference.Prediction;
import io.modelserver.inference.Tensor;
import io.modelserver.registry.ModelLease;
import io.modelserver.registry.ModelRegistry;
import io.modelserver.registry.Resolution;
import io.modelserver.window.WindowResult;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Answers requests: finds the version, decodes the features, submits them, waits no
 * longer than the deadline.
 */
public final class PredictionService {

    private final ModelRegistry registry;

    private final WindowService windows;

    private final Supplier<String> predictionIds;

    private final PredictionListener listener;

    private final LongSupplier nanoTime;

    private final long deadlineNanos;

    /**
     * Makes the use case.
     * @param registry what is live
     * @param windows where single steps are kept
     * @param predictionIds unique ids that sort by time
     * @param listener hears how each request ended
     * @param nanoTime the clock of deadlines and durations
     * @param deadlineNanos how long a request may take after it was read
     */
    public PredictionService(ModelRegistry registry, WindowService windows, Supplier<String> predictionIds,
            PredictionListener listener, LongSupplier nanoTime, long deadlineNanos) {
        this.registry = registry;
        this.windows = windows;
        this.predictionIds = predictionIds;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * Answers one request.
     * @param request what is asked
     * @param arrivalNanos when its body had been read, on the clock of this service
     * @return the answer or the reason why there is none
     * @throws InterruptedException if the calling thread is interrupted
     */
    public PredictionResult predict(PredictionRequest request, long arrivalNanos) throws InterruptedException {
        return finish(start(request, arrivalNanos));
    }

    /**
     * Answers several requests; each succeeds or fails by itself.
     * @param requests what is asked
     * @param atOnce the most that go into the queue before the first of them is waited
     * for
     * @param arrivalNanos when the body had been read, on the clock of this service
     * @return one result a request, in their order
     * @throws InterruptedException if the calling thread is interrupted
     */
    public List<PredictionResult> predictAll(List<PredictionRequest> requests, int atOnce, long arrivalNanos)
            throws InterruptedException {
        List<PredictionResult> results = new ArrayList<>(requests.size());
        for (int from = 0; from < requests.size(); from += atOnce) {
            List<Attempt> chunk = new ArrayList<>();
            try {
                for (PredictionRequest request : requests.subList(from, Math.min(requests.size(), from + atOnce))) {
                    chunk.add(start(request, arrivalNanos));
                }
                for (Attempt attempt : chunk) {
                    results.add(finish(attempt));
                }
            }
            finally {
                chunk.forEach(Attempt::release);
            }
        }
        return results;
    }

    private Attempt start(PredictionRequest request, long arrivalNanos) throws InterruptedException {
        if (request.experimentId() != null) {
            return refused(request, Refusal.EXPERIMENT_NOT_FOUND,
                    "there is no running experiment '%s'".formatted(request.experimentId()));
        }
        long deadline = arrivalNanos + deadlineNanos;
        return switch (registry.resolve(request.modelName(), request.modelVersion(), deadline)) {
            case Resolution.Found(ModelLease lease) -> start(request, lease, arrivalNanos, deadline);
            case Resolution.Unresolved unresolved -> new Attempt.Ended(Refusals.of(request.symbol(), unresolved));
        };
    }

    private Attempt start(PredictionRequest request, ModelLease lease, long arrivalNanos, long deadline) {
        boolean inFlight = false;
        try {
            Attempt attempt = switch (new FeatureDecoder(lease.metadata()).decode(request)) {
                case DecodedFeatures.Whole(ModelInput input) ->
                    submit(request, lease, input, null, arrivalNanos, deadline);
                case DecodedFeatures.SingleStep step -> submit(request, lease, step, arrivalNanos, deadline);
            };
            inFlight = attempt instanceof Attempt.InFlight;
            return attempt;
        }
        catch (JacksonException ex) {
            return refused(request, Refusal.INVALID_FEATURES, JsonTokens.reason(ex));
        }
        catch (InvalidFeaturesException ex) {
            return new Attempt.Ended(Refusals.of(request.symbol(), ex));
        }
        finally {
            if (!inFlight) {
                lease.close();
            }
        }
    }

    private Attempt submit(PredictionRequest request, ModelLease lease, DecodedFeatures.SingleStep step,
            long arrivalNanos, long deadline) throws InvalidFeaturesException {
        return switch (windows.add(request.symbol(), step)) {
            case WindowResult.Ready(Tensor window, double filled) ->
                submit(request, lease, FeatureDecoder.input(window, step.rawLob()), filled, arrivalNanos, deadline);
            case WindowResult.Filling(int have, int need) ->
                new Attempt.Ended(new PredictionResult.WindowFilling(request.symbol(), have, need));
            case WindowResult.Stale(long last) -> refused(request, Refusal.STALE_STEP,
                    "the step is older than the last one of '%s', which is of %d".formatted(request.symbol(), last));
        };
    }

    private Attempt submit(PredictionRequest request, ModelLease lease, ModelInput input, @Nullable Double windowFilled,
            long arrivalNanos, long deadline) {
        return switch (lease.batcher().submit(input, deadline)) {
            case Submission.Accepted(PendingResult pending) ->
                new Attempt.InFlight(request, lease, pending, windowFilled, arrivalNanos);
            case Submission.Overloaded() ->
                refused(request, Refusal.OVERLOADED, "too many requests wait for %s".formatted(lease.metadata().id()));
            case Submission.Stuck() -> refused(request, Refusal.OVERLOADED,
                    "all instances of %s hang in a forward pass".formatted(lease.metadata().id()));
            case Submission.Closed() -> refused(request, Refusal.SHUTTING_DOWN, "the server is stopping");
        };
    }

    private PredictionResult finish(Attempt attempt) throws InterruptedException {
        PredictionResult result = switch (attempt) {
            case Attempt.Ended(PredictionResult ended) -> ended;
            case Attempt.InFlight inFlight -> await(inFlight);
        };
        listener.ended(result);
        return result;
    }

    private PredictionResult await(Attempt.InFlight inFlight) throws InterruptedException {
        PredictionRequest request = inFlight.request();
        try (ModelLease lease = inFlight.lease()) {
            return switch (inFlight.pending().await()) {
                case BatchResult.Computed computed -> switch (computed.result()) {
                    case Prediction prediction -> new PredictionResult.Predicted(predictionIds.get(), request.symbol(),
                            prediction, lease.metadata().id(), inFlight.windowFilled(),
                            nanoTime.getAsLong() - inFlight.arrivalNanos(), computed.queueNanos(),
                            computed.computeNanos());
                    case InferenceFailure(String reason) -> new PredictionResult.Refused(request.symbol(),
                            Refusal.INFERENCE_FAILED, "%s: %s".formatted(lease.metadata().id(), reason));
                };
                case BatchResult.Expired() -> new PredictionResult.Refused(request.symbol(), Refusal.DEADLINE_EXCEEDED,
                        "no answer within %d ms".formatted(deadlineNanos / 1_000_000));
                case BatchResult.Stuck(long limitNanos) -> new PredictionResult.Refused(request.symbol(),
                        Refusal.DEADLINE_EXCEEDED, "%s: the forward pass was given up after %d ms"
                            .formatted(lease.metadata().id(), limitNanos / 1_000_000));
            };
        }
    }

    private static Attempt refused(PredictionRequest request, Refusal reason, String detail) {
        return new Attempt.Ended(new PredictionResult.Refused(request.symbol(), reason, detail));
    }

    /** A request that has been started. */
    private sealed interface Attempt {

        /** Lets go of the model; has no effect once the request was answered. */
        void release();

        record Ended(PredictionResult result) implements Attempt {

            @Override
            public void release() {
            }

        }

        record InFlight(PredictionRequest request, ModelLease lease, PendingResult pending,
                @Nullable Double windowFilled, long arrivalNanos) implements Attempt {

            @Override
            public void release() {
                lease.close();
            }

        }

    }

}
