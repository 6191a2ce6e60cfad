package io.modelserver.registry.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

import io.modelserver.engine.Engine;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.registry.check.GoLiveChecks;

/** Compares two engines that run the same version: their answers, then their speed. */
final class EngineRace {

    private static final int TIMED_PASSES = 7;

    private final LongSupplier nanoTime;

    EngineRace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Runs both on the golden samples, and on batches of one and of the most that the
     * reference takes.
     * @throws ModelLoadException if the rival answers otherwise, or fails
     */
    Result run(EngineSelector.Selected reference, EngineSelector.Selected rival) throws ModelLoadException {
        int maxBatchSize = reference.checks().maxBatchSize();
        if (rival.checks().maxBatchSize() < maxBatchSize) {
            throw new ModelLoadException("it runs one request at a time, because the batch axis is fixed at 1 in the "
                    + "file, and %s runs batches".formatted(reference.choice().engine().fileName()));
        }
        try (ModelInstance expected = reference.checks().newInstance();
                ModelInstance actual = rival.checks().newInstance()) {
            rival.checks().compareWith(reference.checks(), expected, actual);
            Runner first = new Runner(reference.checks(), expected, reference.choice().engine());
            Runner second = new Runner(rival.checks(), actual, rival.choice().engine());
            double single = speedUp(first, second, 1);
            double full = speedUp(first, second, maxBatchSize);
            // Neither of the two counts for more than the other.
            return new Result(single * full,
                    String.format(Locale.ROOT,
                            "%s agrees with %s and runs %.1f times as fast at batch size 1, %.1f times at %d",
                            second.engine().fileName(), first.engine().fileName(), single, full, maxBatchSize));
        }
    }

    /** The passes alternate, so that both suffer alike from whatever else runs. */
    private double speedUp(Runner reference, Runner rival, int batchSize) throws ModelLoadException {
        reference.warmUp(batchSize);
        rival.warmUp(batchSize);
        List<Long> referenceNanos = new ArrayList<>();
        List<Long> rivalNanos = new ArrayList<>();
        for (int pass = 0; pass < TIMED_PASSES; pass++) {
            referenceNanos.add(time(reference, batchSize));
            rivalNanos.add(time(rival, batchSize));
        }
        return (double) median(referenceNanos) / Math.max(1, median(rivalNanos));
    }

    private long time(Runner runner, int batchSize) throws ModelLoadException {
        long start = nanoTime.getAsLong();
        runner.checks().run(runner.instance(), batchSize);
        return nanoTime.getAsLong() - start;
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    /** One of the two. */
    private record Runner(GoLiveChecks checks, ModelInstance instance, Engine engine) {

        void warmUp(int batchSize) throws ModelLoadException {
            checks.warmUp(instance, engine, batchSize, batchSize, () -> {
            });
        }

    }

    /**
     * How two that agree compare.
     *
     * @param gain over 1 if the rival is to be preferred: how many times as fast it is on
     * a single input, times the same on a full batch
     * @param reason for the listing
     */
    record Result(double gain, String reason) {
    }

}
