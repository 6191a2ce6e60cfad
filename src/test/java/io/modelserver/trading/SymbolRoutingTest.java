package io.modelserver.trading;

import java.nio.file.Path;
import java.util.List;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.fixtures.Requests;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.fixtures.Trials;
import io.modelserver.model.ModelId;
import io.modelserver.route.RouteProperties;
import io.modelserver.route.Routes;
import io.modelserver.serving.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The default model m takes two numbers; btc, to which BTC* is routed, takes three. */
@Timeout(120)
class SymbolRoutingTest {

    private static final ModelId BTC = new ModelId("btc", "1");

    @TempDir
    Path temp;

    private ServingRig rig;

    @BeforeEach
    void serve() throws Exception {
        rig = new ServingRig(temp, Routes.of(List.of(new RouteProperties(List.of("BTC*"), List.of(), "btc"),
                new RouteProperties(List.of("GONE"), List.of(), "gone"))));
        rig.models.write("1", 2).write("btc", "1", 3).write("btc", "2", 3);
        rig.models.folder().mark("btc", "production", "1");
        rig.models.serve("1");
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.close();
    }

    @Test
    void aRequestThatNamesNoModelGetsThatOfItsSymbol() throws Exception {
        assertAnswered(rig.predict(Requests.of("BTCUSDT").numbers(1, 2, 3).build()), BTC);
        assertAnswered(rig.predict(Requests.of("ETHUSDT").numbers(1, 2).build()), ServedModels.version("1"));
    }

    @Test
    void aRequestThatNamesAModelGetsIt() throws Exception {
        assertAnswered(rig.predict(Requests.of("BTCUSDT").model("m").numbers(1, 2).build()), ServedModels.version("1"));
        assertAnswered(rig.predict(Requests.of("ETHUSDT").model("btc").numbers(1, 2, 3).build()), BTC);
    }

    @Test
    void aVersionIsOneOfTheModelOfTheSymbol() throws Exception {
        assertAnswered(rig.predict(Requests.of("BTCUSDT").version("2").numbers(1, 2, 3).build()),
                new ModelId("btc", "2"));
        PredictionServiceTest.assertRefused(rig.predict(Requests.of("BTCUSDT").version("3").numbers(1, 2, 3).build()),
                Refusal.VERSION_NOT_FOUND, "btc", "modelserver.routes[0]");
    }

    @Test
    void ofABatchEachRequestGoesToTheModelOfItsSymbol() throws Exception {
        List<PredictionResult> results = rig.service
            .predictAll(
                    List.of(Requests.of("BTCUSDT").numbers(1, 2, 3).build(),
                            Requests.of("ETHUSDT").numbers(1, 2).build(), Requests.of("GONE").numbers(1, 2).build()),
                    3, rig.clock.getAsLong());

        assertAnswered(results.get(0), BTC);
        assertAnswered(results.get(1), ServedModels.version("1"));
        assertGone(results.get(2));
    }

    @Test
    void noOtherModelAnswersForOneThatIsNotThere() throws Exception {
        assertGone(rig.predict(Requests.of("GONE").build()));
        PredictionServiceTest.assertRefused(rig.predict(Requests.of("ETHUSDT").model("gone").build()),
                Refusal.MODEL_NOT_FOUND, "gone");
    }

    @Test
    void anExperimentAssignsRoutedRequestsAsIfTheyHadNamedTheModel() throws Exception {
        rig.run(onBtc("1", "1"));

        assertThat(rig.predict(Requests.of("BTCUSDT").numbers(1, 2, 3).routingKey("k").build())).isInstanceOfSatisfying(
                PredictionResult.Predicted.class, (answer) -> assertThat(answer.assignment()).isNotNull());
        assertThat(rig.predict(Requests.of("ETHUSDT").numbers(1, 2).routingKey("k").build())).isInstanceOfSatisfying(
                PredictionResult.Predicted.class, (answer) -> assertThat(answer.assignment()).isNull());
    }

    @Test
    void aRequestThatAsksForAnExperimentGetsItWhateverItsSymbol() throws Exception {
        rig.models.write("2", 2).load("2");
        rig.run(Trials.split("e", "1", "2"));

        assertThat(rig.predict(Requests.of("BTCUSDT").experiment("e").numbers(1, 2).build()))
            .isInstanceOfSatisfying(PredictionResult.Predicted.class, (answer) -> {
                assertThat(answer.model().name()).isEqualTo("m");
                assertThat(answer.assignment()).isNotNull();
            });
    }

    @Test
    void whereNoVariantOfAnExperimentIsLoadedThatIsAskedForItsModelAnswers() throws Exception {
        rig.run(onBtc("8", "9"));

        assertAnswered(rig.predict(Requests.of("ETHUSDT").experiment("b").routingKey("k").numbers(1, 2, 3).build()),
                BTC);
    }

    private static Experiment onBtc(String control, String treatment) {
        return Trials.of("b", AssignBy.KEY, Variant.serving("control", new ModelId("btc", control), 0.5),
                Variant.serving("treatment", new ModelId("btc", treatment), 0.5));
    }

    private static void assertGone(PredictionResult result) {
        PredictionServiceTest.assertRefused(result, Refusal.NO_PRODUCTION_MODEL, "gone", "modelserver.routes[1]",
                "'GONE'");
    }

    private static void assertAnswered(PredictionResult result, ModelId version) {
        assertThat(result).isInstanceOfSatisfying(PredictionResult.Predicted.class,
                (answer) -> assertThat(answer.model()).isEqualTo(version));
    }

}
