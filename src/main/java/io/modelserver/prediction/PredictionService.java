package io.modelserver.prediction;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.modelserver.batching.BatchResult;
import io.modelserver.experiment.Assignment;
import io.modelserver.inference.HeadResult;
import io.modelserver.inference.ModelId;
import io.modelserver.inference.Prediction;
import io.modelserver.prediction.Router.Routing;
import io.modelserver.registry.ModelLease;
import io.modelserver.registry.ModelRegistry;
import io.modelserver.registry.Resolution;

/**
 * Answers requests: finds the variant or version, has the features decoded and submitted,
 * waits no longer than the deadline.
 */
public final class PredictionService {

    private final ModelRegistry registry;

    private final Router router;

    private final Submitter submitter;

    private final ShadowTraffic shadows;

    private final Supplier<String> predictionIds;

    private final PredictionListener listener;

    private final InputListener inputs;

    private final LongSupplier nanoTime;

    private final long deadlineNanos;

    /**
     * Makes the use case.
     * @param registry what is live
     * @param router knows which experiment has a say
     * @param windows where single steps are kept
     * @param shadows get copies
     * @param predictionIds unique ids that sort by time
     * @param listener hears how each request ended
     * @param inputs hears what each answer was made of
     * @param nanoTime the clock of deadlines and durations
     * @param deadlineNanos how long a request may take after it was read
     */
    public PredictionService(ModelRegistry registry, Router router, WindowService windows, ShadowTraffic shadows,
            Supplier<String> predictionIds, PredictionListener listener, InputListener inputs, LongSupplier nanoTime,
            long deadlineNanos) {
        this.registry = registry;
        this.router = router;
        this.submitter = new Submitter(registry, windows, nanoTime);
        this.shadows = shadows;
        this.predictionIds = predictionIds;
        this.listener = listener;
        this.inputs = inputs;
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
        return finish(start(request, arrivalNanos), true);
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
                    results.add(finish(attempt, false));
                }
            }
            finally {
                chunk.forEach(Attempt::release);
            }
        }
        return results;
    }

    private Attempt start(PredictionRequest request, long arrivalNanos) throws InterruptedException {
        Route route = new Route(predictionIds.get(), null, arrivalNanos, arrivalNanos + deadlineNanos);
        return switch (router.route(request, route.predictionId())) {
            case Routing.NoExperiment(String id) -> Submitter.refused(request, Refusal.EXPERIMENT_NOT_FOUND,
                    "there is no running experiment '%s'".formatted(id));
            case Routing.Direct() -> resolve(request, route);
            case Routing.Assigned(Assignment assignment) -> start(request, route.to(assignment), assignment);
        };
    }

    private Attempt resolve(PredictionRequest request, Route route) throws InterruptedException {
        return switch (registry.resolve(request.modelName(), request.modelVersion(), route.deadlineNanos())) {
            case Resolution.Found(ModelLease lease) -> submitter.submit(request, lease, route, false);
            case Resolution.Unresolved unresolved -> new Attempt.Ended(Refusals.of(request.symbol(), unresolved));
        };
    }

    /**
     * Variants are kept loaded; where one is not, control answers, or else production.
     */
    private Attempt start(PredictionRequest request, Route route, Assignment assignment) throws InterruptedException {
        Optional<ModelLease> variant = registry.lease(assignment.variant().model());
        if (variant.isPresent()) {
            return submitter.submit(request, variant.get(), route, false);
        }
        Optional<ModelLease> control = registry.lease(assignment.experiment().control().model());
        return (control.isPresent() && !assignment.isControl()) ? submitter.submit(request, control.get(), route, true)
                : resolve(request, route.to(null));
    }

    private PredictionResult finish(Attempt attempt, boolean alone) throws InterruptedException {
        PredictionResult result = switch (attempt) {
            case Attempt.Ended(PredictionResult ended) -> ended;
            case Attempt.InFlight inFlight -> await(inFlight, alone);
        };
        listener.ended(result);
        return result;
    }

    private PredictionResult await(Attempt.InFlight inFlight, boolean alone) throws InterruptedException {
        try (ModelLease lease = inFlight.lease()) {
            ModelId model = lease.metadata().id();
            return switch (inFlight.pending().await()) {
                case BatchResult.Computed computed -> switch (lease.head().read(computed.output())) {
                    case HeadResult.Said(Prediction signal) -> answered(inFlight, alone, signal, computed);
                    case HeadResult.Unusable(String reason) ->
                        failed(inFlight, alone, Refusal.INFERENCE_FAILED, "%s: %s".formatted(model, reason));
                };
                case BatchResult.Failed failure ->
                    failed(inFlight, alone, Refusal.INFERENCE_FAILED, "%s: %s".formatted(model, failure.reason()));
                case BatchResult.Expired() -> late(inFlight);
                case BatchResult.Stuck(long limitNanos) -> failed(inFlight, alone, Refusal.DEADLINE_EXCEEDED,
                        "%s: the forward pass was given up after %d ms".formatted(model, limitNanos / 1_000_000));
            };
        }
    }

    /**
     * An answer that is late when its latency is measured is none, as when the process
     * was stopped (SIGSTOP) after the forward pass. In a batch it may have waited for the
     * others.
     */
    private PredictionResult answered(Attempt.InFlight inFlight, boolean alone, Prediction prediction,
            BatchResult.Computed computed) {
        Decoded decoded = inFlight.decoded();
        Route route = decoded.route();
        long latencyNanos = nanoTime.getAsLong() - route.arrivalNanos();
        if (alone && latencyNanos > deadlineNanos) {
            return late(inFlight);
        }
        Assignment assignment = route.assignment();
        PredictionResult.Predicted answer = new PredictionResult.Predicted(route.predictionId(),
                decoded.request().symbol(), prediction, inFlight.lease().metadata().id(), decoded.window(),
                latencyNanos, decoded.decodeNanos(), computed.queueNanos(), computed.computeNanos(), assignment,
                inFlight.failedOver(), decoded.eventMillis());
        inputs.answered(answer.model(), decoded.input());
        if (assignment != null) {
            shadows.answered(answer, assignment, decoded.input(), inFlight.lease().metadata());
        }
        return answer;
    }

    /** An input on which control fails too is no fault of the variant. */
    private PredictionResult failed(Attempt.InFlight inFlight, boolean alone, Refusal reason, String detail)
            throws InterruptedException {
        Optional<Attempt.InFlight> control = submitter.failOver(inFlight);
        if (control.isEmpty()) {
            return refused(inFlight, reason, detail);
        }
        PredictionResult result = await(control.get(), alone);
        return (result instanceof PredictionResult.Predicted) ? result
                : new PredictionResult.Refused(inFlight.decoded().request().symbol(), reason, detail);
    }

    private PredictionResult late(Attempt.InFlight inFlight) {
        return refused(inFlight, Refusal.DEADLINE_EXCEEDED,
                "no answer within %d ms".formatted(deadlineNanos / 1_000_000));
    }

    private PredictionResult refused(Attempt.InFlight inFlight, Refusal reason, String detail) {
        Route route = inFlight.decoded().route();
        Assignment assignment = inFlight.failedOver() ? null : route.assignment();
        return new PredictionResult.Refused(inFlight.decoded().request().symbol(), reason, detail, List.of(),
                (assignment == null) ? null : new PredictionResult.VariantFailure(route.predictionId(), assignment,
                        nanoTime.getAsLong() - route.arrivalNanos(), inFlight.decoded().eventMillis()));
    }

}
