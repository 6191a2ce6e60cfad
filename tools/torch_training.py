"""What the trainers of networks share: windows, layers, training, calibration, evaluation, export.

A network returns three outputs, for which OUTPUTS has the order: direction_logits [B, 3], confidence [B, 1] and
expected_return [B, 1]. Needs PyTorch 1.13 and NumPy, or later; the trainer sets the number of threads before this is imported.
"""

import copy
import inspect
import sys
import time
import warnings
import zipfile

import numpy as np
import torch
from torch import nn

from evaluation import CLASSES, class_metrics, confidence_metrics, print_class_report, return_metrics
from feature_statistics import exact
from training_data import Split, direction_labels, forward_returns, hold_threshold
from version_folder import Promotion, VersionFolder, short

OUTPUTS = {"direction_logits": 0, "confidence": 1, "expected_return": 2}
ONNX_OPSET = 15
SAMPLES = 4
EVALUATION_BATCH = 256


class Windows:
    """Windows and labels by the row at which a window ends."""

    def __init__(self, series, window, horizon, threshold):
        self.values = torch.from_numpy(series.values)
        self.offsets = torch.arange(-window + 1, 1)
        self.forward = forward_returns(series.returns, horizon)
        self.labels = torch.from_numpy(direction_labels(self.forward, threshold))
        self.targets = torch.from_numpy(np.nan_to_num(self.forward).astype(np.float32))[:, None]

    def features(self, ends):
        return self.values[torch.as_tensor(ends)[:, None] + self.offsets]

    def batches(self, ends, size):
        for start in range(0, len(ends), size):
            part = torch.as_tensor(ends[start : start + size])
            yield self.features(part), self.labels[part], self.targets[part]


class Standardise(nn.Module):
    """Raw features to zero mean and unit deviation, clipped so that one wild value cannot drown the rest."""

    def __init__(self, mean, deviation, clip: float):
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("scale", torch.where(deviation > 1e-12, 1 / deviation, torch.zeros_like(deviation)))
        self.clip = clip

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return torch.clamp((features - self.mean) * self.scale, -self.clip, self.clip)


class TemporalAttention(nn.Module):
    """The weighted mean of the steps, the weights learned."""

    def __init__(self, size: int, hidden: int):
        super().__init__()
        self.score = nn.Sequential(nn.Linear(size, hidden), nn.Tanh(), nn.Linear(hidden, 1))

    def forward(self, steps: torch.Tensor) -> torch.Tensor:
        return (torch.softmax(self.score(steps), dim=1) * steps).sum(dim=1)


def signal_heads(size):
    """What says direction (logits), confidence and expected return, from a context of that size.

    The confidence head takes the logits, detached: it judges them and must not bend them.
    """
    direction = nn.Sequential(nn.Linear(size, 64), nn.ReLU(), nn.Linear(64, len(CLASSES)))
    confidence = nn.Sequential(nn.Linear(len(CLASSES), 16), nn.Tanh(), nn.Linear(16, 1))
    expected_return = nn.Sequential(nn.Linear(size, 32), nn.ReLU(), nn.Linear(32, 1))
    return direction, confidence, expected_return


class Progress:
    """A bar on standard error, where that is a terminal."""

    def __init__(self, total):
        self.total = total
        self.shown = sys.stderr.isatty()

    def update(self, done, text):
        if self.shown:
            filled = 30 * done // self.total
            sys.stderr.write(f"\r[{'#' * filled}{'.' * (30 - filled)}] {text}\033[K")
            sys.stderr.flush()

    def clear(self):
        if self.shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


