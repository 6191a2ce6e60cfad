#!/usr/bin/env python3
"""Writes example requests from a version's golden samples, one file for each way to say the features:

    predict.json         one flat list of numbers
    predict_nested.json  a list of steps, each a list of numbers
    batch.json           two requests at once
    step.json            one step of named features, as a live bot sends it
    sequence.json        a whole window of such steps
    infer.json           a tensor for /v2/models/<model>/infer
    <model>.json         what each other model in production takes

Run it again when another version becomes the one that the examples should fit.
"""

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAST_STEP_MS = 1_763_148_435_000
STEP_MS = 60_000
LEVELS = 10
CLASSIFIER = "hybrid_cnn_lstm"


def flat(window):
    return [value for step in window for value in step]


def named_step(names, values, symbol, timestamp):
    step = {"timestamp": timestamp, "symbol": symbol, "version": "1.0", "feature_count": len(names)}
    for name, value in zip(names, values):
        channel, leaf = name.split(".", 1)
        step.setdefault(channel, {})[leaf] = value
    return step


def named_window(names, window, symbol):
    first = LAST_STEP_MS - (len(window) - 1) * STEP_MS
    return [named_step(names, values, symbol, first + i * STEP_MS) for i, values in enumerate(window)]


def raw_order_book(book):
    """Asks, then bids, best price first."""
    return [
        [[book[f"{side}_price_{level:02d}"], book[f"{side}_size_{level:02d}"]] for level in range(1, LEVELS + 1)]
        for side in ("ask", "bid")
    ]


def examples(version_dir):
    metadata = json.loads((version_dir / "metadata.json").read_text(encoding="utf-8"))
    samples = json.loads((version_dir / "sample.json").read_text(encoding="utf-8"))["samples"]
    first, second = (sample["inputs"]["features"] for sample in samples[:2])
    steps = named_window(metadata["feature_names"], first, "BTCUSDT")
    return {
        "predict.json": {"symbol": "BTCUSDT", "features": flat(first)},
        "predict_nested.json": {"symbol": "BTCUSDT", "features": first},
        "batch.json": {
            "requests": [
                {"symbol": "BTCUSDT", "features": flat(first)},
                {"symbol": "ETHUSDT", "features": flat(second)},
            ],
            "max_batch_size": 32,
        },
        "step.json": {
            "symbol": "BTCUSDT",
            "features": steps[-1],
            "raw_lob": raw_order_book(steps[-1]["orderbook"]),
            "model_version": None,
        },
        "sequence.json": {"symbol": "BTCUSDT", "features": steps},
        "infer.json": {
            "id": "1",
            "inputs": [
                {
                    "name": "features",
                    "shape": [1, len(first), len(first[0])],
                    "datatype": "FP32",
                    "data": flat(first),
                }
            ],
        },
    }


def of_model(version_dir):
    """The first golden sample as a request; an order book goes into raw_lob, the first other input into features."""
    metadata = json.loads((version_dir / "metadata.json").read_text(encoding="utf-8"))
    inputs = json.loads((version_dir / "sample.json").read_text(encoding="utf-8"))["samples"][0]["inputs"]
    request = {"symbol": "BTCUSDT", "model_name": metadata["name"]}
    for position, (name, numbers) in enumerate(inputs.items()):
        if name == "raw_lob":
            request[name] = numbers
        elif position == 0:
            request["features"] = numbers
        else:
            request.setdefault("inputs", {})[name] = numbers
    return request


def production_version(model_dir):
    return model_dir / (model_dir / ".production").read_text(encoding="ascii").strip()


def main():
    parser = argparse.ArgumentParser(description="Writes example requests from a version's golden samples.")
    parser.add_argument("--version-dir", type=Path, metavar="DIR",
                        help=f"folder of the version (default: {CLASSIFIER}'s version in production)")
    parser.add_argument("--out", type=Path, metavar="DIR", default=ROOT / "config" / "examples", help="where to write")
    options = parser.parse_args()
    try:
        version_dir = options.version_dir or production_version(ROOT / "models" / CLASSIFIER)
        options.out.mkdir(parents=True, exist_ok=True)
        contents = examples(version_dir)
        for marker in (ROOT / "models").glob("*/.production"):
            if marker.parent.name != CLASSIFIER:
                contents[f"{marker.parent.name}.json"] = of_model(production_version(marker.parent))
        for name, content in contents.items():
            (options.out / name).write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    except OSError as error:
        sys.exit(f"make_examples: {error}")


if __name__ == "__main__":
    main()
