"""Tests of the made-up market. Run: python3 -m unittest discover -s tools"""

import hashlib
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np  # noqa: E402

from synthetic_market import LEVELS, order_book, synthetic_market  # noqa: E402
from training_data import forward_returns  # noqa: E402


class OrderBookTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.columns, cls.returns = synthetic_market(6000, 7)
        cls.book = order_book(cls.columns)

    def test_a_book_has_its_best_level_first_and_bids_below_asks(self):
        self.assertEqual((6000, LEVELS, 4), self.book.shape)
        bids, asks = self.book[:, :, 0], self.book[:, :, 2]
        self.assertTrue((bids[:, 0] < asks[:, 0]).all())
        self.assertTrue((np.diff(bids, axis=1) < 0).all())
        self.assertTrue((np.diff(asks, axis=1) > 0).all())
        self.assertTrue((self.book[:, :, 1::2] > 0).all())

    def test_it_is_the_book_of_the_named_features(self):
        for level in (1, 10):
            for position, name in enumerate(("bid_price", "bid_size", "ask_price", "ask_size")):
                np.testing.assert_array_equal(self.columns[f"orderbook.{name}_{level:02d}"], self.book[:, level - 1, position])

    def test_the_books_of_twenty_steps_tell_something_of_the_next_ten(self):
        bids, asks = self.book[:, :, 1].sum(1), self.book[:, :, 3].sum(1)
        imbalance = np.convolve((bids - asks) / (bids + asks), np.full(20, 1 / 20), "full")[: len(bids)]
        forward = forward_returns(self.returns, 10)
        self.assertGreater(np.corrcoef(imbalance[20:-10], forward[20:-10])[0, 1], 0.3)

    def test_data_without_a_book_is_refused_with_what_it_lacks(self):
        columns = {name: column for name, column in self.columns.items() if name != "orderbook.ask_size_10"}
        with self.assertRaisesRegex(ValueError, "lacks orderbook.ask_size_10"):
            order_book(columns)


class ReproducibilityTest(unittest.TestCase):
    def test_the_market_is_the_one_that_the_bundled_models_were_trained_on(self):
        columns, _ = synthetic_market(300, 7)
        names = sorted(columns)
        text = "\n".join(f"{name} {' '.join(f'{value:.4g}' for value in columns[name])}" for name in names)
        self.assertEqual(110, len(names))
        self.assertEqual(DIGEST, hashlib.sha256(text.encode()).hexdigest())


# Of four digits, so that the last bits of another processor do not matter.
DIGEST = "2908e0092b923b02446f96b30d28170cc7e3a5d286cb3c07714d3a0e2b26aa4b"


if __name__ == "__main__":
    unittest.main()
