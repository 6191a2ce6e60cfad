"""What both clients share: settings, how answers are read, and when a call is tried again. Sends nothing itself."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from os import PathLike
from typing import Any, Dict, Mapping, Optional, TypeVar, Union

import httpx

from ._calls import Call
from .errors import (AnswerTimeoutError, ConnectionLostError, LedgerUnavailableError, ModelLoadingError, ModelServerError,
                     OverloadedError, ProblemError, ShuttingDownError, UnreachableError, UnreadableAnswerError, problem)

T = TypeVar("T")

# Below the server's keep-alive-timeout (75 s), so that no request is sent on a connection that is being closed.
KEEP_ALIVE_SECONDS = 30.0
# Before a connection that was refused is tried once more: the server may be restarting.
RECONNECT_SECONDS = 0.1

# No connection was made, so nothing was sent.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_WORTH_A_WAIT = (OverloadedError, ShuttingDownError, ModelLoadingError, LedgerUnavailableError)


@dataclass(frozen=True)
class Settings:
    """How the server is reached.

    url: with the path, if a proxy adds one. key: an API key. ca: a file of certificates to trust instead of the system's.
    timeout: seconds for a whole call, a second try and the wait before it included. management_timeout: the same for
    calls that load a model or analyse an experiment. retry: whether a call that failed may be tried once more.
    use_proxies: whether HTTP_PROXY and the like are obeyed; off, since they are mostly meant for the exchange.
    """

    url: str
    key: Optional[str] = None
    ca: Union[str, "PathLike[str]", None] = None
    timeout: float = 2.0
    management_timeout: float = 330.0
    retry: bool = True
    max_connections: int = 32
    use_proxies: bool = False

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise ValueError(f"url: expected http://… or https://…, got {self.url!r}")
        if not self.timeout > 0 or not self.management_timeout > 0:
            raise ValueError("timeout: expected seconds above 0")

    def http(self) -> Dict[str, Any]:
        """The arguments of httpx.Client and httpx.AsyncClient."""
        headers = {"Accept": "application/json", "User-Agent": "mlmodelserver-python"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        verify: Any = ssl.create_default_context(cafile=str(self.ca)) if self.ca else True
        return {
            "base_url": self.url.rstrip("/"), "headers": headers, "verify": verify, "trust_env": self.use_proxies,
            "limits": httpx.Limits(max_connections=self.max_connections, max_keepalive_connections=self.max_connections,
                                   keepalive_expiry=KEEP_ALIVE_SECONDS),
        }


def request_of(call: Call[Any]) -> Dict[str, Any]:
    """The arguments of httpx's build_request, without the time-out."""
    headers = {} if call.body is None else {"Content-Type": "application/json"}
    return {"method": call.method, "url": call.path, "params": dict(call.params) or None, "content": call.body,
            "headers": headers}


def failure_of(error: Exception, url: str) -> ModelServerError:
    """What a failure of httpx means to callers."""
    what = str(error) or type(error).__name__
    if isinstance(error, _NOT_SENT) or isinstance(error, ssl.SSLCertVerificationError):
        return UnreachableError(f"{url} cannot be reached: {what}")
    if isinstance(error, httpx.TimeoutException):
        return AnswerTimeoutError(f"{url} did not answer in time: {what}")
    # Older releases of httpx let some failures of the socket through.
    if isinstance(error, (httpx.TransportError, OSError)):
        return ConnectionLostError(f"{url} closed the connection before it answered: {what}")
    return UnreadableAnswerError(f"{url} gave an answer that is not HTTP: {what}")


def answer_of(call: Call[T], status: int, headers: Mapping[str, str], content: bytes) -> T:
    """The answer of a call, or the problem as an exception."""
    body = _body(content)
    if 200 <= status < 300 or (status in call.other_statuses and isinstance(body, dict)):
        if content and body is None:
            raise UnreadableAnswerError(f"{call.path}: expected JSON, got {content[:80]!r}")
        try:
            return call.read(body)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnreadableAnswerError(f"{call.path}: the answer cannot be read: {error!r}") from error
    described = body if isinstance(body, dict) else {"detail": f"answered without a reason: {content[:80]!r}"}
    raise problem(status, described, retry_after_of(headers.get("retry-after")))


def _body(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None


def retry_after_of(header: Optional[str], now: Optional[datetime] = None) -> Optional[float]:
    """Seconds from now, of either form of Retry-After; None if there is none that can be read."""
    if header is None:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        when = parsedate_to_datetime(header)
    except (TypeError, ValueError, IndexError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=timezone.utc)
    return max(0.0, (when - (now or datetime.now(timezone.utc))).total_seconds())


def wait_before_retry(call: Call[Any], error: ModelServerError, tries: int, remaining: float) -> Optional[float]:
    """How many seconds to wait before a failed call is sent once more; None if it is not to be.

    A call that has surely not reached the server may be repeated, whatever it does. One that may have reached it is
    repeated only if that changes nothing. tries: how often it was sent. remaining: seconds of its time-out that are left.
    """
    if tries > 1 or remaining <= 0:
        return None
    wait: Optional[float] = None
    if isinstance(error, UnreachableError):
        wait = RECONNECT_SECONDS
    elif isinstance(error, ConnectionLostError) and call.repeatable:
        wait = 0.0
    elif isinstance(error, _WORTH_A_WAIT) and call.repeatable:
        wait = error.retry_after
    return wait if wait is not None and wait < remaining else None


def is_unanswered(error: ModelServerError) -> bool:
    """Whether a failure says something about the server, not about the request."""
    return not isinstance(error, ProblemError) or error.status >= 500
