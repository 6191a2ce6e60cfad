"""How a strategy's signal and the model's answer become one decision. Pure: no network, no clock, no state.

The rules are a table in docs/clients.md; decide() reads from its first row to its last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Optional, Tuple, Union

from .answers import Prediction

DIRECTIONS = ("SELL", "HOLD", "BUY")


class Verdict(str, Enum):
    """Which row of the table decided."""

    FALLBACK = "FALLBACK"
    REJECTED = "REJECTED"
    ML_UNSURE = "ML_UNSURE"
    AGREED = "AGREED"
    ML_HOLDS = "ML_HOLDS"
    ML_LEADS = "ML_LEADS"
    STRATEGY_LEADS = "STRATEGY_LEADS"
    CONFLICT = "CONFLICT"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Signal:
    """What the strategy wants. direction: SELL, HOLD or BUY. confidence: 0 to 1; 1 of a strategy that has none."""

    symbol: str
    direction: str
    confidence: float = 1.0

    def __post_init__(self) -> None:
        if self.direction not in DIRECTIONS:
            raise ValueError(f"direction: expected SELL, HOLD or BUY, got {self.direction!r}")
        _expect_share("confidence", self.confidence)


@dataclass(frozen=True)
class Unavailable:
    """Why there is no answer of the model that counts. cause: a code, such as WINDOW_FILLING or TIMEOUT."""

    cause: str
    detail: str


@dataclass(frozen=True)
class DecisionRules:
    """The numbers of the table.

    min_confidence: of the model, below which its answer rejects the signal. ml_weight, strategy_weight: only their ratio
    counts; strategy_weight is 1 - ml_weight unless it is given. fallback: what happens without the model: strategy (its
    signal is followed) or reject. min_window_filled: the least share of the model's window that must be real.
    """

    min_confidence: float = 0.6
    ml_weight: float = 0.6
    strategy_weight: Optional[float] = None
    fallback: str = "strategy"
    min_window_filled: float = 0.8

    def __post_init__(self) -> None:
        _expect_share("min_confidence", self.min_confidence)
        _expect_share("min_window_filled", self.min_window_filled)
        if self.strategy_weight is None:
            _expect_share("ml_weight", self.ml_weight)
        elif not (self.ml_weight >= 0 <= self.strategy_weight and 0 < self.ml_weight + self.strategy_weight < float("inf")):
            raise ValueError(f"weights: expected two numbers from 0 of which one is above 0, got {self.ml_weight} "
                             f"and {self.strategy_weight}")
        if self.fallback not in ("strategy", "reject"):
            raise ValueError(f"fallback: expected strategy or reject, got {self.fallback!r}")

    @property
    def weights(self) -> Tuple[float, float]:
        """The weights of the model and of the strategy; they sum to 1."""
        strategy = 1 - self.ml_weight if self.strategy_weight is None else self.strategy_weight
        total = self.ml_weight + strategy
        return self.ml_weight / total, strategy / total


@dataclass(frozen=True)
class Decision:
    """What to do.

    direction: SELL or BUY to trade, HOLD to do nothing. score: how strong the decision is, 0 to 1, 0 of a rejected
    signal. agreement: whether the model and the strategy agree; None without an answer that counts. cause: why the
    model's answer is missing or does not count, else None. reasons: the same as sentences.
    """

    signal: Signal
    direction: str
    score: float
    verdict: Verdict
    agreement: Optional[bool]
    cause: Optional[str]
    reasons: Tuple[str, ...]
    prediction: Optional[Prediction]

    @property
    def act(self) -> bool:
        return self.direction != "HOLD"

    @property
    def used_ml(self) -> bool:
        """Whether the model's answer counted."""
        return self.verdict not in (Verdict.FALLBACK, Verdict.REJECTED)


