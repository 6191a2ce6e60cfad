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
import sys
from typing import Tuple

try:
    import numpy as np
    import torch
    from torch import nn
except ImportError as missing:
    sys.exit(f"train_model: {missing} for {sys.executable}. Install PyTorch, for example on Debian: "
             "apt install python3-torch libopenblas0-pthread, and run this with /usr/bin/python3")

from evaluation import CLASSES
from feature_statistics import feature_stats
from torch_training import OUTPUTS, Standardise, TemporalAttention, evaluate, signal_heads, train_version
from training_data import Split, read_csv, read_series, read_synthetic
from trainer_options import (CSV_COLUMNS, HelpFormatter, add_data_options, add_registry_options, add_training_options, checked,
                             positive, share)
from version_folder import VersionFolder
from version_metadata import dataset_info, identity, network_training, rounded, tags


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
        self.direction, self.confidence, self.expected_return = signal_heads(2 * hidden)
        self.return_scale = return_scale

    def forward(self, features: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        steps = self.convolve(self.standardise(features).transpose(1, 2)).transpose(1, 2)
        context = self.dropout(self.attention(self.lstm(steps)[0]))
        logits = self.direction(context)
        confidence = torch.sigmoid(self.confidence(logits.detach()))
        return logits, confidence, self.expected_return(context) * self.return_scale


def describe(options, series, split, threshold, best_epoch, metrics, model):
    """The contents of metadata.json, but for what is known only of the written files."""
    description = ("CNN and bidirectional LSTM with temporal attention; says SELL, HOLD or BUY for the "
                   f"{options.horizon} steps after a window of {options.window}.")
    return {
        **identity(options, "hybrid_cnn_lstm", "pytorch", description),
        "metrics": rounded(metrics),
        "training_params": {
            **network_training(options, best_epoch),
            "conv": options.conv,
            "hidden": options.hidden,
            "layers": options.layers,
            "clip": options.clip,
            "parameters": sum(parameter.numel() for parameter in model.parameters()),
            "torch": torch.__version__,
        },
        "dataset_info": dataset_info(options, series, split, threshold),
        "input_shape": [options.window, len(series.names)],
        "output_shape": [len(CLASSES)],
        "model_size_mb": None,
        "tags": tags(options),
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

    folder = VersionFolder(options.models_dir, options.name, options.version)
    if not (folder.target / "metadata.json").is_file():
        raise FileNotFoundError(f"{folder.target / 'metadata.json'} does not exist; which --version is meant?")
    return folder.describe_anew(change)


def parse_options(arguments=None):
    parser = argparse.ArgumentParser(
        description="Trains a model that says SELL, HOLD or BUY, and writes it into the model registry.",
        epilog=CSV_COLUMNS, formatter_class=HelpFormatter)
    add_data_options(parser, window=60)
    add_training_options(parser)

    network = parser.add_argument_group("network")
    network.add_argument("--conv", type=positive, nargs=2, metavar=("FIRST", "SECOND"), default=[96, 128],
                         help="channels of the two convolutions")
    network.add_argument("--hidden", type=positive, default=96, help="size of the LSTM, each way")
    network.add_argument("--layers", type=positive, default=2, help="layers of the LSTM")
    network.add_argument("--dropout", type=share, default=0.3, help="share of activations dropped in training")
    network.add_argument("--clip", type=float, default=6.0, help="standard deviations at which features are cut off")

    registry = add_registry_options(parser, "hybrid_cnn_lstm")
    registry.add_argument("--statistics-only", action="store_true",
                          help="trains nothing: computes feature_stats of an existing --version from the data that it "
                          "was trained on, and leaves the rest as it is")

    options = parser.parse_args(arguments)
    if options.window < 2:
        parser.error("--window must be at least 2")
    if options.statistics_only and options.version is None:
        parser.error("--statistics-only needs --version")
    return checked(parser, options)


def build_model(options, series, split, forward):
    train = series.values[: split.train_rows].astype(np.float64)
    mean, deviation = (torch.from_numpy(part.astype(np.float32)) for part in (train.mean(0), train.std(0)))
    scale = max(float(forward[split.train].std()), 1e-9)
    return HybridCnnLstm(Standardise(mean, deviation, options.clip), len(series.names), options.conv, options.hidden,
                         options.layers, options.dropout, scale)


def run(options):
    """Trains and writes one version. Returns the folder it is in."""
    return train_version(options, read_series, build_model, describe)


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
