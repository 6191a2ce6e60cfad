package io.modelserver.experiment.assign;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import io.modelserver.experiment.evidence.AnalysisSettings;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.Observation;
import io.modelserver.experiment.verdict.Analysis;
import io.modelserver.experiment.verdict.Analyst;
import io.modelserver.model.ModelId;
import io.modelserver.signal.Direction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Assigning one request, taking in a million outcomes, and one look at them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class EvidenceBenchmark {

    private static final int SIGNALS = 1_000_000;

    private static final int SIGNALS_OF_A_UNIT = 100;

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private final Experiment experiment = new Experiment("benchmark",
            List.of(Variant.serving("control", new ModelId("m", "a"), 0.5),
                    Variant.serving("treatment", new ModelId("m", "b"), 0.5)),
            AssignBy.SYMBOL, START, Duration.ofHours(1), 100, OnVerdict.REPORT, new Guardrails(0.01, 2.0, 1.5),
            new Status.Running());

    private final TrafficSplit split = new TrafficSplit(experiment);

    private final double[] returns = new SplittableRandom(1).doubles(SIGNALS, -0.05, 0.05).toArray();

    private final Evidence complete = taken();

    @Benchmark
    public Variant assign() {
        return split.assign("BTCUSDT");
    }

    @Benchmark
    public Object takeInAMillion() {
        return taken();
    }

    @Benchmark
    public Analysis look() {
        return Analyst.analyse(complete, START);
    }

    private Evidence taken() {
        Evidence evidence = new Evidence(experiment, AnalysisSettings.defaults());
        for (int i = 0; i < SIGNALS; i++) {
            Direction direction = (i % 3 == 0) ? Direction.SELL : Direction.BUY;
            evidence.add((i % 2 == 0) ? "control" : "treatment", new Observation("S" + i / SIGNALS_OF_A_UNIT,
                    "S" + i / SIGNALS_OF_A_UNIT, START.toEpochMilli() + i, direction, 0.8,
                    1_000_000 + i % 1000 * 1000L, i % 500 == 0, new Observation.Result(returns[i], 0, null)));
        }
        return evidence;
    }

}
