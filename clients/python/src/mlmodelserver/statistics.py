"""Counts what a validator decided."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from typing import Counter as CounterOf, Mapping, Optional

from .decision import Decision, Verdict


@dataclass(frozen=True)
class Statistics:
    """decisions: all. verdicts: how many of each. causes: why ML did not count. acted: those to trade. mean_latency_ms,
    longest_latency_ms: of the calls that were answered, as the bot sees them."""

    decisions: int
    verdicts: Mapping[str, int]
    causes: Mapping[str, int]
    acted: int
    answered: int
    mean_latency_ms: Optional[float]
    longest_latency_ms: Optional[float]

    @property
    def fallback_rate(self) -> float:
        """The share of decisions without an answer of the model that counted."""
        without = self.verdicts.get(Verdict.FALLBACK.value, 0) + self.verdicts.get(Verdict.REJECTED.value, 0)
        return without / self.decisions if self.decisions else 0.0

    @property
    def agreement_rate(self) -> float:
        """The share of agreements among the decisions in which both sides were weighed."""
        agreed = self.verdicts.get(Verdict.AGREED.value, 0)
        weighed = agreed + sum(self.verdicts.get(verdict.value, 0) for verdict in (
            Verdict.ML_HOLDS, Verdict.ML_LEADS, Verdict.STRATEGY_LEADS, Verdict.CONFLICT))
        return agreed / weighed if weighed else 0.0


class Tally:
    """Adds decisions up; may be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._verdicts: CounterOf[str] = Counter()
        self._causes: CounterOf[str] = Counter()
        self._acted = self._answered = 0
        self._sum = self._longest = 0.0

    def add(self, decision: Decision, seconds: Optional[float]) -> None:
        """seconds: how long the call took; None if it was not answered, or not made."""
        with self._lock:
            self._verdicts[decision.verdict.value] += 1
            if decision.cause is not None:
                self._causes[decision.cause] += 1
            self._acted += decision.act
            if seconds is not None:
                self._answered += 1
                self._sum += seconds
                self._longest = max(self._longest, seconds)

    def read(self) -> Statistics:
        with self._lock:
            mean = 1000 * self._sum / self._answered if self._answered else None
            return Statistics(sum(self._verdicts.values()), dict(self._verdicts), dict(self._causes), self._acted,
                              self._answered, mean, 1000 * self._longest if self._answered else None)
