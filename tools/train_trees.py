#!/usr/bin/env python3
"""Trains gradient-boosted trees for the server and writes them into the model registry.

    boosted_trees      says SELL, HOLD or BUY. Outputs label [N] (-1, 0, 1) and probabilities [N, 3].
    return_regressor   says two numbers: expected_return [N, 1] over the horizon, and predicted_mae [N, 1], the largest loss
                       on the way there (maximum adverse excursion, 0.01 is one percent) of a position in the direction of
                       expected_return. metadata.json says from which return on that is BUY or SELL.

Both take one row of features, float_input [N, 30], not a window of them; a feature may be missing (NaN).

    python3 tools/train_trees.py boosted_trees --csv history.csv --promote production
    python3 tools/train_trees.py return_regressor --synthetic --promote production

Needs Python 3.9, scikit-learn 1.2, onnx and NumPy, or later (Debian: python3-sklearn python3-onnx). The same seed gives the
same trees. Before a version is written, what its ONNX file says of 10,000 random rows is compared with what scikit-learn
says; tools/check_trees.py compares the answers of a running server.
"""

import os

# One thread, set before NumPy loads: how sums are split, and so the trees, must not depend on the cores.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import sys

try:
    import numpy as np
    import onnx
    import sklearn
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
except ImportError as missing:
    sys.exit(f"train_trees: {missing} for {sys.executable}. Install scikit-learn and onnx, for example on Debian: "
             "apt install python3-sklearn python3-onnx, and run this with /usr/bin/python3")

from evaluation import CLASSES, class_metrics, confidence_metrics, correlation, print_class_report, return_metrics
from feature_statistics import digits, exact, feature_stats
from training_data import Split, direction_labels, forward_returns, hold_threshold, read_series
from trainer_options import CSV_COLUMNS, HelpFormatter, add_data_options, add_registry_options, checked, positive, share
from tree_onnx import INPUT, classifier_onnx, outputs_of, regressors_onnx
from version_folder import Promotion, VersionFolder, short
from version_metadata import dataset_info, identity, rounded, tags

# Differences and ratios, which stay where they were in training while the price moves away.
FEATURES = [
    "orderbook.imbalance_01", "orderbook.imbalance_05", "orderbook.imbalance_10", "orderbook.depth_ratio",
    "orderbook.order_flow", "orderbook.spread_bps",
    "candle.body_bps", "candle.close_position", "candle.range_bps", "candle.return_01_bps", "candle.return_05_bps",
    "candle.return_15_bps", "candle.return_30_bps", "candle.taker_buy_share", "candle.volume_delta",
    "indicator.adx_14", "indicator.atr_14_bps", "indicator.bollinger_position", "indicator.donchian_position_50",
    "indicator.ema_gap_10_bps", "indicator.ema_gap_50_bps", "indicator.macd_histogram", "indicator.money_flow_14",
    "indicator.on_balance_volume_50", "indicator.rsi_14", "indicator.rsi_21", "indicator.sma_gap_50_bps",
    "indicator.stochastic_d", "indicator.true_strength", "indicator.volatility_50_bps",
]
LABELS = [-1, 0, 1]
TARGETS = ["expected_return", "predicted_mae"]
SAMPLES = 8
CHECKED_ROWS = 10_000
TOLERANCE = 1e-5


class Rows:
    """One row of features per step, and what came after it."""

    def __init__(self, options):
        series = read_series(options)
        names = options.features or [name for name in FEATURES if name in series.names] or series.names
        unknown = [name for name in names if name not in series.names]
        if unknown:
            raise ValueError(f"the data has no feature {', '.join(unknown)}")
        picked = [series.names.index(name) for name in names]
        self.series = series
        self.names = names
        self.values = series.values[:, picked]
        self.missing = series.missing[picked]
        self.split = Split.by_time(len(series.values), 1, options.horizon)
        self.horizon = options.horizon
        self.forward = forward_returns(series.returns, options.horizon)
        self.threshold = options.threshold
        if self.threshold is None:
            self.threshold = hold_threshold(self.forward[self.split.train], options.hold_share)
        self.labels = direction_labels(self.forward, self.threshold)

    def with_gaps(self, rows, gap_share, seed):
        """Features of these rows, a random share of them missing, so that trees learn what to do then."""
        values = self.values[rows].copy()
        values[np.random.default_rng(seed).random(values.shape) < gap_share] = np.nan
        return values

    def adverse(self, rows, direction):
        """The largest loss of a position in that direction (1 or -1 for each row) at any step up to the horizon."""
        worst = np.zeros(len(rows))
        for steps in range(1, self.horizon + 1):
            worst = np.maximum(worst, -direction * forward_returns(self.series.returns, steps)[rows])
        return worst


