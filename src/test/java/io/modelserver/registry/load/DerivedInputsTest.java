package io.modelserver.registry.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import io.modelserver.fixtures.RealEngines;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;
import io.modelserver.registry.store.VersionState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/** Versions whose metadata leaves to the model file what it takes. */
class DerivedInputsTest {

    @TempDir
    Path registry;

    @Test
    void whereTheMetadataSaysNothingTheGraphDoes() throws Exception {
        DoubtfulModel model = DoubtfulModel.onnx(registry, "tree-signs").with("{\"name\": \"m\"}");

        assertThat(model.answer(-1, 0, 0, 0).confidence()).isEqualTo(0.9f);
        assertThat(inputs()).containsExactly(new TensorSpec("features", List.of(4)));
        model.sample("{\"inputs\": {\"features\": [-1, 0, 0, 0]}, \"prediction\": {\"direction\": \"SELL\"}}");
        assertThatNoException().isThrownBy(model::serve);
    }

    @Test
    void axesThatTheGraphLeavesFreeAreFree() throws Exception {
        DoubtfulModel model = DoubtfulModel.onnx(registry, "mean-over-steps").with("{\"stage\": \"None\"}");

        assertThat(inputs()).containsExactly(new TensorSpec("float_input", List.of(-1, 3)));
        assertThat(model.said(new Tensor(new int[] { 2, 3 }, new float[] { 0, 0, 3, 0, 0, 1 })).confidence())
            .isGreaterThan(0.7f);
        model.sample("{\"inputs\": {\"features\": [[0, 0, 1]]}}");
        assertThatNoException().as("as requests call it").isThrownBy(model::serve);
    }

    @ParameterizedTest
    @CsvSource({ "books-and-features, '[3, 2]', '[3, 2, 4]'", "masked, '[3]', '[3]'" })
    void ofSeveralInputsTheOneForFeaturesIsTheFirst(String name, String first, String second) throws Exception {
        DoubtfulModel model = DoubtfulModel.onnx(registry, name).with("{\"tags\": []}");

        assertThat(inputs()).extracting((input) -> input.shape().toString()).containsExactly(first, second);
        assertThat(inputs().getFirst().name()).isEqualTo("features");
        assertThatNoException().isThrownBy(model::serve);
    }

    @Test
    void aDatatypeThatIsNotDeclaredIsThatOfTheGraph() throws Exception {
        DoubtfulModel model = DoubtfulModel.onnx(registry, "linear-int64").with("{\"input_shape\": [4]}");

        assertThatNoException().isThrownBy(model::serve);
        assertThat(completed()).containsExactly(new TensorSpec("features", Datatype.INT64, List.of(4)));
        model.with("{\"inputs\": [{\"name\": \"x\"}]}");
        assertThat(completed()).containsExactly(new TensorSpec("x", Datatype.INT64, List.of(4)));
        assertThatNoException().isThrownBy(model::serve);
    }

    @ParameterizedTest
    @CsvSource({ "linear-int64, INT64", "linear-float64, FP64" })
    void aDatatypeThatContradictsTheGraphIsRefused(String name, String datatype) {
        DoubtfulModel
            .assertThatRefusal(DoubtfulModel.onnx(registry, name)
                .with("{\"inputs\": [{\"name\": \"x\", \"datatype\": \"FP32\", \"shape\": [4]}]}"))
            .contains("input 'x' of the model takes " + datatype);
    }

    @Test
    void whatNoFileSaysIsStillNeeded() {
        DoubtfulModel.assertThatRefusal(DoubtfulModel.torchScript(registry, "head").with("{\"tags\": []}"))
            .contains("input_shape is missing: give it without the batch axis");
    }

    @Test
    void theListingSaysWhatIsDerived() {
        DoubtfulModel.onnx(registry, "tree-signs").with("{\"name\": \"m\"}");

        assertThat(folder().status(Stage.NONE, VersionState.FOUND, Optional.empty(), null)).satisfies((status) -> {
            assertThat(status.error()).isNull();
            assertThat(status.inputShape()).containsExactly(4);
        });
    }

    private List<TensorSpec> inputs() throws Exception {
        return described(folder().metadata().describe(new ModelId("m", "1")));
    }

    private List<TensorSpec> completed() throws Exception {
        return described(folder().completed(folder().metadata()).describe(new ModelId("m", "1")));
    }

    private static List<TensorSpec> described(ModelMetadata metadata) {
        return metadata.inputs();
    }

    private VersionFolder folder() {
        return new RegistryFolder(registry, 1_000_000, RealEngines.LIST).version(new ModelId("m", "1")).orElseThrow();
    }

}
