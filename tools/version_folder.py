"""How a trainer writes one version of a model into the registry, and puts it into a stage.

Needs nothing but Python.
"""

import argparse
import hashlib
import json
import re
import shutil
from datetime import datetime, timezone
from pathlib import Path

MODEL_FILES = ["model.pt", "model.onnx"]
RESERVED_NAMES = {"production", "staging", "latest"}
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
INDENTED_LIST = re.compile(r"\[\s+([^][{}\"]*?)\s+\]")


class VersionFolder:
    """Writes one version of a model next to its final place and moves it there when it is complete."""

    def __init__(self, models_dir, name, version, force=False):
        self.model_dir = Path(models_dir) / name
        self.version = version
        self.target = self.model_dir / version
        self.building = self.model_dir / f".{version}.building"
        self.force = force

    def check(self):
        if self.target.exists() and not self.force:
            raise FileExistsError(f"{self.target} exists; choose another --version, or say --force to replace it")

    def write(self, write_model, metadata):
        """write_model(folder) writes the model's files into a folder and returns the golden samples."""
        self.check()
        shutil.rmtree(self.building, ignore_errors=True)
        self.building.mkdir(parents=True)
        try:
            samples = write_model(self.building)
            files = [self.building / name for name in MODEL_FILES if (self.building / name).exists()]
            if files:
                metadata["model_size_mb"] = round(files[0].stat().st_size / 1e6, 3)
                metadata["sha256"] = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
            self._write_json("sample.json", {"samples": samples}, separators=(",", ":"))
            self._write_json("metadata.json", metadata, indent=2)
            self._move()
        finally:
            shutil.rmtree(self.building, ignore_errors=True)
        return self.target

    def _write_json(self, name, content, **style):
        (self.building / name).write_text(json_text(content, **style), encoding="utf-8")

    def describe_anew(self, change):
        """Rewrites metadata.json of a version that exists; its other files stay."""
        path = self.target / "metadata.json"
        metadata = json.loads(path.read_text(encoding="utf-8"))
        change(metadata)
        temporary = self.target / ".metadata.json.tmp"
        temporary.write_text(json_text(metadata, indent=2), encoding="utf-8")
        temporary.replace(path)
        return path

    def _move(self):
        if self.target.exists():
            replaced = self.model_dir / f".{self.version}.replaced"
            shutil.rmtree(replaced, ignore_errors=True)
            self.target.rename(replaced)
            self.building.rename(self.target)
            shutil.rmtree(replaced)
        else:
            self.building.rename(self.target)

    def promote(self, stage):
        """production or staging."""
        marker = self.model_dir / f".{stage}"
        if stage == "production" and marker.is_file():
            before = marker.read_text(encoding="utf-8").strip()
            # The server's rollback goes back to it.
            if before and before != self.version:
                self.mark("previous", before)
        self.mark(stage, self.version)

    def mark(self, name, version):
        temporary = self.model_dir / f".{name}.tmp"
        temporary.write_text(version + "\n", encoding="utf-8")
        temporary.replace(self.model_dir / f".{name}")


class Promotion:
    """Puts a new version into the stage that was asked for, but never one into production that has learned nothing.

    Made before metadata.json is: it sets options.promote to None where it refuses.
    """

    def __init__(self, folder, options, metrics):
        self.folder = folder
        self.metrics = metrics
        self.refused = (options.promote == "production" and not options.force
                        and metrics["accuracy"] <= metrics["majority_baseline"])
        if self.refused:
            options.promote = None
        self.stage = options.promote

    def apply(self, target):
        """Returns the version's folder, target, which is complete."""
        if self.refused:
            raise ValueError(f"wrote {target}, but it is not promoted: its accuracy {self.metrics['accuracy']:.3f} is not above "
                             f"{self.metrics['majority_baseline']:.3f}, which always answering the most frequent class reaches; "
                             "--force promotes it all the same")
        if self.stage:
            self.folder.promote(self.stage)
        print(f"wrote {target}" + (f", now in {self.stage}" if self.stage else ""))
        return target


def json_text(content, **style):
    text = json.dumps(content, allow_nan=False, **style)
    if "indent" in style:
        text = INDENTED_LIST.sub(lambda found: "[" + " ".join(found.group(1).split()) + "]", text)
    return text + "\n"


def short(value):
    """Six significant digits: exact inputs that are cheap to write and to send."""
    return float(f"{value:.6g}")


def new_version():
    return datetime.now(timezone.utc).strftime("%Y%m%d_%H%M%S")


def safe_name(text):
    if not SAFE_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a letter or digit and up to 63 more or . _ -")
    if text in RESERVED_NAMES:
        raise argparse.ArgumentTypeError(f"{text!r} is what the server calls a stage")
    return text