class BoostedTrees:
    """A classifier: scikit-learn's, and as ONNX."""

    description = "Gradient-boosted trees on one row of features; says SELL, HOLD or BUY for the {horizon} steps after it."

    def __init__(self, rows, options):
        train, validation = rows.split.train, rows.split.validation
        self.model = HistGradientBoostingClassifier(**settings(options)).fit(
            rows.with_gaps(train, options.gap_share, options.seed), rows.labels[train])
        if len(self.model.classes_) != len(CLASSES):
            raise ValueError(f"training has the classes {[CLASSES[i] for i in self.model.classes_]} only: lower --threshold")
        picked = np.arange(len(validation)), rows.labels[validation]
        keep_best(self.model, [-np.log(probabilities[picked]).mean()
                               for probabilities in self.model.staged_predict_proba(rows.values[validation])])
        self.onnx = classifier_onnx(self.model, LABELS)

    @property
    def iterations(self):
        return self.model.n_iter_

    def predict(self, values):
        """What the library says of float32 rows, by output."""
        return {"probabilities": self.model.predict_proba(values)}

    def evaluate(self, rows):
        test = rows.split.test
        probabilities = self.predict(rows.values[test])["probabilities"]
        predicted, labels = probabilities.argmax(axis=1), rows.labels[test]
        return {**class_metrics(predicted, labels), **confidence_metrics(probabilities.max(axis=1), predicted == labels),
                "test_rows": len(test)}

    def samples(self, rows):
        test = rows.split.test
        probabilities = self.predict(rows.values[test])["probabilities"]
        order = np.argsort(probabilities.max(axis=1), kind="stable")
        picked = list(dict.fromkeys([*probabilities.argmax(axis=0), *order]))[:SAMPLES]
        return [self._sample(row) for row in rows.values[test[picked]]]

    def _sample(self, row):
        inputs, row = printed(row)
        probabilities = [exact(value) for value in self.predict(row)["probabilities"][0]]
        best = int(np.argmax(probabilities))
        return {
            "inputs": {INPUT: inputs},
            "outputs": {"probabilities": probabilities},
            "prediction": {"direction": CLASSES[best], "confidence": probabilities[best],
                           "probabilities": dict(zip(CLASSES, probabilities))},
        }

    def meaning(self, rows, options):
        return {"task": "direction", "classes": CLASSES, "outputs": {"label": "label", "probabilities": "probabilities"}}


