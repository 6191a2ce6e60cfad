"""Tests of the training tool. Run: python3 -m unittest discover -s tools"""

import contextlib
import csv
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import train_model  # noqa: E402  sets the thread count before NumPy and PyTorch load
import numpy as np  # noqa: E402
import torch  # noqa: E402

import evaluation  # noqa: E402
import training_data  # noqa: E402
import version_folder  # noqa: E402

TINY = ["--rows", "700", "--window", "12", "--horizon", "4", "--epochs", "2", "--stride", "2", "--batch-size", "32",
        "--conv", "8", "8", "--hidden", "8", "--layers", "1"]


class TemporaryRegistry(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def train(self, version, *more, source=("--synthetic",)):
        arguments = [*source, *TINY, "--models-dir", str(self.folder / "models"), "--version", version, *more]
        with contextlib.redirect_stdout(io.StringIO()):
            return train_model.run(train_model.parse_options(arguments))

    def marker(self, stage):
        return self.folder / "models" / "hybrid_cnn_lstm" / f".{stage}"


def load_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class ReproducibilityTest(TemporaryRegistry):
    def test_the_same_command_writes_the_same_files(self):
        self.assertEqual(self.checksums_of_a_run(), self.checksums_of_a_run("--force"))

    def test_another_seed_gives_another_model(self):
        first, second = self.train("a"), self.train("b", "--seed", "8")
        self.assertNotEqual(sha256(first / "model.onnx"), sha256(second / "model.onnx"))

    def checksums_of_a_run(self, *more):
        # A process of its own: TorchScript numbers the classes it compiles in one process.
        registry = self.folder / "models"
        subprocess.run([sys.executable, train_model.__file__, "--synthetic", *TINY, "--models-dir", str(registry),
                        "--version", "20250101_000000", *more], check=True, capture_output=True)
        return {file.name: sha256(file) for file in (registry / "hybrid_cnn_lstm" / "20250101_000000").iterdir()}


class SplitTest(unittest.TestCase):
    def test_no_row_is_seen_by_two_parts(self):
        window, horizon = 12, 5
        split = training_data.Split.by_time(500, window, horizon)
        seen = [
            {row for end in part for row in range(end - window + 1, end + horizon + 1)}
            for part in (split.train, split.validation, split.test)
        ]
        self.assertTrue(max(seen[0]) < min(seen[1]) <= max(seen[1]) < min(seen[2]))
        self.assertEqual(0, min(seen[0]))
        self.assertEqual(499, max(seen[2]))

    def test_features_are_standardised_by_training_rows_only(self):
        window, horizon = 12, 5
        split = training_data.Split.by_time(500, window, horizon)
        self.assertLess(split.train_rows - 1, split.validation[0] - window + 1)

    def test_too_few_rows_are_refused(self):
        with self.assertRaisesRegex(ValueError, "40 rows are too few"):
            training_data.Split.by_time(40, 12, 5)


class LabelTest(unittest.TestCase):
    def test_the_forward_return_compounds_the_steps_after_a_row(self):
        returns = np.array([0.5, 0.1, 0.2, -0.1])
        forward = training_data.forward_returns(returns, 2)
        np.testing.assert_allclose(forward[:2], [1.1 * 1.2 - 1, 1.2 * 0.9 - 1])
        self.assertTrue(np.isnan(forward[2:]).all())


class EvaluationTest(unittest.TestCase):
    def test_scores_are_those_of_the_confusion_matrix(self):
        labels = np.array([0, 0, 1, 2])
        logits = torch.nn.functional.one_hot(torch.tensor([0, 1, 1, 2]), 3).float()
        confidence, expected = torch.full((4, 1), 0.75), torch.zeros(4, 1)
        metrics = train_model.evaluate((logits, confidence, expected), labels, np.zeros(4))
        self.assertEqual(0.75, metrics["accuracy"])
        self.assertEqual(0.5, metrics["majority_baseline"])
        self.assertEqual({"precision": 1.0, "recall": 0.5, "f1_score": 2 / 3, "support": 2},
                         metrics["per_class"]["SELL"])

    def test_a_calibrated_confidence_has_no_error(self):
        self.assertAlmostEqual(0, evaluation.calibration_error(np.full(4, 0.75), np.array([1, 1, 1, 0]), bins=1))


class ExportTest(TemporaryRegistry):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        registry = ExportTest()
        registry.folder = Path(folder.name)
        cls.version = registry.train("v1")
        cls.metadata = load_json(cls.version / "metadata.json")

    def test_the_version_holds_exactly_its_four_files(self):
        self.assertEqual(["metadata.json", "model.onnx", "model.pt", "sample.json"],
                         sorted(file.name for file in self.version.iterdir()))
        self.assertEqual(["v1"], [entry.name for entry in self.version.parent.iterdir()])

    def test_checksums_are_those_of_the_files(self):
        for name in ("model.pt", "model.onnx"):
            self.assertEqual(sha256(self.version / name), self.metadata["sha256"][name])

    def test_metadata_fits_the_model(self):
        names = self.metadata["feature_names"]
        self.assertEqual([12, 110], self.metadata["input_shape"])
        self.assertEqual(110, len(names))
        self.assertEqual(names, training_data.feature_order(reversed(names)))
        self.assertEqual({"orderbook": 50, "candle": 25, "indicator": 35},
                         {channel: sum(name.startswith(channel + ".") for name in names)
                          for channel in training_data.CHANNELS})
        self.assertEqual(names, list(self.metadata["feature_stats"]))
        for stats in self.metadata["feature_stats"].values():
            self.assertEqual(11, len(stats["quantiles"]))
            self.assertEqual([stats["min"], stats["max"]], [stats["quantiles"][0], stats["quantiles"][-1]])
            self.assertEqual(len(stats["bins"]["edges"]) + 1, len(stats["bins"]["shares"]))
            self.assertIn("window_seconds", stats["drift"])
        self.assertEqual(60, self.metadata["dataset_info"]["step_seconds"])
        self.assertEqual("None", self.metadata["stage"])
        self.assertIn("must not be used for trading", self.metadata["description"])

    def test_golden_samples_are_what_the_model_on_disk_answers(self):
        model = torch.jit.load(str(self.version / "model.pt"))
        samples = load_json(self.version / "sample.json")["samples"]
        self.assertEqual(4, len(samples))
        for sample in samples:
            outputs = model(torch.tensor([sample["inputs"]["features"]], dtype=torch.float32))
            for name, position in train_model.OUTPUTS.items():
                expected = torch.tensor([sample["outputs"][name]], dtype=torch.float32)
                self.assertTrue(torch.equal(expected, outputs[position]), name)

    def test_a_batch_answers_like_single_requests(self):
        model = torch.jit.load(str(self.version / "model.pt"))
        samples = load_json(self.version / "sample.json")["samples"]
        features = torch.tensor([sample["inputs"]["features"] for sample in samples])
        for i, together in enumerate(model(features)):
            alone = torch.cat([model(window[None])[i] for window in features])
            torch.testing.assert_close(together, alone, rtol=0, atol=1e-5)

    def test_no_path_of_this_machine_is_in_the_files(self):
        here = str(Path(__file__).resolve().parent).encode()
        for file in self.version.iterdir():
            self.assertNotIn(here, file.read_bytes(), file.name)

    def test_the_onnx_file_is_valid_and_its_batch_axis_free(self):
        try:
            import onnx
        except ImportError:
            self.skipTest("needs the onnx package")
        model = onnx.load(str(self.version / "model.onnx"))
        onnx.checker.check_model(model)
        self.assertEqual(["features"], [value.name for value in model.graph.input])
        self.assertEqual(list(train_model.OUTPUTS), [value.name for value in model.graph.output])
        self.assertEqual("batch", model.graph.input[0].type.tensor_type.shape.dim[0].dim_param)


class RegistryTest(TemporaryRegistry):
    def test_promotion_sets_the_marker_of_that_stage_only(self):
        self.train("v1", "--promote", "production", "--force")
        self.train("v2", "--promote", "staging")
        self.assertEqual("v1\n", self.marker("production").read_text())
        self.assertEqual("v2\n", self.marker("staging").read_text())
        self.assertEqual("Staging", load_json(self.marker("staging").parent / "v2" / "metadata.json")["stage"])

    def test_the_version_that_was_in_production_is_remembered_for_rollback(self):
        self.train("v1", "--promote", "production", "--force")
        self.train("v2", "--promote", "production", "--force")
        self.train("v2", "--promote", "production", "--force")
        self.assertEqual("v2\n", self.marker("production").read_text())
        self.assertEqual("v1\n", self.marker("previous").read_text())

    def test_a_model_that_is_no_better_than_the_most_frequent_class_is_not_promoted(self):
        with self.assertRaisesRegex(ValueError, "not promoted"):
            self.train("v1", "--promote", "production")
        self.assertFalse(self.marker("production").exists())
        self.assertEqual("None", load_json(self.marker("production").parent / "v1" / "metadata.json")["stage"])

    def test_an_existing_version_is_kept_unless_forced(self):
        version = self.train("v1")
        before = sha256(version / "model.onnx")
        with self.assertRaisesRegex(FileExistsError, "--force"):
            self.train("v1", "--seed", "8")
        self.assertEqual(before, sha256(version / "model.onnx"))
        self.train("v1", "--seed", "8", "--force")
        self.assertNotEqual(before, sha256(version / "model.onnx"))

    def test_names_that_leave_the_registry_are_refused(self):
        for name in ("../x", "a/b", ".hidden", "", "latest", "production", "staging"):
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
                train_model.parse_options(["--synthetic", "--version", name])


class StatisticsOnlyTest(TemporaryRegistry):
    def add_statistics(self, *arguments):
        return train_model.add_statistics(train_model.parse_options(
            [*arguments, "--models-dir", str(self.folder / "models"), "--statistics-only"]))

    def forget_windows(self, version):
        """As if an earlier trainer had written the version."""
        metadata = load_json(version / "metadata.json")
        for stats in metadata["feature_stats"].values():
            del stats["bins"], stats["drift"]
        del metadata["dataset_info"]["step_seconds"]
        (version / "metadata.json").write_text(version_folder.json_text(metadata, indent=2), encoding="utf-8")

    def test_an_earlier_version_gets_the_statistics_and_keeps_the_rest(self):
        version = self.train("v1")
        before = {file.name: file.read_bytes() for file in version.iterdir()}
        self.forget_windows(version)
        self.assertNotEqual(before["metadata.json"], (version / "metadata.json").read_bytes())
        self.add_statistics("--synthetic", "--version", "v1")
        self.assertEqual(before, {file.name: file.read_bytes() for file in version.iterdir()})

    def test_other_data_is_refused_and_nothing_changes(self):
        version = self.train("v1")
        self.forget_windows(version)
        metadata = load_json(version / "metadata.json")
        for change, reason in (
            (lambda: metadata["training_params"].update(seed=8), "trained on other data: .* has another mean"),
            (lambda: metadata["dataset_info"].update(rows=701), "has another mean"),
            (lambda: metadata["feature_names"].reverse(), "trained on other data"),
        ):
            with self.subTest(reason):
                change()
                text = version_folder.json_text(metadata, indent=2)
                (version / "metadata.json").write_text(text, encoding="utf-8")
                with self.assertRaisesRegex(ValueError, reason):
                    self.add_statistics("--synthetic", "--version", "v1")
                self.assertEqual(text, (version / "metadata.json").read_text(encoding="utf-8"))

    def test_a_version_that_does_not_exist_is_refused(self):
        with self.assertRaisesRegex(FileNotFoundError, "which --version"):
            self.add_statistics("--synthetic", "--version", "v9")
        with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
            self.add_statistics("--synthetic")

    def test_the_bundled_versions_hold_what_the_trainer_writes_today(self):
        models = Path(train_model.__file__).resolve().parent.parent / "models" / "hybrid_cnn_lstm"
        for file in sorted(models.glob("*/metadata.json")):
            metadata = load_json(file)
            dataset = metadata["dataset_info"]
            series = training_data.read_synthetic(dataset["rows"], metadata["training_params"]["seed"])
            split = training_data.Split.by_time(dataset["rows"], dataset["window"], dataset["horizon"])
            today = train_model.training_stats(series, split.train_rows, dataset["step_seconds"])
            for name, stats in metadata["feature_stats"].items():
                for measure, limits in today[name]["drift"].items():
                    # Another processor's last bits may differ.
                    np.testing.assert_allclose(stats["drift"][measure], limits, rtol=0.01, err_msg=name)
                np.testing.assert_allclose(stats["bins"]["shares"], today[name]["bins"]["shares"], atol=0.001)


class CsvTest(TemporaryRegistry):
    NAMES = ["candle.close", "indicator.rsi_14", "orderbook.imbalance_01", "orderbook.ask_size_01"]

    def write(self, rows, names=None):
        path = self.folder / "history.csv"
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([names or ["timestamp", *self.NAMES], *rows])
        return path

    def market(self):
        columns, _ = training_data.synthetic_market(700, 3)
        return [[t, *values] for t, values in enumerate(zip(*(columns[name] for name in self.NAMES)))]

    def test_any_number_of_features_trains_with_the_return_taken_from_the_close(self):
        path = self.write(self.market())
        metadata = load_json(self.train("v1", source=("--csv", str(path))) / "metadata.json")
        self.assertEqual(["orderbook.ask_size_01", "orderbook.imbalance_01", "candle.close", "indicator.rsi_14"],
                         metadata["feature_names"])
        self.assertEqual([12, 4], metadata["input_shape"])
        self.assertFalse(metadata["dataset_info"]["synthetic"])
        self.assertNotIn("must not be used", metadata["description"])

    def test_a_return_column_goes_before_the_close(self):
        path = self.write([["100", "0.5"], ["101", "0.25"]], ["candle.close", "return"])
        np.testing.assert_array_equal([0.5, 0.25], training_data.read_csv(path).returns)

    def test_empty_cells_repeat_the_value_above_and_are_counted(self):
        path = self.write([["100", ""], ["110", "4"], ["121", ""], ["121", "6"]], ["candle.close", "candle.volume"])
        series = training_data.read_csv(path)
        np.testing.assert_array_equal([5, 4, 4, 6], series.values[:, 1])
        np.testing.assert_array_equal([0, 0.5], series.missing)
        np.testing.assert_allclose([0, 0.1, 0.1, 0], series.returns)

    def test_unusable_files_are_refused_with_the_reason(self):
        for rows, names, reason in (
            ([["1", "2"]], ["candle.close", "candle.close"], "same name"),
            ([["1"]], ["close"], "no column is named like a feature"),
            ([["1"]], ["candle.volume"], "needs a column 'return'"),
            ([["1", "x"]], ["candle.close", "candle.volume"], "line 2: not a row of 2 numbers"),
            ([["1"]], ["candle.close", "candle.volume"], "line 2: not a row of 2 numbers"),
            ([["1", "inf"]], ["candle.close", "candle.volume"], "infinite"),
            ([["1", ""]], ["candle.close", "candle.volume"], "no value at all in candle.volume"),
            ([["", "1"], ["2", "1"]], ["candle.close", "candle.volume"], "'candle.close' has empty cells"),
            ([], ["candle.close"], "has no rows"),
            ([["0"]], ["candle.close"], "price that is not above 0"),
            ([["1", "-1"]], ["candle.close", "return"], "loss of everything"),
        ):
            with self.subTest(reason), self.assertRaisesRegex(ValueError, reason):
                training_data.read_csv(self.write(rows, names))


if __name__ == "__main__":
    unittest.main()
