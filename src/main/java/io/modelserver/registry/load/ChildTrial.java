package io.modelserver.registry.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;

/**
 * Tries versions in a process of its own, which may crash, hang or eat memory without
 * harm. The memory limit is one on resident memory where the system tells it (Linux);
 * elsewhere only the heap is limited.
 */
public final class ChildTrial implements VersionTrial {

    private static final long LOOK_MILLIS = 50;

    private static final int SIGNALLED = 128;

    private static final long LARGEST_OUTPUT = 1 << 20;

    private final List<String> command;

    private final Duration limit;

    private final long maxResidentBytes;

    private final LongSupplier nanoTime;

    /**
     * Creates a trial.
     * @param command starts the process; the model and the version are added as its last
     * arguments, and it must print what {@link LocalTrial#print} prints
     * @param limit how long a trial may take
     * @param maxResidentBytes how much memory it may take
     * @param nanoTime the clock of the limit
     */
    public ChildTrial(List<String> command, Duration limit, long maxResidentBytes, LongSupplier nanoTime) {
        this.command = List.copyOf(command);
        this.limit = limit;
        this.maxResidentBytes = maxResidentBytes;
        this.nanoTime = nanoTime;
    }

    @Override
    public Map<String, String> run(ModelId id) throws ModelLoadException, InterruptedException {
        try {
            Path output = Files.createTempFile("trial", ".out");
            try {
                Process process = start(id, output);
                try {
                    watch(process);
                }
                finally {
                    process.destroyForcibly();
                }
                return read(output, process.waitFor());
            }
            finally {
                Files.deleteIfExists(output);
            }
        }
        catch (IOException ex) {
            throw new ModelLoadException("it could not be tried in a process of its own: " + ex.getMessage(), ex);
        }
    }

    private Process start(ModelId id, Path output) throws IOException {
        List<String> line = new ArrayList<>(command);
        line.add(id.name());
        line.add(id.version());
        return new ProcessBuilder(line).redirectErrorStream(false)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    }

    private void watch(Process process) throws ModelLoadException, InterruptedException {
        long end = nanoTime.getAsLong() + limit.toNanos();
        while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (nanoTime.getAsLong() - end > 0) {
                throw new ModelLoadException(("its trial in a process of its own took longer than %d ms: it hangs, or "
                        + "modelserver.registry.trial-limit is too short")
                    .formatted(limit.toMillis()));
            }
            if (residentBytes(process.pid()).orElse(0) > maxResidentBytes) {
                throw new ModelLoadException(("its trial in a process of its own took more than %d MB of memory, "
                        + "modelserver.registry.trial-memory")
                    .formatted(maxResidentBytes >> 20));
            }
        }
    }

    private static Map<String, String> read(Path output, int exitCode) throws IOException, ModelLoadException {
        if (exitCode > SIGNALLED) {
            throw new ModelLoadException(
                    "it crashes: the process that tried it ended with signal %d".formatted(exitCode - SIGNALLED));
        }
        if (Files.size(output) > LARGEST_OUTPUT) {
            throw new ModelLoadException("it prints more than %d bytes".formatted(LARGEST_OUTPUT));
        }
        return TrialOutcome.read(Files.readString(output, StandardCharsets.ISO_8859_1).lines().toList());
    }

    private static OptionalLong residentBytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))
                .stream()
                .filter((line) -> line.startsWith("VmRSS:"))
                .mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst();
        }
        catch (IOException ex) {
            return OptionalLong.empty();
        }
    }

}
