#!/usr/bin/env python3
"""A small bot that trades on paper: a strategy, the model's opinion of its signals, and what both would have earned.

    python3 examples/bot/paper_bot.py --url http://localhost:8001

replays a day of minutes of the made-up market that the bundled models were trained on (other prices: the seed differs).
With every minute it sends one step, so that the server's window stays filled; it decides by the signal validator, holds a
position for ten minutes, and reports the outcome of every prediction, of HOLDs too. When the server is away it trades by
the strategy alone; when it is back, the bot fills the window again. demo.py runs it with a server of its own.

Needs NumPy and httpx (Debian: python3-numpy, python3-httpx). It shows how a bot uses the client; it is not a strategy.
"""

import argparse
import logging
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The clone's own client and market; an installed client is not needed.
sys.path[:0] = [str(HERE.parents[1] / "clients/python/src"), str(HERE.parents[1] / "tools"), str(HERE)]

try:
    from mlmodelserver import Client, ModelServerError, Signal, SignalValidator  # noqa: F401
    from market import MINUTE, Market
except ImportError as missing:
    sys.exit(f"paper_bot: {missing} for {sys.executable}. On Debian: apt install python3-httpx python3-numpy, "
             "and run this with /usr/bin/python3")
from book import Book, table

# How long a position is held, in steps: what the bundled models look ahead.
HORIZON = 10
WINDOW = 60
TREND_BPS = 15.0
SURE_BPS = 60.0


def strategy(symbol, step):
    """Follows the trend: the gap between the price and its average over 20 minutes, in basis points."""
    gap = step["indicator"]["ema_gap_20_bps"]
    direction = "BUY" if gap > TREND_BPS else "SELL" if gap < -TREND_BPS else "HOLD"
    return Signal(symbol, direction, min(1.0, abs(gap) / SURE_BPS) if direction != "HOLD" else 0.5)


class PaperBot:
    """market: what it trades on. cost: of one round trip, as a fraction of the price."""

    def __init__(self, market, validator, outcomes, symbol, cost, model=None):
        self.market, self.validator, self.outcomes, self.symbol, self.model = market, validator, outcomes, symbol, model
        self.cost = cost
        self.alone, self.hybrid = Book(cost), Book(cost)
        self.open_predictions = []
        self.refills = 0
        self.last = None

    def fill_window(self, index):
        """Gives the server the steps before this one: at the start, and after a time without the server."""
        history = self.market.steps(max(0, index - WINDOW + 1), index)
        if not history:
            return
        try:
            self.validator.client.fill_window(self.symbol, history, model_name=self.model)
            self.refills += 1
        except ModelServerError as error:
            logging.info("the window is not filled: %s", error)

    def decide(self, signal, index):
        step = self.market.step(index)
        decision = self.validator.validate(signal, step, model_name=self.model)
        if decision.cause in ("WINDOW_FILLING", "WINDOW_INCOMPLETE"):
            self.fill_window(index)
            decision = self.validator.validate(signal, step, model_name=self.model)
        return decision

    def trade(self, index):
        """One minute: report what has become known, close, decide, open."""
        self.report(index)
        price = self.market.price(index)
        signal = strategy(self.symbol, self.market.step(index))
        self.last = self.decide(signal, index)
        self.alone.step(index, price, signal.direction, HORIZON)
        self.hybrid.step(index, price, self.last.direction, HORIZON)
        if self.last.prediction is not None:
            self.open_predictions.append((index, self.last.prediction.prediction_id))

    def report(self, index):
        while self.open_predictions and self.open_predictions[0][0] + HORIZON <= index:
            made, prediction = self.open_predictions.pop(0)
            change = self.market.price(made + HORIZON) / self.market.price(made) - 1
            self.outcomes.add(prediction, change, closed_at=self.market.time(made + HORIZON), fee=self.cost)


