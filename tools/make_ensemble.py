#!/usr/bin/env python3
"""Writes a version of an ensemble into the model registry: its members, by stage or by version, and their weights.

    python3 tools/make_ensemble.py hybrid_cnn_lstm:PRODUCTION:0.4 mpd_transformer:PRODUCTION:0.35 \\
        tlob_transformer:PRODUCTION:0.25 --promote production

A member by stage follows each promotion of that model; one by version does not. Members are networks that this project's
trainers have written from the same data. How good their weighted vote is, is measured on the test part of that data, which
none of them has seen; that must be the made-up market.

Needs PyTorch 1.13 and NumPy, or later.
"""

import train_model  # sets the thread count before NumPy and PyTorch load

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from evaluation import CLASSES, class_metrics, confidence_metrics, print_class_report, return_metrics
from synthetic_market import order_book
from torch_training import OUTPUTS, printed
from training_data import Split, direction_labels, forward_returns, read_synthetic
from trainer_options import HelpFormatter, add_registry_options, share
from version_folder import Promotion, VersionFolder, json_text, new_version
from version_metadata import created_at, rounded, STAGES

STRATEGIES = ["weighted_voting", "unanimous", "majority", "confidence_based", "adaptive"]
SAMPLES = 2
BATCH = 256


@dataclass
class Member:
    """One model of the ensemble: where it is, and what it says of itself."""

    name: str
    chosen_by: str
    chosen: str
    weight: float
    folder: Path
    metadata: dict

    @staticmethod
    def read(text, models_dir):
        name, choice, weight = (text.split(":") + ["", ""])[:3]
        if not choice or not weight:
            raise ValueError(f"{text!r} is not model:STAGE:weight or model:version:weight")
        stage = choice.lower() if choice.lower() in STAGES else None
        version = (models_dir / name / f".{stage}").read_text(encoding="utf-8").strip() if stage else choice
        folder = models_dir / name / version
        metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
        return Member(name, "stage" if stage else "version", choice.upper() if stage else choice, float(weight), folder, metadata)

    @property
    def input(self):
        return self.metadata["inputs"][0]

    def entry(self):
        return {"model": self.name, self.chosen_by: self.chosen, "weight": self.weight}

    def answer(self, windows):
        """(probabilities [N, 3], confidence [N], expected_return [N]) of windows, a function from ends to a tensor."""
        model = torch.jit.load(str(self.folder / "model.pt"))
        with torch.no_grad():
            parts = [model(part) for part in windows]
        logits, confidence, expected = (torch.cat([part[OUTPUTS[name]] for part in parts]) for name in OUTPUTS)
        return torch.softmax(logits, 1).numpy(), confidence[:, 0].numpy(), expected[:, 0].numpy()


class Data:
    """The market of the members and its test part."""

    def __init__(self, members):
        dataset = members[0].metadata["dataset_info"]
        seeds = {(member.metadata["dataset_info"]["rows"], member.metadata["training_params"]["seed"]) for member in members}
        if len(seeds) != 1 or not all(member.metadata["dataset_info"]["synthetic"] for member in members):
            raise ValueError("the members were not trained on the same made-up market, so no part of it is unseen by all")
        self.series = read_synthetic(dataset["rows"], members[0].metadata["training_params"]["seed"])
        self.horizon = dataset["horizon"]
        self.longest = max(member.input["shape"][0] for member in members)
        self.test = Split.by_time(dataset["rows"], self.longest, self.horizon).test
        self.forward = forward_returns(self.series.returns, self.horizon)[self.test]
        self.labels = direction_labels(self.forward, dataset["threshold"])
        books = order_book(dict(zip(self.series.names, self.series.values.T)))
        self.values = {"features": torch.from_numpy(self.series.values), "raw_lob": torch.from_numpy(books)}

    def windows(self, declared, ends):
        offsets = torch.arange(-declared["shape"][0] + 1, 1)
        for start in range(0, len(ends), BATCH):
            yield self.values[declared["name"]][torch.as_tensor(ends[start : start + BATCH])[:, None] + offsets]


