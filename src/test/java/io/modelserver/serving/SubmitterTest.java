package io.modelserver.serving;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

import io.modelserver.batching.BatchResult;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.fixtures.ManualClock;
import io.modelserver.fixtures.Requests;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.fixtures.Trials;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.signal.Signal;
import io.modelserver.trading.ServingRig;
import io.modelserver.trading.StepTimestamp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A submitter lets go of the version that it is given, unless the request is in flight;
 * after each test nobody holds one.
 */
@Timeout(120)
class SubmitterTest {

    private static final Experiment EXPERIMENT = Trials.split("e", "1", "2");

    @TempDir
    Path temp;

    private final List<Attempt<Signal>> attempts = new ArrayList<>();

    private ServingRig rig;

    private Submitter submitter;

    @BeforeEach
    void load() throws Exception {
        rig = new ServingRig(temp);
        rig.models.write("1", 2).write("2", 2).serve("1").load("2");
        submitter = new Submitter(rig.models.registry(), rig.clock);
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        attempts.forEach(Attempt::release);
        rig.close();
    }

    @Test
    void aRequestInFlightHoldsItsVersionUntilItIsReleased() throws Exception {
        ModelLease lease = rig.models.lease("1");

        Attempt.InFlight<Signal> attempt = inFlight(
                submitter.submit(rig.query(Requests.of("BTC").build()), lease, Passages.direct(rig), false));

        assertThat(attempt.lease()).isSameAs(lease);
        assertThat(attempt.failedOver()).isFalse();
        assertThat(attempt.pending().await()).isInstanceOf(BatchResult.Computed.class);
        assertThat(rig.models.passes("1").inputs()).containsExactly(attempt.prepared().input());
        attempt.release();
        attempt.release();
    }

    @Test
    void theDecodingOfARequestIsTimed() throws Exception {
        AtomicLong ticking = new AtomicLong();
        Submitter timed = new Submitter(rig.models.registry(), () -> ticking.getAndAdd(1_000));
        rig.models.write("3", 3, 1).load("3");

        Attempt.InFlight<Signal> whole = inFlight(timed.submit(rig.query(Requests.of("BTC").build()),
                rig.models.lease("1"), Passages.direct(rig), false));
        timed.submit(rig.query(Requests.of("BTC").numbers(1).build()), rig.models.lease("3"), Passages.direct(rig),
                false);
        timed.submit(rig.query(Requests.of("BTC").numbers(2).build()), rig.models.lease("3"), Passages.direct(rig),
                false);
        Attempt.InFlight<Signal> step = inFlight(timed.submit(rig.query(Requests.of("BTC").numbers(3).build()),
                rig.models.lease("3"), Passages.direct(rig), false));

        assertThat(whole.prepared().inputNanos()).isEqualTo(1_000);
        assertThat(step.prepared().inputNanos()).isEqualTo(1_000);
    }

    @Test
    void featuresThatDoNotFitLetGoOfTheVersion() throws Exception {
        assertInvalid(submit(Requests.of("BTC").numbers(1, 2, 3)), "3 numbers");
        assertInvalid(submit(Requests.of("BTC").unusable("features are a string")), "features are a string");
    }

    @Test
    void featuresThatAreNoJsonLetGoOfTheVersion() throws Exception {
        assertInvalid(submit(Requests.of("BTC").named("{\"candle\": [1, 2")), "");
        assertInvalid(submit(Requests.of("BTC").named("{\"candle\": 1, \"candle\": 2}")), "candle");
    }

    @Test
    void aWindowThatIsNotFullLetsGoOfTheVersion() throws Exception {
        rig.models.write("3", 3, 1).load("3");

        Attempt<Signal> attempt = submitter.submit(rig.query(Requests.of("BTC").numbers(1).build()),
                rig.models.lease("3"), Passages.direct(rig), false);

        assertThat(attempt).isEqualTo(new Attempt.Ended<>(new Reply.NotYet<>(1, 3, null)));
    }

