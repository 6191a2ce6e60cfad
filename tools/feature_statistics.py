"""What a model saw of each feature in training, as the server's drift watch reads it: feature_stats of metadata.json.

For the author of another trainer: NumPy is all that is needed. docs/drift.md explains the fields.

    stats = feature_stats(names, values, step_seconds=60)      # values: [rows, features], oldest first, without gaps
"""

import math

import numpy as np

# Windows over which live features may be judged, in seconds: an hour, a day, a week.
WINDOWS = (3600, 86400, 7 * 86400)

# A window of fewer rows, or of which training holds fewer, tells too little of how windows differ.
LEAST_ROWS = 30
LEAST_BLOCKS = 10

# A window is long enough for a feature where a shift of so many standard deviations passes the limit in 95 % of windows.
FOUND_SHIFT = 2
FOUND_Z = 1.645

# Below these nothing is worth a word, however surely it was measured.
WATCHED = {"psi": 0.1, "mean_shift": 0.2}
DRIFTED = {"psi": 0.25, "mean_shift": 0.8}

# Of the standard normal distribution: passed by 0.5 % and by 0.025 % on one side.
WATCHED_Z = 2.576
DRIFTED_Z = 3.481

# An emptier bin counts as this much, in training's blocks as in live windows: the logarithm of nothing is not a number.
LEAST_SHARE = 0.005


def feature_stats(names, values, step_seconds, missing=None):
    """Statistics by feature of values [rows, features], one row a step, oldest first; missing: shares, by feature."""
    columns = np.asarray(values, dtype=np.float32)
    if columns.ndim != 2 or columns.shape[1] != len(names) or len(columns) == 0 or not np.isfinite(columns).all():
        raise ValueError(f"values must be finite and [rows, {len(names)}]")
    missing = np.zeros(len(names)) if missing is None else missing
    deciles = np.quantile(columns.astype(np.float64), np.linspace(0, 1, 11), axis=0)
    stats = {}
    for i, name in enumerate(names):
        column = columns[:, i].astype(np.float64)
        bins = exact_bins(columns[:, i])
        stats[name] = {
            "mean": digits(column.mean()),
            "std": digits(column.std()),
            "min": digits(column.min()),
            "max": digits(column.max()),
            "quantiles": [digits(quantile) for quantile in deciles[:, i]],
            "missing": digits(missing[i]),
            "bins": {"edges": [exact(edge) for edge in bins[0]], "shares": [digits(share) for share in bins[1]]},
            "drift": drift(column, *bins, step_seconds),
        }
    return stats


def exact_bins(column):
    """Edges and the exact shares of the bins up to and including each edge, and of the one above the last.

    The edges are values of the column, at about every tenth. A value that is a tenth of the column or more has a bin of
    its own: the next smaller value is an edge too.
    """
    values, counts = np.unique(column, return_counts=True)
    up_to = np.cumsum(counts)
    tenths = np.searchsorted(up_to, np.ceil(np.arange(1, 10) * len(column) / 10))
    heavy = np.flatnonzero(counts * 10 >= len(column))
    picked = np.unique(np.concatenate((tenths, heavy, heavy - 1)))
    picked = picked[(picked >= 0) & (picked < len(values) - 1)]
    return values[picked], np.diff(np.concatenate(([0], up_to[picked], [len(column)]))) / len(column)


def drift(column, edges, shares, step_seconds):
    """The window over which the feature is to be judged, and the limits there, from training's own blocks.

    Without limits (window and rows only) the feature changes too slowly for its training, and is judged by how much of
    it lies far outside training's range.
    """
    result = {"window_seconds": 86400, "rows": max(1, round(86400 / step_seconds))}
    for seconds in WINDOWS:
        rows = round(seconds / step_seconds)
        if rows < LEAST_ROWS or len(column) // rows < LEAST_BLOCKS:
            continue
        limits, spread = block_limits(column, edges, shares, rows)
        if limits["mean_shift"][1] + FOUND_Z * spread <= FOUND_SHIFT:
            result = {"window_seconds": seconds, "rows": rows, **limits}
            break
    half_life = half_life_rows(column)
    return result if half_life is None else {**result, "half_life_seconds": digits(half_life * step_seconds, 3)}


def block_limits(column, edges, shares, rows):
    """Limits [watch, drifted] of both measures, beyond what blocks of as many rows reach by chance; and how means spread.

    Means of blocks are about normal: Student's t, since their spread is an estimate, and a little more, since the mean of
    training is one too. Indices of blocks are about a gamma distribution: Student's t again, and a margin of some three
    standard errors of its moments, since a tail is told from few blocks.
    """
    blocks = column[-(len(column) // rows * rows):].reshape(-1, rows)
    scale = column.std() if column.std() > 0 else 1.0
    shifts = (blocks.mean(1) - column.mean()) / scale
    indices = np.array([psi(block, edges, shares) for block in blocks])
    spread = shifts.std(ddof=1) * math.sqrt(1 + 1 / len(blocks))
    margin = 1 + 3 / math.sqrt(len(blocks))
    limits = {"psi": [], "mean_shift": []}
    for level, z in ((WATCHED, WATCHED_Z), (DRIFTED, DRIFTED_Z)):
        t = student(z, len(blocks) - 1)
        limits["mean_shift"].append(max(level["mean_shift"], t * spread))
        limits["psi"].append(max(level["psi"], margin * gamma(t, indices.mean(), indices.var(ddof=1))))
    limits["mean_shift"][1] = max(limits["mean_shift"][1], np.abs(shifts).max())
    limits["psi"][1] = max(limits["psi"][1], indices.max())
    return {name: [digits(limit, 4) for limit in pair] for name, pair in limits.items()}, spread


def psi(values, edges, shares):
    """Population stability index of values against the bins of training."""
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(shares))
    live = np.maximum(counts / len(values), LEAST_SHARE)
    expected = np.maximum(shares, LEAST_SHARE)
    return float(((live - expected) * np.log(live / expected)).sum())


def student(z, df):
    """The quantile of Student's t where the normal one is z (Cornish and Fisher's expansion)."""
    return z + (z**3 + z) / (4 * df) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)


def gamma(z, mean, variance):
    """The quantile of a gamma distribution where the normal one is z (Wilson and Hilferty, 1931)."""
    if not (mean > 0 and variance > 0):
        return mean
    ninth = variance / (9 * mean**2)
    return mean * (1 - ninth + z * math.sqrt(ninth)) ** 3


def half_life_rows(column):
    """Rows after which half of a deviation is left: where the autocorrelation first falls below a half."""
    centred = column - column.mean()
    if len(column) < 3 or not centred.any():
        return None
    size = 1 << (2 * len(column) - 1).bit_length()
    spectrum = np.abs(np.fft.rfft(centred, size)) ** 2
    correlation = np.fft.irfft(spectrum, size)[: len(column)]
    below = np.flatnonzero(correlation < correlation[0] / 2)
    return float(below[0]) if len(below) else None


def exact(value):
    """The shortest number that is still this float32."""
    return float(str(np.float32(value)))


def digits(value, count=8):
    return float(f"{float(value):.{count}g}")