def vote(members, data):
    """Each member's answers, and their mean by weight."""
    weights = np.array([member.weight for member in members])
    weights = weights / weights.sum()
    answers = [member.answer(data.windows(member.input, data.test)) for member in members]
    return answers, [sum(weight * answer[i] for weight, answer in zip(weights, answers)) for i in range(3)]


def measure(members, data):
    answers, (probabilities, confidence, expected) = vote(members, data)
    predicted = probabilities.argmax(1)
    right = predicted == data.labels
    return {
        **class_metrics(predicted, data.labels),
        **confidence_metrics(confidence, right),
        **return_metrics(expected, data.forward),
        "member_accuracy": {member.name: float((answer[0].argmax(1) == data.labels).mean())
                            for member, answer in zip(members, answers)},
        "agreement_ratio": float(np.mean([answer[0].argmax(1) == predicted for answer in answers])),
        "test_windows": len(data.test),
    }


def inputs(members):
    """One input of each name, in the order of the members."""
    declared = {}
    for member in members:
        known = declared.setdefault(member.input["name"], member.input)
        if known["shape"] != member.input["shape"]:
            raise ValueError(f"{member.name} takes {member.input['name']} of the shape {member.input['shape']}, "
                             f"another member of {known['shape']}")
    return list(declared.values())


def describe(options, members, data, metrics):
    now = created_at(options.version)
    first = next((member.metadata for member in members if "feature_names" in member.metadata), {})
    names = ", ".join(member.name for member in members)
    return {
        "name": options.name,
        "version": options.version,
        "stage": STAGES[options.promote],
        "created_at": now,
        "updated_at": now,
        "description": f"{names} together, by {options.strategy}. Trained on synthetic data to show the server at work; must not be "
                       "used for trading.",
        "model_type": "ensemble",
        "framework": "ensemble",
        "metrics": rounded(metrics),
        "dataset_info": {**members[0].metadata["dataset_info"], "window": data.longest, "test_windows": len(data.test)},
        "input_shape": inputs(members)[0]["shape"],
        "output_shape": [len(CLASSES)],
        "tags": ["synthetic", "demo"],
        "task": "direction",
        "classes": CLASSES,
        "inputs": inputs(members),
        **{field: first[field] for field in ("feature_names", "feature_stats") if field in first},
    }


def samples(members, data):
    """Inputs only: what the members answer changes with each promotion of one of them."""
    ends = data.test[np.linspace(0, len(data.test) - 1, SAMPLES).astype(int)]
    return [{"inputs": {declared["name"]: printed(next(data.windows(declared, [end]))[0].tolist()) for declared in inputs(members)}}
            for end in ends]


def parse_options(arguments=None):
    parser = argparse.ArgumentParser(description="Writes a version of an ensemble into the model registry.", formatter_class=HelpFormatter)
    parser.add_argument("members", nargs="+", metavar="MODEL:STAGE:WEIGHT", help="a member; STAGE may also be a version")
    parser.add_argument("--strategy", choices=STRATEGIES, default="weighted_voting", help="how the members' answers become one")
    parser.add_argument("--min-confidence", type=share, default=0.5, help="of an answer that should be traded")
    parser.add_argument("--min-members", type=int, default=1, help="how many must answer")
    add_registry_options(parser, "ensemble")
    options = parser.parse_args(arguments)
    options.version = options.version or new_version()
    return options


def run(options):
    """Writes one version. Returns the folder it is in."""
    folder = VersionFolder(options.models_dir, options.name, options.version, options.force)
    folder.check()
    torch.set_num_threads(1)
    members = [Member.read(text, Path(options.models_dir)) for text in options.members]
    content = {"members": [member.entry() for member in members], "strategy": options.strategy,
               "min_confidence": options.min_confidence, "min_members": options.min_members}
    data = Data(members)
    metrics = measure(members, data)
    print_class_report(metrics, "windows")
    promotion = Promotion(folder, options, metrics)

    def write(building):
        (building / "ensemble.json").write_text(json_text(content, indent=2), encoding="utf-8")
        return samples(members, data)

    return promotion.apply(folder.write(write, describe(options, members, data, metrics)))


def main():
    try:
        run(parse_options())
    except (OSError, ValueError) as error:
        sys.exit(f"make_ensemble: {error}")


if __name__ == "__main__":
    main()
