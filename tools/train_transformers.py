#!/usr/bin/env python3
"""Trains one of two small transformers for the server and writes it into the model registry.

    mpd_transformer   looks at a window of features at several speeds: the latest steps one by one, and the means of longer
                      and longer periods before them. Takes features [B, 60, 110] as train_model.py's model does.
    tlob_transformer  looks at nothing but the order book: raw_lob [B, 20, 10, 4], the last 20 books of 10 levels, each with
                      bid_price, bid_qty, ask_price, ask_qty. Its first layer sets prices off against the latest mid price
                      and quantities against their mean, so that it takes books of any price as they are.

Both return direction_logits [B, 3], confidence [B, 1] and expected_return [B, 1], like train_model.py's model:

    python3 tools/train_transformers.py mpd_transformer --csv history.csv --promote production
    python3 tools/train_transformers.py tlob_transformer --synthetic --promote production

Needs Python 3.9, PyTorch 1.13 and NumPy, or later. The same seed gives the same weights, bit for bit, on the same
processor type with the same PyTorch.
"""

import os

# One thread, set before NumPy and PyTorch load: how sums are split, and so the weights, must not depend on the cores.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import sys
from dataclasses import replace
from typing import List, Tuple

try:
    import numpy as np
    import torch
    from torch import nn
except ImportError as missing:
    sys.exit(f"train_transformers: {missing} for {sys.executable}. Install PyTorch, for example on Debian: "
             "apt install python3-torch libopenblas0-pthread, and run this with /usr/bin/python3")

from evaluation import CLASSES
from feature_statistics import feature_stats
from synthetic_market import BOOK_COLUMNS, LEVELS, order_book
from torch_training import OUTPUTS, Standardise, TemporalAttention, signal_heads, train_version
from training_data import read_series
from trainer_options import CSV_COLUMNS, HelpFormatter, add_data_options, add_registry_options, add_training_options, checked, positive, share
from version_metadata import dataset_info, identity, network_training, rounded, tags


class SelfAttention(nn.Module):
    """Every token looks at every other (Vaswani et al., 2017), over a fixed number of tokens."""

    def __init__(self, tokens: int, size: int, heads: int):
        super().__init__()
        self.tokens, self.size, self.heads = tokens, size, heads
        self.project = nn.Linear(size, 3 * size)
        self.combine = nn.Linear(size, size)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        width = self.size // self.heads
        parts = self.project(tokens).reshape(-1, self.tokens, 3, self.heads, width).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(torch.matmul(parts[0], parts[1].transpose(2, 3)) * width**-0.5, dim=-1)
        return self.combine(torch.matmul(weights, parts[2]).transpose(1, 2).reshape(-1, self.tokens, self.size))


class Block(nn.Module):
    def __init__(self, tokens: int, size: int, heads: int, dropout: float):
        super().__init__()
        self.before_attention = nn.LayerNorm(size)
        self.attention = SelfAttention(tokens, size, heads)
        self.mix = nn.Sequential(nn.LayerNorm(size), nn.Linear(size, 2 * size), nn.ReLU(), nn.Linear(2 * size, size))
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        tokens = tokens + self.dropout(self.attention(self.before_attention(tokens)))
        return tokens + self.dropout(self.mix(tokens))


