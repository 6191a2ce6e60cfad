package io.modelserver.trading;

import java.nio.file.Path;

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
 * Experiments some of whose versions are not loaded, while 3 is in production; after each
 * test nobody holds a version.
 */
@Timeout(120)
class UnloadedVariantTest {

    @TempDir
    Path temp;

    private ServingRig rig;

    @BeforeEach
    void run() throws Exception {
        rig = new ServingRig(temp);
        rig.models.write("1", 2).write("2", 2).write("3", 2).serve("3").load("1", "2");
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.close();
    }

    @Test
    void whereATreatmentIsNotLoadedControlAnswersInItsPlace() throws Exception {
        rig.models.write("4", 2);
        Experiment experiment = Trials.split("f", "1", "4");
        rig.run(experiment);

        FailOverTest.assertAnswered(rig.predict(Requests.of(Trials.unitOf(experiment, "treatment")).build()), "1",
                "treatment", true);
    }

    @Test
    void aControlThatFailsInPlaceOfATreatmentThatIsNotLoadedIsNotAskedAgain() throws Exception {
        rig.models.write("4", 2);
        Experiment experiment = Trials.split("f", "1", "4");
        rig.run(experiment);
        rig.models.passes("1").fail();

        PredictionServiceTest.assertRefused(rig.predict(Requests.of(Trials.unitOf(experiment, "treatment")).build()),
                Refusal.INFERENCE_FAILED, "m:1");
        assertThat(rig.models.passes("1").count()).isEqualTo(1);
    }

    @Test
    void whereNoVariantIsLoadedProductionAnswersOutsideTheExperiment() throws Exception {
        rig.models.write("4", 2).write("5", 2);
        Experiment experiment = Trials.split("f", "4", "5");
        rig.run(experiment);

        for (String variant : new String[] { "control", "treatment" }) {
            assertThat(rig.predict(Requests.of(Trials.unitOf(experiment, variant)).build()))
                .isInstanceOfSatisfying(PredictionResult.Predicted.class, (answer) -> {
                    assertThat(answer.model()).isEqualTo(ServedModels.version("3"));
                    assertThat(answer.assignment()).isNull();
                    assertThat(answer.failedOver()).isFalse();
                });
        }
    }

    @Test
    void whereControlIsNotLoadedItsUnitsAreNotGivenToTheTreatment() throws Exception {
        rig.models.write("4", 2);
        Experiment experiment = Trials.split("f", "4", "2");
        rig.run(experiment);

        assertThat(rig.predict(Requests.of(Trials.unitOf(experiment, "control")).build()))
            .isInstanceOfSatisfying(PredictionResult.Predicted.class, (answer) -> {
                assertThat(answer.model()).isEqualTo(ServedModels.version("3"));
                assertThat(answer.assignment()).isNull();
            });
    }

}
