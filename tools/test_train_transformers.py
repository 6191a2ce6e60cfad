"""Tests of the trainer of transformers and of the tool for ensembles. Run: python3 -m unittest discover -s tools"""

import contextlib
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import train_transformers  # noqa: E402  sets the thread count before NumPy and PyTorch load
import make_ensemble  # noqa: E402
import torch  # noqa: E402

TINY = ["--rows", "700", "--horizon", "4", "--epochs", "1", "--stride", "3", "--batch-size", "32", "--size", "8", "--heads", "2",
        "--layers", "1"]
MPD = ["mpd_transformer", "--synthetic", *TINY, "--window", "12", "--periods", "1", "4", "--most", "6"]
TLOB = ["tlob_transformer", "--synthetic", *TINY, "--window", "6"]


def load_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


class Trained(unittest.TestCase):
    """One registry for all tests, since training takes time."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.mpd, cls.tlob = (cls.train(*arguments) for arguments in (MPD, TLOB))

    @classmethod
    def train(cls, *arguments):
        with contextlib.redirect_stdout(io.StringIO()):
            return train_transformers.run(train_transformers.parse_options(
                [*arguments, "--models-dir", str(cls.folder), "--version", "20250101_000000", "--promote", "production", "--force"]))

    def each(self):
        for version in (self.mpd, self.tlob):
            with self.subTest(version.parent.name):
                yield version, load_json(version / "metadata.json"), load_json(version / "sample.json")["samples"]


class ExportTest(Trained):
    def test_inputs_are_those_of_the_files(self):
        inputs = {}
        for version, metadata, samples in self.each():
            declared, = metadata["inputs"]
            inputs[version.parent.name] = (declared["name"], declared["shape"])
            self.assertEqual(declared["shape"], metadata["input_shape"])
            self.assertEqual(declared["shape"], list(torch.tensor(samples[0]["inputs"][declared["name"]]).shape))
        self.assertEqual({"mpd_transformer": ("features", [12, 110]), "tlob_transformer": ("raw_lob", [6, 10, 4])}, inputs)

    def test_statistics_are_of_the_last_axis(self):
        for _, metadata, _ in self.each():
            self.assertEqual(metadata["input_shape"][-1], len(metadata["feature_stats"]))
        book = load_json(self.tlob / "metadata.json")
        self.assertEqual(["bid_price", "bid_qty", "ask_price", "ask_qty"], book["inputs"][0]["feature_names"])

    def test_golden_samples_are_what_the_model_on_disk_answers_alone_and_in_a_batch(self):
        for version, metadata, samples in self.each():
            name = metadata["inputs"][0]["name"]
            model = torch.jit.load(str(version / "model.pt"))
            together = model(torch.tensor([sample["inputs"][name] for sample in samples]))
            for i, sample in enumerate(samples):
                alone = model(torch.tensor([sample["inputs"][name]]))
                for output, position in metadata["outputs"].items():
                    expected = torch.tensor([sample["outputs"][output]])
                    self.assertTrue(torch.equal(expected, alone[position]), output)
                    torch.testing.assert_close(together[position][i], alone[position][0], rtol=0, atol=1e-5)

    def test_the_onnx_files_are_valid_and_their_batch_axis_is_free(self):
        try:
            import onnx
        except ImportError:
            self.skipTest("needs the onnx package")
        for version, metadata, _ in self.each():
            model = onnx.load(str(version / "model.onnx"))
            onnx.checker.check_model(model)
            self.assertEqual([metadata["inputs"][0]["name"]], [value.name for value in model.graph.input])
            self.assertEqual(list(metadata["outputs"]), [value.name for value in model.graph.output])
            self.assertEqual("batch", model.graph.input[0].type.tensor_type.shape.dim[0].dim_param)

    def test_the_same_command_writes_the_same_files(self):
        # A process of its own: TorchScript numbers the classes it compiles in one process.
        for arguments in (MPD, TLOB):
            sums = []
            for _ in range(2):
                subprocess.run([sys.executable, train_transformers.__file__, *arguments, "--models-dir", str(self.folder / "again"),
                                "--version", "20250101_000000", "--force"], check=True, capture_output=True)
                files = (self.folder / "again" / arguments[0] / "20250101_000000").iterdir()
                sums.append({file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files})
            self.assertEqual(*sums)


class BookScaleTest(unittest.TestCase):
    book = [[[[99.0, 2.0, 101.0, 1.0], [98.0, 3.0, 102.0, 2.0]]]]

    def test_prices_are_basis_points_from_the_latest_mid_price(self):
        scaled = train_transformers.BookScale()(torch.tensor(self.book))[0, 0].reshape(2, 4)
        torch.testing.assert_close(scaled[:, :2], torch.tensor([[-100.0, 100.0], [-200.0, 200.0]]))
        torch.testing.assert_close(scaled[:, 2:], torch.log1p(torch.tensor([[1.0, 0.5], [1.5, 1.0]])))

    def test_another_price_and_other_units_of_quantity_change_nothing(self):
        scale = train_transformers.BookScale()
        other = torch.tensor(self.book) * torch.tensor([7.0, 0.001, 7.0, 0.001])
        torch.testing.assert_close(scale(torch.tensor(self.book)), scale(other))

    def test_levels_that_are_not_there_and_an_empty_book_are_finite(self):
        shallow = torch.tensor(self.book)
        shallow[:, :, 1] = 0
        scaled = train_transformers.BookScale()(torch.cat((shallow, torch.zeros_like(shallow))))
        self.assertTrue(torch.isfinite(scaled).all())
        torch.testing.assert_close(scaled[0, 0].reshape(2, 4)[1], torch.zeros(4))


class PeriodsTest(unittest.TestCase):
    def test_the_latest_periods_of_each_length_are_means_of_their_steps(self):
        steps = torch.arange(7.0).reshape(1, 7, 1)
        periods = train_transformers.Periods(7, [1, 3], 2)
        self.assertEqual([2, 2], periods.counts)
        torch.testing.assert_close(periods(steps)[0, :, 0], torch.tensor([5.0, 6.0, 2.0, 5.0]))


class EnsembleTest(Trained):
    def make(self, *members, version="v1"):
        with contextlib.redirect_stdout(io.StringIO()):
            return make_ensemble.run(make_ensemble.parse_options(
                [*members, "--models-dir", str(self.folder), "--version", version, "--promote", "staging", "--force"]))

    def test_a_version_of_members_is_written_and_measured(self):
        version = self.make("mpd_transformer:PRODUCTION:0.6", "tlob_transformer:20250101_000000:0.4")
        self.assertEqual(["ensemble.json", "metadata.json", "sample.json"], sorted(file.name for file in version.iterdir()))
        self.assertEqual([{"model": "mpd_transformer", "stage": "PRODUCTION", "weight": 0.6},
                          {"model": "tlob_transformer", "version": "20250101_000000", "weight": 0.4}],
                         load_json(version / "ensemble.json")["members"])
        metadata = load_json(version / "metadata.json")
        self.assertEqual(["features", "raw_lob"], [declared["name"] for declared in metadata["inputs"]])
        self.assertEqual({"mpd_transformer", "tlob_transformer"}, set(metadata["metrics"]["member_accuracy"]))
        self.assertEqual("v1\n", (version.parent / ".staging").read_text())
        for sample in load_json(version / "sample.json")["samples"]:
            self.assertEqual({"features", "raw_lob"}, set(sample["inputs"]))
            self.assertNotIn("outputs", sample)

    def test_a_member_that_votes_alone_decides(self):
        version = self.make("mpd_transformer:PRODUCTION:1", "tlob_transformer:PRODUCTION:0", version="v2")
        metrics = load_json(version / "metadata.json")["metrics"]
        self.assertEqual(metrics["member_accuracy"]["mpd_transformer"], metrics["accuracy"])

    def test_unusable_members_are_refused_with_the_reason(self):
        with self.assertRaisesRegex(ValueError, "not model:STAGE:weight"):
            self.make("mpd_transformer", version="v3")
        with self.assertRaises(FileNotFoundError):
            self.make("nothing:PRODUCTION:1", version="v3")
        self.assertFalse((self.folder / "ensemble" / "v3").exists())


class OptionsTest(unittest.TestCase):
    def test_a_size_that_heads_do_not_share_is_refused(self):
        for arguments in (["mpd_transformer", "--synthetic", "--size", "9"], ["mpd_transformer", "--synthetic", "--window", "10"]):
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
                train_transformers.parse_options(arguments)


if __name__ == "__main__":
    unittest.main()
