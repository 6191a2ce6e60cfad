#!/usr/bin/env python3
"""Compares what a running server answers with what scikit-learn says, for trees that train_trees.py has written.

    python3 tools/check_trees.py models/boosted_trees/20251212_090000 --server http://localhost:8001

The trees are trained again, as metadata.json says (from the made-up market, or from --csv), and must be those of the version's
model.onnx. Then 10,000 random rows are asked, of scikit-learn and of the server. The exit status is 1 if a number differs by
more than 1e-5 or a class does.

Without --server it is the ONNX file that is asked, by the arithmetic of tools/tree_onnx.py.
"""

import train_trees  # sets the thread count before NumPy loads

import argparse
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import onnx

from evaluation import CLASSES
from train_trees import CHECKED_ROWS, KINDS, TOLERANCE, Rows, difference, on_thresholds, random_rows
from tree_onnx import outputs_of

BATCH = 50


def trained_again(metadata, csv):
    """The library's trees of a version, and the rows that they were trained on."""
    training, dataset = metadata["training_params"], metadata["dataset_info"]
    source = ["--csv", csv] if csv else ["--synthetic", "--rows", str(dataset["rows"])]
    options = train_trees.parse_options([
        metadata["model_type"], *source, "--features", *metadata["feature_names"], "--seed", str(training["random_state"]),
        "--horizon", str(dataset["horizon"]), "--threshold", repr(dataset["threshold"]),
        "--iterations", str(training["max_iter"]), "--learning-rate", repr(training["learning_rate"]),
        "--leaves", str(training["max_leaf_nodes"]), "--least-rows", str(training["min_samples_leaf"]),
        "--penalty", repr(training["l2_regularization"]), "--gap-share", repr(training["gap_share"]), "--version", metadata["version"]])
    # What --hold-share did goes into a regressor's rule, too.
    options.hold_share = dataset["hold_share"] if dataset["hold_share"] is not None else options.hold_share
    rows = Rows(options)
    return KINDS[metadata["model_type"]](rows, options), rows


def asked(server, metadata, rows):
    """The server's answers by output, in batches; NaN is sent as null."""
    answers = []
    for start in range(0, len(rows), BATCH):
        requests = [{"symbol": "CHECK", "model_name": metadata["name"], "model_version": metadata["version"],
                     "features": [None if np.isnan(value) else float(value) for value in row]}
                    for row in rows[start : start + BATCH]]
        body = json.dumps({"requests": requests}).encode()
        request = urllib.request.Request(f"{server}/api/ml/predict/batch", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                answers += json.load(response)["predictions"]
        except urllib.error.HTTPError as error:
            raise ValueError(f"{server} answered {error.code}: {error.read().decode(errors='replace')[:300]}") from None
    failed = next((answer["error"] for answer in answers if "error" in answer), None)
    if failed:
        raise ValueError(f"{server} could not answer: {failed['detail']}")
    return outputs([answer["prediction"] for answer in answers])


def outputs(predictions):
    if all(prediction.get("probabilities") for prediction in predictions):
        return {"probabilities": np.array([[prediction["probabilities"][name] for name in CLASSES] for prediction in predictions])}
    return {"expected_return": np.array([prediction["expected_return"] for prediction in predictions]),
            "predicted_mae": np.array([np.ravel(prediction["outputs"]["predicted_mae"])[0] for prediction in predictions])}


def run(options):
    """Returns whether all is the same."""
    metadata = json.loads((options.version_dir / "metadata.json").read_text(encoding="utf-8"))
    if metadata.get("model_type") not in KINDS:
        raise ValueError(f"{options.version_dir} was not written by train_trees.py")
    trees, rows = trained_again(metadata, options.csv)
    model = onnx.load(str(options.version_dir / "model.onnx"))
    if trees.onnx.SerializeToString() != model.SerializeToString():
        raise ValueError(f"{options.version_dir / 'model.onnx'} does not hold the trees that are trained today: was other data "
                         "used, or another scikit-learn?")
    gaps = options.gaps if metadata.get("missing") == "allowed" else 0.0
    drawn = on_thresholds(model, random_rows(rows.values[rows.split.train], options.rows, options.seed, gaps), options.seed)
    actual = asked(options.server.rstrip("/"), metadata, drawn) if options.server else outputs_of(model, drawn)
    largest, other = difference(trees, actual, drawn)
    print(f"{options.rows} rows, {int(np.isnan(drawn).sum())} numbers missing: {options.server or 'the file'} differs from scikit-learn by "
          f"{largest:.2e} at most, in the class of {other} rows")
    return largest <= TOLERANCE and other == 0


def main():
    parser = argparse.ArgumentParser(description="Compares a server's answers with those of scikit-learn.")
    parser.add_argument("version_dir", type=Path, metavar="DIR", help="folder of a version that train_trees.py has written")
    parser.add_argument("--server", metavar="URL", help="where the server is, e.g. http://localhost:8001")
    parser.add_argument("--csv", metavar="FILE", help="the data that the version was trained on, if that was not the made-up market")
    parser.add_argument("--rows", type=int, default=CHECKED_ROWS, help="how many random rows are asked (default: %(default)s)")
    parser.add_argument("--gaps", type=float, default=0.03, help="share of missing numbers, where the version allows them "
                        "(default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the random rows (default: %(default)s)")
    try:
        sys.exit(0 if run(parser.parse_args()) else 1)
    except (OSError, ValueError) as error:
        sys.exit(f"check_trees: {error}")


if __name__ == "__main__":
    main()