def run(bot, first, last, pace, progress, at_step=lambda index: None):
    """Trades the minutes from first to last. pace: seconds a minute takes. progress: called with each index."""
    bot.fill_window(first)
    for index in range(first, last):
        began = time.monotonic()
        at_step(index)
        bot.trade(index)
        progress(index)
        time.sleep(max(0.0, began + pace - time.monotonic()))
    bot.alone.close(last - 1, bot.market.price(last - 1))
    bot.hybrid.close(last - 1, bot.market.price(last - 1))


def reporter(bot, first, last, every):
    """Prints a line for every so many minutes, and one when the server goes or comes back."""
    def progress(index):
        ml = "with ML" if bot.last.used_ml else f"by the strategy alone: {bot.last.cause}"
        done = index - first + 1
        if done % every == 0 or ml != progress.before or index == last - 1:
            print(f"minute {done:5d} of {last - first}  price {bot.market.price(index):9.1f}  strategy only {bot.alone.pnl:+7.2%}  "
                  f"hybrid {bot.hybrid.pnl:+7.2%}  {ml}", flush=True)
        progress.before = ml
    progress.before = None
    return progress


def summary(bot):
    statistics, counts = bot.validator.statistics(), bot.outcomes.counts()
    verdicts = ", ".join(f"{name} {count}" for name, count in sorted(statistics.verdicts.items(), key=lambda item: -item[1]))
    latency = f"{statistics.mean_latency_ms:.1f} ms" if statistics.mean_latency_ms is not None else "none"
    return "\n".join((
        "", *table((("strategy only", bot.alone), ("hybrid", bot.hybrid))), "",
        f"decisions  {verdicts}",
        f"answers    {statistics.answered}, mean latency {latency}; window filled {bot.refills} times",
        f"outcomes   {counts.delivered} reported, {counts.unknown} of them of predictions that are not recorded, "
        f"{counts.rejected} rejected, {counts.waiting} waiting"))


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--url", default="http://localhost:8001", help="of the server")
    parser.add_argument("--key", help="an API key, if the server wants one")
    parser.add_argument("--symbol", default="PAPERUSDT")
    parser.add_argument("--model", help="the model to ask; the server's default model if not given")
    parser.add_argument("--minutes", type=int, default=1440, help="how many to trade")
    parser.add_argument("--pace", type=float, default=0.02, help="seconds that a minute takes")
    parser.add_argument("--seed", type=int, default=2026, help="of the made-up market")
    parser.add_argument("--cost-bps", type=float, default=4.0, help="of one round trip, in basis points")
    parser.add_argument("--spool", default="data/paper_bot_outcomes.jsonl", help="keeps outcomes until the server has them")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait at the end for outcomes to be taken")
    parser.add_argument("--chart", help="write the picture of both results to this file (SVG)")
    parser.add_argument("--every", type=int, default=120, help="minutes between two lines of progress")
    return parser


def trade(given, at_step=lambda index: None):
    """Runs the bot; answers whether the server has all outcomes."""
    first = WINDOW
    market = Market(first + given.minutes, given.seed)
    with SignalValidator(given.url, key=given.key, health_interval=1.0, breaker_failures=3, breaker_cooldown=1.0) as validator:
        outcomes = validator.client.outcomes(given.spool, close_timeout=given.patience)
        bot = PaperBot(market, validator, outcomes, given.symbol, given.cost_bps / 1e4, given.model)
        run(bot, first, market.rows, given.pace, reporter(bot, first, market.rows, given.every), at_step)
        delivered = outcomes.close()
        print(summary(bot))
    if given.chart:
        from chart import write_chart
        write_chart(given.chart, (("strategy only", bot.alone), ("hybrid", bot.hybrid)), first, market.rows, MINUTE)
        print(f"chart      {given.chart}")
    return delivered


def main(arguments=None):
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    return 0 if trade(options().parse_args(arguments)) else 1


if __name__ == "__main__":
    sys.exit(main())
