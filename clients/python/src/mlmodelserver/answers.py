"""What the server answers, as typed values. Fields that later servers add are in raw, which has the answer as it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

from .errors import ProblemError, UnreadableAnswerError, problem

Json = Mapping[str, Any]


def read_time(text: Optional[str]) -> Optional[datetime]:
    """A time as the server writes it, always UTC."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


@dataclass(frozen=True)
class Consensus:
    """How the members of an ensemble came to their answer."""

    meta_confidence: Optional[float]
    agreement_ratio: Optional[float]
    consensus_type: Optional[str]
    should_trade: Optional[bool]
    strategy_used: Optional[str]
    models_used: Tuple[str, ...]
    model_predictions: Mapping[str, Json]
    models_failed: Mapping[str, str]

    @classmethod
    def of(cls, answer: Json) -> Optional[Consensus]:
        if "meta_confidence" not in answer and "models_used" not in answer:
            return None
        return cls(answer.get("meta_confidence"), answer.get("agreement_ratio"), answer.get("consensus_type"),
                   answer.get("should_trade"), answer.get("strategy_used"), tuple(answer.get("models_used") or ()),
                   answer.get("model_predictions") or {}, answer.get("models_failed") or {})


@dataclass(frozen=True)
class Trust:
    """Whether the server advises to act on its answer, and what speaks against it."""

    act: bool
    reasons: Tuple[str, ...]


@dataclass(frozen=True)
class Prediction:
    """One prediction.

    direction: SELL, HOLD or BUY; None of a model that has no rule for it, and then confidence and probabilities are None
    too. expected_return: a fraction of the price. outputs: what else the model returned, by name. window_filled: the
    share of the window that is real, None where no window was kept. trust, valid_until: None where the server does not say.
    """

    symbol: str
    direction: Optional[str]
    confidence: Optional[float]
    expected_return: Optional[float]
    probabilities: Optional[Mapping[str, float]]
    outputs: Mapping[str, Any]
    model_name: str
    model_version: str
    prediction_id: str
    experiment_id: Optional[str]
    variant: Optional[str]
    failed_variant: Optional[str]
    window_filled: Optional[float]
    window_gaps: Optional[int]
    window_conflict: bool
    latency_ms: float
    timestamp: Optional[datetime]
    consensus: Optional[Consensus]
    trust: Optional[Trust]
    valid_until: Optional[datetime]
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def of(cls, body: Json) -> Prediction:
        said = body["prediction"]
        trust = body.get("trust")
        return cls(
            symbol=body["symbol"], direction=said.get("direction"), confidence=said.get("confidence"),
            expected_return=said.get("expected_return"), probabilities=said.get("probabilities"),
            outputs=said.get("outputs") or {}, model_name=body["model_name"], model_version=body["model_version"],
            prediction_id=body["prediction_id"], experiment_id=body.get("experiment_id"), variant=body.get("variant"),
            failed_variant=body.get("failed_variant"), window_filled=body.get("window_filled"),
            window_gaps=body.get("window_gaps"), window_conflict=bool(body.get("window_conflict")),
            latency_ms=body["latency_ms"], timestamp=read_time(body.get("timestamp")), consensus=Consensus.of(said),
            trust=Trust(bool(trust.get("act", True)), tuple(trust.get("reasons") or ())) if trust else None,
            valid_until=read_time(body.get("valid_until")), raw=body)


@dataclass(frozen=True)
class FailedPrediction:
    """A request of a batch that got no prediction. error: what predict() would have raised."""

    symbol: Optional[str]
    error: ProblemError


BatchEntry = Union[Prediction, FailedPrediction]


@dataclass(frozen=True)
class Batch:
    """One entry for each request of a batch, in their order."""

    entries: Tuple[BatchEntry, ...]
    total_latency_ms: float
    succeeded: int
    failed: int

    @property
    def predictions(self) -> List[Prediction]:
        return [entry for entry in self.entries if isinstance(entry, Prediction)]

    @classmethod
    def of(cls, body: Json) -> Batch:
        return cls(tuple(_entry(entry) for entry in body["predictions"]), body["total_latency_ms"], body["succeeded"],
                   body["failed"])


def _entry(body: Json) -> BatchEntry:
    if "error" in body:
        return FailedPrediction(body.get("symbol"), problem(body["error"]["status"], body["error"]))
    return Prediction.of(body)


