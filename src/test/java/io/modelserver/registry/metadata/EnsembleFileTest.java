package io.modelserver.registry.metadata;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.modelserver.consensus.ConsensusRules;
import io.modelserver.consensus.Strategy;
import io.modelserver.consensus.TieRule;
import io.modelserver.engine.ModelLoadException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EnsembleFileTest {

    @Test
    void whatIsLeftOutIsUsual() throws ModelLoadException {
        Ensemble ensemble = read("{\"members\": [{\"model\": \"a\"}]}");

        assertThat(ensemble.members()).containsExactly(new Ensemble.Member("a", "a", null, Stage.PRODUCTION, 1));
        assertThat(ensemble.rules()).isEqualTo(ConsensusRules.DEFAULT);
        assertThat(ensemble.minMembers()).isEqualTo(1);
    }

    @Test
    void everythingIsRead() throws ModelLoadException {
        Ensemble ensemble = read(
                """
                        {"members": [{"model": "a", "version": "1", "weight": 0.4}, {"model": "b", "stage": "staging", "weight": 2},
                                     {"model": "c", "version": "latest"}],
                         "strategy": "Majority", "min_confidence": 0.6, "unanimous_threshold": 0.8,
                         "conflict_resolution": "highest_confidence", "performance_window": "36h", "min_outcomes": 10,
                         "min_members": 2}""");

        assertThat(ensemble.members()).containsExactly(new Ensemble.Member("a", "a", "1", null, 0.4),
                new Ensemble.Member("b", "b", null, Stage.STAGING, 2),
                new Ensemble.Member("c", "c", null, Stage.PRODUCTION, 1));
        assertThat(ensemble.members()).extracting(Ensemble.Member::address)
            .containsExactly("1", "staging", "production");
        assertThat(ensemble.rules()).isEqualTo(
                new ConsensusRules(Strategy.MAJORITY, 0.6, 0.8, TieRule.HIGHEST_CONFIDENCE, Duration.ofHours(36), 10));
        assertThat(ensemble.minMembers()).isEqualTo(2);
    }

    @Test
    void membersOfOneModelAreToldApart() throws ModelLoadException {
        assertThat(read("{\"members\": [{\"model\": \"a\"}, {\"model\": \"a\", \"version\": \"1\"}]}").members())
            .extracting(Ensemble.Member::name)
            .containsExactly("a:production", "a:1");
    }

    @ParameterizedTest
    @CsvSource({ "7d, 168", "2w, 336", "PT12H, 12", "P1D, 24" })
    void periodsAreWrittenInTwoWays(String text, long hours) throws ModelLoadException {
        assertThat(read("{\"members\": [{\"model\": \"a\"}], \"performance_window\": \"%s\"}".formatted(text)).rules()
            .performanceWindow()).isEqualTo(Duration.ofHours(hours));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    {} | members must be a list of 1 to 32 members
                    {"members": []} | not of 0
                    {"members": "a"} | members must be a list
                    {"members": ["a"]} | members[0] must name its model
                    {"members": [{"model": " "}]} | members[0] must name its model
                    {"members": [{"model": "a", "weight": 0}]} | members[0].weight must be a number greater than 0, not 0
                    {"members": [{"model": "a", "weight": -1}]} | greater than 0, not -1
                    {"members": [{"model": "a", "weight": NaN}]} | greater than 0
                    {"members": [{"model": "a", "weight": 1e999}]} | greater than 0
                    {"members": [{"model": "a", "weight": "1"}]} | greater than 0, not "1"
                    {"members": [{"model": "a", "stage": "ARCHIVED"}]} | must be PRODUCTION or STAGING, not 'ARCHIVED'
                    {"members": [{"model": "a", "stage": 1}]} | members[0].stage must be a text, not 1
                    {"members": [{"model": "a", "stage": "STAGING", "version": "1"}]} | both a version and a stage
                    {"members": [{"model": "a"}, {"model": "a", "stage": "production"}]} | a:production is a member twice
                    {"members": [{"model": "a"}], "strategy": "vote"} | the strategy "vote" is unknown: it may be weighted_voting
                    {"members": [{"model": "a"}], "strategy": 1} | the strategy 1 is unknown
                    {"members": [{"model": "a"}], "min_confidence": 50} | min_confidence must be a number from 0 to 1, not 50
                    {"members": [{"model": "a"}], "unanimous_threshold": -0.1} | unanimous_threshold must be a number from 0 to 1
                    {"members": [{"model": "a"}], "conflict_resolution": "coin"} | "hold" or "highest_confidence", not "coin"
                    {"members": [{"model": "a"}], "performance_window": 100} | performance_window must be a period such as
                    {"members": [{"model": "a"}], "performance_window": "0d"} | performance_window must be a period such as
                    {"members": [{"model": "a"}], "min_outcomes": 0} | min_outcomes must be a whole number of at least 1, not 0
                    {"members": [{"model": "a"}], "min_members": 1.5} | min_members must be a whole number of at least 1, not 1.5
                    {"members": [{"model": "a"}], "min_members": 2} | min_members is 2, but there are only 1 members
                    {"members": [{"model": "a"}], "members": []} | twice
                    [1 | ensemble.json is not valid JSON
                    """)
    void whatCannotBeMeantIsRefusedWithASentence(String content, String sentence) {
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> read(content))
            .withMessageStartingWith("ensemble.json")
            .withMessageContaining(sentence);
    }

    private static Ensemble read(String content) throws ModelLoadException {
        return EnsembleFile.read(content.getBytes(StandardCharsets.UTF_8));
    }

}