class Periods(nn.Module):
    """The latest periods of each of several lengths, as the means of their steps."""

    def __init__(self, window: int, lengths: List[int], most: int):
        super().__init__()
        self.counts = [min(window // length, most) for length in lengths]
        self.starts = [window - count * length for count, length in zip(self.counts, lengths)]
        self.means = nn.ModuleList(nn.AvgPool1d(length) for length in lengths)

    def forward(self, steps: torch.Tensor) -> torch.Tensor:
        channels = steps.transpose(1, 2)
        periods = []
        for i, mean in enumerate(self.means):
            periods.append(mean(channels[:, :, self.starts[i]:]))
        return torch.cat(periods, dim=2).transpose(1, 2)


class MpdTransformer(nn.Module):
    def __init__(self, standardise: nn.Module, periods: nn.Module, features: int, tokens: int, options, return_scale: float):
        super().__init__()
        size = options.size
        self.standardise = standardise
        self.periods = periods
        self.embed = nn.Linear(features, size)
        self.places = nn.Parameter(0.02 * torch.randn(1, tokens, size))
        self.blocks = nn.Sequential(*(Block(tokens, size, options.heads, options.dropout) for _ in range(options.layers)))
        self.pool = TemporalAttention(size, 32)
        self.dropout = nn.Dropout(options.dropout)
        self.direction, self.confidence, self.expected_return = signal_heads(size)
        self.return_scale = return_scale

    def forward(self, features: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        tokens = self.embed(self.periods(self.standardise(features))) + self.places
        context = self.dropout(self.pool(self.blocks(tokens)))
        logits = self.direction(context)
        confidence = torch.sigmoid(self.confidence(logits.detach()))
        return logits, confidence, self.expected_return(context) * self.return_scale


class BookScale(nn.Module):
    """Books [B, T, levels, 4] to [B, T, levels * 4]: prices as basis points from the latest mid price, quantities by their mean.

    A level that is not there (price 0) counts as one at the mid price, with nothing in it.
    """

    def __init__(self):
        super().__init__()
        # A price this small is none, and an empty book must not divide by 0.
        self.least = 1e-9

    def forward(self, books: torch.Tensor) -> torch.Tensor:
        prices = torch.stack((books[:, :, :, 0], books[:, :, :, 2]), dim=3)
        quantities = torch.clamp(torch.stack((books[:, :, :, 1], books[:, :, :, 3]), dim=3), min=0.0)
        mid = torch.clamp(prices[:, -1:, :1].mean(dim=3, keepdim=True), min=self.least)
        away = torch.where(prices > self.least, (prices - mid) / mid * 1e4, torch.zeros_like(prices))
        mean = torch.clamp(quantities.mean(dim=(1, 2, 3), keepdim=True), min=self.least)
        return torch.cat((away, torch.log1p(quantities / mean)), dim=3).flatten(2)


class TlobTransformer(nn.Module):
    """Attention over time and, by turns, over what the network has made of the book (Berti and Kasneci, 2025)."""

    def __init__(self, scale: nn.Module, standardise: nn.Module, window: int, options, return_scale: float):
        super().__init__()
        size = options.size
        self.scale = scale
        self.standardise = standardise
        self.embed = nn.Linear(LEVELS * len(BOOK_COLUMNS), size)
        self.places = nn.Parameter(0.02 * torch.randn(1, window, size))
        self.over_time = nn.ModuleList(Block(window, size, options.heads, options.dropout) for _ in range(options.layers))
        self.over_features = nn.ModuleList(Block(size, window, 1, options.dropout) for _ in range(options.layers))
        self.pool = TemporalAttention(size, 32)
        self.dropout = nn.Dropout(options.dropout)
        self.direction, self.confidence, self.expected_return = signal_heads(size)
        self.return_scale = return_scale

    def forward(self, raw_lob: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        tokens = self.embed(self.standardise(self.scale(raw_lob))) + self.places
        for over_time, over_features in zip(self.over_time, self.over_features):
            tokens = over_features(over_time(tokens).transpose(1, 2)).transpose(1, 2)
        context = self.dropout(self.pool(tokens))
        logits = self.direction(context)
        confidence = torch.sigmoid(self.confidence(logits.detach()))
        return logits, confidence, self.expected_return(context) * self.return_scale


def standardise(rows, clip):
    mean, deviation = (torch.from_numpy(part.astype(np.float32)) for part in (rows.mean(0), rows.std(0)))
    return Standardise(mean, deviation, clip)


def return_scale(split, forward):
    return max(float(forward[split.train].std()), 1e-9)


class Mpd:
    """What train_version needs of mpd_transformer."""

    name = "mpd_transformer"
    input_name = "features"
    window = 60

    @staticmethod
    def read(options):
        return read_series(options)

    @staticmethod
    def build(options, series, split, forward):
        periods = Periods(options.window, options.periods, options.most)
        scaling = standardise(series.values[: split.train_rows].astype(np.float64), options.clip)
        return MpdTransformer(scaling, periods, len(series.names), sum(periods.counts), options, return_scale(split, forward))

    @staticmethod
    def describe(options, series, split, threshold, best_epoch, metrics, model):
        shape = [options.window, len(series.names)]
        description = (f"Transformer over periods of {', '.join(map(str, options.periods))} steps; says SELL, HOLD or BUY for the "
                       f"{options.horizon} steps after a window of {options.window}.")
        stats = feature_stats(series.names, series.values[: split.train_rows], options.step_seconds, series.missing)
        return {
            **described(options, series, split, threshold, best_epoch, metrics, model, description),
            "input_shape": shape,
            "inputs": [{"name": Mpd.input_name, "datatype": "FP32", "shape": shape}],
            "feature_names": series.names,
            "feature_stats": stats,
        }


class Tlob:
    """What train_version needs of tlob_transformer."""

    name = "tlob_transformer"
    input_name = "raw_lob"
    window = 20

    @staticmethod
    def read(options):
        series = read_series(options)
        books = order_book(dict(zip(series.names, series.values.T)))
        return replace(series, names=BOOK_COLUMNS, values=books, missing=np.zeros(len(BOOK_COLUMNS)))

    @staticmethod
    def build(options, series, split, forward):
        scale = BookScale()
        ends = split.train[:: options.stride]
        books = torch.from_numpy(series.values)[torch.as_tensor(ends)[:, None] + torch.arange(-options.window + 1, 1)]
        rows = scale(books).flatten(0, 1).numpy().astype(np.float64)
        return TlobTransformer(scale, standardise(rows, options.clip), options.window, options, return_scale(split, forward))

    @staticmethod
    def describe(options, series, split, threshold, best_epoch, metrics, model):
        shape = [options.window, LEVELS, len(BOOK_COLUMNS)]
        description = (f"Transformer over the last {options.window} order books of {LEVELS} levels, by time and by feature; says SELL, "
                       f"HOLD or BUY for the {options.horizon} steps after them.")
        # The drift watch looks at the last row of the input: the deepest level of the latest book.
        stats = feature_stats(BOOK_COLUMNS, series.values[: split.train_rows, -1], options.step_seconds)
        return {
            **described(options, series, split, threshold, best_epoch, metrics, model, description),
            "input_shape": shape,
            "inputs": [{"name": Tlob.input_name, "datatype": "FP32", "shape": shape, "feature_names": BOOK_COLUMNS}],
            "feature_stats": stats,
        }


ARCHITECTURES = {architecture.name: architecture for architecture in (Mpd, Tlob)}


def described(options, series, split, threshold, best_epoch, metrics, model, description):
    """What both say of themselves, but for their inputs and for what is known only of the written files."""
    network = {"size": options.size, "heads": options.heads, "layers": options.layers, "clip": options.clip}
    if options.architecture == Mpd.name:
        network.update(periods=options.periods, most=options.most)
    return {
        **identity(options, options.architecture, "pytorch", description),
        "metrics": rounded(metrics),
        "training_params": {
            **network_training(options, best_epoch),
            **network,
            "parameters": sum(parameter.numel() for parameter in model.parameters()),
            "torch": torch.__version__,
        },
        "dataset_info": dataset_info(options, series, split, threshold),
        "output_shape": [len(CLASSES)],
        "model_size_mb": None,
        "tags": tags(options),
        "task": "direction",
        "classes": CLASSES,
        "outputs": OUTPUTS,
        "sha256": None,
    }


def parse_options(arguments=None):
    parser = argparse.ArgumentParser(description="Trains a transformer that says SELL, HOLD or BUY, and writes it into the model registry.",
                                     epilog=CSV_COLUMNS, formatter_class=HelpFormatter)
    kinds = parser.add_subparsers(dest="architecture", required=True, metavar="ARCHITECTURE")
    for architecture in ARCHITECTURES.values():
        kind = kinds.add_parser(architecture.name, epilog=CSV_COLUMNS, formatter_class=HelpFormatter)
        add_data_options(kind, window=architecture.window)
        add_training_options(kind)
        network = kind.add_argument_group("network")
        network.add_argument("--size", type=positive, default=48, help="numbers per token, a multiple of --heads")
        network.add_argument("--heads", type=positive, default=4, help="of the attention")
        network.add_argument("--layers", type=positive, default=2, help="of the transformer")
        network.add_argument("--dropout", type=share, default=0.2, help="share of activations dropped in training")
        network.add_argument("--clip", type=float, default=6.0, help="standard deviations at which features are cut off")
        if architecture is Mpd:
            network.add_argument("--periods", type=positive, nargs="+", default=[1, 5, 15], help="lengths of the periods, in steps")
            network.add_argument("--most", type=positive, default=20, help="the latest so many periods of each length")
        add_registry_options(kind, architecture.name)
    options = parser.parse_args(arguments)
    if options.size % options.heads:
        parser.error(f"--size {options.size} is not a multiple of --heads {options.heads}")
    if options.architecture == Mpd.name and max(options.periods) > options.window:
        parser.error(f"--periods has {max(options.periods)}, which is more than the --window of {options.window}")
    return checked(parser, options)


def run(options):
    """Trains and writes one version. Returns the folder it is in."""
    architecture = ARCHITECTURES[options.architecture]
    return train_version(options, architecture.read, architecture.build, architecture.describe, architecture.input_name)


def main():
    try:
        run(parse_options())
    except (OSError, ValueError) as error:
        sys.exit(f"train_transformers: {error}")


if __name__ == "__main__":
    main()
