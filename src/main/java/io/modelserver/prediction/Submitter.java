package io.modelserver.prediction;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

import io.modelserver.batching.PendingResult;
import io.modelserver.batching.Submission;
import io.modelserver.experiment.Assignment;
import io.modelserver.inference.ModelInput;
import io.modelserver.inference.Tensor;
import io.modelserver.registry.ModelLease;
import io.modelserver.registry.ModelRegistry;
import io.modelserver.window.WindowCoverage;
import io.modelserver.window.WindowResult;

/**
 * Decodes the features of requests and submits them to versions. Where a variant can't
 * take one, control gets the same input: what was decoded once is not decoded again,
 * since a step would count twice in its window.
 */
final class Submitter {

    private final ModelRegistry registry;

    private final WindowService windows;

    private final LongSupplier nanoTime;

    Submitter(ModelRegistry registry, WindowService windows, LongSupplier nanoTime) {
        this.registry = registry;
        this.windows = windows;
        this.nanoTime = nanoTime;
    }

    /**
     * Submits a request.
     * @param lease the version, which is released unless the request is in flight
     * @param failedOver whether the version is control and its variant has failed
     */
    Attempt submit(PredictionRequest request, ModelLease lease, Route route, boolean failedOver) {
        boolean inFlight = false;
        try {
            long start = nanoTime.getAsLong();
            DecodedFeatures features = new FeatureDecoder(lease.metadata()).decode(request);
            long nanos = request.readNanos() + nanoTime.getAsLong() - start;
            Attempt attempt = switch (features) {
                case DecodedFeatures.Whole(ModelInput input, OptionalLong eventMillis) ->
                    submit(new Decoded(request, route, lease.metadata(), input, null, nanos, eventMillis), lease,
                            failedOver);
                case DecodedFeatures.SingleStep step -> submit(request, step, nanos, lease, route, failedOver);
            };
            inFlight = attempt instanceof Attempt.InFlight taken && taken.lease() == lease;
            return attempt;
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

    private Attempt submit(PredictionRequest request, DecodedFeatures.SingleStep step, long decodeNanos,
            ModelLease lease, Route route, boolean failedOver) throws InvalidFeaturesException {
        return switch (windows.add(request, lease.metadata(), step)) {
            case WindowResult.Ready(Tensor window, WindowCoverage coverage) ->
                submit(new Decoded(request, route, lease.metadata(), FeatureDecoder.input(window, step.rawLob()),
                        coverage, decodeNanos, step.step().timestampMillis()), lease, failedOver);
            case WindowResult.Filling(int have, int need, String restart) ->
                new Attempt.Ended(new PredictionResult.WindowFilling(request.symbol(), have, need, restart));
            case WindowResult.Stale stale ->
                refused(request, Refusal.STALE_STEP, StepRefusals.describe(request.symbol(), stale));
            case WindowResult.Ahead(long limitMillis) -> throw windows.ahead("timestamp", step.step(), limitMillis);
            case WindowResult.Full(String limit) ->
                refused(request, Refusal.OVERLOADED, StepRefusals.full(request.symbol(), limit));
        };
    }

    private Attempt submit(Decoded decoded, ModelLease lease, boolean failedOver) {
        return switch (lease.batcher().submit(decoded.input(), decoded.route().deadlineNanos())) {
            case Submission.Accepted(PendingResult pending) ->
                new Attempt.InFlight(decoded, lease, pending, failedOver);
            case Submission.Overloaded() ->
                orControl(decoded, failedOver, "too many requests wait for %s".formatted(lease.metadata().id()));
            case Submission.Stuck() -> orControl(decoded, failedOver,
                    "all instances of %s hang in a forward pass".formatted(lease.metadata().id()));
            case Submission.Closed() -> refused(decoded.request(), Refusal.SHUTTING_DOWN, "the server is stopping");
        };
    }

    private Attempt orControl(Decoded decoded, boolean failedOver, String detail) {
        Optional<Attempt.InFlight> control = failedOver ? Optional.empty() : submitToControl(decoded);
        return control.isPresent() ? control.get() : refused(decoded.request(), Refusal.OVERLOADED, detail);
    }

    /**
     * Gives control a request on which its variant has failed.
     * @return empty if the variant is control, or control can't take it
     */
    Optional<Attempt.InFlight> failOver(Attempt.InFlight failed) {
        return failed.failedOver() ? Optional.empty() : submitToControl(failed.decoded());
    }

    private Optional<Attempt.InFlight> submitToControl(Decoded decoded) {
        Assignment assignment = decoded.route().assignment();
        if (assignment == null || assignment.isControl()) {
            return Optional.empty();
        }
        Optional<ModelLease> control = registry.lease(assignment.experiment().control().model());
        if (control.isEmpty()) {
            return Optional.empty();
        }
        ModelLease lease = control.get();
        if (lease.metadata().takesTheSameAs(decoded.decodedFor())
                && submit(decoded, lease, true) instanceof Attempt.InFlight attempt) {
            return Optional.of(attempt);
        }
        lease.close();
        return Optional.empty();
    }

    static Attempt refused(PredictionRequest request, Refusal reason, String detail) {
        return new Attempt.Ended(new PredictionResult.Refused(request.symbol(), reason, detail));
    }

}
