package io.modelserver.ledger;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.modelserver.consensus.ConsensusRules;
import io.modelserver.consensus.Strategy;
import io.modelserver.consensus.TieRule;
import io.modelserver.ledger.store.LedgerEntry;
import io.modelserver.ledger.store.TestDatabase;
import io.modelserver.model.ModelId;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** How good the members of an ensemble are found, on each database. */
@ParameterizedClass
@EnumSource
class MemberAccuracyTest {

    private static final ModelId A = new ModelId("a", "1");

    private static final ModelId B = new ModelId("b", "1");

    private static final Instant NOW = LedgerFixture.NOW;

    private final TestDatabase kind;

    @TempDir
    Path folder;

    private LedgerFixture ledger;

    private MemberAccuracy accuracy;

    MemberAccuracyTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() {
        ledger = new LedgerFixture(kind, kind.url(folder));
        accuracy = new MemberAccuracy(ledger.database(), 0.001, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
    }

    @Test
    void anOutcomeScoresEachMemberByItsOwnAdvice() {
        ConsensusRules rules = rules(3);
        answered(NOW.minusSeconds(30), Direction.BUY, Direction.SELL, 0.02);
        answered(NOW.minusSeconds(20), Direction.SELL, Direction.SELL, -0.02);
        answered(NOW.minusSeconds(10), Direction.HOLD, Direction.BUY, 0.0005);
        answered(NOW.minusSeconds(5), Direction.SELL, Direction.SELL, null);
        assertThat(accuracy.of(A, rules)).isEqualTo(1);
        accuracy.of(B, rules);

        ledger.database();
        accuracy.refresh();

        assertThat(accuracy.of(A, rules)).isEqualTo(1);
        assertThat(accuracy.of(B, rules)).isEqualTo(1 / 3.0);
        assertThat(accuracy.of(new ModelId("a", "2"), rules)).isEqualTo(1);
    }

    @Test
    void untilThereAreEnoughOutcomesItIsAsGoodAsAny() {
        answered(NOW.minusSeconds(30), Direction.BUY, Direction.SELL, 0.02);
        accuracy.of(B, rules(2));
        accuracy.of(B, rules(1));

        ledger.database();
        accuracy.refresh();

        assertThat(accuracy.of(B, rules(2))).isEqualTo(1);
        assertThat(accuracy.of(B, rules(1))).isZero();
    }

    @Test
    void whatIsOlderThanTheWindowDoesNotCount() {
        answered(NOW.minus(Duration.ofHours(2)), Direction.BUY, Direction.SELL, 0.02);
        accuracy.of(B, rules(1));

        ledger.database();
        accuracy.refresh();

        assertThat(accuracy.of(B, rules(1))).isEqualTo(1);
    }

    @Test
    void retentionDeletesMembersWithTheirPrediction() {
        answered(NOW.minusSeconds(30), Direction.BUY, Direction.SELL, 0.02);

        new Retention(ledger.database(), Duration.ofSeconds(1), Clock.fixed(NOW, ZoneOffset.UTC)).apply();

        Integer left = ledger.database()
            .inTransaction((jdbc) -> jdbc.queryForObject("select count(*) from member_prediction", Integer.class));
        assertThat(left).isZero();
    }

    private void answered(Instant time, Direction a, Direction b, @Nullable Double actualReturn) {
        UUID id = ledger.id(time);
        ledger.add(new LedgerEntry.Prediction(
                id, time, null, "BTC", new ModelId("ensemble", "1"), null, false, new LedgerEntry.Answer(a, 0.75f, null,
                        Map.of(), List.of(new LedgerEntry.MemberAdvice(A, a), new LedgerEntry.MemberAdvice(B, b))),
                1_500_000));
        if (actualReturn != null) {
            ledger.outcomes().store(List.of(new Outcome(id, actualReturn, null, null)));
        }
    }

    private static ConsensusRules rules(int minOutcomes) {
        return new ConsensusRules(Strategy.ADAPTIVE, 0.5, 0.7, TieRule.HOLD, Duration.ofHours(1), minOutcomes);
    }

}
