package io.modelserver.experiment;

/** Counts and sums of the requests that a shadow and control both answered. */
final class ShadowTally {

    private final String variant;

    private final Latencies controlLatencies = new Latencies();

    private final Latencies shadowLatencies = new Latencies();

    private long agreed;

    private double confidenceDifferences;

    ShadowTally(String variant) {
        this.variant = variant;
    }

    void add(Observation control, Observation shadow) {
        if (control.failed() || shadow.failed()) {
            return;
        }
        agreed += (control.direction() == shadow.direction()) ? 1 : 0;
        confidenceDifferences += shadow.confidence() - control.confidence();
        controlLatencies.add(control.latencyNanos());
        shadowLatencies.add(shadow.latencyNanos());
    }

    ShadowComparison comparison() {
        long pairs = shadowLatencies.count();
        return new ShadowComparison(variant, pairs, Quotient.of(agreed, pairs),
                Quotient.of(confidenceDifferences, (double) pairs), shadowLatencies.meanMillis(),
                controlLatencies.meanMillis(), shadowLatencies.p95Millis(), controlLatencies.p95Millis());
    }

}
