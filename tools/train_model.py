#!/usr/bin/env python3
"""Trains a model for the server and writes it into the model registry.

The model is a convolution over time, a bidirectional LSTM, attention over its steps, and three heads:

    direction_logits  [B, 3]  SELL, HOLD, BUY
    confidence        [B, 1]  how likely the strongest of them is right, in 0..1
    expected_return   [B, 1]  over the horizon, 0.01 is one percent

It takes raw features [B, window, features]; standardising and clipping them is its first layer.

Train on your own data (a CSV with one row a step, oldest first; see --help for its columns) and put it into production:

    python3 tools/train_model.py --csv history.csv --promote production

The two versions that come with the server are made like this, on a made-up market, each in a few minutes on one core:

    python3 tools/train_model.py --synthetic --version 20251114_192715 --promote production
    python3 tools/train_model.py --synthetic --version 20251121_081530 --promote staging \\
        --seed 11 --rows 44000 --conv 80 112 --hidden 88 --dropout 0.35 --learning-rate 0.0007

Live features are compared with what the version saw in training (docs/drift.md). A version whose metadata.json is from
before feature_stats had windows of their own gets them without training, from the same data:

    python3 tools/train_model.py --csv history.csv --version 20251114_192715 --statistics-only

Needs Python 3.9, PyTorch 1.13 and NumPy, or later (Debian: python3-torch, and libopenblas0-pthread for speed). The same
seed gives the same weights, bit for bit, on the same processor type with the same PyTorch.
"""

import os

# One thread, set before NumPy and PyTorch load: how sums are split, and so the weights, must not depend on the cores.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import copy
import csv
import hashlib
import inspect
import json
import re
import shutil
import sys
import time
import warnings
import zipfile
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Tuple

try:
    import numpy as np
    import torch
    from torch import nn
except ImportError as missing:
    sys.exit(f"train_model: {missing} for {sys.executable}. Install PyTorch, for example on Debian: "
             "apt install python3-torch libopenblas0-pthread, and run this with /usr/bin/python3")

from feature_statistics import digits, exact, feature_stats
from synthetic_market import synthetic_market

CLASSES = ["SELL", "HOLD", "BUY"]
CHANNELS = ["orderbook", "candle", "indicator"]
OUTPUTS = {"direction_logits": 0, "confidence": 1, "expected_return": 2}
STAGES = {"production": "Production", "staging": "Staging", None: "None"}
ONNX_OPSET = 15
SAMPLES = 4
RESERVED_NAMES = {"production", "staging", "latest"}
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
INDENTED_LIST = re.compile(r"\[\s+([^][{}\"]*?)\s+\]")
EVALUATION_BATCH = 256


# ---------------------------------------------------------------------------------------------------------------- data


@dataclass
class Series:
    """One market over time: values [rows, features] and the return of each step [rows]."""

    names: list
    values: np.ndarray
    returns: np.ndarray
    missing: np.ndarray
    source: str


def feature_order(names):
    """Channels in the server's order, names sorted inside each: the order in which the model reads them."""
    return sorted(names, key=lambda name: (CHANNELS.index(name.split(".", 1)[0]), name))


def read_synthetic(rows, seed):
    columns, returns = synthetic_market(rows, seed)
    names = feature_order(columns)
    values = np.column_stack([columns[name] for name in names]).astype(np.float32)
    return Series(names, values, returns, np.zeros(len(names)), "synthetic regime-switching market")


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        if len(set(header)) != len(header):
            raise ValueError(f"{path}: two columns have the same name")
        names = feature_order(name for name in header if name.split(".", 1)[0] in CHANNELS and "." in name)
        if not names:
            raise ValueError(f"{path}: no column is named like a feature, e.g. orderbook.spread_bps or candle.close")
        target = next((name for name in ("return", "close", "candle.close") if name in header), None)
        if target is None:
            raise ValueError(f"{path}: needs a column 'return', 'close' or 'candle.close' to learn from")
        wanted = [header.index(name) for name in [*names, target]]
        table = np.array([_numbers(row, wanted, header, path, reader.line_num) for row in reader], dtype=np.float64)
    if len(table) == 0:
        raise ValueError(f"{path}: has no rows")
    values, target_column = table[:, :-1], table[:, -1]
    missing = np.isnan(values).mean(axis=0)
    gone = [name for name, share in zip(names, missing) if share == 1]
    if gone:
        raise ValueError(f"{path}: no value at all in {', '.join(gone)}")
    if np.isnan(target_column).any():
        raise ValueError(f"{path}: column '{target}' has empty cells")
    returns = target_column
    if target != "return":
        if (target_column <= 0).any():
            raise ValueError(f"{path}: column '{target}' has a price that is not above 0")
        returns = np.concatenate(([0.0], target_column[1:] / target_column[:-1] - 1))
    elif (target_column <= -1).any():
        raise ValueError(f"{path}: column 'return' has a loss of everything or more; 0.01 is one percent")
    return Series(names, _fill(values).astype(np.float32), returns, missing, Path(path).name)


