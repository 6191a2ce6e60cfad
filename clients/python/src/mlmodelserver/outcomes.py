"""Reports outcomes in the background, so that no bot waits for it and none is lost."""

from __future__ import annotations

import atexit
import logging
import re
import threading
import time
from collections import deque
from dataclasses import dataclass
from os import PathLike
from typing import Any, Callable, Deque, List, Optional, Sequence, Union

from ._calls import Outcome
from ._spool import Spool, SpoolInUseError
from .answers import OutcomeReceipt
from .errors import (ForbiddenError, InvalidRequestError, MalformedRequestError, ModelServerError, PayloadTooLargeError,
                     PredictionNotFoundError, ProblemError, UnauthenticatedError)

__all__ = ["OutcomeBuffer", "OutcomeCounts", "OutcomesFullError", "SpoolInUseError"]

log = logging.getLogger(__name__)

_INDEX = re.compile(r"\[(\d+)\]")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
# Acknowledged outcomes that may stand in the file before it is rewritten.
_MOST_ACKNOWLEDGED_LINES = 1000


class OutcomesFullError(RuntimeError):
    """So many outcomes wait that no more are taken; the server has been away for long, or refuses the key."""


@dataclass(frozen=True)
class OutcomeCounts:
    """delivered: acknowledged. unknown: of them, those whose prediction is not recorded. rejected: refused one by one.
    waiting: not acknowledged yet."""

    delivered: int
    unknown: int
    rejected: int
    waiting: int


