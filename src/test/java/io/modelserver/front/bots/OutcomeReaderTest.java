package io.modelserver.front.bots;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.modelserver.front.problem.ProblemException;
import io.modelserver.ledger.Outcome;
import io.modelserver.ledger.store.OutcomeLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OutcomeReaderTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static final UUID ID = UUID.fromString("019b7b2e-4c5e-7a10-8000-3f2a61c0d9e4");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "'actual_return':-1.5|[0].actual_return|from -1.0 to 1.0",
            "'actual_return':-120|[0].actual_return|from -1.0 to 1.0",
            "'actual_return':1e6|[0].actual_return|max-return",
            "'actual_return':1.001|[0].actual_return|modelserver.experiment.max-return",
            "'actual_return':0,'fee':-0.001|[0].fee|from 0 to 1.0",
            "'actual_return':0,'fee':10|[0].fee|0.001 for 0.1 %", "'actual_return':0,'fee':'1'|[0].fee|fraction",
            "'actual_return':0,'closed_at':'2026-01-02T03:10:00Z'|[0].closed_at|in the future (now is 2026-01-02T03:04:05Z)",
            "'actual_return':0,'closed_at':1767323045123000|[0].closed_at|looks like microseconds",
            "'actual_return':0,'closed_at':100|[0].closed_at|before the year 2000",
            "'actual_return':0,'closed_at':'2026-01-02T03:04:05'|[0].closed_at|ISO-8601 time with an offset",
            "'actual_return':0,'closed_at':true|[0].closed_at|expected milliseconds since 1970" })
    void anOutcomeThatCanNotBeIsRefusedWithItsPlaceAndField(String fields, String field, String told) {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read(fields, 1))
            .withMessageContaining(field + ": ")
            .withMessageContaining(told)
            .withMessageContaining("none of the outcomes was stored");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            value = { "'actual_return':%s|[0].actual_return|from -1.0 to 1.0",
                    "'actual_return':-%s|[0].actual_return|from -1.0 to 1.0",
                    "'actual_return':0,'fee':%s|[0].fee|from 0 to 1.0",
                    "'actual_return':0,'closed_at':%s|[0].closed_at|expected milliseconds since 1970" })
    void anIntegerBeyondEveryDoubleIsRefusedLikeAnyOtherNumber(String fields, String field, String told) {
        anOutcomeThatCanNotBeIsRefusedWithItsPlaceAndField(fields.formatted("9".repeat(400)), field, told);
    }

    @Test
    void aMissingReturnIsToldAsMissing() {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read("'fee':0", 1))
            .withMessageContaining("[0].actual_return: required: what the price did as a fraction of it");
    }

    @Test
    void anOutcomeAtTheEdgeOfWhatCanBeIsTaken() {
        assertThat(read("'actual_return':-1,'fee':0,'closed_at':'2026-01-02T03:09:00Z'", 1)).singleElement()
            .isEqualTo(new Outcome(ID, -1, Instant.parse("2026-01-02T03:09:00Z"), 0.0));
        assertThat(read("'actual_return':1,'fee':null", 1)).singleElement().isEqualTo(new Outcome(ID, 1, null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = { "1767323045000", "1767323045", "'2026-01-02T03:04:05Z'", "'2026-01-02 03:04:05+0000'",
            "'2026-01-02 04:04:05+01:00'" })
    void whenAPositionWasClosedIsReadAsTheTimeOfARequestIs(String closedAt) {
        assertThat(read("'actual_return':0,'closed_at':" + closedAt, 1)).singleElement()
            .extracting(Outcome::closedAt)
            .isEqualTo(NOW);
    }

    @Test
    void aSettingWidensReturnsButNothingLosesMoreThanAllOfIt() {
        assertThat(read("'actual_return':2.5", 3)).singleElement().extracting(Outcome::actualReturn).isEqualTo(2.5);
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read("'actual_return':-1.01", 3));
    }

    @Test
    void theOneThatWasClosedBeforeItsPredictionIsNamed() {
        OutcomeReader reader = reader("'actual_return':0", 1);
        List<Outcome> outcomes = reader.read();

        reader.refuse(outcomes, Set.of());
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> reader.refuse(outcomes, Set.of(ID)))
            .withMessageContaining("[0].closed_at: expected a time after the prediction");
    }

    private static List<Outcome> read(String fields, double maxReturn) {
        return reader(fields, maxReturn).read();
    }

    private static OutcomeReader reader(String fields, double maxReturn) {
        String json = "[{'prediction_id':'%s',%s}]".formatted(ID, fields).replace('\'', '"');
        return new OutcomeReader(JsonMapper.shared().readTree(json), new OutcomeLimits(maxReturn), NOW);
    }

}