class Trainer:
    def __init__(self, model, windows, split, options):
        self.model = model
        self.windows = windows
        self.split = split
        self.options = options
        self.cross_entropy = nn.CrossEntropyLoss()
        self.huber = nn.HuberLoss()

    def fit(self):
        """Trains until the validation loss stops falling and restores the best weights. Returns the best epoch."""
        options = self.options
        optimiser = torch.optim.AdamW(self.model.parameters(), lr=options.learning_rate,
                                      weight_decay=options.weight_decay)
        schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, factor=0.4, patience=1)
        best_loss, best_epoch, best_weights = float("inf"), 0, None
        for epoch in range(1, options.epochs + 1):
            started = time.monotonic()
            train_loss = self._epoch(optimiser, epoch)
            loss, accuracy = self._validate()
            schedule.step(loss)
            print(f"epoch {epoch:2d}: loss {train_loss:.4f}, validation loss {loss:.4f}, "
                  f"accuracy {accuracy:.3f}, {time.monotonic() - started:.0f} s", flush=True)
            if loss < best_loss:
                best_loss, best_epoch, best_weights = loss, epoch, copy.deepcopy(self.model.state_dict())
            elif epoch - best_epoch >= options.patience:
                break
        if best_weights is None:
            raise ValueError("the loss was never finite: check the data, or lower --learning-rate")
        self.model.load_state_dict(best_weights)
        return best_epoch

    def _epoch(self, optimiser, epoch):
        # Neighbouring windows are nearly the same: every epoch sees another few of them.
        shuffled = self.split.train[torch.randperm(len(self.split.train)).numpy()]
        ends = shuffled[: -(-len(shuffled) // self.options.stride)]
        progress, total, seen = Progress(len(ends)), 0.0, 0
        self.model.train()
        for features, labels, targets in self.windows.batches(ends, self.options.batch_size):
            optimiser.zero_grad()
            loss = self._loss(features, labels, targets)[0]
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            optimiser.step()
            total += loss.item() * len(labels)
            seen += len(labels)
            progress.update(seen, f"epoch {epoch}, loss {total / seen:.4f}")
        progress.clear()
        return total / seen

    def _loss(self, features, labels, targets):
        logits, _, expected = self.model(features)
        scale = self.model.return_scale
        loss = self.cross_entropy(logits, labels)
        return loss + self.options.return_weight * self.huber(expected / scale, targets / scale), logits

    def _validate(self):
        self.model.eval()
        total, right = 0.0, 0
        ends = self.split.validation
        with torch.no_grad():
            for features, labels, targets in self.windows.batches(ends, EVALUATION_BATCH):
                loss, logits = self._loss(features, labels, targets)
                total += loss.item() * len(labels)
                right += (logits.argmax(1) == labels).sum().item()
        return total / len(ends), right / len(ends)

    def calibrate(self, steps=300):
        """Fits the confidence head alone, on windows the rest was not fitted to: there it is right too often."""
        logits = predict(self.model, self.windows, self.split.validation)[0]
        labels = self.windows.labels[torch.from_numpy(self.split.validation)]
        right = (logits.argmax(1) == labels).float()[:, None]
        head = self.model.confidence
        optimiser = torch.optim.AdamW(head.parameters(), lr=0.02, weight_decay=0.01)
        loss = nn.BCEWithLogitsLoss()
        for _ in range(steps):
            optimiser.zero_grad()
            loss(head(logits), right).backward()
            optimiser.step()


def predict(model, windows, ends):
    """The three outputs for all windows that end at the given rows."""
    model.eval()
    with torch.no_grad():
        parts = [model(features) for features, _, _ in windows.batches(ends, EVALUATION_BATCH)]
    return tuple(torch.cat(part) for part in zip(*parts))


def evaluate(outputs, labels, forward):
    """Metrics of the outputs against what happened; precision, recall and F1 are plain means over the classes."""
    logits, confidence, expected = (output.numpy() for output in outputs)
    predicted = logits.argmax(1)
    return {
        **class_metrics(predicted, labels),
        **confidence_metrics(confidence[:, 0], predicted == labels),
        **return_metrics(expected[:, 0], forward),
        "test_windows": len(labels),
    }


def print_report(metrics):
    print_class_report(metrics, "windows")
    print(f"confidence is off by {metrics['calibration_error']:.3f} on average; "
          f"expected and actual return correlate by {metrics['return_correlation']:.2f}\n")


class TorchExport:
    """Writes a trained network as model.pt and model.onnx, and its golden samples."""

    def __init__(self, model, windows, input_name="features"):
        self.model = model
        self.windows = windows
        self.input_name = input_name

    def write(self, folder):
        self._write_torchscript(folder)
        self._write_onnx(folder)
        return self._samples(folder)

    def _write_torchscript(self, folder):
        traced = folder / "with_debug.pt"
        torch.jit.freeze(torch.jit.script(self.model.eval())).save(str(traced))
        # Debug records hold this machine's paths, and would make equal models unequal files.
        with zipfile.ZipFile(traced) as source, zipfile.ZipFile(folder / "model.pt", "w") as target:
            for entry in source.infolist():
                if not entry.filename.endswith(".debug_pkl"):
                    name = "model/" + entry.filename.split("/", 1)[1]
                    target.writestr(zipfile.ZipInfo(name), source.read(entry))
        traced.unlink()

    def _write_onnx(self, folder):
        dynamic = {name: {0: "batch"} for name in [self.input_name, *OUTPUTS]}
        # Newer PyTorch defaults to another exporter, which needs more packages.
        tracing = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
        with warnings.catch_warnings():
            # Warns that an LSTM's initial state may fix the batch size; here that state follows the input's batch.
            warnings.simplefilter("ignore")
            torch.onnx.export(self.model.eval(), (self.windows[:1],), str(folder / "model.onnx"), input_names=[self.input_name],
                              output_names=list(OUTPUTS), opset_version=ONNX_OPSET, dynamic_axes=dynamic, **tracing)

    def _samples(self, folder):
        """Golden samples: inputs as printed, and what the written file answers to exactly these."""
        restored = torch.jit.load(str(folder / "model.pt"))
        samples = []
        for window in self.windows:
            inputs = printed(window.tolist())
            with torch.no_grad():
                outputs = restored(torch.tensor([inputs], dtype=torch.float32))
            answer = {name: [exact(value) for value in outputs[i][0].numpy()] for name, i in OUTPUTS.items()}
            samples.append({"inputs": {self.input_name: inputs}, "outputs": answer})
        return samples


def printed(nested):
    return [printed(part) for part in nested] if isinstance(nested, list) else short(nested)


def pick_samples(ends, logits):
    """Rows of the test part: the surest prediction of each class, then the least sure of all."""
    probabilities = torch.softmax(logits, dim=1)
    surest = torch.where(probabilities == probabilities.max(1, keepdim=True).values, probabilities, torch.zeros(()))
    picked = [int(i) for i in surest.argmax(0)]
    for i in torch.argsort(probabilities.max(1).values, stable=True).tolist():
        if len(set(picked)) == SAMPLES:
            break
        picked.append(i)
    return ends[list(dict.fromkeys(picked))]


def train_version(options, read, build, describe, input_name="features"):
    """Trains a network and writes one version of it. Returns the folder it is in.

    read(options) gives the series, build(options, series, split, forward) the network and describe(options, series, split,
    threshold, best_epoch, metrics, model) the contents of metadata.json.
    """
    folder = VersionFolder(options.models_dir, options.name, options.version, options.force)
    folder.check()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(options.seed)

    series = read(options)
    split = Split.by_time(len(series.values), options.window, options.horizon)
    forward = forward_returns(series.returns, options.horizon)
    threshold = options.threshold
    if threshold is None:
        threshold = hold_threshold(forward[split.train], options.hold_share)
    windows = Windows(series, options.window, options.horizon, threshold)
    print(f"{len(series.values)} rows, {len(series.names)} features, {len(split.train)} training windows, "
          f"threshold {threshold:.5f}")

    model = build(options, series, split, forward)
    trainer = Trainer(model, windows, split, options)
    best_epoch = trainer.fit()
    trainer.calibrate()

    outputs = predict(model, windows, split.test)
    metrics = evaluate(outputs, windows.labels.numpy()[split.test], forward[split.test])
    print_report(metrics)

    promotion = Promotion(folder, options, metrics)
    metadata = describe(options, series, split, threshold, best_epoch, metrics, model)
    export = TorchExport(model, windows.features(pick_samples(split.test, outputs[0])), input_name)
    return promotion.apply(folder.write(export.write, metadata))
