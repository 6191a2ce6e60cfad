package io.modelserver.monitoring;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.modelserver.signal.Direction;
import io.modelserver.trading.PredictionListener;
import io.modelserver.trading.PredictionResult;

/**
 * Creates a span of each answer and of each of its hops, below the span of its HTTP
 * request. They are created with the answer, from durations that were measured anyway, so
 * that the path of a prediction does not depend on tracing.
 */
public final class PredictionSpans implements PredictionListener {

    private final Tracer tracer;

    private final Clock clock;

    /**
     * Creates a listener.
     * @param tracer takes the spans
     * @param clock tells when they ended
     */
    public PredictionSpans(Tracer tracer, Clock clock) {
        this.tracer = tracer;
        this.clock = clock;
    }

    @Override
    public void ended(PredictionResult result) {
        Span request = tracer.currentSpan();
        if (request == null || request.isNoop()) {
            return;
        }
        switch (result) {
            case PredictionResult.Predicted predicted -> {
                long end = nanos(clock.instant());
                long start = end - predicted.latencyNanos();
                Span prediction = span("prediction", request, start).tag("prediction_id", predicted.predictionId())
                    .tag("model", predicted.model().name())
                    .tag("version", predicted.model().version());
                Direction direction = predicted.prediction().direction();
                if (direction != null) {
                    prediction.tag("direction", direction.name());
                }
                long decoded = start + predicted.decodeNanos();
                long computing = end - predicted.computeNanos();
                end(span("decode", prediction, start), decoded);
                end(span("queue", prediction, computing - predicted.queueNanos()), computing);
                end(span("compute", prediction, computing), end);
                end(prediction, end);
            }
            case PredictionResult.Refused refused -> request.tag("refusal", refused.reason().name());
            case PredictionResult.WindowFilling filling -> request.tag("refusal", "WINDOW_FILLING");
        }
    }

    private Span span(String name, Span parent, long startNanos) {
        return tracer.spanBuilder()
            .setParent(parent.context())
            .name(name)
            .startTimestamp(startNanos, TimeUnit.NANOSECONDS)
            .start();
    }

    private static void end(Span span, long nanos) {
        span.end(nanos, TimeUnit.NANOSECONDS);
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

}
