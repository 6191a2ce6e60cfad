"""Asks in the background how the server is, so that signals need not wait to find out."""

from __future__ import annotations

import logging
import threading
from typing import Callable, Optional

from .answers import Health
from .errors import ModelServerError

log = logging.getLogger(__name__)


class HealthWatch:
    """Calls a check at once and then in every interval, in a thread of its own.

    A server that is unhealthy, does not answer within the time-out or cannot be reached counts as away, until a check says
    otherwise; before the first check is over nobody knows, and problem is None.
    """

    def __init__(self, check: Callable[[], Health], *, interval: float = 30.0,
                 on_recovery: Callable[[], None] = lambda: None) -> None:
        """check: raises ModelServerError or answers. interval: seconds. on_recovery: called when the server is back."""
        if not interval > 0:
            raise ValueError(f"interval: expected seconds above 0, got {interval!r}")
        self._check = check
        self._interval = interval
        self._on_recovery = on_recovery
        self._problem: Optional[str] = None
        self._checked = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)

    @property
    def problem(self) -> Optional[str]:
        """Why the server counts as away; None if it does not."""
        return self._problem

    @property
    def checks(self) -> int:
        return self._checked

    def start(self) -> None:
        self._thread.start()

    def close(self, timeout: float = 5.0) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def check_once(self) -> None:
        """One check, as the thread makes it."""
        before = self._problem
        try:
            health = self._check()
            now = None if health.can_predict else "; ".join((f"the server is {health.status}", *health.problems))
        except ModelServerError as error:
            now = str(error)
        self._problem = now
        self._checked += 1
        if before is None and now is not None:
            log.warning("trading without ML: %s", now)
        if before is not None and now is None:
            log.info("the server is back")
            self._on_recovery()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self.check_once()
            except Exception:
                log.exception("the health check failed")
            self._ended.wait(self._interval)
