package io.modelserver.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Shows how much of the process is in RAM, of which the heap is only a part: the engines'
 * memory is native. Linux reports it in {@code /proc/self/status}; elsewhere there is no
 * such gauge.
 */
final class ResidentMemory implements MeterBinder {

    private static final Path STATUS = Path.of("/proc/self/status");

    private static final String LINE = "VmRSS:";

    @Override
    public void bindTo(MeterRegistry meters) {
        if (Files.isReadable(STATUS)) {
            Gauge.builder(ServerMeter.RESIDENT_MEMORY.meterName(), ResidentMemory::bytes)
                .description(ServerMeter.RESIDENT_MEMORY.description())
                .baseUnit("bytes")
                .register(meters);
        }
    }

    private static double bytes() {
        try {
            return Files.readAllLines(STATUS)
                .stream()
                .filter((line) -> line.startsWith(LINE))
                .mapToDouble((line) -> Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElse(Double.NaN);
        }
        catch (IOException ex) {
            return Double.NaN;
        }
    }

}
