#!/usr/bin/env python3
"""Writes the tiny TorchScript models that the tests load into src/test/resources/torchscript/<case>/.

Run: python3 src/test/python/make_test_models.py (needs PyTorch). The files are checked in; run it only to change them.
Each case is a folder with model.pt, metadata.json and, where the model answers at all, sample.json. Unless a case says
otherwise a window is 4 steps of 3 features, and every forward pass is deterministic.
"""

import hashlib
import io
import json
import shutil
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Tuple

import torch
from torch import nn

TARGET = Path(__file__).resolve().parent.parent / "resources" / "torchscript"
SHAPE = [4, 3]
TRIGGER = 1.0e6
POSITIONS = {"direction_logits": 0, "confidence": 1, "expected_return": 2}
KEYS = {name: name for name in POSITIONS}

Heads = Tuple[torch.Tensor, torch.Tensor, torch.Tensor]


class Linear(nn.Module):
    """Three heads over the flattened window. Anyone can recompute the weights: w[i, j] = sin(12 * i + j + 1) / 4."""

    def __init__(self):
        super().__init__()
        weights = torch.sin(torch.arange(1, 61, dtype=torch.float64)).float().reshape(5, 12) / 4
        self.register_buffer("weights", weights)

    def forward(self, features: torch.Tensor) -> Heads:
        mixed = features.flatten(1) @ self.weights.t()
        return mixed[:, :3], torch.sigmoid(mixed[:, 3:4]), 0.01 * torch.tanh(mixed[:, 4:5])


