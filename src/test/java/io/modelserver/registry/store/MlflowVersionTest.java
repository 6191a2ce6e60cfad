package io.modelserver.registry.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.fixtures.MlflowFolder;
import io.modelserver.fixtures.RealEngines;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.TensorSpec;
import io.modelserver.registry.metadata.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Folders of MLflow that were copied into the registry as they are. */
class MlflowVersionTest {

    private static final ModelId ID = new ModelId("m", "1");

    private static final String COLUMNS = "[{\"type\": \"double\", \"name\": \"rsi\", \"required\": true}, {\"type\": "
            + "\"double\",\n    \"name\": \"spread_bps\", \"required\": true}, {\"type\": \"float\", \"name\": \"imbalance\","
            + "\n    \"required\": true}, {\"type\": \"long\", \"name\": \"hour\", \"required\": true}]";

    private static final String TENSOR = "[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"float32\", "
            + "\"shape\": [-1, 4]}}]";

    @TempDir
    Path temp;

    @Test
    void theColumnsOfASignatureAreTheFeatures() throws Exception {
        onnx();

        ModelMetadata metadata = version().metadata().describe(ID);

        assertThat(version().engines()).containsExactly(RealEngines.ONNX);
        assertThat(metadata.inputs()).containsExactly(new TensorSpec("features", List.of(4)));
        assertThat(metadata.featureNames().names()).containsExactly("rsi", "spread_bps", "imbalance", "hour");
        assertThat(version().metadata().createdAt()).hasToString("Optional[2026-01-02T03:04:05.678901Z]");
        assertThat(status().error()).isNull();
        assertThat(status().framework()).isEqualTo("onnx");
    }

    @Test
    void columnsWithoutNamesAreCounted() throws Exception {
        onnx().with(COLUMNS, "[{\"type\": \"double\"}, {\"type\": \"double\"}]");

        assertThat(version().metadata().describe(ID).features().shape()).containsExactly(2);
        assertThat(version().metadata().describe(ID).featureNames().names()).isEmpty();
    }

    @Test
    void tensorsOfASignatureAreInputsWithoutTheirBatchAxis() throws Exception {
        pytorch().with(TENSOR,
                "[{\"name\": \"window\", \"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"float32\", \"shape\": "
                        + "[-1, 60, 110]}}, {\"name\": \"raw_lob\", \"type\": \"tensor\", \"tensor-spec\": {\"dtype\": "
                        + "\"float32\", \"shape\": [-1, -1, 4]}}]");

        assertThat(version().metadata().describe(ID).inputs()).containsExactly(
                new TensorSpec("window", List.of(60, 110)), new TensorSpec("raw_lob", List.of(TensorSpec.FREE, 4)));
    }

    @ParameterizedTest
    @CsvSource({ "float64, FP32", "float16, FP32", "int64, INT64", "bool, BOOL", "str, BYTES" })
    void floatsAreFedAsTheModelTakesThemAndOtherTensorsAsTheyAreDeclared(String dtype, Datatype datatype)
            throws Exception {
        pytorch().with("\"float32\", \"shape\": [-1, 4]", "\"%s\", \"shape\": [-1, 4]".formatted(dtype));

        assertThat(version().metadata().describe(ID).features().datatype()).isEqualTo(datatype);
    }

    @Test
    void theModelIsWhereTheFlavourSays() throws Exception {
        MlflowFolder folder = pytorch();

        assertThat(version().engines()).containsExactly(RealEngines.TORCH);
        VersionFolder version = version();
        ModelArtifact artifact = version.artifact(version.metadata(), RealEngines.TORCH);
        assertThat(artifact.name()).isEqualTo("data/model.pth");
        assertThat(artifact.bytes()).isEqualTo(Files.readAllBytes(folder.path("data/model.pth")));
        assertThat(version.fileRead(RealEngines.TORCH).path()).endsWith(Path.of("1", "data", "model.pth"));
        assertThat(version.digestsRead()).containsEntry("model.pt", artifact.sha256());
        assertThat(version.size(RealEngines.TORCH)).hasValue(Files.size(folder.path("data/model.pth")));
    }

