package io.modelserver.experiment.evidence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import io.modelserver.experiment.assign.Samples;
import io.modelserver.experiment.statistics.ClusteredMean;
import io.modelserver.experiment.statistics.Figure;
import io.modelserver.experiment.statistics.TimeSums;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class OpenUnitsTest {

    private static final double ROUNDING = 1e-12;

    private final Random random = new Random(1);

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 7, 100, 999, 1_000, 1_000_000 })
    void theOrderOfUnitsAndHowManyAreKeptChangeNoNumber(int most) {
        List<Observation> byUnit = new ArrayList<>();
        for (int unit = 0; unit < 1_000; unit++) {
            for (int signal = random.nextInt(4); signal >= 0; signal--) {
                byUnit.add(Samples.bought("unit" + unit, random.nextGaussian()));
            }
        }
        VariantTally expected = tally(new OpenUnits(false, 1), byUnit);
        List<Observation> mixed = new ArrayList<>(byUnit);
        Collections.shuffle(mixed, random);

        VariantTally tally = tally(new OpenUnits(true, most), mixed);

        assertThat(tally.units()).isEqualTo(1_000);
        assertThat(tally.samples()).isEqualTo(byUnit.size());
        assertThat(tally.outcomes()).isEqualTo(byUnit.size());
        ClusteredMean mean = tally.mean(Figure.NET);
        ClusteredMean expectedMean = expected.mean(Figure.NET);
        assertThat(mean).isNotNull();
        assertThat(expectedMean).isNotNull();
        assertThat(mean.value()).isCloseTo(expectedMean.value(), within(ROUNDING));
        assertThat(mean.variance()).isCloseTo(expectedMean.variance(), within(ROUNDING));
        assertThat(mean.wholeUnits()).isEqualTo(expectedMean.wholeUnits());
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 50 })
    void noMoreUnitsAreKeptThanWasSaid(int most) {
        OpenUnits open = new OpenUnits(true, most);
        long largest = 0;

        do {
            for (int unit = 0; unit < 1_000; unit++) {
                open.open("unit" + unit, (closed) -> {
                });
                largest = Math.max(largest, open.count());
            }
        }
        while (open.endPass((closed) -> {
        }));

        assertThat(largest).isBetween(1L, (long) Math.max(most, 10));
    }

    private static VariantTally tally(OpenUnits open, List<Observation> observations) {
        VariantTally tally = new VariantTally("control", AnalysisSettings.defaults(), 0, open,
                new TimeSums(VariantTally.TIMED, 3_600_000), 0);
        do {
            observations.forEach(tally::add);
        }
        while (tally.endPass());
        return tally;
    }

}
