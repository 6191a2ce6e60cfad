"""Tests of the trainer of trees and of its ONNX files. Run: python3 -m unittest discover -s tools"""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent))

try:
    import onnx
    import sklearn  # noqa: F401
except ImportError as missing:
    raise unittest.SkipTest(f"needs scikit-learn and onnx: {missing}") from None

import train_trees  # noqa: E402  sets the thread count before NumPy is used
import check_trees  # noqa: E402
import numpy as np  # noqa: E402
import tree_onnx  # noqa: E402
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor  # noqa: E402

TINY = ["--rows", "1500", "--iterations", "12", "--leaves", "7", "--least-rows", "20"]


class TemporaryRegistry(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def train(self, kind, version, *more):
        arguments = [kind, "--synthetic", *TINY, "--models-dir", str(self.folder), "--version", version, *more]
        with contextlib.redirect_stdout(io.StringIO()), mock.patch.object(train_trees, "CHECKED_ROWS", 500):
            return train_trees.run(train_trees.parse_options(arguments))


def load_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def answers(version, sample):
    model = onnx.load(str(version / "model.onnx"))
    onnx.checker.check_model(model)
    return tree_onnx.outputs_of(model, [sample["inputs"]["float_input"]])


class ClassifierTest(TemporaryRegistry):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        registry = ClassifierTest()
        registry.folder = Path(folder.name)
        cls.version = registry.train("boosted_trees", "20250101_000000", "--force")
        cls.metadata = load_json(cls.version / "metadata.json")

    def test_the_version_holds_exactly_its_three_files(self):
        self.assertEqual(["metadata.json", "model.onnx", "sample.json"], sorted(file.name for file in self.version.iterdir()))

    def test_metadata_says_what_the_outputs_mean(self):
        self.assertEqual([{"name": "float_input", "datatype": "FP32", "shape": [30]}], self.metadata["inputs"])
        self.assertEqual({"label": "label", "probabilities": "probabilities"}, self.metadata["outputs"])
        self.assertEqual(["SELL", "HOLD", "BUY"], self.metadata["classes"])
        self.assertEqual("allowed", self.metadata["missing"])
        self.assertEqual(train_trees.FEATURES, self.metadata["feature_names"])
        self.assertEqual(train_trees.FEATURES, list(self.metadata["feature_stats"]))

    def test_golden_samples_are_what_the_file_answers(self):
        samples = load_json(self.version / "sample.json")["samples"]
        self.assertEqual(8, len(samples))
        self.assertEqual({"SELL", "HOLD", "BUY"}, {sample["prediction"]["direction"] for sample in samples})
        for sample in samples:
            probabilities = answers(self.version, sample)["probabilities"][0]
            np.testing.assert_allclose(sample["outputs"]["probabilities"], probabilities, atol=1e-6)
            self.assertEqual(["SELL", "HOLD", "BUY"][probabilities.argmax()], sample["prediction"]["direction"])

    def test_the_same_command_writes_the_same_files(self):
        again = self.train("boosted_trees", "20250101_000000", "--force")
        for file in self.version.iterdir():
            self.assertEqual(file.read_bytes(), (again / file.name).read_bytes(), file.name)

    def test_the_trees_can_be_trained_again_and_compared(self):
        with contextlib.redirect_stdout(io.StringIO()):
            self.assertTrue(check_trees.run(mock.Mock(version_dir=self.version, csv=None, server=None, rows=500, gaps=0.1, seed=3)))

    def test_a_server_that_answers_otherwise_is_found(self):
        def wrong(server, metadata, rows):
            return {"probabilities": np.tile([0.2, 0.3, 0.5], (len(rows), 1))}

        with contextlib.redirect_stdout(io.StringIO()), mock.patch.object(check_trees, "asked", wrong):
            self.assertFalse(check_trees.run(mock.Mock(version_dir=self.version, csv=None, server="x", rows=50, gaps=0.1, seed=3)))

    def test_trees_of_another_training_are_refused(self):
        version = self.train("boosted_trees", "20250101_000000", "--seed", "8", "--force")
        metadata = load_json(version / "metadata.json")
        metadata["training_params"]["random_state"] = 7
        (version / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
        with self.assertRaisesRegex(ValueError, "does not hold the trees"):
            check_trees.run(mock.Mock(version_dir=version, csv=None, server=None, rows=50, gaps=0.1, seed=3))


class RegressorTest(TemporaryRegistry):
    def test_two_targets_go_into_one_file_with_a_rule_for_the_direction(self):
        version = self.train("return_regressor", "v1", "--force")
        metadata = load_json(version / "metadata.json")
        self.assertEqual("regression", metadata["task"])
        self.assertEqual({"expected_return": "expected_return", "predicted_mae": "predicted_mae"}, metadata["outputs"])
        rule = metadata["decide"]
        self.assertEqual("expected_return", rule["from"])
        self.assertEqual(-rule["buy_above"], rule["sell_below"])
        self.assertNotIn("classes", metadata)
        for sample in load_json(version / "sample.json")["samples"]:
            actual = answers(version, sample)
            for name in ("expected_return", "predicted_mae"):
                np.testing.assert_allclose(sample["outputs"][name], actual[name][0], atol=1e-8)
            self.assertGreaterEqual(sample["outputs"]["predicted_mae"][0], 0)
            expected = sample["outputs"]["expected_return"][0]
            direction = "BUY" if expected > rule["buy_above"] else "SELL" if expected < rule["sell_below"] else "HOLD"
            self.assertEqual(direction, sample["prediction"]["direction"])

    def test_the_adverse_excursion_is_the_largest_loss_on_the_way(self):
        rows = object.__new__(train_trees.Rows)
        rows.horizon = 3
        rows.series = mock.Mock(returns=np.array([0.0, 0.1, -0.2, 0.3, 0.0]))
        np.testing.assert_allclose(rows.adverse([0, 1], np.array([1, 1])), [0.12, 0.2])
        np.testing.assert_allclose(rows.adverse([0, 1], np.array([-1, -1])), [0.144, 0.04])


class ThresholdTest(unittest.TestCase):
    def test_a_float32_is_at_most_the_rounded_threshold_exactly_if_it_is_at_most_the_threshold(self):
        for threshold in (0.1, -0.1, 1 / 3, 16777217.0, 1e-50, -1e-50, 0.5, 0.0, float("inf")):
            rounded = np.float32(tree_onnx.rounded_down(threshold))
            around = [rounded, np.nextafter(rounded, np.float32(-np.inf)), np.nextafter(rounded, np.float32(np.inf))]
            for value in around:
                self.assertEqual(float(value) <= threshold, value <= rounded, f"{value!r} against {threshold}")

    def test_rows_on_and_beside_thresholds_are_answered_as_by_the_library(self):
        values = np.random.default_rng(1).normal(size=(3000, 4)).astype(np.float32)
        labels = np.digitize(values[:, 0] + 0.5 * values[:, 1], [-0.5, 0.5])
        model = HistGradientBoostingClassifier(max_iter=20, early_stopping=False, random_state=1).fit(values, labels)
        written = tree_onnx.classifier_onnx(model, [-1, 0, 1])
        rows = train_trees.on_thresholds(written, train_trees.random_rows(values, 600, 1), 1)
        actual = tree_onnx.outputs_of(written, rows)
        np.testing.assert_allclose(actual["probabilities"], model.predict_proba(rows), atol=1e-5)
        np.testing.assert_array_equal(actual["label"], model.predict(rows) - 1)

    def test_a_threshold_that_is_rounded_up_is_found(self):
        values = np.linspace(0, 1, 400, dtype=np.float32)[:, None]
        model = HistGradientBoostingRegressor(max_iter=5, min_samples_leaf=5, early_stopping=False).fit(values, np.sin(9 * values[:, 0]))
        upwards = mock.patch.object(tree_onnx, "rounded_down", lambda threshold: float(
            np.nextafter(np.float32(tree_onnx_rounded(threshold)), np.float32(np.inf))))
        tree_onnx_rounded = tree_onnx.rounded_down
        with upwards:
            written = tree_onnx.regressors_onnx([model], ["y"])
        rows = train_trees.on_thresholds(written, values.repeat(3, axis=0), 1)
        self.assertGreater(np.abs(tree_onnx.outputs_of(written, rows)["y"][:, 0] - model.predict(rows)).max(), 1e-3)

    def test_missing_values_take_the_way_that_the_library_learned(self):
        random = np.random.default_rng(2)
        values = random.normal(size=(3000, 3)).astype(np.float32)
        target = values[:, 0] + np.where(random.random(3000) < 0.3, 5, 0)
        values[target > 3, 1] = np.nan
        model = HistGradientBoostingRegressor(max_iter=20, early_stopping=False, random_state=1).fit(values, target)
        written = tree_onnx.regressors_onnx([model], ["y"])
        rows = train_trees.random_rows(np.nan_to_num(values), 1000, 3, gap_share=0.3)
        self.assertTrue(np.isnan(rows).any())
        np.testing.assert_allclose(tree_onnx.outputs_of(written, rows)["y"][:, 0], model.predict(rows), atol=1e-5)


class InputTest(TemporaryRegistry):
    def test_unusable_options_are_refused_with_the_reason(self):
        for more, reason in ((["--features", "candle.nothing"], "no feature candle.nothing"),
                             (["--threshold", "5"], "lower --threshold")):
            with self.subTest(reason), self.assertRaisesRegex(ValueError, reason):
                self.train("boosted_trees", "v1", *more)
            self.assertFalse((self.folder / "boosted_trees").exists())


if __name__ == "__main__":
    unittest.main()
