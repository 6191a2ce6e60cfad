"""The asynchronous client."""

from __future__ import annotations

import asyncio
import time
from os import PathLike
from types import TracebackType
from typing import Any, Coroutine, Dict, Iterable, List, Mapping, Optional, Type, TypeVar, Union

import httpx

from . import _calls, answers
from ._calls import Call, Outcome, PredictionRequest
from ._transport import Settings, answer_of, failure_of, request_of, wait_before_retry
from .client import Client
from .errors import AnswerTimeoutError, ModelServerError
from .outcomes import OutcomeBuffer

T = TypeVar("T")


class AsyncClient:
    """Calls a server from coroutines of one event loop. Every failure is a ModelServerError (see errors).

    The same calls as those of Client. aclose(), or the end of an async with block, sends outcomes that are still buffered.
    """

    def __init__(self, url: str = "http://localhost:8001", *, key: Optional[str] = None,
                 ca: Union[str, "PathLike[str]", None] = None, timeout: float = 2.0, retry: bool = True,
                 management_timeout: float = 330.0, max_connections: int = 32, use_proxies: bool = False) -> None:
        """See Client."""
        self._settings = Settings(url, key, ca, timeout, management_timeout, retry, max_connections, use_proxies)
        self._http = httpx.AsyncClient(**self._settings.http())
        self._reporter: Optional[Client] = None

    @property
    def settings(self) -> Settings:
        return self._settings

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                        trace: Optional[TracebackType]) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        if self._reporter is not None:
            await asyncio.get_running_loop().run_in_executor(None, self._reporter.close)
        await self._http.aclose()

    def outcomes(self, spool: Union[str, "PathLike[str]", None], **options: Any) -> OutcomeBuffer:
        """As Client.outcomes: a thread of its own reports them, and adding one never blocks."""
        if self._reporter is None:
            s = self._settings
            self._reporter = Client(s.url, key=s.key, ca=s.ca, timeout=s.timeout, use_proxies=s.use_proxies)
        return self._reporter.outcomes(spool, **options)

    async def predict(self, symbol: str, features: Any = None, *, timestamp: Any = None, raw_lob: Any = None,
                      inputs: Optional[Mapping[str, Any]] = None, timeframe: Optional[str] = None,
                      window_key: Optional[str] = None, model_name: Optional[str] = None,
                      model_version: Optional[str] = None, routing_key: Optional[str] = None,
                      experiment_id: Optional[str] = None, timeout: Optional[float] = None) -> answers.Prediction:
        """One prediction. features: a whole window or one step, as numbers or by name. timestamp: the step's time, by
        which a second try does not count twice; a dict or a row of a frame may have it instead."""
        return await self.ask(PredictionRequest(symbol, features, timestamp, raw_lob, inputs, timeframe, window_key,
                                                model_name, model_version, routing_key, experiment_id), timeout=timeout)

    async def ask(self, request: PredictionRequest, *, timeout: Optional[float] = None) -> answers.Prediction:
        """One prediction, of a request as a batch has it."""
        return await self._send(_calls.predict(request), timeout)

    async def predict_batch(self, requests: Iterable[PredictionRequest], *, max_batch_size: Optional[int] = None,
                            timeout: Optional[float] = None) -> answers.Batch:
        """Many predictions; one that fails does not affect the others."""
        return await self._send(_calls.predict_batch(requests, max_batch_size), timeout)

    async def windows(self) -> List[answers.Window]:
        """The windows that the server keeps."""
        return await self._send(_calls.windows())

    async def fill_window(self, symbol: str, steps: Any = None, *, raw_lob: Any = None, timeframe: Optional[str] = None,
                          window_key: Optional[str] = None, model_name: Optional[str] = None,
                          model_version: Optional[str] = None, timeout: Optional[float] = None) -> answers.Window:
        """Fills the window of a symbol at once. steps: the latest last; a frame with a DatetimeIndex dates them."""
        return await self._send(_calls.fill_window(symbol, steps, raw_lob, timeframe, window_key, model_name, model_version),
                                timeout)

    async def empty_window(self, symbol: str, *, timeframe: Optional[str] = None, window_key: Optional[str] = None) -> bool:
        """Empties the windows of a symbol, or that of one of its series; answers whether there was one."""
        return await self._send(_calls.empty_window(symbol, timeframe, window_key))

    async def report_outcomes(self, outcomes: Union[Outcome, Iterable[Outcome]], *,
                              timeout: Optional[float] = None) -> answers.OutcomeReceipt:
        """Reports outcomes now; repeating them changes nothing. outcomes() does it in the background."""
        return await self._send(_calls.report_outcomes(outcomes), timeout)

    async def health(self, *, timeout: Optional[float] = None) -> answers.Health:
        """How the server is; unhealthy is an answer too, not an error."""
        return await self._send(_calls.health(), timeout)

    async def models(self, name: Optional[str] = None, *, loaded: Optional[bool] = None) -> List[answers.ModelVersion]:
        """The versions of one model or of all. loaded: only those that are, or are not."""
        return await self._send(_calls.models(name, loaded))

    async def sample(self, name: str, version: str) -> Dict[str, Any]:
        """The body of a request that this version answers."""
        return await self._send(_calls.sample(name, version))

    async def reload(self, name: str, version: Optional[str] = None) -> answers.ModelChange:
        """Loads the version in PRODUCTION, or the given one, again."""
        return await self._manage(_calls.reload(name, version))

    async def set_stage(self, name: str, version: str, stage: str, *, reason: Optional[str] = None) -> answers.ModelChange:
        """Promotes or retires a version. stage: PRODUCTION, STAGING, ARCHIVED or NONE."""
        return await self._manage(_calls.set_stage(name, version, stage, reason))

    async def rollback(self, name: str, *, reason: Optional[str] = None) -> answers.ModelChange:
        """Returns to the version that was in PRODUCTION before. Never tried twice: a second one would undo the first."""
        return await self._manage(_calls.rollback(name, reason))

    async def create_experiment(self, experiment_id: str, **definition: Any) -> answers.Experiment:
        """Starts an experiment. definition: the fields of docs/experiments.md, such as control_model_name."""
        return await self._manage(_calls.create_experiment({"experiment_id": experiment_id, **definition}))

    async def experiments(self) -> List[answers.Experiment]:
        """All experiments and their state."""
        return await self._send(_calls.experiments())

    async def experiment(self, experiment_id: str) -> answers.Experiment:
        """One experiment and its state."""
        return await self._send(_calls.experiment(experiment_id))

    async def analyze_experiment(self, experiment_id: str) -> answers.Analysis:
        """What an experiment shows so far."""
        return await self._manage(_calls.analyze_experiment(experiment_id))

    async def stop_experiment(self, experiment_id: str) -> answers.Analysis:
        """Ends an experiment; answers its last analysis."""
        return await self._manage(_calls.stop_experiment(experiment_id))

    async def _manage(self, call: Call[T]) -> T:
        return await self._send(call, self._settings.management_timeout)

    async def _send(self, call: Call[T], timeout: Optional[float] = None) -> T:
        given = self._settings.timeout if timeout is None else timeout
        deadline = time.monotonic() + given
        tries = 0
        while True:
            tries += 1
            try:
                return await self._try(call, deadline)
            except ModelServerError as error:
                remaining = deadline - time.monotonic()
                wait = wait_before_retry(call, error, tries, remaining) if self._settings.retry else None
                if wait is None:
                    raise
            await asyncio.sleep(wait)

    async def _try(self, call: Call[T], deadline: float) -> T:
        remaining = max(deadline - time.monotonic(), 0.001)
        try:
            # httpx restarts its time-outs with each read; that of the task limits the whole call.
            request = self._http.build_request(**request_of(call), timeout=remaining + 5)
            response = await _within(self._http.send(request), remaining)
        except (httpx.HTTPError, OSError) as error:
            raise failure_of(error, self._settings.url) from error
        if response is None:
            raise AnswerTimeoutError(f"{self._settings.url} did not answer within {remaining:.3g} s")
        return answer_of(call, response.status_code, response.headers, response.content)


async def _within(sending: Coroutine[Any, Any, httpx.Response], seconds: float) -> Optional[httpx.Response]:
    """The response, None if it takes longer.

    asyncio.wait_for would do, but for anyio 3 on Python 3.12, where a cancelled request ends in CancelledError.
    """
    task = asyncio.ensure_future(sending)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        in_time = task.done()
        if not in_time:
            task.cancel()
    if in_time:
        return task.result()
    # Its connection is closed meanwhile.
    await asyncio.wait({task}, timeout=1)
    if task.done() and not task.cancelled():
        task.exception()
    return None