class ReturnRegressor:
    """Two regressors, which are one ONNX file."""

    description = ("Gradient-boosted trees on one row of features; says the return of the {horizon} steps after it, and the largest "
                   "loss on the way there of a position in that direction.")

    def __init__(self, rows, options):
        train, validation = rows.split.train, rows.split.validation
        values = rows.with_gaps(train, options.gap_share, options.seed)
        self.models = [self._fit(values, rows.forward[train], rows.values[validation], rows.forward[validation], options)]
        adverse = [rows.adverse(part, direction) for part, direction in (
            (train, self._unseen_directions(values, rows.forward[train], options)),
            (validation, np.sign(self.models[0].predict(rows.values[validation]))))]
        self.usual_adverse = float(adverse[0].mean())
        self.models.append(self._fit(values, adverse[0], rows.values[validation], adverse[1], options))
        self.onnx = regressors_onnx(self.models, TARGETS, not_negative=["predicted_mae"])
        answered = self.predict(rows.values[validation])["expected_return"]
        self.least_return = digits(hold_threshold(answered, options.hold_share), 3)

    @staticmethod
    def _fit(values, target, validation_values, validation_target, options):
        model = HistGradientBoostingRegressor(**settings(options)).fit(values, target)
        keep_best(model, [((predicted - validation_target) ** 2).mean() for predicted in model.staged_predict(validation_values)])
        return model

    @staticmethod
    def _unseen_directions(values, target, options):
        """The direction for each row as told by trees that have not seen its half: on rows it has seen a model errs less."""
        half = len(values) // 2
        parts = [(slice(half, None), slice(0, half)), (slice(0, half), slice(half, None))]
        models = [HistGradientBoostingRegressor(**settings(options)).fit(values[seen], target[seen]) for seen, _ in parts]
        return np.sign(np.concatenate([model.predict(values[unseen]) for model, (_, unseen) in zip(models, parts)]))

    @property
    def iterations(self):
        return [model.n_iter_ for model in self.models]

    def predict(self, values):
        """What the library says of float32 rows, by output."""
        expected, adverse = (model.predict(values) for model in self.models)
        return {"expected_return": expected, "predicted_mae": np.maximum(adverse, 0)}

    def directions(self, expected):
        return direction_labels(expected, self.least_return)

    def evaluate(self, rows):
        """The baseline of predicted_mae is to say training's mean each time."""
        test = rows.split.test
        answers = self.predict(rows.values[test])
        expected, predicted = answers["expected_return"], answers["predicted_mae"]
        adverse = rows.adverse(test, np.sign(expected))
        return {**class_metrics(self.directions(expected), rows.labels[test]), **return_metrics(expected, rows.forward[test]),
                "mae_correlation": correlation(predicted, adverse),
                "mae_mean_absolute_error": float(np.abs(predicted - adverse).mean()),
                "mae_baseline_error": float(np.abs(self.usual_adverse - adverse).mean()), "test_rows": len(test)}

    def samples(self, rows):
        test = rows.split.test
        order = np.argsort(self.predict(rows.values[test])["expected_return"], kind="stable")
        picked = order[np.linspace(0, len(order) - 1, SAMPLES).astype(int)]
        return [self._sample(row) for row in rows.values[test[picked]]]

    def _sample(self, row):
        inputs, row = printed(row)
        answers = {name: exact(value[0]) for name, value in self.predict(row).items()}
        direction = CLASSES[int(self.directions(np.array([answers["expected_return"]]))[0])]
        return {
            "inputs": {INPUT: inputs},
            "outputs": {name: [value] for name, value in answers.items()},
            "prediction": {"direction": direction, "expected_return": answers["expected_return"]},
        }

    def meaning(self, rows, options):
        return {"task": "regression", "outputs": {name: name for name in TARGETS},
                "decide": {"from": "expected_return", "buy_above": self.least_return, "sell_below": -self.least_return}}


KINDS = {"boosted_trees": BoostedTrees, "return_regressor": ReturnRegressor}


def settings(options):
    return {"max_iter": options.iterations, "learning_rate": options.learning_rate, "max_leaf_nodes": options.leaves,
            "min_samples_leaf": options.least_rows, "l2_regularization": options.penalty, "early_stopping": False,
            "random_state": options.seed}


def keep_best(model, losses):
    """Cuts off the iterations after which the validation loss has only risen."""
    if not np.isfinite(losses).all():
        raise ValueError("the loss was not finite: check the data, or lower --learning-rate")
    del model._predictors[int(np.argmin(losses)) + 1:]


def printed(row):
    """A row as it is printed, and as the model then reads it."""
    inputs = [short(float(value)) for value in row]
    return inputs, np.array([inputs], dtype=np.float32)


def random_rows(values, count, seed, gap_share=0.0):
    """Rows whose features are drawn from the range of these values and a little beyond, or are one of the values themselves."""
    rng = np.random.default_rng(seed)
    low, high = values.min(axis=0), values.max(axis=0)
    wide = low + (high - low) * rng.uniform(-0.1, 1.1, (count, values.shape[1]))
    seen = values[rng.integers(0, len(values), (count, values.shape[1])), np.arange(values.shape[1])]
    rows = np.where(rng.random(wide.shape) < 0.5, wide, seen).astype(np.float32)
    rows[rng.random(rows.shape) < gap_share] = np.nan
    return rows


def on_thresholds(model, rows, seed):
    """The same rows, some numbers replaced by thresholds of the trees and by their next neighbours as float32."""
    rng = np.random.default_rng(seed)
    attributes = {attribute.name: attribute for attribute in model.graph.node[0].attribute}
    branches = np.array(attributes["nodes_modes"].strings) == b"BRANCH_LEQ"
    features = np.array(attributes["nodes_featureids"].ints)[branches]
    thresholds = np.array(attributes["nodes_values"].floats, dtype=np.float32)[branches]
    rows = rows.copy()
    for row in rows:
        picked = rng.integers(0, len(features), 3)
        towards = rng.choice(np.array([-np.inf, np.inf], dtype=np.float32), 3)
        row[features[picked]] = np.where(rng.random(3) < 0.5, thresholds[picked], np.nextafter(thresholds[picked], towards))
    return np.where(np.isinf(rows), np.float32(0), rows)


