package io.modelserver.monitoring;

import java.util.List;
import java.util.Locale;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.live.RunningVersion;

/**
 * Shows queues and instances of the versions that run. Two loadings of one version, of
 * which one drains, add up.
 */
public final class VersionGauges {

    private final RegistryOverview overview;

    private final GaugeSeries queueDepth;

    private final GaugeSeries instances;

    private final GaugeSeries versions;

    /**
     * Registers the gauges, which show nothing before {@link #refresh()}.
     * @param overview knows what runs
     * @param meters where they go
     */
    public VersionGauges(RegistryOverview overview, MeterRegistry meters) {
        this.overview = overview;
        this.queueDepth = new GaugeSeries(ServerMeter.QUEUE_DEPTH, meters);
        this.instances = new GaugeSeries(ServerMeter.INSTANCES, meters);
        this.versions = new GaugeSeries(ServerMeter.VERSIONS, meters);
    }

    /** Updates the gauges; to be called about as often as the metrics are read. */
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
        List.of(queueDepth, instances, versions).forEach(GaugeSeries::show);
    }

}
