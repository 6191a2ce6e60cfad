package io.modelserver.trading;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.modelserver.fixtures.ServedModels;
import io.modelserver.front.json.JsonSlice;
import io.modelserver.front.json.PredictionRequestReader;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.serving.FieldProblem;
import io.modelserver.serving.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Values that callers do not have. They may be missing for the versions {@code row} and
 * {@code window}, which looks at two steps, not for {@code strict-row} and
 * {@code strict-window}.
 */
@Timeout(120)
class MissingValuesTest {

    private static final String NAMES = "\"feature_names\": [\"a\", \"b\", \"c\"]";

    @TempDir
    Path temp;

    private ServingRig rig;

    @BeforeEach
    void run() throws Exception {
        rig = new ServingRig(temp);
        version("row", "{\"input_shape\": [3], \"missing\": \"allowed\", %s}");
        version("strict-row", "{\"input_shape\": [3], %s}");
        version("unnamed", "{\"input_shape\": [3], \"missing\": \"allowed\"}");
        version("window", "{\"input_shape\": [2, 3], \"missing\": \"allowed\", %s}");
        version("strict-window", "{\"input_shape\": [2, 3], %s}");
    }

    private void version(String version, String metadata) throws Exception {
        rig.models.folder().version(ServedModels.MODEL, version, "0.5", metadata.formatted(NAMES));
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = { "[1, null, 3]", "[[1, null, 3]]", "{\"a\": 1, \"b\": null, \"c\": 3}",
            "[{\"c\": 3, \"b\": null, \"a\": 1}]" })
    void aNullIsAValueThatIsMissing(String features) throws Exception {
        assertThat(predict("row", features)).isInstanceOf(PredictionResult.Predicted.class);

        assertThat(rig.answered.getLast().input().tensors().getFirst().values()).containsExactly(1, Float.NaN, 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = { "row|[null, null, null]", "row|[[null, null, null]]",
                    "row|{\"a\": null, \"b\": null, \"c\": null}", "window|[null, null, null]",
                    "window|[[null, null, null], [null, null, null]]" })
    void aRowWithoutAnyValueIsRefused(String version, String features) throws Exception {
        assertThat(refused(version, features).detail()).startsWith("features: all ")
            .endsWith("values are null, expected one number at least");
    }

    @Test
    void withoutNamesANullKeepsThePlaceOfItsValue() throws Exception {
        predict("unnamed", "{\"candle\": {\"b\": null, \"a\": 1, \"note\": \"x\"}, \"indicator\": {\"c\": 3}}");

        assertThat(rig.answered.getLast().input().tensors().getFirst().values()).containsExactly(1, Float.NaN, 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    [1, null, 3]                   | features[1] is null, expected a number
                    [[1, 2, null]]                 | features[2] is null, expected a number
                    {"a": 1, "b": null, "c": 3}    | features: of 3 named features 1 is not a finite number (features.b: expected a number, got null)
                    """)
    void whereNoneMayBeMissingANullIsRefused(String features, String detail) throws Exception {
        assertThat(refused("strict-row", features).detail()).isEqualTo(detail);
    }

    @Test
    void aNameThatIsNotThereIsNotAValueThatIsMissing() throws Exception {
        PredictionResult.Refused refused = refused("row", "{\"a\": null, \"c\": 3}");

        assertThat(refused.detail()).contains("of 3 named features 1 is missing");
        assertThat(refused.problems()).containsExactly(new FieldProblem("features.b", "missing"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = { "[1, 1e39, null]|features[1] is not finite as a 32-bit float",
                    "{\"a\": 1e39, \"b\": null, \"c\": 1}|features.a: not finite as a 32-bit float",
                    "[1, \"\", null]|features[1] is a string, expected a number" })
    void whatIsNoNumberIsNotMissing(String features, String detail) throws Exception {
        assertThat(detail("row", features)).contains(detail);
    }

    @Test
    void theValueUnderTheLongestKeyCountsThoughItIsNull() throws Exception {
        version("dotted", "{\"input_shape\": [2], \"missing\": \"allowed\", \"feature_names\": [\"a.b\", \"c\"]}");

        predict("dotted", "{\"a\": {\"b\": 1}, \"a.b\": null, \"c\": 2}");
        predict("dotted", "{\"a\": {\"b\": null}, \"a.b\": 1, \"c\": 2}");

        assertThat(rig.answered.get(0).input().tensors().getFirst().values()).containsExactly(Float.NaN, 2);
        assertThat(rig.answered.get(1).input().tensors().getFirst().values()).containsExactly(1, 2);
    }

    @Test
    void aStepWithAMissingValueReachesOnlyVersionsThatAllowIt() throws Exception {
        step("window", 1, "[1, 2, 3]");
        assertThat(step("window", 2, "[4, null, 6]")).isInstanceOf(PredictionResult.Predicted.class);
        assertThat(rig.answered.getLast().input().tensors().getFirst().values()).containsExactly(1, 2, 3, 4, Float.NaN,
                6);

        PredictionResult refused = step("strict-window", 3, "[7, 8, 9]");
        assertThat(refused).isInstanceOfSatisfying(PredictionResult.Refused.class, (answer) -> {
            assertThat(answer.reason()).isEqualTo(Refusal.INVALID_FEATURES);
            assertThat(answer.detail())
                .startsWith("step 1 of the 2 in the window of 'A' has no value for b, and values must "
                        + "not be missing for m:strict-window");
        });

        assertThat(step("strict-window", 4, "[10, 11, 12]")).isInstanceOf(PredictionResult.Predicted.class);
        assertThat(rig.answered.getLast().input().tensors().getFirst().values()).containsExactly(7, 8, 9, 10, 11, 12);
    }

    @Test
    void aHistoryMayLackValuesWhereTheyMayBeMissing() throws Exception {
        assertThat(fill("window", "[[1, null, 3], [4, 5, 6]]")).isInstanceOf(HistoryResult.Kept.class);
        assertThat(fill("strict-window", "[[1, null, 3], [4, 5, 6]]"))
            .isInstanceOfSatisfying(HistoryResult.Refused.class, (refused) -> assertThat(refused.refusal().detail())
                .isEqualTo("features[1] is null, expected a number"));
        step("window", 1, "[7, 8, 9]");
        assertThat(rig.answered.getLast().input().tensors().getFirst().values()).containsExactly(4, 5, 6, 7, 8, 9);
    }

    private PredictionResult predict(String version, String features) throws Exception {
        return rig.predict(reader(version, features, "").read());
    }

    private PredictionResult.Refused refused(String version, String features) throws Exception {
        PredictionResult result = predict(version, features);
        assertThat(result).isInstanceOfSatisfying(PredictionResult.Refused.class,
                (refused) -> assertThat(refused.reason()).isEqualTo(Refusal.INVALID_FEATURES));
        return (PredictionResult.Refused) result;
    }

    /** Some things are told before the model is known. */
    private String detail(String version, String features) throws Exception {
        try {
            return refused(version, features).detail();
        }
        catch (ProblemException ex) {
            return String.valueOf(ex.getMessage());
        }
    }

    /** A step at a minute of its own. */
    private PredictionResult step(String version, int minute, String features) throws Exception {
        long millis = rig.clock.timeOfDay().millis() + 60_000L * (minute - 10);
        return rig.predict(reader(version, features, ", \"timestamp\": " + millis).read());
    }

    private HistoryResult fill(String version, String features) throws Exception {
        return rig.windows.fill(reader(version, features, "").read(), Long.MAX_VALUE);
    }

    private static PredictionRequestReader reader(String version, String features, String more) {
        String json = "{\"symbol\": \"A\", \"model_version\": \"%s\", \"features\": %s%s}".formatted(version, features,
                more);
        return new PredictionRequestReader(new JsonSlice(json.getBytes(StandardCharsets.UTF_8)), () -> 0);
    }

}