    @Test
    void aChangeOfTheModelOrOfWhatMlflowSaysIsSeen() throws Exception {
        MlflowFolder folder = pytorch();
        String before = version().fingerprint();
        String lasting = version().lastingFingerprint();

        Files.write(folder.path("data/model.pth"), new byte[] { 1 });
        String after = version().fingerprint();
        folder.with("[-1, 4]", "[-1, 5]");

        assertThat(after).isNotEqualTo(before);
        assertThat(version().fingerprint()).isNotEqualTo(after);
        assertThat(version().lastingFingerprint()).isNotEqualTo(lasting);
        assertThat(version().payloadFingerprint()).isNotEqualTo(before);
    }

    @Test
    void whatMetadataDeclaresWins() throws Exception {
        onnx().put("metadata.json", "{\"inputs\": [{\"name\": \"own\", \"shape\": [4]}]}");

        assertThat(version().metadata().describe(ID).inputs()).containsExactly(new TensorSpec("own", List.of(4)));
        assertThat(version().metadata().describe(ID).featureNames().names()).isEmpty();
    }

    @Test
    void metadataWithoutInputsIsCompleted() throws Exception {
        onnx().put("metadata.json", "{\"timeframe\": \"1h\", \"created_at\": \"2026-05-05\", \"inputs\": null}");

        ModelMetadata metadata = version().metadata().describe(ID);

        assertThat(metadata.timeframe()).isEqualTo("1h");
        assertThat(metadata.features().shape()).containsExactly(4);
        assertThat(version().metadata().createdAt()).hasToString("Optional[2026-05-05T00:00:00Z]");
    }

    @Test
    void aStageIsWrittenOnlyWhereMetadataIsThere() throws Exception {
        MlflowFolder folder = onnx();
        version().writeStage(Stage.PRODUCTION, Instant.EPOCH);
        assertThat(folder.path("metadata.json")).doesNotExist();

        folder.put("metadata.json", "{\"timeframe\": \"1h\"}");
        version().writeStage(Stage.PRODUCTION, Instant.EPOCH);

        assertThat(folder.path("metadata.json")).content()
            .contains("Production", "timeframe")
            .doesNotContain("rsi", "inputs");
    }

