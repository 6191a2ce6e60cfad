package io.modelserver.registry.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.modelserver.engine.Engines;

/**
 * Describes what is in the folder of a version that has no file for any engine, and how
 * to make one of it. What other tools leave, and how they export, is a table; files of an
 * engine that the table does not know are told by the ending of their name.
 */
final class ForeignFiles {

    private static final int DEEPEST = 3;

    private static final int MOST_FILES = 1000;

    private static final int MOST_NAMED = 5;

    private static final Set<String> OUR_OWN = Set.of("metadata.json", "sample.json");

    /** What MLflow leaves next to a model. */
    private static final Set<String> OF_MLFLOW = Set.of("mlmodel", "conda.yaml", "python_env.yaml", "requirements.txt",
            "input_example.json", "serving_input_example.json", "registered_model_meta", "data/pickle_module_info.txt");

    private static final String RETRACED = "load it in Python and export TorchScript, "
            + "torch.jit.script(model.eval()).save(\"model.pt\"), or ONNX, torch.onnx.export";

    /** The first that fits names the folder. */
    private static final List<Kind> KINDS = List.of(
            kind("saved_model\\.pb|.*\\.(pb|keras|h5|hdf5|tflite)", "a TensorFlow or Keras model",
                    "export ONNX: model.export(\"model.onnx\", format=\"onnx\") in Keras 3, or "
                            + "python -m tf2onnx.convert --saved-model <folder> --output model.onnx"),
            kind("(.*/)?model\\.onnx|.*\\.onnx", "ONNX by another name", "call it model.onnx, in the version's folder"),
            kind(".*\\.pt2", "an archive of torch.export", RETRACED),
            kind(".*\\.(pt|torchscript|ts|jit)", "perhaps TorchScript by another name",
                    "call it model.pt if torch.jit.save wrote it, else " + RETRACED),
            kind(".*\\.(pth|ckpt|safetensors|bin)", "weights without their program",
                    "load them into the model in Python and export TorchScript, "
                            + "torch.jit.script(model.eval()).save(\"model.pt\"), or ONNX, torch.onnx.export"),
            kind(".*\\.(cbm|cb)", "a CatBoost model", "export ONNX: model.save_model(\"model.onnx\", format=\"onnx\")"),
            kind(".*\\.(ubj|xgb|bst)|.*(model|xgb|booster)[^/]*\\.json", "an XGBoost model",
                    "export ONNX: onnx.save(onnxmltools.convert_xgboost(model, initial_types=[(\"features\", "
                            + "FloatTensorType([None, F]))]), \"model.onnx\")"),
            kind(".*\\.(lgb|lgbm|lightgbm)|.*(model|lgb|booster)[^/]*\\.txt", "a LightGBM model",
                    "export ONNX: onnx.save(onnxmltools.convert_lightgbm(model, initial_types=[(\"features\", "
                            + "FloatTensorType([None, F]))], zipmap=False), \"model.onnx\")"),
            kind(".*\\.(pkl|pickle|joblib|skops|cloudpickle|dill)", "a Python object, e.g. of scikit-learn",
                    "export ONNX: onnx.save(skl2onnx.to_onnx(model, X[:1].astype(numpy.float32), "
                            + "options={\"zipmap\": False}), \"model.onnx\")"),
            kind(".*\\.(pmml|mlmodel|gguf|engine|plan|xml|mar|rds|zip|tar|gz|tgz)",
                    "of a kind that this server does not run", "export TorchScript (model.pt) or ONNX (model.onnx)"));

    private ForeignFiles() {
    }

    private static Kind kind(String pattern, String what, String cure) {
        return new Kind(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), what, cure);
    }

    /**
     * Looks at a folder; reads no file.
     * @param folder of a version
     * @param engines what could run it
     * @return a sentence on what is there and what to do; empty if nothing is
     */
    static String describe(Path folder, Engines engines) {
        List<String> files = files(folder, engines);
        for (Kind kind : kinds(engines)) {
            Optional<String> file = files.stream().filter((name) -> kind.pattern().matcher(name).matches()).findFirst();
            if (file.isPresent()) {
                return "%s is %s".formatted(Names.shown(file.get()), kind.told());
            }
        }
        if (files.isEmpty()) {
            return "";
        }
        String names = String.join(", ", files.stream().limit(MOST_NAMED).map(Names::shown).toList());
        return "there is %s%s, which is not a model that this server runs".formatted(names,
                (files.size() > MOST_NAMED) ? " and more" : "");
    }

    /**
     * {@return what a file of a known name is and what to do, without the file's name}
     * @param name of a kind that the table has
     */
    static String told(String name) {
        return KINDS.stream()
            .filter((kind) -> kind.pattern().matcher(name).matches())
            .findFirst()
            .map(Kind::told)
            .orElseThrow();
    }

    private static List<Kind> kinds(Engines engines) {
        return Stream.concat(KINDS.stream(), engines.inPrecedence().stream().flatMap((engine) -> {
            String name = engine.fileName();
            boolean isKnown = KINDS.stream().anyMatch((kind) -> kind.pattern().matcher(name).matches());
            return isKnown ? Stream.empty()
                    : Stream.of(kind(".*" + Pattern.quote(name.substring(Math.max(0, name.lastIndexOf('.')))),
                            engine.format() + " by another name",
                            "call it %s, in the version's folder".formatted(name)));
        })).toList();
    }

    /** Exporters of large models write a file of weights next to the model. */
    private static boolean isOurOwn(String name, Engines engines) {
        return OUR_OWN.contains(name) || OF_MLFLOW.contains(name)
                || engines.fileNames().stream().anyMatch((file) -> name.equals(file + ".data"));
    }

    private static List<String> files(Path folder, Engines engines) {
        try (Stream<Path> files = Files.walk(folder, DEEPEST)) {
            return files.limit(MOST_FILES)
                .filter((file) -> !Files.isDirectory(file))
                .map((file) -> folder.relativize(file).toString().replace('\\', '/'))
                .filter((name) -> !isOurOwn(name.toLowerCase(Locale.ROOT), engines) && !name.startsWith("."))
                .sorted()
                .toList();
        }
        catch (IOException | UncheckedIOException ex) {
            return List.of();
        }
    }

    /**
     * Files of one tool.
     *
     * @param pattern of their names
     * @param what they are
     * @param cure how to export what the server runs
     */
    private record Kind(Pattern pattern, String what, String cure) {

        private String told() {
            return "%s: %s%s".formatted(what, cure, cure.startsWith("export ONNX") ? " (docs/export.md)" : "");
        }
    }

}
