"""What a bot's decisions would have earned: one position at a time, held for a fixed time, nothing reinvested."""


class Book:
    """cost: of one round trip, as a fraction of the price. curve: (index, P&L) after each closed position."""

    def __init__(self, cost):
        self._cost = cost
        self._position = None
        self.returns = []
        self.pnl = 0.0
        self.curve = []

    def step(self, index, price, direction, horizon):
        """Closes a position that is due, then opens one if there is none."""
        if self._position is not None and index >= self._position[2]:
            self.close(index, price)
        if self._position is None and direction != "HOLD":
            self._position = (1 if direction == "BUY" else -1, price, index + horizon)

    def close(self, index, price):
        if self._position is None:
            return
        side, entry, _ = self._position
        self._position = None
        self.returns.append(side * (price / entry - 1) - self._cost)
        self.pnl += self.returns[-1]
        self.curve.append((index, self.pnl))

    @property
    def win_rate(self):
        return sum(one > 0 for one in self.returns) / len(self.returns) if self.returns else 0.0

    @property
    def mean(self):
        return self.pnl / len(self.returns) if self.returns else 0.0

    @property
    def drawdown(self):
        """How far the P&L ever fell from its highest."""
        highest = worst = 0.0
        for _, pnl in self.curve:
            highest = max(highest, pnl)
            worst = max(worst, highest - pnl)
        return worst


def table(named):
    """Books side by side, as lines."""
    yield f"{'':15s}{'trades':>8s}{'won':>8s}{'P&L':>10s}{'per trade':>12s}{'drawdown':>10s}"
    for name, book in named:
        yield (f"{name:15s}{len(book.returns):8d}{book.win_rate:8.0%}{book.pnl:+10.2%}{book.mean * 1e4:+8.1f} bps"
               f"{book.drawdown:10.2%}")
