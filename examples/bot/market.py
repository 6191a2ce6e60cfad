"""The made-up market of tools/, minute by minute, as a feed would give it."""

import time

from synthetic_market import synthetic_market

MINUTE = 60_000


class Market:
    """rows minutes that end with the present one, so that no step lies ahead of the server's clock."""

    def __init__(self, rows, seed, now_millis=None):
        self.rows = rows
        columns, _ = synthetic_market(rows, seed)
        self._columns = [(*name.split(".", 1), column.tolist()) for name, column in columns.items()]
        now = time.time_ns() // 1_000_000 if now_millis is None else now_millis
        self._begin = now // MINUTE * MINUTE - (rows - 1) * MINUTE
        self._close = columns["candle.close"].tolist()

    def time(self, index):
        """Milliseconds since 1970."""
        return self._begin + index * MINUTE

    def price(self, index):
        return self._close[index]

    def step(self, index):
        """The named features of one minute, with their time."""
        step = {"timestamp": self.time(index)}
        for channel, name, column in self._columns:
            step.setdefault(channel, {})[name] = column[index]
        return step

    def steps(self, first, last):
        """Those from first up to, but without, last."""
        return [self.step(index) for index in range(first, last)]
