package io.modelserver.monitoring;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.OptionalLong;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.modelserver.model.ModelId;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Probabilities;
import io.modelserver.signal.Signal;
import io.modelserver.trading.PredictionResult;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PredictionSpansTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static final PredictionResult ANSWER = new PredictionResult.Predicted("0199", "BTCUSDT",
            new Signal(Direction.BUY, 0.9f, null, new Probabilities(0, 0, 1)), new ModelId("m", "1"), null, 5_000_000,
            1_000_000, 1_500_000, 2_000_000, null, false, OptionalLong.empty());

    private final InMemorySpanExporter finished = InMemorySpanExporter.create();

    private final Tracer tracer = new OtelTracer(
            SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(finished)).build().get("test"),
            new OtelCurrentTraceContext(), (event) -> {
            });

    private final PredictionSpans spans = new PredictionSpans(tracer, Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void eachHopIsASpanThatLastsAsLongAsItTook() {
        Tracer.SpanInScope request = tracer.withSpan(tracer.nextSpan().start());
        spans.ended(ANSWER);
        request.close();

        assertThat(duration("prediction")).isEqualTo(Duration.ofMillis(5));
        assertThat(duration("decode")).isEqualTo(Duration.ofMillis(1));
        assertThat(duration("queue")).isEqualTo(Duration.ofNanos(1_500_000));
        assertThat(duration("compute")).isEqualTo(Duration.ofMillis(2));
        assertThat(span("compute").getEndEpochNanos()).isEqualTo(NOW.getEpochSecond() * 1_000_000_000);
        assertThat(span("compute").getParentSpanId()).isEqualTo(span("prediction").getSpanId());
        assertThat(span("prediction").getAttributes().get(AttributeKey.stringKey("prediction_id"))).isEqualTo("0199");
    }

    @Test
    void outsideATraceThereAreNone() {
        spans.ended(ANSWER);

        assertThat(finished.getFinishedSpanItems()).isEmpty();
    }

    private Duration duration(String name) {
        return Duration.ofNanos(span(name).getEndEpochNanos() - span(name).getStartEpochNanos());
    }

    private SpanData span(String name) {
        return finished.getFinishedSpanItems()
            .stream()
            .filter((it) -> it.getName().equals(name))
            .findAny()
            .orElseThrow();
    }

}
