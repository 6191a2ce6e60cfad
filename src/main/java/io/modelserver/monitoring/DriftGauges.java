package io.modelserver.monitoring;

import java.util.List;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.modelserver.drift.DriftMonitor;
import io.modelserver.drift.DriftReport;
import io.modelserver.drift.DriftVerdict;
import io.modelserver.model.ModelId;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.live.RunningVersion;

/** Exports the drift of the running versions that have enough samples. */
public final class DriftGauges {

    private final DriftMonitor monitor;

    private final RegistryOverview overview;

    private final GaugeSeries worst;

    private final GaugeSeries distance;

    private final GaugeSeries drifted;

    private final GaugeSeries missing;

    private final GaugeSeries constant;

    /**
     * Registers the gauges, which show nothing before {@link #refresh()}.
     * @param monitor knows the drift
     * @param overview knows what runs
     * @param meters where they go
     */
    public DriftGauges(DriftMonitor monitor, RegistryOverview overview, MeterRegistry meters) {
        this.monitor = monitor;
        this.overview = overview;
        this.worst = new GaugeSeries(ServerMeter.DRIFT_WORST, meters);
        this.distance = new GaugeSeries(ServerMeter.DRIFT_DISTANCE, meters);
        this.drifted = new GaugeSeries(ServerMeter.DRIFT_SHARE, meters);
        this.missing = new GaugeSeries(ServerMeter.DRIFT_MISSING, meters);
        this.constant = new GaugeSeries(ServerMeter.DRIFT_CONSTANT, meters);
    }

    /** Compares once more, and forgets versions that do not run any more. */
    public void refresh() {
        monitor.keep(overview.running().stream().map(RunningVersion::id).toList());
        for (ModelId version : monitor.versions()) {
            DriftReport report = monitor.report(version);
            if (report.verdict().compareTo(DriftVerdict.STABLE) >= 0) {
                Tags tags = Tags.of("model", version.name(), "version", version.version());
                worst.add(tags, report.worstPsi());
                distance.add(tags, report.worstDistance());
                drifted.add(tags, report.driftedShare());
                missing.add(tags, report.missingShare());
                constant.add(tags, report.constantShare());
            }
        }
        List.of(worst, distance, drifted, missing, constant).forEach(GaugeSeries::show);
    }

}
