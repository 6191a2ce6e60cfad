package io.modelserver.experiment.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Guardrails;
import io.modelserver.experiment.assign.OnVerdict;
import io.modelserver.experiment.assign.Samples;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.TrafficFacts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProspectsTest {

    private static final Instant WEEK_AGO = Samples.START.minus(Duration.ofDays(7));

    private static final TrafficFacts NOTHING = new TrafficFacts(0, 0, null, null);

    @Test
    void tenSymbolsSplitBySymbolAreNeverJudgedAndItSaysWhatWouldBe() {
        assertThat(Prospects.warnings(split(AssignBy.SYMBOL, 0.5, 72), traffic(10, 100_000))).singleElement()
            .asString()
            .startsWith(
                    "model 'hybrid_cnn_lstm' was asked for 10 symbols in the last days; control will get about 5.0 of "
                            + "them, and a verdict needs 10.")
            .contains("A shadow (\"shadow\": true)", "\"assign_by\": \"key\", the hour as routing_key");
        assertThat(Prospects.warnings(split(AssignBy.REQUEST, 0.5, 72), traffic(10, 100_000))).isEmpty();
        assertThat(Prospects.warnings(split(AssignBy.SYMBOL, 0.5, 72), traffic(20, 100_000))).isEmpty();
    }

    @Test
    void aTimeOfLessThanTenBlocksIsSaid() {
        assertThat(Prospects.warnings(split(AssignBy.REQUEST, 0.5, 24), NOTHING)).isEmpty();
        assertThat(Prospects.warnings(with(Duration.ofHours(1), 24), NOTHING)).singleElement()
            .asString()
            .isEqualTo(
                    "it runs for 24 h, which is less than the 10 time blocks of 4 h that a verdict needs (4 times the "
                            + "outcome_horizon, an hour at least). Let it run for 40 h or longer.");
        assertThat(Prospects.warnings(with(null, 24), NOTHING)).singleElement().asString().contains("report closed_at");
        assertThat(Prospects.warnings(with(Duration.ofHours(1), 40), NOTHING)).isEmpty();
    }

    @Test
    void outcomesThatWillNotSufficeAreSaid() {
        assertThat(Prospects.warnings(split(AssignBy.REQUEST, 0.1, 72), traffic(500, 701))).singleElement()
            .asString()
            .startsWith(
                    "model 'hybrid_cnn_lstm' answers about 100 requests a day: treatment will get about 30, and a verdict "
                            + "needs 100 outcomes of it.");
        assertThat(Prospects.warnings(split(AssignBy.REQUEST, 0.1, 72), traffic(500, 7_001))).isEmpty();
    }

    @Test
    void whatIsNotKnownIsNotWarnedOf() {
        TrafficFacts aMinute = new TrafficFacts(500, 2, Samples.START, Samples.START.plusSeconds(60));

        assertThat(Prospects.warnings(split(AssignBy.SYMBOL, 0.1, 72), NOTHING)).isEmpty();
        assertThat(Prospects.warnings(split(AssignBy.REQUEST, 0.1, 72), aMinute)).isEmpty();
    }

    @Test
    void aShadowNeedsNoSymbolsOfItsOwn() {
        Experiment experiment = new Experiment("e",
                List.of(Variant.serving("control", Samples.model("a"), 1), Variant.shadow("shade", Samples.model("b"))),
                AssignBy.SYMBOL, Samples.START, Duration.ofDays(3), 100, OnVerdict.REPORT, Guardrails.none(),
                new Status.Running(), Samples.HORIZON, null);

        assertThat(Prospects.warnings(experiment, traffic(1, 10_000))).isEmpty();
    }

    @Test
    void moreOutcomesThanTimeWillBringAreWarnedOfThoughNothingIsKnownOfTheTraffic() {
        Experiment experiment = new Experiment("e",
                List.of(Variant.serving("control", Samples.model("a"), 1), Variant.shadow("shade", Samples.model("b"))),
                AssignBy.SYMBOL, Samples.START, Duration.ofHours(24), 1_000_000_000, OnVerdict.REPORT,
                Guardrails.none(), new Status.Running(), Samples.HORIZON, null);

        assertThat(Prospects.warnings(experiment, NOTHING)).singleElement()
            .asString()
            .startsWith(
                    "a verdict needs 1000000000 outcomes of control within 24 h: that takes 11574 requests a second");
    }

    @Test
    void aVersionAgainstItselfIsWarnedOf() {
        Experiment experiment = new Experiment("e",
                List.of(Variant.serving("control", Samples.model("a"), 1), Variant.shadow("shade", Samples.model("a"))),
                AssignBy.SYMBOL, Samples.START, Duration.ofDays(3), 100, OnVerdict.REPORT, Guardrails.none(),
                new Status.Running(), Samples.HORIZON, null);

        assertThat(Prospects.warnings(experiment, NOTHING)).singleElement()
            .asString()
            .startsWith("control and shade are the same version, a of model 'hybrid_cnn_lstm'");
    }

    private static TrafficFacts traffic(int symbols, int predictions) {
        return new TrafficFacts(symbols, predictions, WEEK_AGO, Samples.START);
    }

    private static Experiment split(AssignBy assignBy, double share, int hours) {
        return experiment(assignBy, share, hours, Samples.HORIZON);
    }

    private static Experiment with(@Nullable Duration horizon, int hours) {
        return experiment(AssignBy.REQUEST, 0.5, hours, horizon);
    }

    private static Experiment experiment(AssignBy assignBy, double share, int hours, @Nullable Duration horizon) {
        return new Experiment("e",
                List.of(Variant.serving("control", Samples.model("a"), 1 - share),
                        Variant.serving("treatment", Samples.model("b"), share)),
                assignBy, Samples.START, Duration.ofHours(hours), 100, OnVerdict.REPORT, Guardrails.none(),
                new Status.Running(), horizon, null);
    }

}