    /** As before such folders were read. */
    @Test
    void aModelUnderItsOwnNameNeedsNothingOfMlflow() throws Exception {
        pytorch().put("MLmodel", "not: [yaml").put("metadata.json", "{\"input_shape\": [4]}");
        Files.copy(Path.of("src/test/resources/onnx/linear.onnx"), temp.resolve("m/1/model.onnx"));

        assertThat(version().engines()).containsExactly(RealEngines.ONNX);
        assertThat(status().error()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ../other          | must be a path below the version's folder
            /etc              | must be a path below the version's folder
            data/../../other  | must be a path below the version's folder
            data\\..\\..       | must be a path below the version's folder
            ./data            | must be a path below the version's folder
            elsewhere         | MLmodel says that the model is in elsewhere/model.pth, which is missing
            ""                | flavors.pytorch.model_data must say where the model is
            """)
    void aPathThatLeadsElsewhereIsRefused(String path, String reason) throws Exception {
        Files.createDirectories(temp.resolve("m/other"));
        Files.createFile(temp.resolve("m/other/model.pth"));
        pytorch().with("model_data: data", "model_data: " + path);

        assertThat(status().error()).contains(reason);
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> version().engines());
    }

    @Test
    void aLinkOutOfTheRegistryIsRefusedAndOneWithinItIsFollowed(@TempDir Path elsewhere) throws Exception {
        MlflowFolder folder = pytorch();
        Path inside = Files.createDirectories(temp.resolve("other")).resolve("model.pth");
        Files.move(folder.path("data/model.pth"), inside);
        Files.createSymbolicLink(folder.path("data/model.pth"), inside);
        assertThat(status().error()).isNull();

        Path outside = Files.move(inside, elsewhere.resolve("model.pth"));
        Files.delete(folder.path("data/model.pth"));
        Files.createSymbolicLink(folder.path("data/model.pth"), outside);
        assertThat(status().error()).contains("data/model.pth is a link out of the registry");
    }

    @Test
    void aPickleIsRefusedWithTheLineThatScripts() throws Exception {
        MlflowFolder folder = pytorch();
        Files.delete(folder.path("data/model.pth"));
        Files.copy(Path.of("src/test/resources/torchscript/state-dict/model.pt"), folder.path("data/model.pth"));

        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> version().artifact(version().metadata(), RealEngines.TORCH))
            .withMessageContaining("data/model.pth is not TorchScript")
            .withMessageContaining("handed to mlflow.pytorch as torch.jit.script(model.eval())");
    }

    @Test
    void flavoursThatNoEngineRunsAreToldWithWhatIsThere() throws Exception {
        MlflowFolder folder = pytorch().with("  pytorch:", "  xgboost:");
        Files.delete(folder.path("data/model.pth"));
        folder.put("model.xgb", "");

        assertThat(status().error()).startsWith("model.pt is missing, and there is no model.onnx either: ")
            .contains("MLmodel is an MLflow model of xgboost, and this server runs onnx and pytorch",
                    "model.xgb is an XGBoost model: export ONNX")
            .doesNotContain("conda.yaml");
    }

    @Test
    void anArchiveOfTorchExportIsTold() throws Exception {
        MlflowFolder folder = pytorch();
        Files.move(folder.path("data/model.pth"), folder.path("data/model.pt2"));

        assertThat(status().error()).contains("data/model.pth, which is missing",
                "data/model.pt2 is an archive of torch.export");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    {"a": 1}                                                                | must be a list of columns or tensors
                    []                                                                      | must be a list of columns or tensors
                    [                                                                       | the signature in MLmodel is not valid JSON
                    [{"type": "string", "name": "sector"}]                                  | has the column 'sector' of type "string"
                    [{"type": "array", "items": {"type": "double"}, "name": "a"}]           | has the column 'a' of type "array"
                    [{"type": "tensor", "tensor-spec": {"dtype": "uint8", "shape": [-1, 4]}}]   | declares 'features' as uint8; the server feeds bool, float16
                    [{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [60, 4]}}] | gives 'features' the shape [60,4]: expected the batch axis, -1
                    [{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1]}}]    | gives 'features' the shape [-1]: expected the batch axis, -1
                    [{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 0]}}] | MLmodel: the shape of input 'features' must have positive dimensions
                    """)
    void aSignatureThatCannotBeServedIsExplained(String signature, String reason) throws Exception {
        pytorch().with(TENSOR, signature);

        assertThat(status().error()).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [yaml              | MLmodel is not valid YAML: expected ',' or ']'
            just a text        | MLmodel is not an object with the key 'flavors'
            !!java.net.URL [x] | MLmodel is not valid YAML: Global tag is not allowed
            {a: 1, a: 2}       | MLmodel is not valid YAML: found duplicate key a
            """)
    void aFileThatIsNotPlainYamlIsRefused(String yaml, String reason) throws Exception {
        pytorch().put("MLmodel", yaml);

        assertThat(status().error()).contains(reason);
    }

    @Test
    void aliasesThatMultiplyAreRefused() throws Exception {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 40; i++) {
            yaml.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        pytorch().put("MLmodel", yaml.toString());

        assertThat(status().error()).contains("MLmodel is not valid YAML", "aliases");
    }

    @Test
    void aModelWithoutASignatureNeedsMetadata() throws Exception {
        MlflowFolder folder = pytorch().with("signature:", "signature_of_before:");
        assertThat(status().error()).startsWith("MLmodel has no signature");

        folder.put("metadata.json", "{\"input_shape\": [4]}");

        assertThat(status().error()).isNull();
        assertThat(version().engines()).containsExactly(RealEngines.TORCH);
    }

    private MlflowFolder onnx() throws Exception {
        return MlflowFolder.onnx(temp.resolve("m/1"));
    }

    private MlflowFolder pytorch() throws Exception {
        return MlflowFolder.pytorch(temp.resolve("m/1"));
    }

    private VersionStatus status() {
        return version().status(Stage.NONE, VersionState.FOUND, Optional.empty(), null);
    }

    private VersionFolder version() {
        return new RegistryFolder(temp, 1_000_000, RealEngines.LIST).version(ID).orElseThrow();
    }

}
