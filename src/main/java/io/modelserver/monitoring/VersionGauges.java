package io.modelserver.monitoring;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.modelserver.registry.RegistryOverview;
import io.modelserver.registry.RunningVersion;

/**
 * Shows queues and instances of the versions that run. Versions come and go, and their
 * gauges with them; those that stay are never taken away in between. A reader would find
 * gaps, or no metrics at all: a scrape that meets a gauge while it is renewed fails
 * (micrometer-metrics/micrometer#6851).
 */
public final class VersionGauges {

    private final RegistryOverview overview;

    private final Series queueDepth;

    private final Series instances;

    private final Series versions;

    /**
     * Registers the gauges, which show nothing before {@link #refresh()}.
     * @param overview knows what runs
     * @param meters where they go
     */
    public VersionGauges(RegistryOverview overview, MeterRegistry meters) {
        this.overview = overview;
        this.queueDepth = new Series(ServerMeter.QUEUE_DEPTH, meters);
        this.instances = new Series(ServerMeter.INSTANCES, meters);
        this.versions = new Series(ServerMeter.VERSIONS, meters);
    }

    /** Looks once more; to be called about as often as the metrics are read. */
    public void refresh() {
        for (RunningVersion version : overview.running()) {
            Tags tags = Tags.of("model", version.id().name(), "version", version.id().version());
            int busy = version.instances().busy();
            queueDepth.add(tags, version.queued());
            instances.add(tags.and("state", "busy"), busy);
            instances.add(tags.and("state", "idle"), version.instances().working() - busy);
            instances.add(tags.and("state", "stuck"), version.instances().stuck());
            versions.add(tags.and("state", version.state().name().toLowerCase(Locale.ROOT)), 1);
        }
        List.of(queueDepth, instances, versions).forEach(Series::show);
    }

    /**
     * The gauges of one meter. Two loadings of one version, of which one drains, add up.
     */
    private static final class Series {

        private final MultiGauge gauges;

        private final Map<Tags, AtomicInteger> shown = new HashMap<>();

        private final Map<Tags, Integer> sums = new HashMap<>();

        Series(ServerMeter meter, MeterRegistry meters) {
            this.gauges = MultiGauge.builder(meter.meterName()).description(meter.description()).register(meters);
        }

        void add(Tags tags, int value) {
            sums.merge(tags, value, Integer::sum);
        }

        void show() {
            shown.keySet().retainAll(sums.keySet());
            sums.forEach((tags, sum) -> shown.computeIfAbsent(tags, (none) -> new AtomicInteger()).set(sum));
            sums.clear();
            gauges.register(shown.entrySet()
                .stream().<MultiGauge
                        .Row<?>>map((entry) -> MultiGauge.Row.of(entry.getKey(), entry.getValue()))
                .toList());
        }

    }

}