class AsDict(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = Linear()

    def forward(self, features: torch.Tensor) -> Dict[str, torch.Tensor]:
        logits, confidence, expected_return = self.linear(features)
        return {"direction_logits": logits, "confidence": confidence, "expected_return": expected_return}


class Single(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = Linear()

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self.linear(features)[0]


class RawLob(nn.Module):
    """The book's imbalance tilts SELL and BUY. raw_lob is [B, 2 (asks, bids), levels, 2 (price, size)]."""

    def __init__(self):
        super().__init__()
        self.linear = Linear()

    def forward(self, features: torch.Tensor, raw_lob: torch.Tensor) -> Heads:
        logits, confidence, expected_return = self.linear(features)
        sizes = raw_lob[:, :, :, 1].sum(dim=2)
        imbalance = (sizes[:, 1] - sizes[:, 0]) / (sizes[:, 1] + sizes[:, 0])
        tilt = torch.stack([-imbalance, torch.zeros_like(imbalance), imbalance], dim=1)
        return logits + 2 * tilt, confidence, expected_return + 0.001 * imbalance[:, None]


class FreeLength(nn.Module):
    """The mean over however many steps there are: its three features are the logits."""

    def forward(self, features: torch.Tensor) -> Heads:
        mean = features.mean(dim=1)
        return mean, torch.sigmoid(mean[:, :1]), 0.01 * torch.tanh(mean[:, 1:2])


class NanOnTrigger(nn.Module):
    def __init__(self, trigger: float):
        super().__init__()
        self.linear = Linear()
        self.trigger = trigger

    def forward(self, features: torch.Tensor) -> Heads:
        logits, confidence, expected_return = self.linear(features)
        triggered = features.flatten(1)[:, :1] > self.trigger
        return torch.where(triggered, torch.full_like(logits, float("nan")), logits), confidence, expected_return


class Poison(nn.Module):
    """One bad sample spoils its whole batch."""

    def __init__(self, trigger: float):
        super().__init__()
        self.linear = Linear()
        self.trigger = trigger

    def forward(self, features: torch.Tensor) -> Heads:
        if bool((features.flatten(1)[:, 0] > self.trigger).any()):
            raise ValueError("poisoned sample")
        return self.linear(features)


class Slow(nn.Module):
    """Burns the processor: 1000 small matrix products for each unit of the greatest first feature in the batch."""

    def __init__(self):
        super().__init__()
        self.linear = Linear()
        self.register_buffer("ballast", torch.eye(16))

    def forward(self, features: torch.Tensor) -> Heads:
        product = self.ballast
        for _ in range(int(features.flatten(1)[:, 0].max().item() * 1000.0)):
            product = product @ self.ballast
        # The product is the identity: it keeps the loop from being dropped and changes nothing.
        logits, confidence, expected_return = self.linear(features)
        return logits * product[0, 0], confidence, expected_return


class Endless(nn.Module):
    def __init__(self, trigger: float):
        super().__init__()
        self.linear = Linear()
        self.trigger = trigger

    def forward(self, features: torch.Tensor) -> Heads:
        moved = features
        while bool((features.flatten(1)[:, 0] > self.trigger).any()):
            moved = moved + 1.0
        return self.linear(moved)


class Crash(nn.Module):
    """The smallest integer divided by -1 is one that no integer can hold: the processor ends the program."""

    def __init__(self, trigger: float):
        super().__init__()
        self.linear = Linear()
        self.trigger = trigger

    def forward(self, features: torch.Tensor) -> Heads:
        smallest = -9223372036854775807 - 1
        divisor = 1
        if bool((features.flatten(1)[:, 0] > self.trigger).any()):
            divisor = -1
        return self.linear(features + float(smallest // divisor) * 0.0)


class FiveFeatures(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("weights", torch.sin(torch.arange(1, 16, dtype=torch.float64)).float().reshape(5, 3))

    def forward(self, features: torch.Tensor) -> Heads:
        logits = (features @ self.weights).mean(dim=1)
        return logits, torch.sigmoid(logits[:, :1]), 0.01 * torch.tanh(logits[:, 1:2])


class TwoClasses(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = Linear()

    def forward(self, features: torch.Tensor) -> Heads:
        logits, confidence, expected_return = self.linear(features)
        return logits[:, :2], confidence, expected_return


class Scale(nn.Module):
    """With all features equal to x the answers are x, 0, -x; x / 100; x / 100: whoever gets another's answer sees it."""

    def forward(self, features: torch.Tensor) -> Heads:
        mean = features.flatten(1).mean(dim=1, keepdim=True)
        return torch.cat([mean, torch.zeros_like(mean), -mean], dim=1), torch.clamp(mean / 100, 0, 1), torch.clamp(mean / 100, -1, 1)


def window(number, steps=4):
    """Small decimals that differ by sample, step and feature."""
    return [[round(((7 * number + 5 * step + 3 * i) % 19 - 9) / 10, 1) for i in range(3)] for step in range(steps)]


def order_book(number, levels=3):
    asks = [[100.5 + level, 1.0 + 0.5 * level + number] for level in range(levels)]
    bids = [[99.5 - level, 2.0 + 0.25 * level] for level in range(levels)]
    return [asks, bids]


@dataclass
class Case:
    model: nn.Module
    description: str
    outputs: object = field(default_factory=lambda: POSITIONS)
    shape: list = field(default_factory=lambda: SHAPE)
    extra_inputs: list = field(default_factory=list)
    samples: list = field(default_factory=lambda: [{"features": window(1)}, {"features": window(2)}])
    scripted: bool = True


def cases():
    book = [{"name": "raw_lob", "shape": [2, -1, 2]}]
    return {
        "tuple": Case(Linear(), "three heads as a tuple"),
        "dict": Case(AsDict(), "three heads as a dictionary", outputs=KEYS),
        "single": Case(Single(), "logits alone", outputs=None),
        "raw_lob": Case(RawLob(), "takes features and the raw order book", extra_inputs=book,
                        samples=[{"features": window(n), "raw_lob": order_book(n, levels=n + 2)} for n in (1, 2)]),
        "free": Case(FreeLength(), "takes any number of steps", shape=[-1, 3],
                     samples=[{"features": window(1)}, {"features": window(2, steps=7)}]),
        "nan": Case(NanOnTrigger(TRIGGER), "answers NaN when the first feature is above a million"),
        "always-nan": Case(NanOnTrigger(-float("inf")), "always answers NaN"),
        "poison": Case(Poison(TRIGGER), "fails when the first feature of any sample is above a million"),
        "slow": Case(Slow(), "needs time in proportion to the first feature"),
        "endless": Case(Endless(TRIGGER), "never returns when the first feature is above a million"),
        "crash": Case(Crash(TRIGGER), "ends the process when the first feature is above a million"),
        "wrong-shape": Case(FiveFeatures(), "needs five features where its metadata says three", samples=[]),
        "wrong-classes": Case(TwoClasses(), "two logits where its metadata says three classes", samples=[]),
        "scale": Case(Scale(), "the answer is the mean of the features"),
        "state-dict": Case(Linear(), "a pickled state dict and no TorchScript", samples=[], scripted=False),
    }


def answers(weights, sample):
    """What the written model says to one sample, by output; NaN is written as 0, for JSON has none."""
    arguments = [torch.tensor([values], dtype=torch.float32) for values in sample.values()]
    result = torch.jit.load(io.BytesIO(weights))(*arguments)
    if isinstance(result, torch.Tensor):
        result = {"direction_logits": result}
    elif isinstance(result, tuple):
        result = dict(zip(POSITIONS, result))
    return {name: [exact(value) for value in torch.nan_to_num(output[0]).numpy()] for name, output in result.items()}


def exact(value):
    """The shortest number that is still this float32."""
    return float(str(value))


def torchscript(model):
    """The archive without its debug records, which hold this machine's paths."""
    whole, slim = io.BytesIO(), io.BytesIO()
    torch.jit.save(torch.jit.freeze(torch.jit.script(model.eval())), whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(slim, "w") as target:
        for entry in source.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                name = "model/" + entry.filename.split("/", 1)[1]
                target.writestr(zipfile.ZipInfo(name), source.read(entry))
    return slim.getvalue()


def metadata(name, case, weights):
    inputs = [{"name": "features", "shape": case.shape}, *case.extra_inputs]
    content = {
        "name": name,
        "version": "1",
        "stage": "None",
        "created_at": "2025-11-14T19:27:15Z",
        "updated_at": "2025-11-14T19:27:15Z",
        "description": f"Test model: {case.description}.",
        "model_type": "test",
        "framework": "pytorch",
        "metrics": {},
        "training_params": {},
        "dataset_info": {},
        "input_shape": case.shape,
        "output_shape": [3],
        "model_size_mb": round(len(weights) / 1e6, 3),
        "tags": ["test"],
        "classes": ["SELL", "HOLD", "BUY"],
        "inputs": inputs,
        "sha256": {"model.pt": hashlib.sha256(weights).hexdigest()},
    }
    if case.outputs is not None:
        content["outputs"] = case.outputs
    return content


def write(name, case):
    folder = TARGET / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if case.scripted:
        weights = torchscript(case.model)
    else:
        pickled = io.BytesIO()
        torch.save(case.model.state_dict(), pickled)
        weights = pickled.getvalue()
    (folder / "model.pt").write_bytes(weights)
    write_json(folder / "metadata.json", metadata(name, case, weights), indent=2)
    if case.samples:
        samples = [{"inputs": sample, "outputs": answers(weights, sample)} for sample in case.samples]
        write_json(folder / "sample.json", {"samples": samples})


def write_json(path, content, **style):
    path.write_text(json.dumps(content, allow_nan=False, **style) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for case_name, test_case in cases().items():
        write(case_name, test_case)
