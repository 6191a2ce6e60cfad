"""Asks the server about a strategy's signals and decides."""

from __future__ import annotations

import logging
import os
import time
from datetime import datetime, timezone
from types import TracebackType
from typing import Any, Dict, Mapping, Optional, Type, Union

from ._calls import PredictionRequest
from ._encoding import FeatureValueError
from ._transport import is_unanswered
from .answers import Prediction
from .async_client import AsyncClient
from .breaker import CircuitBreaker
from .client import Client
from .decision import Decision, DecisionRules, Signal, Unavailable, decide
from .errors import AnswerTimeoutError, ConnectionLostError, ModelServerError, ProblemError, UnreachableError
from .health import HealthWatch
from .statistics import Statistics, Tally

log = logging.getLogger(__name__)


class _Validation:
    """What both validators share: when to ask, what a failure means, and counting."""

    def __init__(self, url: str = "http://localhost:8001", *, min_confidence: float = 0.6, ml_weight: float = 0.6,
                 strategy_weight: Optional[float] = None, fallback: str = "strategy", min_window_filled: float = 0.8,
                 timeout: float = 1.0, key: Optional[str] = None, ca: Any = None, health_interval: float = 30.0,
                 health_timeout: float = 2.0, breaker_failures: int = 5, breaker_cooldown: float = 30.0) -> None:
        """min_confidence to min_window_filled: see DecisionRules. timeout: seconds that a signal may wait for the model.
        key, ca: see Client. health_interval, health_timeout: seconds. breaker_failures: calls in a row that end without an
        answer before the server is left alone for breaker_cooldown seconds."""
        self.rules = DecisionRules(min_confidence, ml_weight, strategy_weight, fallback, min_window_filled)
        self.breaker = CircuitBreaker(breaker_failures, breaker_cooldown)
        self._connect(url, {"key": key, "ca": ca, "timeout": timeout})
        self._tally = Tally()
        self._last_cause: Optional[str] = None
        # One try only: a check that fails is a failure, and the next one follows.
        self._watcher = Client(url, key=key, ca=ca, timeout=health_timeout, retry=False)
        self.health = HealthWatch(self._watcher.health, interval=health_interval, on_recovery=self.breaker.server_is_back)
        self.health.start()

    def _connect(self, url: str, options: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def statistics(self) -> Statistics:
        return self._tally.read()

    def _reason_not_to_ask(self) -> Optional[Unavailable]:
        if self.health.problem is not None:
            return Unavailable("UNHEALTHY", self.health.problem)
        if not self.breaker.allows():
            return Unavailable("BREAKER_OPEN", "the last calls failed, the server is left alone for a while")
        return None

    def _failed(self, error: Union[ModelServerError, FeatureValueError]) -> Unavailable:
        if isinstance(error, ModelServerError):
            (self.breaker.failed if is_unanswered(error) else self.breaker.succeeded)()
        return Unavailable(cause_of(error), str(error))

    def _decided(self, signal: Signal, answer: Union[Prediction, Unavailable], began: float) -> Decision:
        decision = decide(signal, answer, self.rules, datetime.now(timezone.utc))
        self._tally.add(decision, time.monotonic() - began if isinstance(answer, Prediction) else None)
        if not decision.used_ml and decision.cause != self._last_cause:
            log.warning("%s: %s", signal.symbol, "; ".join(decision.reasons))
        self._last_cause = decision.cause if not decision.used_ml else None
        return decision

    def _close(self) -> None:
        self.health.close()
        self._watcher.close()


class SignalValidator(_Validation):
    """Asks the model about each signal of a strategy. Never raises because of the server; may be used by several threads.

        with SignalValidator("http://localhost:8001") as validator:
            decision = validator.validate(Signal("BTCUSDT", "BUY", 0.7), step)
            if decision.act: ...
    """

    client: Client

    def _connect(self, url: str, options: Mapping[str, Any]) -> None:
        self.client = Client(url, **options)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, **options: Any) -> SignalValidator:
        """By ML_SERVER_URL, ML_SERVER_KEY, ML_MIN_CONFIDENCE and ML_WEIGHT, each with its default."""
        return cls(**{**from_environment(environment), **options})

    def __enter__(self) -> SignalValidator:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def close(self) -> None:
        self._close()
        self.client.close()

    def validate(self, signal: Signal, features: Any = None, **request: Any) -> Decision:
        """Decides about a signal. features, request: what predict() takes, such as timestamp and model_name."""
        asked = PredictionRequest(signal.symbol, features, **request)
        began = time.monotonic()
        answer: Union[Prediction, Unavailable, None] = self._reason_not_to_ask()
        if answer is None:
            try:
                answer = self.client.ask(asked)
                self.breaker.succeeded()
            except (ModelServerError, FeatureValueError) as error:
                answer = self._failed(error)
        return self._decided(signal, answer, began)


class AsyncSignalValidator(_Validation):
    """The same for coroutines; the health check has a thread of its own."""

    client: AsyncClient

    def _connect(self, url: str, options: Mapping[str, Any]) -> None:
        self.client = AsyncClient(url, **options)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, **options: Any) -> AsyncSignalValidator:
        """See SignalValidator."""
        return cls(**{**from_environment(environment), **options})

    async def __aenter__(self) -> AsyncSignalValidator:
        return self

    async def __aexit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                        trace: Optional[TracebackType]) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        self._close()
        await self.client.aclose()

    async def validate(self, signal: Signal, features: Any = None, **request: Any) -> Decision:
        """See SignalValidator."""
        asked = PredictionRequest(signal.symbol, features, **request)
        began = time.monotonic()
        answer: Union[Prediction, Unavailable, None] = self._reason_not_to_ask()
        if answer is None:
            try:
                answer = await self.client.ask(asked)
                self.breaker.succeeded()
            except (ModelServerError, FeatureValueError) as error:
                answer = self._failed(error)
        return self._decided(signal, answer, began)


def cause_of(error: Exception) -> str:
    """A failure as a cause: the problem's code, or what happened to the call."""
    if isinstance(error, ProblemError):
        return error.code or f"HTTP_{error.status}"
    if isinstance(error, FeatureValueError):
        return "INVALID_FEATURES"
    if isinstance(error, AnswerTimeoutError):
        return "TIMEOUT"
    return "UNREACHABLE" if isinstance(error, (UnreachableError, ConnectionLostError)) else "UNREADABLE_ANSWER"


def from_environment(environment: Mapping[str, str]) -> Mapping[str, Any]:
    """The options that the environment sets."""
    options: Dict[str, Any] = {}
    for variable, option in (("ML_SERVER_URL", "url"), ("ML_SERVER_KEY", "key")):
        if environment.get(variable):
            options[option] = environment[variable]
    for variable, option in (("ML_MIN_CONFIDENCE", "min_confidence"), ("ML_WEIGHT", "ml_weight")):
        if environment.get(variable):
            try:
                options[option] = float(environment[variable])
            except ValueError:
                raise ValueError(f"{variable}: expected a number, got {environment[variable]!r}") from None
    return options
