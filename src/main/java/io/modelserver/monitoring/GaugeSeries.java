package io.modelserver.monitoring;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;

/**
 * The gauges of one meter, whose labels come and go. Those that stay are never removed in
 * between. A reader would find gaps, or no metrics at all: a scrape that meets a gauge
 * while it is renewed fails (micrometer-metrics/micrometer#6851).
 */
final class GaugeSeries {

    private final MultiGauge gauges;

    private final Map<Tags, AtomicLong> shown = new HashMap<>();

    private final Map<Tags, Double> sums = new HashMap<>();

    GaugeSeries(ServerMeter meter, MeterRegistry meters) {
        this.gauges = MultiGauge.builder(meter.meterName()).description(meter.description()).register(meters);
    }

    /** Values that are added under the same labels are summed. */
    void add(Tags tags, double value) {
        sums.merge(tags, value, Double::sum);
    }

    void show() {
        shown.keySet().retainAll(sums.keySet());
        sums.forEach((tags, sum) -> shown.computeIfAbsent(tags, (none) -> new AtomicLong())
            .set(Double.doubleToLongBits(sum)));
        sums.clear();
        gauges.register(shown.entrySet()
            .stream().<MultiGauge
                    .Row<?>>map(
                            (entry) -> MultiGauge.Row.of(entry.getKey(), entry.getValue(),
                                    (bits) -> Double.longBitsToDouble(bits.get())))
            .toList());
    }

}
