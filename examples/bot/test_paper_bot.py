"""Tests of the paper bot, without a server. Run: python3 -m unittest discover -s examples/bot"""

import sys
import tempfile
import types
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from book import Book, table  # noqa: E402
from chart import chart  # noqa: E402
from paper_bot import HORIZON, WINDOW, PaperBot, run, strategy  # noqa: E402
from market import MINUTE, Market  # noqa: E402


class BookTest(unittest.TestCase):
    def test_a_position_is_held_for_the_horizon_and_pays_its_cost(self):
        book = Book(0.001)
        for index, price in enumerate((100, 101, 102, 99, 98)):
            book.step(index, price, "BUY" if index == 0 else "SELL", 2)
        # Bought at 100, closed at 102 and sold there, closed at 98.
        self.assertEqual([0.019, round(1 - 98 / 102 - 0.001, 9)], [round(one, 9) for one in book.returns])
        self.assertEqual([2, 4], [index for index, _ in book.curve])

    def test_what_is_open_at_the_end_is_closed(self):
        book = Book(0.0)
        book.step(0, 100, "SELL", 10)
        book.close(1, 110)
        book.close(2, 120)
        self.assertAlmostEqual(-0.1, book.pnl)
        self.assertAlmostEqual(0.1, book.drawdown)

    def test_a_book_without_a_trade_has_a_line_too(self):
        self.assertRegex(list(table([("nothing", Book(0.0))]))[1], r"nothing +0 +0% +\+0\.00% +\+0\.0 bps +0\.00%")


class MarketTest(unittest.TestCase):
    def test_its_minutes_end_with_the_present_one(self):
        market = Market(5, 3, now_millis=10 * MINUTE + 1234)
        self.assertEqual([6 * MINUTE, 10 * MINUTE], [market.time(0), market.time(4)])
        step = market.step(4)
        self.assertEqual((10 * MINUTE, market.price(4)), (step["timestamp"], step["candle"]["close"]))
        self.assertEqual(110, sum(len(step[channel]) for channel in ("orderbook", "candle", "indicator")))


class Validator:
    """Answers what it is told to, one cause after the other; None is an answer that counts."""

    def __init__(self, *causes):
        self.causes, self.filled, self.asked = list(causes), [], []
        self.client = types.SimpleNamespace(fill_window=lambda symbol, steps, model_name: self.filled.append(steps))

    def validate(self, signal, step, model_name):
        cause = self.causes.pop(0) if self.causes else None
        self.asked.append(step["timestamp"])
        prediction = types.SimpleNamespace(prediction_id=f"p{step['timestamp']}") if cause is None else None
        return types.SimpleNamespace(cause=cause, direction="HOLD" if cause is None else signal.direction, prediction=prediction)


class PaperBotTest(unittest.TestCase):
    def setUp(self):
        self.market = Market(WINDOW + 40, 3, now_millis=1000 * MINUTE)
        self.reported = []
        self.outcomes = types.SimpleNamespace(add=lambda *outcome, **more: self.reported.append((*outcome, more)))

    def bot(self, validator):
        return PaperBot(self.market, validator, self.outcomes, "S", 0.0004)

    def test_it_fills_the_window_first_and_again_when_the_server_lost_it(self):
        validator = Validator(None, "UNREACHABLE", "WINDOW_FILLING", None)
        bot = self.bot(validator)
        run(bot, WINDOW, WINDOW + 4, 0.0, lambda index: None)
        self.assertEqual([59, 59], [len(steps) for steps in validator.filled])
        lost = self.market.time(WINDOW + 2)
        self.assertEqual(lost - MINUTE, validator.filled[1][-1]["timestamp"])
        self.assertEqual([lost, lost], validator.asked[2:4])

    def test_it_reports_what_happened_after_every_prediction_that_is_due(self):
        bot = self.bot(Validator())
        run(bot, WINDOW, WINDOW + 13, 0.0, lambda index: None)
        self.assertEqual([f"p{self.market.time(WINDOW + number)}" for number in range(3)], [one[0] for one in self.reported])
        first = self.market.price(WINDOW + HORIZON) / self.market.price(WINDOW) - 1
        self.assertEqual((first, {"closed_at": self.market.time(WINDOW + HORIZON), "fee": 0.0004}), self.reported[0][1:])

    def test_both_books_get_the_same_signals_but_their_own_decisions(self):
        bot = self.bot(Validator())
        run(bot, WINDOW, WINDOW + 40, 0.0, lambda index: None)
        self.assertEqual([], bot.hybrid.returns)
        signals = {strategy("S", self.market.step(index)).direction for index in range(WINDOW, WINDOW + 40)}
        self.assertEqual(bool(signals - {"HOLD"}), bool(bot.alone.returns))


class ChartTest(unittest.TestCase):
    def test_it_is_a_picture_with_both_lines(self):
        up, flat = Book(0.0), Book(0.0)
        up.step(10, 100, "BUY", 5)
        up.step(15, 103, "HOLD", 5)
        picture = chart((("strategy only", flat), ("hybrid", up)), 0, 60, MINUTE)
        tags = [element.tag.rpartition("}")[2] for element in ElementTree.fromstring(picture)]
        self.assertEqual(2, tags.count("polyline"))
        self.assertIn("hybrid +3.0%", picture)
        with tempfile.TemporaryDirectory() as folder:
            from chart import write_chart
            write_chart(Path(folder, "chart.svg"), (("a", up),), 0, 60, MINUTE)
            self.assertTrue(Path(folder, "chart.svg").read_text(encoding="utf-8").startswith("<svg"))


if __name__ == "__main__":
    unittest.main()