    @Test
    void aStepThatIsRefusedLetsGoOfTheVersion() throws Exception {
        rig.models.write("3", 3, 1).load("3");
        long now = ManualClock.START.toEpochMilli();

        for (long at : new long[] { now, now - 1, 5 }) {
            attempts.add(submitter.submit(rig.query(Requests.of("BTC").numbers(1).at(at).build()),
                    rig.models.lease("3"), Passages.direct(rig), false));
        }
        attempts.add(submitter.submit(
                rig.query(Requests.of("BTC").numbers(1).at(new StepTimestamp(OptionalLong.empty(), "no time")).build()),
                rig.models.lease("3"), Passages.direct(rig), false));

        assertThat(attempts).first().isEqualTo(new Attempt.Ended<>(new Reply.NotYet<>(1, 3, null)));
        assertThat(attempts.stream().skip(1).map(SubmitterTest::refusal)).containsExactly(Refusal.STALE_STEP,
                Refusal.INVALID_FEATURES, Refusal.INVALID_FEATURES);
    }

    @Test
    void aVersionThatIsBeingClosedTakesNoRequest() throws Exception {
        ModelLease lease = rig.models.lease("2");
        assertThat(lease.batcher().stop(Duration.ofMinutes(1))).isTrue();

        Attempt<Signal> attempt = submitter.submit(rig.query(Requests.of("BTC").build()), lease, Passages.direct(rig),
                false);

        assertThat(refusal(attempt)).isEqualTo(Refusal.SHUTTING_DOWN);
    }

    @Test
    void controlThatIsBeingClosedDoesNotAnswerForItsTreatment() throws Exception {
        Attempt.InFlight<Signal> failed = treated();
        try (ModelLease control = rig.models.lease("1")) {
            assertThat(control.batcher().stop(Duration.ofMinutes(1))).isTrue();
        }

        assertThat(submitter.failOver(failed)).isEmpty();
    }

    @Test
    void aRequestThatFailsOverIsNotDecodedAgain() throws Exception {
        Attempt.InFlight<Signal> failed = treated();

        Attempt.InFlight<Signal> control = (Attempt.InFlight<Signal>) submitter.failOver(failed).orElseThrow();
        attempts.add(control);

        assertThat(control.prepared()).isSameAs(failed.prepared());
        assertThat(control.failedOver()).isTrue();
        assertThat(control.lease().metadata().id()).isEqualTo(ServedModels.version("1"));
        assertThat(control.pending().await()).isInstanceOf(BatchResult.Computed.class);
        assertThat(submitter.failOver(control)).isEmpty();
    }

    @Test
    void aRequestOfNoExperimentOrOfControlDoesNotFailOver() throws Exception {
        assertThat(submitter.failOver(inFlight(submit(Requests.of("BTC"))))).isEmpty();

        Attempt.InFlight<Signal> controlled = inFlight(submitter.submit(rig.query(Requests.of("BTC").build()),
                rig.models.lease("1"), Passages.of(rig, Trials.assignment(EXPERIMENT, "control")), false));
        assertThat(submitter.failOver(controlled)).isEmpty();
    }

    @Test
    void controlThatTakesOtherInputsIsNotAsked() throws Exception {
        rig.models.write("3", 2, 1).load("3");
        Attempt.InFlight<Signal> failed = inFlight(
                submitter.submit(rig.query(Requests.of("BTC").build()), rig.models.lease("2"),
                        Passages.of(rig, Trials.assignment(Trials.split("f", "3", "2"), "treatment")), false));

        assertThat(submitter.failOver(failed)).isEmpty();
    }

    private Attempt.InFlight<Signal> treated() throws Exception {
        return inFlight(submitter.submit(rig.query(Requests.of("BTC").build()), rig.models.lease("2"),
                Passages.of(rig, Trials.assignment(EXPERIMENT, "treatment")), false));
    }

    private Attempt<Signal> submit(Requests request) throws Exception {
        return submitter.submit(rig.query(request.build()), rig.models.lease("1"), Passages.direct(rig), false);
    }

    private Attempt.InFlight<Signal> inFlight(Attempt<Signal> attempt) {
        attempts.add(attempt);
        assertThat(attempt).isInstanceOf(Attempt.InFlight.class);
        return (Attempt.InFlight<Signal>) attempt;
    }

    private static Refusal refusal(Attempt<Signal> attempt) {
        return ((Reply.Refused<Signal>) ((Attempt.Ended<Signal>) attempt).reply()).reason();
    }

    private static void assertInvalid(Attempt<Signal> attempt, String mentioned) {
        assertThat(refusal(attempt)).isEqualTo(Refusal.INVALID_FEATURES);
        assertThat(((Reply.Refused<Signal>) ((Attempt.Ended<Signal>) attempt).reply()).detail()).contains(mentioned);
    }

}
