"""Markets to train on: rows of features over time, read from a CSV or made up, and how they are split and labelled.

Needs NumPy only.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from synthetic_market import synthetic_market

CHANNELS = ["orderbook", "candle", "indicator"]


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


def read_series(options):
    return read_csv(options.csv) if options.csv else read_synthetic(options.rows, options.seed)


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


def forward_returns(returns, horizon):
    """The compound return of the horizon steps after each row; NaN where they are not known."""
    growth = np.concatenate(([0.0], np.cumsum(np.log1p(returns))))
    forward = np.full(len(returns), np.nan)
    forward[: len(returns) - horizon] = np.expm1(growth[1 + horizon :] - growth[1:-horizon])
    return forward



def direction_labels(forward, threshold):
    """0 (SELL), 1 (HOLD) or 2 (BUY) by the return over the horizon; unknown returns count as HOLD."""
    return np.where(forward > threshold, 2, np.where(forward < -threshold, 0, 1))


def hold_threshold(forward, hold_share):
    """The return from which on a label is no HOLD, if so large a share of these returns is to be HOLD."""
    return float(np.quantile(np.abs(forward), hold_share))
