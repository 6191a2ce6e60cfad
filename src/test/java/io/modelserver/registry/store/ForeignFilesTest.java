package io.modelserver.registry.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import io.modelserver.engine.Engine;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.fixtures.ModelsFolder;
import io.modelserver.fixtures.RealEngines;
import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.Stage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Folders of other tools that were copied into the registry. */
class ForeignFilesTest {

    private static final ModelId ID = new ModelId("m", "1");

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({ "model.txt, LightGBM, convert_lightgbm", "model.pkl, scikit-learn, skl2onnx.to_onnx",
            "model.joblib, scikit-learn, skl2onnx.to_onnx", "model.cbm, CatBoost, 'save_model(\"model.onnx\"'",
            "model.ubj, XGBoost, convert_xgboost", "model.json, XGBoost, convert_xgboost",
            "saved_model.pb, TensorFlow, tf2onnx", "bot.keras, Keras, 'model.export(\"model.onnx\"'",
            "weights.h5, Keras, tf2onnx", "model.safetensors, weights without their program, torch.onnx.export",
            "model.pth, weights without their program, torch.jit.script", "model.pt2, torch.export, torch.onnx.export",
            "Model.PT, TorchScript by another name, call it model.pt",
            "model_scripted.pt, TorchScript by another name, call it model.pt",
            "model.torchscript, TorchScript by another name, call it model.pt",
            "lgbm.onnx, ONNX by another name, call it model.onnx",
            "data/model.onnx, ONNX by another name, call it model.onnx",
            "model.cb, CatBoost, 'save_model(\"model.onnx\"'", "model.pmml, does not run, model.onnx",
            "notes.md, notes.md, not a model" })
    void whatIsThereAndWhatToDoIsTold(String file, String what, String cure) throws Exception {
        ModelsFolder folder = new ModelsFolder(temp).file("m", "1", "metadata.json",
                "{\"input_shape\": [2]}".getBytes(StandardCharsets.UTF_8));
        Files.createDirectories(folder.path("m", "1", file).getParent());
        folder.file("m", "1", file, new byte[] { 1 });

        assertThat(error()).startsWith("model.pt is missing, and there is no model.onnx either: ")
            .contains(file, what, cure);
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> version().engines()).withMessage(error());
    }

    @Test
    void aFolderOfAnotherToolNeedsNoMetadataToBeTold() throws Exception {
        new ModelsFolder(temp).file("m", "1", "config.pbtxt", new byte[1]).file("m", "1", "model.pkl", new byte[1]);

        assertThat(error()).contains("model.pkl is a Python object");
    }

    @Test
    void aModelThatIsDescribedInAnothersWordsNeedsMetadata() throws Exception {
        new ModelsFolder(temp).file("m", "1", "config.pbtxt", new byte[1]).file("m", "1", "model.onnx", new byte[1]);

        assertThat(error())
            .isEqualTo("metadata.json is missing; it must give at least \"input_shape\" (config.pbtxt is not read)");
    }

    @Test
    void anEmptyFolderIsToldAsThat() throws Exception {
        new ModelsFolder(temp).file("m", "1", "metadata.json", new byte[1]);

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> version().engines())
            .withMessage("model.pt is missing, and there is no model.onnx either");
    }

    @Test
    void aFileThatIsSomethingElseIsTold() throws Exception {
        Map<String, String> reasons = Map.of("version https://git-lfs.github.com/spec/v1",
                "is a pointer of Git LFS, not the file itself: run git lfs pull", "<!DOCTYPE html><title>404",
                "is a web page", "\u001f\u008b\b", "is compressed", "\u0089HDF\r\n", "is HDF5", "tree\nversion=v4\n",
                "is a LightGBM model: export ONNX", "CBM1\u0000", "is a CatBoost model: export ONNX",
                "{\"learner\":{\"attributes\":{}", "is an XGBoost model: export ONNX",
                "{L\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0007learner{", "is an XGBoost model: export ONNX",
                "\u0080\u0004\u0095\u0010", "is a Python object, e.g. of scikit-learn: export ONNX",
                "@\u0000\u0000\u0000\u0000\u0000\u0000\u0000{\"fc.weight\":", "is weights without their program");
        for (Map.Entry<String, String> file : reasons.entrySet()) {
            byte[] content = (file.getKey() + " and more").getBytes(StandardCharsets.ISO_8859_1);
            new ModelsFolder(temp).version("m", "1", "0.5")
                .file("m", "1", "model.pt", content)
                .file("m", "1", "model.onnx", content);

            for (Engine engine : RealEngines.LIST.inPrecedence()) {
                assertThatExceptionOfType(ModelLoadException.class)
                    .isThrownBy(() -> version().artifact(version().metadata(), engine))
                    .withMessageContaining(engine.fileName() + " " + file.getValue());
            }
        }
    }

    @Test
    void onnxAsModelPtIsTold() throws Exception {
        byte[] onnx = Files.readAllBytes(Path.of("src/test/resources/onnx/scale.onnx"));
        new ModelsFolder(temp).version("m", "1", "0.5").file("m", "1", "model.pt", onnx);

        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> version().artifact(version().metadata(), RealEngines.TORCH))
            .withMessage("model.pt is an ONNX file: call it model.onnx");
    }

    private @Nullable String error() {
        return version().status(Stage.NONE, VersionState.FOUND, Optional.empty(), null).error();
    }

    private VersionFolder version() {
        return new RegistryFolder(temp, 1_000_000, RealEngines.LIST).version(ID).orElseThrow();
    }

}
