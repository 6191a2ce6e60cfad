"""The synchronous client."""

from __future__ import annotations

import time
from os import PathLike
from types import TracebackType
from typing import Any, Dict, Iterable, List, Mapping, Optional, Type, TypeVar, Union

import httpx

from . import _calls, answers
from ._calls import Call, Outcome, PredictionRequest
from ._transport import Settings, answer_of, failure_of, request_of, wait_before_retry
from .errors import AnswerTimeoutError, ModelServerError
from .outcomes import OutcomeBuffer

T = TypeVar("T")


class Client:
    """Calls a server; may be used by several threads. Every failure is a ModelServerError (see errors).

    Connections are kept and used again. close(), or the end of a with block, sends outcomes that are still buffered.
    """

    def __init__(self, url: str = "http://localhost:8001", *, key: Optional[str] = None,
                 ca: Union[str, "PathLike[str]", None] = None, timeout: float = 2.0, retry: bool = True,
                 management_timeout: float = 330.0, max_connections: int = 32, use_proxies: bool = False) -> None:
        """url: with the path, if a proxy adds one. key: an API key. ca: a file of certificates to trust. timeout: seconds
        for a whole call. retry: whether a call may be sent once more where that is safe. use_proxies: whether HTTP_PROXY
        and the like are obeyed."""
        self._settings = Settings(url, key, ca, timeout, management_timeout, retry, max_connections, use_proxies)
        self._http = httpx.Client(**self._settings.http())
        self._buffers: List[OutcomeBuffer] = []

    @property
    def settings(self) -> Settings:
        return self._settings

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def close(self) -> None:
        for buffer in self._buffers:
            buffer.close()
        self._http.close()

    def outcomes(self, spool: Union[str, "PathLike[str]", None], **options: Any) -> OutcomeBuffer:
        """A buffer that reports outcomes in the background. spool: the file that keeps them until the server has them;
        None keeps them in memory only. It is closed with this client. options: see OutcomeBuffer."""
        buffer = OutcomeBuffer(self.report_outcomes, spool, **options)
        self._buffers.append(buffer)
        return buffer

    def predict(self, symbol: str, features: Any = None, *, timestamp: Any = None, raw_lob: Any = None,
                inputs: Optional[Mapping[str, Any]] = None, timeframe: Optional[str] = None,
                window_key: Optional[str] = None, model_name: Optional[str] = None, model_version: Optional[str] = None,
                routing_key: Optional[str] = None, experiment_id: Optional[str] = None,
                timeout: Optional[float] = None) -> answers.Prediction:
        """One prediction. features: a whole window or one step, as numbers or by name. timestamp: the step's time, by
        which a second try does not count twice; a dict or a row of a frame may have it instead."""
        return self.ask(PredictionRequest(symbol, features, timestamp, raw_lob, inputs, timeframe, window_key, model_name,
                                          model_version, routing_key, experiment_id), timeout=timeout)

    def ask(self, request: PredictionRequest, *, timeout: Optional[float] = None) -> answers.Prediction:
        """One prediction, of a request as a batch has it."""
        return self._send(_calls.predict(request), timeout)

    def predict_batch(self, requests: Iterable[PredictionRequest], *, max_batch_size: Optional[int] = None,
                      timeout: Optional[float] = None) -> answers.Batch:
        """Many predictions; one that fails does not affect the others."""
        return self._send(_calls.predict_batch(requests, max_batch_size), timeout)

    def windows(self) -> List[answers.Window]:
        """The windows that the server keeps."""
        return self._send(_calls.windows())

    def fill_window(self, symbol: str, steps: Any = None, *, raw_lob: Any = None, timeframe: Optional[str] = None,
                    window_key: Optional[str] = None, model_name: Optional[str] = None,
                    model_version: Optional[str] = None, timeout: Optional[float] = None) -> answers.Window:
        """Fills the window of a symbol at once. steps: the latest last; a frame with a DatetimeIndex dates them."""
        return self._send(_calls.fill_window(symbol, steps, raw_lob, timeframe, window_key, model_name, model_version),
                          timeout)

    def empty_window(self, symbol: str, *, timeframe: Optional[str] = None, window_key: Optional[str] = None) -> bool:
        """Empties the windows of a symbol, or that of one of its series; answers whether there was one."""
        return self._send(_calls.empty_window(symbol, timeframe, window_key))

    def report_outcomes(self, outcomes: Union[Outcome, Iterable[Outcome]], *,
                        timeout: Optional[float] = None) -> answers.OutcomeReceipt:
        """Reports outcomes now; repeating them changes nothing. outcomes() does it in the background."""
        return self._send(_calls.report_outcomes(outcomes), timeout)

    def health(self, *, timeout: Optional[float] = None) -> answers.Health:
        """How the server is; unhealthy is an answer too, not an error."""
        return self._send(_calls.health(), timeout)

    def models(self, name: Optional[str] = None, *, loaded: Optional[bool] = None) -> List[answers.ModelVersion]:
        """The versions of one model or of all. loaded: only those that are, or are not."""
        return self._send(_calls.models(name, loaded))

    def sample(self, name: str, version: str) -> Dict[str, Any]:
        """The body of a request that this version answers."""
        return self._send(_calls.sample(name, version))

    def reload(self, name: str, version: Optional[str] = None) -> answers.ModelChange:
        """Loads the version in PRODUCTION, or the given one, again."""
        return self._manage(_calls.reload(name, version))

    def set_stage(self, name: str, version: str, stage: str, *, reason: Optional[str] = None) -> answers.ModelChange:
        """Promotes or retires a version. stage: PRODUCTION, STAGING, ARCHIVED or NONE."""
        return self._manage(_calls.set_stage(name, version, stage, reason))

    def rollback(self, name: str, *, reason: Optional[str] = None) -> answers.ModelChange:
        """Returns to the version that was in PRODUCTION before. Never tried twice: a second one would undo the first."""
        return self._manage(_calls.rollback(name, reason))

    def create_experiment(self, experiment_id: str, **definition: Any) -> answers.Experiment:
        """Starts an experiment. definition: the fields of docs/experiments.md, such as control_model_name."""
        return self._manage(_calls.create_experiment({"experiment_id": experiment_id, **definition}))

    def experiments(self) -> List[answers.Experiment]:
        """All experiments and their state."""
        return self._send(_calls.experiments())

    def experiment(self, experiment_id: str) -> answers.Experiment:
        """One experiment and its state."""
        return self._send(_calls.experiment(experiment_id))

    def analyze_experiment(self, experiment_id: str) -> answers.Analysis:
        """What an experiment shows so far."""
        return self._manage(_calls.analyze_experiment(experiment_id))

    def stop_experiment(self, experiment_id: str) -> answers.Analysis:
        """Ends an experiment; answers its last analysis."""
        return self._manage(_calls.stop_experiment(experiment_id))

    def _manage(self, call: Call[T]) -> T:
        return self._send(call, self._settings.management_timeout)

    def _send(self, call: Call[T], timeout: Optional[float] = None) -> T:
        given = self._settings.timeout if timeout is None else timeout
        deadline = time.monotonic() + given
        tries = 0
        while True:
            tries += 1
            try:
                return self._try(call, deadline)
            except ModelServerError as error:
                remaining = deadline - time.monotonic()
                wait = wait_before_retry(call, error, tries, remaining) if self._settings.retry else None
                if wait is None:
                    raise
            time.sleep(wait)

    def _try(self, call: Call[T], deadline: float) -> T:
        remaining = max(deadline - time.monotonic(), 0.001)
        try:
            request = self._http.build_request(**request_of(call), timeout=remaining)
            response = self._http.send(request, stream=True)
            try:
                content = b""
                # httpx restarts its time-out with each part of the answer.
                for part in response.iter_bytes():
                    content += part
                    if time.monotonic() > deadline:
                        raise AnswerTimeoutError(f"{self._settings.url}: the answer took too long to arrive")
            finally:
                response.close()
        except (httpx.HTTPError, OSError) as error:
            raise failure_of(error, self._settings.url) from error
        return answer_of(call, response.status_code, response.headers, content)