def decide(signal: Signal, answer: Union[Prediction, Unavailable], rules: DecisionRules, now: datetime) -> Decision:
    """Decides by the table. now: with a time zone; answers expire."""
    prediction = answer if isinstance(answer, Prediction) else None
    missing = answer if isinstance(answer, Unavailable) else unusable(answer, rules, now)
    if missing is not None:
        return _without_ml(signal, missing, prediction, rules)
    assert prediction is not None and prediction.direction is not None and prediction.confidence is not None
    doubt = _doubt(prediction, rules)
    if doubt is not None:
        return Decision(signal, "HOLD", 0.0, Verdict.ML_UNSURE, None, "LOW_CONFIDENCE", (doubt,), prediction)
    return _weighed(signal, prediction, prediction.direction, prediction.confidence, rules)


def unusable(prediction: Prediction, rules: DecisionRules, now: datetime) -> Optional[Unavailable]:
    """Why an answer does not count; None if it does."""
    if prediction.trust is not None and not prediction.trust.act:
        return Unavailable("NOT_TRUSTED", "the server advises not to act: " + ", ".join(prediction.trust.reasons))
    if prediction.valid_until is not None and prediction.valid_until <= now:
        return Unavailable("EXPIRED", f"the answer was valid until {prediction.valid_until.isoformat()}")
    if prediction.window_filled is not None and prediction.window_filled < rules.min_window_filled:
        return Unavailable("WINDOW_INCOMPLETE", f"{prediction.window_filled:.0%} of the window are real, "
                                                f"{rules.min_window_filled:.0%} are needed")
    if prediction.direction is None or prediction.confidence is None:
        return Unavailable("NO_DIRECTION", f"{prediction.model_name} gives no direction with a confidence")
    return None


def _doubt(prediction: Prediction, rules: DecisionRules) -> Optional[str]:
    confidence = prediction.confidence or 0.0
    if confidence < rules.min_confidence:
        return f"ML is unsure: {prediction.direction} with confidence {confidence:.3f}, {rules.min_confidence:g} is needed"
    # A consensus to hold is not a doubt: ML_HOLDS says it better.
    if prediction.consensus is not None and prediction.consensus.should_trade is False and prediction.direction != "HOLD":
        return f"the members of {prediction.model_name} do not agree enough to trade"
    return None


def _without_ml(signal: Signal, missing: Unavailable, prediction: Optional[Prediction], rules: DecisionRules) -> Decision:
    if rules.fallback == "strategy":
        return Decision(signal, signal.direction, signal.confidence, Verdict.FALLBACK, None, missing.cause,
                        (f"without ML, by the strategy alone: {missing.detail}",), prediction)
    return Decision(signal, "HOLD", 0.0, Verdict.REJECTED, None, missing.cause,
                    (f"rejected, since there is no ML: {missing.detail}",), prediction)


def _weighed(signal: Signal, prediction: Prediction, said: str, confidence: float, rules: DecisionRules) -> Decision:
    ml_weight, strategy_weight = rules.weights
    ml_part, strategy_part = ml_weight * confidence, strategy_weight * signal.confidence
    if said == signal.direction:
        score = ml_part + strategy_part
        return Decision(signal, said, score, Verdict.AGREED, True, None,
                        (f"ML and strategy agree on {said}: {ml_weight:.2f} × {confidence:.3f} + {strategy_weight:.2f} × "
                         f"{signal.confidence:.3f} = {score:.3f}",), prediction)
    conflict = f"ML says {said} ({confidence:.3f}), the strategy {signal.direction} ({signal.confidence:.3f})"
    if said == "HOLD":
        return Decision(signal, "HOLD", 0.0, Verdict.ML_HOLDS, False, None, (conflict, "ML holds, the signal is rejected"),
                        prediction)
    leads, score = (said, ml_part) if ml_weight >= strategy_weight else (signal.direction, strategy_part)
    weight = max(ml_weight, strategy_weight)
    sum_up = f"{leads} alone has {weight:.2f} × {score / weight:.3f} = {score:.3f}, {rules.min_confidence:g} is needed"
    if score < rules.min_confidence or leads == "HOLD":
        return Decision(signal, "HOLD", 0.0, Verdict.CONFLICT, False, None, (conflict, sum_up), prediction)
    verdict = Verdict.ML_LEADS if ml_weight >= strategy_weight else Verdict.STRATEGY_LEADS
    return Decision(signal, leads, score, verdict, False, None, (conflict, sum_up), prediction)


def _expect_share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{name}: expected a number from 0 to 1, got {value!r}")
