package io.modelserver.serving;

import java.time.Duration;
import java.util.List;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Assignment;
import io.modelserver.experiment.assign.Ending;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.RunningExperiments;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.fixtures.ManualClock;
import io.modelserver.fixtures.Requests;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.fixtures.Trials;
import io.modelserver.model.ModelId;
import io.modelserver.serving.Router.Routing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RouterTest {

    private static final Experiment EXPERIMENT = Trials.split("e", "1", "2");

    private final ManualClock clock = new ManualClock();

    private RunningExperiments running = new RunningExperiments(List.of(EXPERIMENT));

    private final Router router = new Router(() -> running, ServedModels.MODEL, clock.timeOfDay());

    @Test
    void withoutExperimentsEveryRequestGoesToTheVersionThatItAsksFor() {
        running = new RunningExperiments(List.of());

        assertThat(route(Requests.of("BTC"))).isEqualTo(new Routing.Direct());
        assertThat(route(Requests.of("BTC").model("other").version("3"))).isEqualTo(new Routing.Direct());
    }

    @ParameterizedTest
    @ValueSource(strings = { "control", "treatment" })
    void aRequestThatNamesNoVersionGoesToTheVariantOfItsUnit(String variant) {
        String symbol = Trials.unitOf(EXPERIMENT, variant);
        Routing assigned = new Routing.Assigned(Trials.assignment(EXPERIMENT, variant));

        assertThat(route(Requests.of(symbol))).isEqualTo(assigned);
        assertThat(route(Requests.of(symbol).model(ServedModels.MODEL))).isEqualTo(assigned);
        assertThat(route(Requests.of(symbol).version("production"))).isEqualTo(assigned);
        assertThat(route(Requests.of(symbol).version("latest"))).isEqualTo(assigned);
        assertThat(route(Requests.of(symbol).experiment("e"))).isEqualTo(assigned);
    }

    @Test
    void aRequestForAnotherModelIsNotTheExperiments() {
        assertThat(route(Requests.of("BTC").model("other"))).isEqualTo(new Routing.Direct());
    }

    @ParameterizedTest
    @ValueSource(strings = { "1", "2", "3", "staging" })
    void aRequestForAnExactVersionOrStagingIsNeverTheExperiments(String version) {
        for (String variant : List.of("control", "treatment")) {
            String symbol = Trials.unitOf(EXPERIMENT, variant);

            assertThat(route(Requests.of(symbol).version(version))).isEqualTo(new Routing.Direct());
            assertThat(route(Requests.of(symbol).version(version).model(ServedModels.MODEL)))
                .isEqualTo(new Routing.Direct());
            assertThat(route(Requests.of(symbol).version(version).experiment("e"))).isEqualTo(new Routing.Direct());
        }
    }

    @Test
    void anExperimentOfAnotherModelThanTheRequestNamesIsRefused() {
        assertThat(route(Requests.of("BTC").experiment("e").model("other")))
            .isEqualTo(new Routing.OtherModel("e", ServedModels.MODEL));
        assertThat(route(Requests.of("BTC").experiment("e").model(ServedModels.MODEL)))
            .isInstanceOf(Routing.Assigned.class);
    }

    @Test
    void anExperimentThatDoesNotRunIsNotFoundWhateverElseIsAskedFor() {
        assertThat(route(Requests.of("BTC").experiment("f"))).isEqualTo(new Routing.NoExperiment("f"));
        assertThat(route(Requests.of("BTC").experiment("f").version("1"))).isEqualTo(new Routing.NoExperiment("f"));
        running = new RunningExperiments(List.of());
        assertThat(route(Requests.of("BTC").experiment("e"))).isEqualTo(new Routing.NoExperiment("e"));
    }

    @Test
    void anExperimentWhoseTimeRanOutAssignsNothingFromThatInstantOn() {
        clock.advance(Trials.DURATION.minusNanos(1));
        assertThat(route(Requests.of("BTC"))).isInstanceOf(Routing.Assigned.class);

        clock.advance(Duration.ofNanos(1));

        assertThat(route(Requests.of("BTC"))).isEqualTo(new Routing.Direct());
        assertThat(route(Requests.of("BTC").experiment("e"))).isEqualTo(new Routing.NoExperiment("e"));
    }

    @Test
    void anExperimentThatWasEndedAssignsNothing() {
        running = new RunningExperiments(List.of(EXPERIMENT.ended(Ending.STOPPED, ManualClock.START, "a test")));

        assertThat(route(Requests.of("BTC"))).isEqualTo(new Routing.Direct());
    }

    @Test
    void anExperimentThatIsAskedForAssignsAlsoWhereItIsOfAnotherModel() {
        Experiment other = Trials.of("f", AssignBy.SYMBOL, Variant.serving("control", new ModelId("other", "1"), 0.5),
                Variant.serving("treatment", new ModelId("other", "2"), 0.5));
        running = new RunningExperiments(List.of(EXPERIMENT, other));

        assertThat(assignment(Requests.of("BTC").experiment("f")).experiment()).isEqualTo(other);
        assertThat(assignment(Requests.of("BTC")).experiment()).isEqualTo(EXPERIMENT);
        assertThat(assignment(Requests.of("BTC").model("other")).experiment()).isEqualTo(other);
    }

    @Test
    void unitsAreWhatTheExperimentAssignsBy() {
        assertThat(unit(AssignBy.SYMBOL, Requests.of("BTC").routingKey("bot"))).isEqualTo("BTC");
        assertThat(unit(AssignBy.KEY, Requests.of("BTC").routingKey("bot"))).isEqualTo("bot");
        assertThat(unit(AssignBy.KEY, Requests.of("BTC"))).isEqualTo("BTC");
        assertThat(unit(AssignBy.REQUEST, Requests.of("BTC").routingKey("bot"))).isEqualTo("p1");
    }

    @Test
    void aQueryAboutNothingInParticularIsAUnitOfItsOwn() {
        Routing routing = router.route(new Addressee(null, null, null, null, null), "p1");

        assertThat(routing).isInstanceOfSatisfying(Routing.Assigned.class,
                (assigned) -> assertThat(assigned.assignment().unit()).isEqualTo("p1"));
    }

    private String unit(AssignBy assignBy, Requests request) {
        running = new RunningExperiments(
                List.of(Trials.of("e", assignBy, Variant.serving("control", ServedModels.version("1"), 0.5),
                        Variant.serving("treatment", ServedModels.version("2"), 0.5))));
        return assignment(request).unit();
    }

    private Assignment assignment(Requests request) {
        return ((Routing.Assigned) route(request)).assignment();
    }

    private Routing route(Requests request) {
        return router.route(request.build().addressee(), "p1");
    }

}