@dataclass(frozen=True)
class Window:
    """The window of one series. age, period: seconds. dropped: how many steps of a history were left out of it, and why."""

    symbol: str
    timeframe: Optional[str]
    window_key: Optional[str]
    have: int
    need: int
    age: float
    period: Optional[float]
    gaps: Optional[int]
    conflict: bool
    input: str
    dropped: int
    dropped_reason: Optional[str]
    raw: Json = field(repr=False, compare=False)

    @property
    def is_full(self) -> bool:
        return self.have >= self.need

    @classmethod
    def of(cls, body: Json) -> Window:
        return cls(body["symbol"], body.get("timeframe"), body.get("window_key"), body["have"], body["need"], body["age"],
                   body.get("period"), body.get("gaps"), bool(body.get("conflict")), body.get("input", "features"),
                   body.get("dropped", 0), body.get("dropped_reason"), body)


@dataclass(frozen=True)
class OutcomeReceipt:
    """What became of reported outcomes: stored, pending until their predictions are written, repeated, or unknown."""

    received: int
    stored: int
    pending: int
    repeated: int
    unknown: Tuple[str, ...]
    differing: Tuple[str, ...]
    note: Optional[str]

    @classmethod
    def of(cls, body: Json) -> OutcomeReceipt:
        return cls(body["received"], body["stored"], body["pending"], body["repeated"], tuple(body.get("unknown") or ()),
                   tuple(body.get("differing") or ()), body.get("note"))


@dataclass(frozen=True)
class Health:
    """How the server is: healthy, degraded (it answers, but something is wrong) or unhealthy (trade without ML)."""

    status: str
    models_loaded: int
    loaded_models: Tuple[str, ...]
    active_experiments: Tuple[str, ...]
    problems: Tuple[str, ...]
    uptime_seconds: float
    raw: Json = field(repr=False, compare=False)

    @property
    def can_predict(self) -> bool:
        return self.status in ("healthy", "degraded")

    @classmethod
    def of(cls, body: Json) -> Health:
        return cls(body["status"], body["models_loaded"], tuple(body.get("loaded_models") or ()),
                   tuple(body.get("active_experiments") or ()), tuple(body.get("problems") or ()),
                   body["uptime_seconds"], body)


@dataclass(frozen=True)
class ModelVersion:
    """A version in the registry. error: why it cannot be served, None if nothing is known against it."""

    name: str
    version: str
    stage: str
    state: Optional[str]
    loaded: bool
    engine: Optional[str]
    input_shape: Optional[Tuple[int, ...]]
    metrics: Mapping[str, Any]
    error: Optional[str]
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def of(cls, body: Json) -> ModelVersion:
        shape = body.get("input_shape")
        return cls(body["name"], body["version"], body["stage"], body.get("state"), bool(body.get("loaded")),
                   body.get("engine"), tuple(shape) if shape else None, body.get("metrics") or {}, body.get("error"), body)


@dataclass(frozen=True)
class ModelChange:
    """The end of a reload, promotion or rollback."""

    model_name: str
    version: Optional[str]
    previous_version: Optional[str]
    message: str
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def of(cls, body: Json) -> ModelChange:
        return cls(body["model_name"], body.get("version"), body.get("previous_version"), body.get("message", ""), body)


@dataclass(frozen=True)
class Experiment:
    """An experiment. status: running, or how it ended. warnings: why it may never be judged, told when it is created."""

    experiment_id: str
    status: str
    variants: Tuple[Json, ...]
    warnings: Tuple[str, ...]
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def of(cls, body: Json) -> Experiment:
        return cls(body["experiment_id"], body["status"], tuple(body.get("variants") or ()),
                   tuple(body.get("warnings") or ()), body)


@dataclass(frozen=True)
class Analysis:
    """What an experiment shows. action: continue, promote or rollback. variants: the metrics of each, by name."""

    experiment_id: str
    status: str
    action: str
    variant: Optional[str]
    reasons: Tuple[str, ...]
    variants: Mapping[str, Json]
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def of(cls, body: Json) -> Analysis:
        advice = body["recommendation"]
        metrics: Dict[str, Json] = {variant["name"]: variant for variant in body["variants"]}
        return cls(body["experiment_id"], body["status"], advice["action"], advice.get("variant"),
                   tuple(advice.get("reasons") or ()), metrics, body)


def listed(of: Any) -> Any:
    """The reader of a list of answers."""
    def read(body: Any) -> Any:
        if not isinstance(body, list):
            raise UnreadableAnswerError(f"expected a list, got {type(body).__name__}")
        return [of(entry) for entry in body]
    return read