def difference(trees, actual, rows):
    """(largest difference, rows of another class) between outputs by name and what the library says of the rows."""
    largest, other = 0.0, 0
    for name, expected in trees.predict(rows).items():
        there = np.asarray(actual[name]).reshape(expected.shape)
        largest = max(largest, float(np.abs(there - expected).max()))
        if name == "probabilities":
            other = int((there.argmax(axis=1) != expected.argmax(axis=1)).sum())
    return largest, other


def check(trees, rows, options):
    """Compares the ONNX file with the library."""
    drawn = random_rows(rows.values[rows.split.train], CHECKED_ROWS, options.seed, options.gap_share)
    drawn = on_thresholds(trees.onnx, drawn, options.seed)
    actual = outputs_of(trees.onnx, drawn)
    largest, other = difference(trees, actual, drawn)
    if "label" in actual:
        other += int((actual["label"] != np.array(LABELS)[actual["probabilities"].argmax(axis=1)]).sum())
    print(f"{CHECKED_ROWS} random rows: the ONNX file differs from scikit-learn by {largest:.1e} at most, in the class of {other} rows")
    if largest > TOLERANCE or other:
        raise ValueError("the ONNX file does not say what the trees say; nothing was written")


def describe(options, rows, trees, metrics):
    """The contents of metadata.json, but for what is known only of the written files."""
    stats = feature_stats(rows.names, rows.values[: rows.split.train_rows], options.step_seconds, rows.missing)
    return {
        **identity(options, options.kind, "scikit-learn", trees.description.format(horizon=options.horizon)),
        "metrics": rounded(metrics),
        "training_params": {**settings(options), "iterations": trees.iterations, "gap_share": options.gap_share,
                            "sklearn": sklearn.__version__},
        "dataset_info": dataset_info(options, rows.series, rows.split, rows.threshold, window=1),
        "input_shape": [len(rows.names)],
        "model_size_mb": None,
        "tags": tags(options),
        **trees.meaning(rows, options),
        "inputs": [{"name": INPUT, "datatype": "FP32", "shape": [len(rows.names)]}],
        "missing": "allowed",
        "feature_names": rows.names,
        "feature_stats": stats,
        "sha256": None,
    }


def parse_options(arguments=None):
    parser = argparse.ArgumentParser(description="Trains gradient-boosted trees and writes them into the model registry.",
                                     epilog=CSV_COLUMNS, formatter_class=HelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    for name in KINDS:
        kind = kinds.add_parser(name, epilog=CSV_COLUMNS, formatter_class=HelpFormatter)
        add_data_options(kind)
        kind.add_argument("--features", nargs="+", metavar="NAME", help="the model's features; without it, the 30 of the bundled "
                          "models as far as the data has them, else all")
        training = kind.add_argument_group("training")
        training.add_argument("--seed", type=int, default=7, help="the same seed gives the same trees")
        training.add_argument("--iterations", type=positive, default=120, help="at most so many trees per class or target")
        training.add_argument("--learning-rate", type=float, default=0.08, help="what of each tree is added")
        training.add_argument("--leaves", type=positive, default=15, help="of a tree, at most")
        training.add_argument("--least-rows", type=positive, default=60, help="of a leaf")
        training.add_argument("--penalty", type=float, default=1.0, help="on large leaves (L2)")
        training.add_argument("--gap-share", type=share, default=0.03, help="share of training's numbers that are taken away")
        add_registry_options(kind, name)
    return checked(parser, parser.parse_args(arguments))


def run(options):
    """Trains and writes one version. Returns the folder it is in."""
    folder = VersionFolder(options.models_dir, options.name, options.version, options.force)
    folder.check()
    rows = Rows(options)
    trees = KINDS[options.kind](rows, options)
    print(f"{len(rows.values)} rows, {len(rows.names)} features, {len(rows.split.train)} training rows, "
          f"threshold {rows.threshold:.5f}, {trees.iterations} iterations")
    check(trees, rows, options)
    metrics = trees.evaluate(rows)
    print_class_report(metrics, "rows")
    promotion = Promotion(folder, options, metrics)
    metadata = describe(options, rows, trees, metrics)

    def write(folder):
        onnx.save(trees.onnx, str(folder / "model.onnx"))
        return trees.samples(rows)

    return promotion.apply(folder.write(write, metadata))


def main():
    try:
        run(parse_options())
    except (OSError, ValueError) as error:
        sys.exit(f"train_trees: {error}")


if __name__ == "__main__":
    main()
