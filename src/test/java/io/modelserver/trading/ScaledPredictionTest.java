package io.modelserver.trading;

import java.nio.file.Path;
import java.util.List;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.fixtures.Requests;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.fixtures.Trials;
import io.modelserver.serving.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two versions of a model that looks at two steps of one feature. Version 1 is trained on
 * tenths of it, for OWN on hundredths; version 2 on halves.
 */
@Timeout(120)
class ScaledPredictionTest {

    private static final Experiment EXPERIMENT = Trials.split("e", "1", "2");

    private static final String TREATED = Trials.unitOf(EXPERIMENT, "treatment");

    @TempDir
    Path temp;

    private ServingRig rig;

    @BeforeEach
    void run() throws Exception {
        rig = new ServingRig(temp);
        version("1", "{\"mean\": 0, \"scale\": 10, \"by_symbol\": {\"OWN\": {\"mean\": 0, \"scale\": 100}}}");
        version("2", "{\"mean\": 0, \"scale\": 2}");
        version("3", "{\"by_symbol\": {\"OWN\": {\"mean\": 0, \"scale\": 1e-30}}}");
        rig.models.serve("1").load("2");
    }

    private void version(String version, String scaling) throws Exception {
        rig.models.folder()
            .version(ServedModels.MODEL, version, "0.5",
                    "{\"input_shape\": [2, 1], \"scaling\": %s}".formatted(scaling));
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.close();
    }

    @Test
    void aSymbolIsScaledByItsOwnNumbersOrElseByTheCommonOnes() throws Exception {
        rig.predict(Requests.of("OTHER").numbers(1000, 2000).build());
        rig.predict(Requests.of("OWN").numbers(1000, 2000).build());
        rig.service.predictAll(List.of(Requests.of("OWN").numbers(3000, 4000).build(),
                Requests.of("OTHER").numbers(3000, 4000).build()), 2, rig.clock.getAsLong());

        assertThat(seenBy("1").subList(0, 2)).containsExactly(List.of(100f, 200f), List.of(10f, 20f));
        assertThat(seenBy("1").subList(2, 4)).containsExactlyInAnyOrder(List.of(30f, 40f), List.of(300f, 400f));
    }

    @Test
    void aWindowKeepsWhatCallersSendForVersionsOfEveryScaling() throws Exception {
        rig.predict(Requests.of("OTHER").numbers(1000).build());
        rig.predict(Requests.of("OTHER").numbers(2000).build());
        rig.predict(Requests.of("OTHER").version("2").numbers(3000).build());

        assertThat(seenBy("1")).containsExactly(List.of(100f, 200f));
        assertThat(seenBy("2")).containsExactly(List.of(1000f, 1500f));
        assertThat(rig.answered.getLast().input().tensors().getFirst().values()).as("what drift sees")
            .containsExactly(2000, 3000);
    }

    @Test
    void aVersionThatTakesOverScalesTheSameNumbersAsItWasTrained() throws Exception {
        rig.run(EXPERIMENT);
        rig.models.passes("2").fail();

        FailOverTest.assertAnswered(rig.predict(Requests.of(TREATED).numbers(1000, 2000).build()), "1", "treatment",
                true);

        assertThat(seenBy("2")).containsOnly(List.of(500f, 1000f));
        assertThat(seenBy("1")).containsExactly(List.of(100f, 200f));
    }

    @Test
    void aSymbolWithoutAScaleIsRefused() throws Exception {
        assertThat(refused(Requests.of("OTHER").version("3").numbers(1, 2)))
            .isEqualTo("the scaling of input 'features' is by symbol and has none for 'OTHER', only OWN");
    }

    @Test
    void aNumberThatIsTooLargeOnceScaledIsRefused() throws Exception {
        assertThat(rig.predict(Requests.of("OWN").version("3").numbers(1, 1e7f).build()))
            .isInstanceOf(PredictionResult.Predicted.class);
        assertThat(refused(Requests.of("OWN").version("3").numbers(1, -1e9f)))
            .isEqualTo("features[1] is not finite as a 32-bit float once it is scaled: it was -1.0E9");
    }

    private String refused(Requests request) throws Exception {
        PredictionResult result = rig.predict(request.build());
        assertThat(result).isInstanceOfSatisfying(PredictionResult.Refused.class,
                (refused) -> assertThat(refused.reason()).isEqualTo(Refusal.INVALID_FEATURES));
        return ((PredictionResult.Refused) result).detail();
    }

    private List<List<Float>> seenBy(String version) {
        return rig.models.passes(version).inputs().stream().map((input) -> {
            float[] values = input.tensors().getFirst().values();
            return List.of(values[0], values[1]);
        }).toList();
    }

}
