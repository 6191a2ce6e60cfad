"""The server's calls as values: what to send, and how to read the answer. Both clients send the same ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Generic, Iterable, List, Mapping, Optional, Sequence, TypeVar, Union
from urllib.parse import quote

from . import answers
from ._encoding import dumps, encode, is_dated, is_sequence_of_steps, to_millis
from .errors import problem

T = TypeVar("T")


@dataclass(frozen=True)
class Call(Generic[T]):
    """One call.

    repeatable: sent twice, it does what it does once, so it may be tried again although the first try may have reached
    the server. other_statuses: statuses besides 2xx whose bodies are answers.
    """

    method: str
    path: str
    read: Callable[[Any], T]
    body: Optional[bytes] = None
    params: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = False
    other_statuses: Sequence[int] = ()


@dataclass(frozen=True)
class PredictionRequest:
    """One request for a prediction, as predict() takes it; the fields are explained in docs/bots.md."""

    symbol: str
    features: Any = None
    timestamp: Any = None
    raw_lob: Any = None
    inputs: Optional[Mapping[str, Any]] = None
    timeframe: Optional[str] = None
    window_key: Optional[str] = None
    model_name: Optional[str] = None
    model_version: Optional[str] = None
    routing_key: Optional[str] = None
    experiment_id: Optional[str] = None

    def to_json(self) -> Dict[str, Any]:
        body = {
            "symbol": self.symbol,
            "timestamp": to_millis(self.timestamp, "timestamp"),
            "features": encode(self.features, "features"),
            "raw_lob": encode(self.raw_lob, "raw_lob"),
            "inputs": encode(self.inputs, "inputs"),
            "timeframe": self.timeframe, "window_key": self.window_key, "model_name": self.model_name,
            "model_version": self.model_version, "routing_key": self.routing_key, "experiment_id": self.experiment_id,
        }
        return {name: value for name, value in body.items() if value is not None}


@dataclass(frozen=True)
class Outcome:
    """What really happened after a prediction.

    actual_return: what the price did, a fraction of it (0.012 is 1.2 %). fee: what acting on the advice cost, likewise.
    """

    prediction_id: str
    actual_return: float
    closed_at: Any = None
    fee: Optional[float] = None

    def to_json(self) -> Dict[str, Any]:
        body = {"prediction_id": str(self.prediction_id), "actual_return": encode(self.actual_return, "actual_return"),
                "closed_at": to_millis(self.closed_at, "closed_at"), "fee": encode(self.fee, "fee")}
        if body["actual_return"] is None:
            raise ValueError("actual_return: expected a number, got none; an outcome that is not known is not reported")
        return {name: value for name, value in body.items() if value is not None}


def is_repeatable(body: Mapping[str, Any]) -> bool:
    """Whether a prediction may be asked for twice.

    A step with a time replaces itself in its window. A step without one would count twice; a flat list of numbers may be
    such a step.
    """
    return body.get("timestamp") is not None or is_dated(body.get("features")) or (
        is_sequence_of_steps(body.get("features")) and "raw_lob" not in body)


def predict(request: PredictionRequest) -> Call[answers.Prediction]:
    body = request.to_json()
    return Call("POST", "/api/ml/predict", answers.Prediction.of, dumps(body), repeatable=is_repeatable(body))


def predict_batch(requests: Iterable[PredictionRequest], max_batch_size: Optional[int]) -> Call[answers.Batch]:
    bodies = [request.to_json() for request in requests]
    body: Dict[str, Any] = {"requests": bodies}
    if max_batch_size is not None:
        body["max_batch_size"] = max_batch_size
    return Call("POST", "/api/ml/predict/batch", answers.Batch.of, dumps(body),
                repeatable=all(is_repeatable(one) for one in bodies))


def windows() -> Call[List[answers.Window]]:
    return Call("GET", "/api/ml/windows", answers.listed(answers.Window.of), repeatable=True)


def fill_window(symbol: str, steps: Any, raw_lob: Any, timeframe: Optional[str], window_key: Optional[str],
                model_name: Optional[str], model_version: Optional[str]) -> Call[answers.Window]:
    features = encode(steps, "features")
    body = {"features": [features] if isinstance(features, dict) else features, "raw_lob": encode(raw_lob, "raw_lob"),
            "model_name": model_name, "model_version": model_version}
    return Call("PUT", f"/api/ml/windows/{_symbol(symbol)}", answers.Window.of,
                dumps({name: value for name, value in body.items() if value is not None}),
                _series(timeframe, window_key), repeatable=True)


def empty_window(symbol: str, timeframe: Optional[str], window_key: Optional[str]) -> Call[bool]:
    """Answers whether there was a window."""
    return Call("DELETE", f"/api/ml/windows/{_symbol(symbol)}", lambda body: body is None,
                params=_series(timeframe, window_key), repeatable=True, other_statuses=(404,))


def _series(timeframe: Optional[str], window_key: Optional[str]) -> Dict[str, str]:
    given = {"timeframe": timeframe, "window_key": window_key}
    return {name: value for name, value in given.items() if value is not None}


def _symbol(symbol: str) -> str:
    return quote(symbol, safe="/:@=,")


def report_outcomes(outcomes: Union[Outcome, Iterable[Outcome]]) -> Call[answers.OutcomeReceipt]:
    given = [outcomes] if isinstance(outcomes, Outcome) else outcomes
    return Call("POST", "/api/ml/outcomes", answers.OutcomeReceipt.of, dumps([outcome.to_json() for outcome in given]),
                repeatable=True)


def health() -> Call[answers.Health]:
    return Call("GET", "/health", _health, other_statuses=(503,))


def _health(body: Any) -> answers.Health:
    """An unhealthy server is an answer; one that refuses to answer, or a proxy that does, is a problem."""
    if "code" in body or "models_loaded" not in body:
        raise problem(503, body)
    return answers.Health.of(body)


def models(name: Optional[str], loaded: Optional[bool]) -> Call[List[answers.ModelVersion]]:
    path = "/api/ml/models" + (f"/{_name(name)}" if name else "")
    params = {} if loaded is None else {"loaded": "true" if loaded else "false"}
    return Call("GET", path, answers.listed(answers.ModelVersion.of), params=params, repeatable=True)


def sample(name: str, version: str) -> Call[Dict[str, Any]]:
    return Call("GET", f"/api/ml/models/{_name(name)}/versions/{_name(version)}/sample", dict, repeatable=True)


def reload(name: str, version: Optional[str]) -> Call[answers.ModelChange]:
    body = dumps({"version": version}) if version else None
    return Call("POST", f"/api/ml/models/{_name(name)}/reload", answers.ModelChange.of, body)


def set_stage(name: str, version: str, stage: str, reason: Optional[str]) -> Call[answers.ModelChange]:
    body = {"stage": stage} if reason is None else {"stage": stage, "reason": reason}
    return Call("POST", f"/api/ml/models/{_name(name)}/versions/{_name(version)}/stage", answers.ModelChange.of, dumps(body))


def rollback(name: str, reason: Optional[str]) -> Call[answers.ModelChange]:
    body = dumps({"reason": reason}) if reason else None
    return Call("POST", f"/api/ml/models/{_name(name)}/rollback", answers.ModelChange.of, body)


def create_experiment(definition: Mapping[str, Any]) -> Call[answers.Experiment]:
    return Call("POST", "/api/ml/ab-test/create", answers.Experiment.of, dumps(dict(definition)))


def experiments() -> Call[List[answers.Experiment]]:
    return Call("GET", "/api/ml/ab-test", answers.listed(answers.Experiment.of), repeatable=True)


def experiment(experiment_id: str) -> Call[answers.Experiment]:
    return Call("GET", f"/api/ml/ab-test/{_name(experiment_id)}", answers.Experiment.of, repeatable=True)


def analyze_experiment(experiment_id: str) -> Call[answers.Analysis]:
    return Call("GET", f"/api/ml/ab-test/{_name(experiment_id)}/analyze", answers.Analysis.of, repeatable=True)


def stop_experiment(experiment_id: str) -> Call[answers.Analysis]:
    return Call("POST", f"/api/ml/ab-test/{_name(experiment_id)}/stop", answers.Analysis.of)


def _name(name: str) -> str:
    return quote(name, safe="")