def _numbers(row, wanted, header, path, line):
    try:
        numbers = [float(row[i]) if row[i].strip() else float("nan") for i in wanted]
    except (ValueError, IndexError):
        raise ValueError(f"{path}, line {line}: not a row of {len(header)} numbers") from None
    if any(np.isinf(number) for number in numbers):
        raise ValueError(f"{path}, line {line}: has an infinite value")
    return numbers


def _fill(values):
    """An empty cell repeats the value above it, as a feed would; the median stands in before the first value."""
    for column in values.T:
        hole = np.isnan(column)
        if hole.any():
            if hole[0]:
                column[0] = np.nanmedian(column)
                hole[0] = False
            last = np.maximum.accumulate(np.where(hole, 0, np.arange(len(column))))
            column[:] = column[last]
    return values


@dataclass
class Split:
    """The last rows of the windows of each part.

    A window that ends at row t reads rows t-window+1..t, its label rows t+1..t+horizon. Each part keeps both inside its
    own stretch of rows, so no row is seen by two parts, whether as a feature or as a label.
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    train_rows: int

    @staticmethod
    def by_time(rows, window, horizon, validation_share=0.15, test_share=0.2):
        validation_from = int(rows * (1 - validation_share - test_share))
        test_from = int(rows * (1 - test_share))
        bounds = [(0, validation_from), (validation_from, test_from), (test_from, rows)]
        parts = [np.arange(low + window - 1, high - horizon) for low, high in bounds]
        if any(len(part) == 0 for part in parts):
            raise ValueError(f"{rows} rows are too few for windows of {window} and a horizon of {horizon}")
        return Split(*parts, train_rows=validation_from)


class Windows:
    """Windows and labels by the row at which a window ends."""

    def __init__(self, series, window, horizon, threshold):
        self.values = torch.from_numpy(series.values)
        self.offsets = torch.arange(-window + 1, 1)
        self.forward = forward_returns(series.returns, horizon)
        labels = np.where(self.forward > threshold, 2, np.where(self.forward < -threshold, 0, 1))
        self.labels = torch.from_numpy(labels)
        self.targets = torch.from_numpy(np.nan_to_num(self.forward).astype(np.float32))[:, None]

    def features(self, ends):
        return self.values[torch.as_tensor(ends)[:, None] + self.offsets]

    def batches(self, ends, size):
        for start in range(0, len(ends), size):
            part = torch.as_tensor(ends[start : start + size])
            yield self.features(part), self.labels[part], self.targets[part]


def forward_returns(returns, horizon):
    """The compound return of the horizon steps after each row; NaN where they are not known."""
    growth = np.concatenate(([0.0], np.cumsum(np.log1p(returns))))
    forward = np.full(len(returns), np.nan)
    forward[: len(returns) - horizon] = np.expm1(growth[1 + horizon :] - growth[1:-horizon])
    return forward


# --------------------------------------------------------------------------------------------------------------- model


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


class HybridCnnLstm(nn.Module):
    def __init__(self, standardise: nn.Module, features: int, conv, hidden: int, layers: int, dropout: float,
                 return_scale: float):
        super().__init__()
        self.standardise = standardise
        self.convolve = nn.Sequential(
            nn.Conv1d(features, conv[0], kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv1d(conv[0], conv[1], kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool1d(2),
            nn.Dropout(dropout),
        )
        self.lstm = nn.LSTM(conv[1], hidden, layers, batch_first=True, bidirectional=True,
                            dropout=dropout if layers > 1 else 0.0)
        self.attention = TemporalAttention(2 * hidden, 64)
        self.dropout = nn.Dropout(dropout)
        self.direction = nn.Sequential(nn.Linear(2 * hidden, 64), nn.ReLU(), nn.Linear(64, len(CLASSES)))
        self.confidence = nn.Sequential(nn.Linear(len(CLASSES), 16), nn.Tanh(), nn.Linear(16, 1))
        self.expected_return = nn.Sequential(nn.Linear(2 * hidden, 32), nn.ReLU(), nn.Linear(32, 1))
        self.return_scale = return_scale

    def forward(self, features: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        steps = self.convolve(self.standardise(features).transpose(1, 2)).transpose(1, 2)
        context = self.dropout(self.attention(self.lstm(steps)[0]))
        logits = self.direction(context)
        # The head judges the logits and must not bend them.
        confidence = torch.sigmoid(self.confidence(logits.detach()))
        return logits, confidence, self.expected_return(context) * self.return_scale


# ------------------------------------------------------------------------------------------------------------ training


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


# ---------------------------------------------------------------------------------------------------------- evaluation


def evaluate(outputs, labels, forward):
    """Metrics of the outputs against what happened; precision, recall and F1 are plain means over the classes."""
    logits, confidence, expected = (output.numpy() for output in outputs)
    predicted = logits.argmax(1)
    per_class = {}
    for index, name in enumerate(CLASSES):
        answered, support = int((predicted == index).sum()), int((labels == index).sum())
        hits = int(((predicted == index) & (labels == index)).sum())
        per_class[name] = {
            "precision": hits / max(1, answered),
            "recall": hits / max(1, support),
            "f1_score": 2 * hits / max(1, answered + support),
            "support": support,
        }

    def macro(metric):
        return float(np.mean([scores[metric] for scores in per_class.values()]))

    right = predicted == labels
    return {
        "accuracy": float(right.mean()),
        "precision": macro("precision"),
        "recall": macro("recall"),
        "f1_score": macro("f1_score"),
        "majority_baseline": float(np.bincount(labels, minlength=len(CLASSES)).max() / len(labels)),
        "per_class": per_class,
        "calibration_error": calibration_error(confidence[:, 0], right),
        "mean_confidence": float(confidence.mean()),
        "return_correlation": correlation(expected[:, 0], forward),
        "return_mean_absolute_error": float(np.abs(expected[:, 0] - forward).mean()),
        "test_windows": len(labels),
    }


def calibration_error(confidence, right, bins=10):
    """Mean distance between confidence and the share that was right, over bins of equally many predictions."""
    order = np.argsort(confidence, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(len(part) * abs(confidence[part].mean() - right[part].mean()) for part in parts) / len(confidence))


def correlation(left, right):
    if left.std() == 0 or right.std() == 0:
        return 0.0
    return float(np.corrcoef(left, right)[0, 1])


def print_report(metrics):
    print(f"\n{'test part':10s} {'precision':>9s} {'recall':>9s} {'f1':>9s} {'windows':>9s}")
    for name, scores in metrics["per_class"].items():
        print(f"{name:10s} {scores['precision']:9.3f} {scores['recall']:9.3f} {scores['f1_score']:9.3f} "
              f"{scores['support']:9d}")
    print(f"\naccuracy {metrics['accuracy']:.3f}; always answering the most frequent class: "
          f"{metrics['majority_baseline']:.3f}")
    print(f"confidence is off by {metrics['calibration_error']:.3f} on average; "
          f"expected and actual return correlate by {metrics['return_correlation']:.2f}\n")


# -------------------------------------------------------------------------------------------------------------- export


class Exporter:
    """Writes one version of a model next to its final place and moves it there when it is complete."""

    def __init__(self, models_dir, name, version, force):
        self.model_dir = Path(models_dir) / name
        self.version = version
        self.target = self.model_dir / version
        self.building = self.model_dir / f".{version}.building"
        self.force = force

    def check(self):
        if self.target.exists() and not self.force:
            raise FileExistsError(f"{self.target} exists; choose another --version, or say --force to replace it")

    def write(self, model, metadata, sample_windows):
        self.check()
        shutil.rmtree(self.building, ignore_errors=True)
        self.building.mkdir(parents=True)
        try:
            self._write_torchscript(model)
            self._write_onnx(model, sample_windows[:1])
            files = [self.building / "model.pt", self.building / "model.onnx"]
            metadata["model_size_mb"] = round(files[0].stat().st_size / 1e6, 3)
            metadata["sha256"] = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
            self._write_json("sample.json", self._samples(sample_windows), separators=(",", ":"))
            self._write_json("metadata.json", metadata, indent=2)
            self._move()
        finally:
            shutil.rmtree(self.building, ignore_errors=True)
        return self.target

    def _write_torchscript(self, model):
        traced = self.building / "with_debug.pt"
        torch.jit.freeze(torch.jit.script(model.eval())).save(str(traced))
        # Debug records hold this machine's paths, and would make equal models unequal files.
        with zipfile.ZipFile(traced) as source, zipfile.ZipFile(self.building / "model.pt", "w") as target:
            for entry in source.infolist():
                if not entry.filename.endswith(".debug_pkl"):
                    name = "model/" + entry.filename.split("/", 1)[1]
                    target.writestr(zipfile.ZipInfo(name), source.read(entry))
        traced.unlink()

    def _write_onnx(self, model, example):
        dynamic = {name: {0: "batch"} for name in ["features", *OUTPUTS]}
        # Newer PyTorch defaults to another exporter, which needs more packages.
        tracing = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
        with warnings.catch_warnings():
            # Warns that an LSTM's initial state may fix the batch size; here that state follows the input's batch.
            warnings.simplefilter("ignore")
            torch.onnx.export(model.eval(), (example,), str(self.building / "model.onnx"), input_names=["features"],
                              output_names=list(OUTPUTS), opset_version=ONNX_OPSET, dynamic_axes=dynamic, **tracing)

    def _samples(self, windows):
        """Golden samples: inputs as printed, and what the written file answers to exactly these."""
        restored = torch.jit.load(str(self.building / "model.pt"))
        samples = []
        for window in windows:
            inputs = [[short(value) for value in step] for step in window.tolist()]
            with torch.no_grad():
                outputs = restored(torch.tensor([inputs], dtype=torch.float32))
            answer = {name: [exact(value) for value in outputs[i][0].numpy()] for name, i in OUTPUTS.items()}
            samples.append({"inputs": {"features": inputs}, "outputs": answer})
        return {"samples": samples}

    def _write_json(self, name, content, **style):
        (self.building / name).write_text(json_text(content, **style), encoding="utf-8")

    def describe_anew(self, change):
        """Rewrites metadata.json of a version that exists; its other files stay."""
        path = self.target / "metadata.json"
        metadata = json.loads(path.read_text(encoding="utf-8"))
        change(metadata)
        temporary = self.target / ".metadata.json.tmp"
        temporary.write_text(json_text(metadata, indent=2), encoding="utf-8")
        temporary.replace(path)
        return path

    def _move(self):
        if self.target.exists():
            replaced = self.model_dir / f".{self.version}.replaced"
            shutil.rmtree(replaced, ignore_errors=True)
            self.target.rename(replaced)
            self.building.rename(self.target)
            shutil.rmtree(replaced)
        else:
            self.building.rename(self.target)

    def promote(self, stage):
        marker = self.model_dir / f".{stage}"
        if stage == "production" and marker.is_file():
            before = marker.read_text(encoding="utf-8").strip()
            # The server's rollback goes back to it.
            if before and before != self.version:
                self.mark("previous", before)
        self.mark(stage, self.version)

    def mark(self, name, version):
        temporary = self.model_dir / f".{name}.tmp"
        temporary.write_text(version + "\n", encoding="utf-8")
        temporary.replace(self.model_dir / f".{name}")


def json_text(content, **style):
    text = json.dumps(content, allow_nan=False, **style)
    if "indent" in style:
        text = INDENTED_LIST.sub(lambda found: "[" + " ".join(found.group(1).split()) + "]", text)
    return text + "\n"


def short(value):
    """Six significant digits: exact inputs that are cheap to write and to send."""
    return float(f"{value:.6g}")


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


def rounded(metrics):
    if isinstance(metrics, dict):
        return {name: rounded(value) for name, value in metrics.items()}
    return digits(metrics, 6) if isinstance(metrics, float) else metrics


def describe(options, series, split, threshold, best_epoch, metrics, model):
    """The contents of metadata.json, but for what is known only of the written files."""
    now = created_at(options.version)
    synthetic = options.csv is None
    description = ("CNN and bidirectional LSTM with temporal attention; says SELL, HOLD or BUY for the "
                   f"{options.horizon} steps after a window of {options.window}.")
    if synthetic:
        description += " Trained on synthetic data to show the server at work; must not be used for trading."
    return {
        "name": options.name,
        "version": options.version,
        "stage": STAGES[options.promote],
        "created_at": now,
        "updated_at": now,
        "description": description,
        "model_type": "hybrid_cnn_lstm",
        "framework": "pytorch",
        "metrics": rounded(metrics),
        "training_params": {
            "seed": options.seed,
            "epochs": options.epochs,
            "best_epoch": best_epoch,
            "patience": options.patience,
            "batch_size": options.batch_size,
            "stride": options.stride,
            "learning_rate": options.learning_rate,
            "weight_decay": options.weight_decay,
            "return_weight": options.return_weight,
            "dropout": options.dropout,
            "conv": options.conv,
            "hidden": options.hidden,
            "layers": options.layers,
            "clip": options.clip,
            "parameters": sum(parameter.numel() for parameter in model.parameters()),
            "torch": torch.__version__,
        },
        "dataset_info": {
            "source": series.source,
            "synthetic": synthetic,
            "rows": len(series.values),
            "window": options.window,
            "horizon": options.horizon,
            "threshold": digits(threshold),
            "hold_share": options.hold_share if options.threshold is None else None,
            "train_windows": len(split.train),
            "validation_windows": len(split.validation),
            "test_windows": len(split.test),
            "step_seconds": options.step_seconds,
        },
        "input_shape": [options.window, len(series.names)],
        "output_shape": [len(CLASSES)],
        "model_size_mb": None,
        "tags": ["synthetic", "demo"] if synthetic else [],
        "classes": CLASSES,
        "outputs": OUTPUTS,
        "inputs": [{"name": "features", "shape": [options.window, len(series.names)]}],
        "feature_names": series.names,
        "feature_stats": training_stats(series, split.train_rows, options.step_seconds),
        "sha256": None,
    }


def training_stats(series, train_rows, step_seconds):
    return feature_stats(series.names, series.values[:train_rows], step_seconds, series.missing)


def add_statistics(options):
    """Computes feature_stats of a version that exists, from the data it was trained on. Returns its metadata.json."""

    def change(metadata):
        if not all(field in metadata for field in ("dataset_info", "training_params", "feature_names", "feature_stats")):
            raise ValueError(f"{options.version} was not written by this trainer; docs/drift.md says how others write the statistics")
        dataset = metadata["dataset_info"]
        series = (read_csv(options.csv) if options.csv
                  else read_synthetic(dataset["rows"], metadata["training_params"]["seed"]))
        if len(series.values) != dataset["rows"] or series.names != metadata["feature_names"]:
            raise ValueError(f"{options.version} was trained on other data: {dataset['rows']} rows of "
                             f"{len(metadata['feature_names'])} features; these are {len(series.values)} of {len(series.names)}")
        split = Split.by_time(dataset["rows"], dataset["window"], dataset["horizon"])
        before = metadata["feature_stats"]
        after = training_stats(series, split.train_rows, options.step_seconds)
        for name, known in before.items():
            for field in ("mean", "std", "min", "max", "quantiles", "missing"):
                if field in known and known[field] != after.get(name, {}).get(field):
                    raise ValueError(f"{options.version} was trained on other data: {name} has another {field}")
        dataset["step_seconds"] = options.step_seconds
        metadata["feature_stats"] = after

    exporter = Exporter(options.models_dir, options.name, options.version, force=False)
    if not (exporter.target / "metadata.json").is_file():
        raise FileNotFoundError(f"{exporter.target / 'metadata.json'} does not exist; which --version is meant?")
    return exporter.describe_anew(change)


def created_at(version):
    """A version that is a time is the time of its making, so that the same command writes the same files."""
    try:
        time_of_version = datetime.strptime(version, "%Y%m%d_%H%M%S").replace(tzinfo=timezone.utc)
    except ValueError:
        time_of_version = datetime.now(timezone.utc)
    return time_of_version.strftime("%Y-%m-%dT%H:%M:%SZ")


# -------------------------------------------------------------------------------------------------------- command line


class HelpFormatter(argparse.ArgumentDefaultsHelpFormatter):
    """Shows defaults, but only where there is one."""

    def _get_help_string(self, action):
        return action.help if action.default in (None, False) else super()._get_help_string(action)


def parse_options(arguments=None):
    parser = argparse.ArgumentParser(
        description="Trains a model that says SELL, HOLD or BUY, and writes it into the model registry.",
        epilog="CSV columns: features named orderbook.*, candle.* and indicator.* (any number of them; an empty cell "
               "repeats the value above), and 'return', the return of that step, or else 'close' or 'candle.close' to "
               "derive it from. Other columns, such as a timestamp, are ignored. One row a step, oldest first.",
        formatter_class=HelpFormatter,
    )
    data = parser.add_argument_group("data")
    source = data.add_mutually_exclusive_group(required=True)
    source.add_argument("--csv", metavar="FILE", help="train on the steps in this file")
    source.add_argument("--synthetic", action="store_true", help="train on a made-up market")
    data.add_argument("--rows", type=positive, default=40000, help="length of the made-up market, in steps")
    data.add_argument("--window", type=positive, default=60, help="steps that the model looks at")
    data.add_argument("--horizon", type=positive, default=10, help="steps ahead that it judges")
    data.add_argument("--threshold", type=float, help="return over the horizon from which on a label is BUY or, "
                      "below minus this, SELL; without it, --hold-share of the training labels is HOLD")
    data.add_argument("--hold-share", type=share, default=0.4, help="share of HOLD that the threshold aims at")
    data.add_argument("--step-seconds", type=positive, default=60,
                      help="time from one row to the next; over how much time live features are compared depends on it")

    training = parser.add_argument_group("training")
    training.add_argument("--seed", type=int, default=7, help="the same seed gives the same model")
    training.add_argument("--epochs", type=positive, default=14, help="at most this many")
    training.add_argument("--patience", type=positive, default=4, help="epochs without progress before it stops")
    training.add_argument("--batch-size", type=positive, default=128, help="windows a step of the optimiser")
    training.add_argument("--stride", type=positive, default=3, help="an epoch sees one in this many windows")
    training.add_argument("--learning-rate", type=float, default=0.001, help="of AdamW, lowered when progress stalls")
    training.add_argument("--weight-decay", type=float, default=0.01, help="of AdamW")
    training.add_argument("--return-weight", type=float, default=0.5, help="weight of the return's loss")

    network = parser.add_argument_group("network")
    network.add_argument("--conv", type=positive, nargs=2, metavar=("FIRST", "SECOND"), default=[96, 128],
                         help="channels of the two convolutions")
    network.add_argument("--hidden", type=positive, default=96, help="size of the LSTM, each way")
    network.add_argument("--layers", type=positive, default=2, help="layers of the LSTM")
    network.add_argument("--dropout", type=share, default=0.3, help="share of activations dropped in training")
    network.add_argument("--clip", type=float, default=6.0, help="standard deviations at which features are cut off")

    registry = parser.add_argument_group("registry")
    registry.add_argument("--models-dir", metavar="DIR", default=str(Path(__file__).resolve().parent.parent / "models"),
                          help="the registry's folder")
    registry.add_argument("--name", type=safe_name, default="hybrid_cnn_lstm", help="the model's name")
    registry.add_argument("--version", type=safe_name, default=None,
                          help="the version's name; without it, the time (UTC) as YYYYmmdd_HHMMSS")
    registry.add_argument("--promote", choices=["production", "staging"], help="puts the version into that stage")
    registry.add_argument("--statistics-only", action="store_true",
                          help="trains nothing: computes feature_stats of an existing --version from the data that it "
                          "was trained on, and leaves the rest as it is")
    registry.add_argument("--force", action="store_true", help="replaces the version where it exists, and promotes it also where it is no "
                          "better than always answering the most frequent class")

    options = parser.parse_args(arguments)
    if options.window < 2:
        parser.error("--window must be at least 2")
    if options.threshold is not None and options.threshold < 0:
        parser.error("--threshold must not be negative")
    if options.statistics_only and options.version is None:
        parser.error("--statistics-only needs --version")
    if options.version is None:
        options.version = datetime.now(timezone.utc).strftime("%Y%m%d_%H%M%S")
    return options


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def share(text):
    number = float(text)
    if not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not from 0 to below 1")
    return number


def safe_name(text):
    if not SAFE_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a letter or digit and up to 63 more or . _ -")
    if text in RESERVED_NAMES:
        raise argparse.ArgumentTypeError(f"{text!r} is what the server calls a stage")
    return text


def build_model(options, series, split, forward):
    train = series.values[: split.train_rows].astype(np.float64)
    mean, deviation = (torch.from_numpy(part.astype(np.float32)) for part in (train.mean(0), train.std(0)))
    scale = max(float(forward[split.train].std()), 1e-9)
    return HybridCnnLstm(Standardise(mean, deviation, options.clip), len(series.names), options.conv, options.hidden,
                         options.layers, options.dropout, scale)


def run(options):
    """Trains and writes one version. Returns the folder it is in."""
    exporter = Exporter(options.models_dir, options.name, options.version, options.force)
    exporter.check()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(options.seed)

    series = read_csv(options.csv) if options.csv else read_synthetic(options.rows, options.seed)
    split = Split.by_time(len(series.values), options.window, options.horizon)
    forward = forward_returns(series.returns, options.horizon)
    threshold = options.threshold
    if threshold is None:
        threshold = float(np.quantile(np.abs(forward[split.train]), options.hold_share))
    windows = Windows(series, options.window, options.horizon, threshold)
    print(f"{len(series.values)} rows, {len(series.names)} features, {len(split.train)} training windows, "
          f"threshold {threshold:.5f}")

    model = build_model(options, series, split, forward)
    trainer = Trainer(model, windows, split, options)
    best_epoch = trainer.fit()
    trainer.calibrate()

    outputs = predict(model, windows, split.test)
    metrics = evaluate(outputs, windows.labels.numpy()[split.test], forward[split.test])
    print_report(metrics)

    refused = (options.promote == "production" and not options.force
               and metrics["accuracy"] <= metrics["majority_baseline"])
    if refused:
        options.promote = None
    metadata = describe(options, series, split, threshold, best_epoch, metrics, model)
    target = exporter.write(model, metadata, windows.features(pick_samples(split.test, outputs[0])))
    if refused:
        raise ValueError(f"wrote {target}, but it is not promoted: its accuracy {metrics['accuracy']:.3f} is not above "
                         f"{metrics['majority_baseline']:.3f}, which always answering the most frequent class reaches; "
                         "--force promotes it all the same")
    if options.promote:
        exporter.promote(options.promote)
    print(f"wrote {target}" + (f", now in {options.promote}" if options.promote else ""))
    return target


def main():
    try:
        options = parse_options()
        if options.statistics_only:
            print(f"wrote {add_statistics(options)}")
        else:
            run(options)
    except (OSError, ValueError) as error:
        sys.exit(f"train_model: {error}")


if __name__ == "__main__":
    main()