class OutcomeBuffer:
    """Takes outcomes at once and reports them in lists, in the order in which they came.

    What fails because of the server or the network is tried again, with growing pauses and Retry-After, for as long as it
    takes. An outcome that the server refuses is logged, handed to on_rejected and left out; the others of its list are
    reported. At the end of the process close() sends what is left. With a spool file, what could not be sent, or was taken
    before a kill, is sent by the next buffer with this file.
    """

    def __init__(self, report: Callable[..., OutcomeReceipt], spool: Union[str, "PathLike[str]", None], *,
                 interval: float = 1.0, most_at_once: int = 1000, capacity: int = 100_000, close_timeout: float = 5.0,
                 on_rejected: Optional[Callable[[Outcome, str], None]] = None) -> None:
        """report: Client.report_outcomes. interval: seconds in which outcomes gather. close_timeout: how many seconds
        close() takes at most."""
        self._report = report
        self._interval = interval
        self._most_at_once = most_at_once
        self._capacity = capacity
        self._close_timeout = close_timeout
        self._on_rejected = on_rejected
        self._delivered = self._unknown = self._rejected = self._acknowledged_lines = 0
        self._changed = threading.Condition()
        self._hurry_until: Optional[float] = None
        self._closed = False
        self._spool = Spool(spool) if spool is not None else None
        self._waiting: Deque[Outcome] = deque(self._spool.load() if self._spool else ())
        if self._waiting:
            log.info("%d outcomes of an earlier run are reported now", len(self._waiting))
        self._thread = threading.Thread(target=self._run, name="outcomes", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def add(self, prediction_id: str, actual_return: float, *, closed_at: Any = None, fee: Optional[float] = None) -> None:
        """Takes one outcome; does not wait for the server. HOLDs count too: report the outcome of every prediction."""
        outcome = Outcome(str(prediction_id), actual_return, closed_at, fee)
        outcome = Outcome(**outcome.to_json())
        with self._changed:
            if self._closed:
                raise RuntimeError("the buffer is closed")
            if len(self._waiting) >= self._capacity:
                raise OutcomesFullError(f"{self._capacity} outcomes wait to be reported; this one was not taken")
            if self._spool:
                self._spool.append(outcome)
            self._waiting.append(outcome)
            self._changed.notify_all()

    def counts(self) -> OutcomeCounts:
        with self._changed:
            return OutcomeCounts(self._delivered, self._unknown, self._rejected, len(self._waiting))

    def flush(self, timeout: float = 5.0) -> bool:
        """Sends what waits now; answers whether all of it was acknowledged in time."""
        deadline = time.monotonic() + timeout
        with self._changed:
            self._hurry_until = deadline
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not self._waiting, timeout)

    def close(self, timeout: Optional[float] = None) -> bool:
        """Sends what is left and ends; answers whether nothing is left. Further calls do nothing."""
        seconds = self._close_timeout if timeout is None else timeout
        with self._changed:
            if self._closed:
                return not self._waiting
            self._closed = True
            self._hurry_until = time.monotonic() + seconds
            self._changed.notify_all()
        self._thread.join(seconds + 1)
        atexit.unregister(self.close)
        with self._changed:
            left = list(self._waiting)
            if self._spool and not self._thread.is_alive():
                self._spool.rewrite(left)
                self._spool.close()
        if left and self._spool:
            log.warning("%d outcomes are kept in %s for the next run", len(left), self._spool.path)
        for outcome in left if not self._spool else ():
            log.error("this outcome could not be reported: %s", outcome.to_json())
        return not left

    def _run(self) -> None:
        pause = 0.0
        while True:
            with self._changed:
                if not self._wait_for_work(pause):
                    return
                batch = [self._waiting[i] for i in range(min(self._most_at_once, len(self._waiting)))]
            try:
                self._deliver(batch)
                pause = 0.0
            except ModelServerError as error:
                pause = self._pause_after(error, pause)
            except Exception:
                log.exception("outcomes could not be reported")
                pause = _LONGEST_PAUSE

    def _wait_for_work(self, pause: float) -> bool:
        """Waits until a list should be sent; answers False when none ever will. Holds the lock."""
        self._changed.wait_for(lambda: self._waiting or self._closed)
        began = time.monotonic()
        while True:
            if self._is_hurried():
                seconds = min(pause, _FIRST_PAUSE)
            elif len(self._waiting) >= self._most_at_once:
                seconds = pause
            else:
                seconds = pause or self._interval
            left = began + seconds - time.monotonic()
            if left <= 0:
                break
            self._changed.wait(left)
        expired = self._closed and (self._hurry_until or 0) <= time.monotonic()
        return bool(self._waiting) and not expired

    def _is_hurried(self) -> bool:
        return self._hurry_until is not None and time.monotonic() < self._hurry_until

    def _pause_after(self, error: ModelServerError, before: float) -> float:
        refused = isinstance(error, (UnauthenticatedError, ForbiddenError))
        pause = _LONGEST_PAUSE if refused else min(_LONGEST_PAUSE, max(_FIRST_PAUSE, 2 * before))
        told = error.retry_after if isinstance(error, ProblemError) else None
        level = logging.ERROR if refused else logging.WARNING if before == 0 else logging.INFO
        log.log(level, "%d outcomes wait: %s", len(self._waiting), error)
        return max(pause, min(told or 0.0, _LONGEST_PAUSE))

    def _deliver(self, batch: Sequence[Outcome]) -> None:
        """Reports a list; splits it where the server refuses the list as a whole."""
        hurry = self._hurry_until
        timeout = max(0.2, hurry - time.monotonic()) if self._closed and hurry else None
        try:
            receipt = self._report(batch, timeout=timeout)
        except PredictionNotFoundError:
            self._done(batch, unknown=len(batch))
        except (InvalidRequestError, MalformedRequestError, PayloadTooLargeError) as error:
            if error.code is None:
                # A proxy says so, which knows nothing of outcomes.
                raise
            if len(batch) == 1:
                self._reject(batch[0], error.detail)
                return
            for part in _parts(batch, error):
                self._deliver(part)
        else:
            self._done(batch, unknown=len(receipt.unknown))

    def _done(self, batch: Sequence[Outcome], unknown: int = 0, rejected: int = 0) -> None:
        gone = {id(outcome) for outcome in batch}
        with self._changed:
            self._waiting = deque(outcome for outcome in self._waiting if id(outcome) not in gone)
            self._delivered += len(batch) - rejected
            self._unknown += unknown
            self._rejected += rejected
            self._acknowledged_lines += len(batch)
            if self._spool and (not self._waiting or self._acknowledged_lines >= _MOST_ACKNOWLEDGED_LINES):
                self._spool.rewrite(self._waiting)
                self._acknowledged_lines = 0
            self._changed.notify_all()

    def _reject(self, outcome: Outcome, reason: str) -> None:
        log.error("the server refuses this outcome, which is left out: %s: %s", outcome.to_json(), reason)
        self._done([outcome], rejected=1)
        if self._on_rejected is not None:
            self._on_rejected(outcome, reason)


def _parts(batch: Sequence[Outcome], error: ProblemError) -> List[Sequence[Outcome]]:
    """The good ones together and each bad one alone, where the problem names them, else two halves."""
    named = {int(found[1]) for found in (_INDEX.match(field.field) for field in error.errors) if found}
    named = {index for index in named if index < len(batch)}
    if not named:
        middle = len(batch) // 2
        return [batch[:middle], batch[middle:]]
    good = [outcome for index, outcome in enumerate(batch) if index not in named]
    bad: List[Sequence[Outcome]] = [[batch[index]] for index in sorted(named)]
    return ([good] if good else []) + bad
