package io.modelserver.monitoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.modelserver.registry.RegistryOverview;
import io.modelserver.registry.RunningVersion;

/**
 * Shows queues and instances of the versions that run. Versions come and go, so the
 * gauges are made anew, and those of a version that is closed disappear.
 */
public final class VersionGauges {

    private final RegistryOverview overview;

    private final MultiGauge queueDepth;

    private final MultiGauge instances;

    private final MultiGauge versions;

    /**
     * Registers the gauges, which show nothing before {@link #refresh()}.
     * @param overview knows what runs
     * @param meters where they go
     */
    public VersionGauges(RegistryOverview overview, MeterRegistry meters) {
        this.overview = overview;
        this.queueDepth = gauge(ServerMeter.QUEUE_DEPTH, meters);
        this.instances = gauge(ServerMeter.INSTANCES, meters);
        this.versions = gauge(ServerMeter.VERSIONS, meters);
    }

    private static MultiGauge gauge(ServerMeter meter, MeterRegistry meters) {
        return MultiGauge.builder(meter.meterName()).description(meter.description()).register(meters);
    }

    /** Looks once more; to be called about as often as the metrics are read. */
    public void refresh() {
        List<MultiGauge.Row<?>> queues = new ArrayList<>();
        List<MultiGauge.Row<?>> counts = new ArrayList<>();
        List<MultiGauge.Row<?>> states = new ArrayList<>();
        for (RunningVersion version : overview.running()) {
            Tags tags = Tags.of("model", version.id().name(), "version", version.id().version());
            queues.add(MultiGauge.Row.of(tags, version.queued()));
            int idle = version.instances().working() - version.instances().busy();
            counts.add(MultiGauge.Row.of(tags.and("state", "busy"), version.instances().busy()));
            counts.add(MultiGauge.Row.of(tags.and("state", "idle"), idle));
            counts.add(MultiGauge.Row.of(tags.and("state", "stuck"), version.instances().stuck()));
            states.add(MultiGauge.Row.of(tags.and("state", version.state().name().toLowerCase(Locale.ROOT)), 1));
        }
        queueDepth.register(queues, true);
        instances.register(counts, true);
        versions.register(states, true);
    }

}
