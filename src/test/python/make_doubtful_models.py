#!/usr/bin/env python3
"""Writes TorchScript as people save it by mistake into src/test/resources/doubtful/<case>.pt.

Run: python3 src/test/python/make_doubtful_models.py (needs PyTorch). The files are checked in; run it only to change them.
All take four features; the weights are as in Head.
"""

import io
import zipfile
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn

TARGET = Path(__file__).resolve().parent.parent / "resources" / "doubtful"
torch.manual_seed(7)


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("weights", torch.sin(torch.arange(1, 13, dtype=torch.float64)).float().reshape(4, 3))

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weights


class Transposed(Head):
    def forward(self, x: Tensor) -> Tensor:
        return (x @ self.weights).t()


class Crowded(Head):
    """Logits less their mean over the batch, as normalisation in training does."""

    def forward(self, x: Tensor) -> Tensor:
        logits = x @ self.weights
        return logits - 0.5 * logits.mean(dim=0, keepdim=True)


class Huge(Head):
    """Logits, and 70,000 numbers per sample."""

    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        return {"direction_logits": x @ self.weights, "dump": x.sum(dim=1, keepdim=True).expand(-1, 70000)}


class FunctionalDropout(Head):
    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.dropout(x, 0.5) @ self.weights


class Counting(Head):
    """Remembers how often it was asked."""

    def __init__(self):
        super().__init__()
        self.register_buffer("asked", torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        self.asked.add_(1.0)
        return x @ self.weights + self.asked


class Softmaxed(Head):
    def forward(self, x: Tensor) -> Tensor:
        return torch.softmax(x @ self.weights, dim=1)


class Rounded(Head):
    """Probabilities of two decimals."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.round(100.0 * torch.softmax(x @ self.weights, dim=1)) / 100.0


class Percentages(Head):
    def forward(self, x: Tensor) -> Tensor:
        return 100.0 * torch.softmax(x @ self.weights, dim=1)


class NotFinite(Head):
    def forward(self, x: Tensor) -> Tensor:
        return (x @ self.weights) / 0.0


class Logarithm(Head):
    """Is NaN unless all features are positive."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.log(x) @ self.weights


class Volatility(Head):
    """Logits, and a second output that nobody said is a confidence."""

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        logits = x @ self.weights
        return logits, torch.exp(logits[:, :1])


class Nested(Head):
    def forward(self, x: Tensor) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
        logits = x @ self.weights
        return logits, (logits[:, :1], logits[:, 1:2])


class FirstFeature(Head):
    """The first feature is the confidence and the second the return, whatever they are."""

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        return x @ self.weights, x[:, 0], x[:, 1]


class Percent(Head):
    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        return {"direction_logits": x @ self.weights, "expected_return": 100.0 + x[:, 0]}


class WithNone(Head):
    def forward(self, x: Tensor) -> Tuple[Tensor, Optional[Tensor]]:
        return x @ self.weights, None


class Said(NamedTuple):
    volatility: Tensor
    direction_logits: Tensor


class Fields(Head):
    """A named tuple in another order than tuples are read in."""

    def forward(self, x: Tensor) -> Said:
        logits = x @ self.weights
        return Said(torch.exp(logits[:, :1]), logits)


class Other(NamedTuple):
    logits: Tensor
    confidence: Tensor


class OtherFields(Head):
    """A named tuple whose first name nobody looks for."""

    def forward(self, x: Tensor) -> Other:
        logits = x @ self.weights
        return Other(logits, torch.sigmoid(logits[:, 0]))


class AsList(Head):
    def forward(self, x: Tensor) -> List[Tensor]:
        logits = x @ self.weights
        return [logits, torch.sigmoid(logits[:, 0])]


class ConvertsItself(Head):
    """Takes float32, of which it needs all digits, and computes in half precision after that."""

    def forward(self, x: Tensor) -> Tensor:
        return (x.float() - 65000.0).to(self.weights.dtype) @ self.weights


class ReturnsBfloat16(Head):
    def forward(self, x: Tensor) -> Tensor:
        return (x @ self.weights).to(torch.bfloat16)


class Normalised(Head):
    """Differs in training mode: normalises over the batch and drops half of the features."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(4)
        self.drop = nn.Dropout(0.5)

    def forward(self, x: Tensor) -> Tensor:
        return self.drop(self.norm(x)) @ self.weights


class BookFirst(nn.Module):
    """Logits are ten times the features less the book."""

    def forward(self, raw_lob: Tensor, features: Tensor) -> Tensor:
        return 10.0 * features - raw_lob


class OtherSelf(nn.Module):
    """As BookFirst, with another name for the module."""

    def forward(this, raw_lob: Tensor, features: Tensor) -> Tensor:
        return 10.0 * features - raw_lob


class OtherNames(nn.Module):
    def forward(self, x: Tensor, book: Tensor) -> Tensor:
        return 10.0 * x - book


def saved(module):
    """The archive without its debug records, which hold this machine's paths."""
    whole, slim = io.BytesIO(), io.BytesIO()
    torch.jit.save(module, whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(slim, "w") as target:
        for entry in source.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                name = "model/" + entry.filename.split("/", 1)[1]
                target.writestr(zipfile.ZipInfo(name), source.read(entry))
    return slim.getvalue()


def moved_to_gpu(archive):
    """As if it had been saved on a GPU: only the device's name differs."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(target, "w") as moved:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename.endswith(("data.pkl", "constants.pkl")):
                part = part.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")
            moved.writestr(zipfile.ZipInfo(entry.filename), part)
    return target.getvalue()


def cases():
    dropout = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 3)).train()
    traced = torch.jit.trace(dropout, torch.ones(2, 4), check_trace=False)
    scripted = {
        "head": Head(), "transposed": Transposed(), "crowded": Crowded(), "functional-dropout": FunctionalDropout(),
        "counting": Counting(), "softmaxed": Softmaxed(), "volatility": Volatility(), "nested": Nested(),
        "first-feature": FirstFeature(), "percent": Percent(), "with-none": WithNone(), "book-first": BookFirst(),
        "other-names": OtherNames(), "other-self": OtherSelf(), "half": Head().half(), "bfloat16": Head().bfloat16(),
        "double": Head().double(), "converts-itself": ConvertsItself().half(), "fields": Fields(), "list": AsList(),
        "huge": Huge(), "other-fields": OtherFields(), "returns-bfloat16": ReturnsBfloat16(),
        "rounded": Rounded(), "percentages": Percentages(), "not-finite": NotFinite(), "logarithm": Logarithm(),
    }
    archives = {name: saved(torch.jit.script(module.eval())) for name, module in scripted.items()}
    scripted_in_training = torch.jit.script(Normalised().train())
    traced_in_training = torch.jit.trace(Normalised().train(), torch.ones(2, 4), check_trace=False)
    return {**archives, "traced-dropout": saved(traced), "gpu": moved_to_gpu(archives["head"]),
            "traced": saved(torch.jit.trace(Head().eval(), torch.ones(2, 4))),
            "saved-in-training": saved(scripted_in_training), "traced-in-training": saved(traced_in_training)}


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    for case_name, data in cases().items():
        (TARGET / f"{case_name}.pt").write_bytes(data)
