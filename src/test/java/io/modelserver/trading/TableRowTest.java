package io.modelserver.trading;

import java.nio.file.Path;
import java.util.OptionalLong;

import io.modelserver.fixtures.Requests;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.serving.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a model answers that looks at one row of three features. */
@Timeout(120)
class TableRowTest {

    private static final String ROW = "{\"c\": 3, \"a\": 1, \"b\": 2, \"timestamp\": 1763148435000}";

    @TempDir
    Path temp;

    private ServingRig rig;

    @BeforeEach
    void run() throws Exception {
        rig = new ServingRig(temp);
        rig.models.folder()
            .version(ServedModels.MODEL, "1", "0.5",
                    "{\"input_shape\": [3], \"feature_names\": [\"a\", \"b\", \"c\"]}");
        rig.models.serve("1");
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.close();
    }

    @Test
    void aRowMayBeFlatOrTheOnlyOneOfAListOrAnObjectOrTheOnlyOneOfAList() throws Exception {
        predict(Requests.of("A").numbers(1, 2, 3));
        predict(Requests.of("A").numbers(new Tensor(new int[] { 1, 3 }, new float[] { 1, 2, 3 })));
        predict(Requests.of("A").named(ROW));
        predict(Requests.of("A").history("[" + ROW + "]"));

        assertThat(rig.answered).hasSize(4).allSatisfy((answered) -> {
            Tensor features = answered.input().tensors().getFirst();
            assertThat(features.shape()).containsExactly(3);
            assertThat(features.values()).containsExactly(1, 2, 3);
        });
        assertThat(rig.windows.list()).as("no window is opened for a row").isEmpty();
    }

    @Test
    void theTimeOfARowIsThatOfItsObjectOrElseOfTheRequest() throws Exception {
        assertThat(eventTime(Requests.of("A").named(ROW))).hasValue(1_763_148_435_000L);
        assertThat(eventTime(Requests.of("A").numbers(1, 2, 3).at(5_000_000_000_000L))).hasValue(5_000_000_000_000L);
        assertThat(eventTime(Requests.of("A").numbers(1, 2, 3))).isEmpty();
    }

    @Test
    void ofSeveralRowsNoneIsChosen() throws Exception {
        Requests numbers = Requests.of("A").numbers(new Tensor(new int[] { 2, 3 }, new float[] { 1, 2, 3, 4, 5, 6 }));
        Requests objects = Requests.of("A").history("[" + ROW + "," + ROW + "]");

        for (Requests several : new Requests[] { numbers, objects }) {
            assertThat(refused(several))
                .startsWith("features hold 2 rows, but this model looks at one row of 3 numbers")
                .endsWith("send a request for each row, all of them at once to /api/ml/predict/batch");
        }
        assertThat(refused(Requests.of("A").numbers(1, 2, 3, 4, 5, 6)))
            .startsWith("features have 6 numbers, expected 3, and 6 numbers are 2 rows")
            .endsWith("/api/ml/predict/batch");
    }

    @Test
    void aRowOfAnotherLengthIsRefusedWithBothLengths() throws Exception {
        assertThat(refused(Requests.of("A").numbers(1, 2)))
            .isEqualTo("features have 2 numbers, expected 3 flat numbers for the shape [3]");
        assertThat(refused(Requests.of("A").numbers(new Tensor(new int[] { 1, 4 }, new float[4]))))
            .isEqualTo("features have 4 numbers, expected 3 flat numbers for the shape [3]");
    }

    @Test
    void thereIsNoWindowToFill() throws Exception {
        HistoryResult result = rig.windows.fill(Requests.of("A").history("[" + ROW + "]").build(), Long.MAX_VALUE);

        assertThat(result).isInstanceOfSatisfying(HistoryResult.Refused.class, (refused) -> {
            assertThat(refused.refusal().reason()).isEqualTo(Refusal.INVALID_FEATURES);
            assertThat(refused.refusal().detail())
                .isEqualTo("the model looks at one row of 3 numbers and has no window of "
                        + "steps: there is nothing to fill; send each row to /api/ml/predict");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 3 })
    void anInputOfOneStepTakesOneRowToo(int rows) throws Exception {
        rig.models.write("2", 1, 2).load("2");
        Requests request = Requests.of("A")
            .version("2")
            .numbers(new Tensor(new int[] { rows, 2 }, new float[rows * 2]));

        if (rows == 1) {
            predict(request);
            assertThat(rig.answered.getLast().input().tensors().getFirst().shape()).containsExactly(1, 2);
        }
        else {
            assertThat(refused(request)).contains("features hold 3 rows");
        }
    }

    @Test
    void aRowOfAnyLengthIsWhatTheRequestMakesIt() throws Exception {
        rig.models.write("2", TensorSpec.FREE).load("2");

        predict(Requests.of("A").version("2").numbers(new Tensor(new int[] { 1, 5 }, new float[5])));

        assertThat(rig.answered.getLast().input().tensors().getFirst().shape()).containsExactly(5);
        assertThat(refused(Requests.of("A").version("2").numbers(new Tensor(new int[] { 2, 5 }, new float[10]))))
            .contains("features hold 2 rows, but this model looks at one row, and a request is one prediction");
    }

    private PredictionResult.Predicted predict(Requests request) throws Exception {
        PredictionResult result = rig.predict(request.build());
        assertThat(result).isInstanceOf(PredictionResult.Predicted.class);
        return (PredictionResult.Predicted) result;
    }

    private OptionalLong eventTime(Requests request) throws Exception {
        return predict(request).eventMillis();
    }

    private String refused(Requests request) throws Exception {
        PredictionResult result = rig.predict(request.build());
        assertThat(result).isInstanceOfSatisfying(PredictionResult.Refused.class,
                (refused) -> assertThat(refused.reason()).isEqualTo(Refusal.INVALID_FEATURES));
        return ((PredictionResult.Refused) result).detail();
    }

}
