"""Keeps a bot from waiting for a server that does not answer."""

from __future__ import annotations

import threading
import time
from typing import Callable, Optional


class CircuitBreaker:
    """Lets calls through until so many in a row have failed; then none for the cooldown, and after it one as a probe.

    A probe that succeeds closes the circuit, one that fails opens it for another cooldown. May be used by several threads.
    """

    def __init__(self, failures: int = 5, cooldown: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        """failures: how many in a row. cooldown: seconds. clock: seconds that never go back."""
        if failures < 1 or cooldown < 0:
            raise ValueError(f"expected at least 1 failure and a cooldown from 0 s, got {failures} and {cooldown}")
        self._failures = failures
        self._cooldown = cooldown
        self._clock = clock
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._opened_at: Optional[float] = None
        self._probed_at: Optional[float] = None

    @property
    def state(self) -> str:
        """closed, open, or half-open while a probe may be sent or is on its way."""
        with self._lock:
            if self._opened_at is None:
                return "closed"
            return "half-open" if self._cooled_down() else "open"

    def allows(self) -> bool:
        """Whether a call may be made; whoever is told so reports how it ended."""
        with self._lock:
            if self._opened_at is None:
                return True
            # A probe whose end nobody reported is forgotten after another cooldown.
            probing = self._probed_at is not None and self._clock() - self._probed_at < self._cooldown
            if not self._cooled_down() or probing:
                return False
            self._probed_at = self._clock()
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._in_a_row = 0
            self._opened_at = self._probed_at = None

    def failed(self) -> None:
        with self._lock:
            self._in_a_row += 1
            if self._probed_at is not None or (self._opened_at is None and self._in_a_row >= self._failures):
                self._opened_at = self._clock()
                self._probed_at = None

    def server_is_back(self) -> None:
        """Ends the cooldown: the next call is let through as a probe."""
        with self._lock:
            if self._opened_at is not None:
                self._opened_at = min(self._opened_at, self._clock() - self._cooldown)

    def _cooled_down(self) -> bool:
        return self._opened_at is not None and self._clock() - self._opened_at >= self._cooldown
