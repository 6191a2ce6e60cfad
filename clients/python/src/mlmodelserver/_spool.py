"""The file that keeps outcomes until the server has acknowledged them: one JSON object per line.

A line is written before an outcome counts as taken, so outcomes survive the end of the process, however it ends.
Outcomes that the server has already may be in it too; reporting them again changes nothing.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any, Iterable, List

from ._calls import Outcome

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)


class SpoolInUseError(RuntimeError):
    """Another process, or another buffer of this one, uses the file."""


class Spool:
    def __init__(self, path: "os.PathLike[str] | str") -> None:
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = self._locked()
        self._file: Any = open(self.path, "a", encoding="utf-8")

    def _locked(self) -> Any:
        lock = open(f"{self.path}.lock", "a", encoding="utf-8")
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.close()
                raise SpoolInUseError(f"{self.path} is in use; give each bot a file of its own") from None
        return lock

    def load(self) -> List[Outcome]:
        """What an earlier process left behind. A last line that was being written when it died is left out."""
        outcomes = []
        for number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                outcomes.append(Outcome(**json.loads(line)))
            except (ValueError, TypeError):
                log.warning("%s, line %d is not an outcome and is left out: %.200s", self.path, number, line)
        if outcomes or self.path.stat().st_size:
            self.rewrite(outcomes)
        return outcomes

    def append(self, outcome: Outcome) -> None:
        self._file.write(_line(outcome))
        self._file.flush()

    def rewrite(self, outcomes: Iterable[Outcome]) -> None:
        """Replaces the content; a crash leaves either the old or the new one."""
        beside = Path(f"{self.path}.new")
        with open(beside, "w", encoding="utf-8") as file:
            file.writelines(_line(outcome) for outcome in outcomes)
            file.flush()
            os.fsync(file.fileno())
        self._file.close()
        os.replace(beside, self.path)
        self._file = open(self.path, "a", encoding="utf-8")

    def close(self) -> None:
        self._file.close()
        self._lock.close()


def _line(outcome: Outcome) -> str:
    return json.dumps(outcome.to_json()) + "\n"
