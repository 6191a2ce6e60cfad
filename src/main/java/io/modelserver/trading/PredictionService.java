package io.modelserver.trading;

import java.util.ArrayList;
import java.util.List;

import io.modelserver.route.Routes;
import io.modelserver.serving.Attempt;
import io.modelserver.serving.Query;
import io.modelserver.serving.Reply;
import io.modelserver.serving.Serving;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests of bots: has the features decoded for the version that answers, and
 * tells what its outputs mean.
 */
public final class PredictionService {

    private final SignalReader signals;

    private final Serving serving;

    private final WindowService windows;

    private final SymbolRouting routing;

    private final PredictionListener listener;

    /**
     * Creates the use case.
     * @param serving answers queries
     * @param windows where single steps are kept
     * @param routes the models of requests that name none
     * @param signals tells what outputs mean
     * @param listener notified how each request ended
     */
    public PredictionService(Serving serving, WindowService windows, Routes routes, SignalReader signals,
            PredictionListener listener) {
        this.signals = signals;
        this.serving = serving;
        this.windows = windows;
        this.routing = new SymbolRouting(routes);
        this.listener = listener;
    }

    /**
     * Creates the use case where all members of ensembles are equally good.
     * @param serving answers queries
     * @param windows where single steps are kept
     * @param routes the models of requests that name none
     * @param listener notified how each request ended
     */
    public PredictionService(Serving serving, WindowService windows, Routes routes, PredictionListener listener) {
        this(serving, windows, routes, new SignalReader(), listener);
    }

    /**
     * Creates the use case where only one model answers the requests that name none.
     * @param serving answers queries
     * @param windows where single steps are kept
     * @param listener notified how each request ended
     */
    public PredictionService(Serving serving, WindowService windows, PredictionListener listener) {
        this(serving, windows, Routes.none(), listener);
    }

    /**
     * Answers one request.
     * @param request what is asked
     * @param arrivalNanos when its body had been read, on the clock of {@link Serving}
     * @return the answer or the reason why there is none
     * @throws InterruptedException if the calling thread is interrupted
     */
    public PredictionResult predict(PredictionRequest request, long arrivalNanos) throws InterruptedException {
        FeatureInput input = new FeatureInput(request, windows);
        return end(input, serving.serve(query(input), arrivalNanos));
    }

    /**
     * Answers several requests; each succeeds or fails by itself.
     * @param requests what is asked
     * @param atOnce the most that go into the queue before the first of them is waited
     * for
     * @param arrivalNanos when the body had been read, on the clock of {@link Serving}
     * @return one result per request, in their order
     * @throws InterruptedException if the calling thread is interrupted
     */
    public List<PredictionResult> predictAll(List<PredictionRequest> requests, int atOnce, long arrivalNanos)
            throws InterruptedException {
        List<PredictionResult> results = new ArrayList<>(requests.size());
        for (int from = 0; from < requests.size(); from += atOnce) {
            List<Started> chunk = new ArrayList<>();
            try {
                for (PredictionRequest request : requests.subList(from, Math.min(requests.size(), from + atOnce))) {
                    FeatureInput input = new FeatureInput(request, windows);
                    chunk.add(new Started(input, serving.start(query(input), arrivalNanos)));
                }
                for (Started one : chunk) {
                    results.add(end(one.input, serving.finish(one.attempt)));
                }
            }
            finally {
                chunk.forEach((one) -> one.attempt.release());
            }
        }
        return results;
    }

    Query<Signal> query(FeatureInput input) {
        return new Query<>(routing.addressee(input.request()), input, signals);
    }

    private PredictionResult end(FeatureInput input, Reply<Signal> reply) {
        PredictionResult result = result(input, reply);
        listener.ended(result);
        return result;
    }

    private PredictionResult result(FeatureInput input, Reply<Signal> reply) {
        String symbol = input.request().symbol();
        return switch (reply) {
            case Reply.Answered<Signal> answer ->
                new PredictionResult.Predicted(answer.id(), symbol, answer.answer(), answer.version(), input.coverage(),
                        answer.latencyNanos(), input.request().readNanos() + answer.inputNanos(), answer.queueNanos(),
                        answer.computeNanos(), answer.assignment(), answer.failedOver(), input.eventMillis());
            case Reply.NotYet<Signal> notYet -> new PredictionResult.WindowFilling(symbol, input.request().series(),
                    notYet.have(), notYet.need(), notYet.restart());
            case Reply.Refused<Signal> refused ->
                routing.explained(input.request(), new PredictionResult.Refused(symbol, refused.reason(),
                        refused.detail(), refused.problems(), failure(input, refused.failure())));
        };
    }

    private static PredictionResult.@Nullable VariantFailure failure(FeatureInput input,
            Reply.@Nullable Failure failure) {
        return (failure == null) ? null : new PredictionResult.VariantFailure(failure.id(), failure.assignment(),
                failure.latencyNanos(), input.eventMillis());
    }

    private record Started(FeatureInput input, Attempt<Signal> attempt) {
    }

}
