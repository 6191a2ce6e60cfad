"""Tests of what training leaves for the drift watch. Run: python3 -m unittest discover -s tools"""

import math
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np  # noqa: E402

import feature_statistics  # noqa: E402
from feature_statistics import exact_bins, feature_stats, psi  # noqa: E402


def series(keep, rows=20000):
    """An autoregression without a library's random numbers: the server's tests compute the same."""
    state, value, column = 1, 0.0, np.empty(rows)
    for i in range(rows):
        state = (state * 1103515245 + 12345) % 2**31
        value = keep * value + state / 2**31 - 0.5
        column[i] = value
    return column


def stats_of(column, step_seconds=60):
    return feature_stats(["f"], np.asarray(column, dtype=np.float32)[:, None], step_seconds)["f"]


class WindowTest(unittest.TestCase):
    def test_limits_are_those_that_the_servers_tests_compute(self):
        for column, seconds, indices, shifts in (
            (series(0.9), 86400, [0.145, 0.2716], [0.3035, 0.8]),
            (np.floor(2 * series(0.5)), 3600, [0.4718, 0.7438], [0.513, 0.8]),
            (np.maximum(series(0.98), 0), 86400, [0.4039, 0.7374], [0.5709, 0.8743]),
        ):
            drift = stats_of(column)["drift"]
            self.assertEqual(seconds, drift["window_seconds"])
            self.assertEqual(seconds / 60, drift["rows"])
            np.testing.assert_allclose(drift["psi"], indices, rtol=1e-3)
            np.testing.assert_allclose(drift["mean_shift"], shifts, rtol=1e-3)

    def test_a_slow_feature_has_no_limits(self):
        drift = stats_of(series(0.999))["drift"]
        self.assertEqual({"window_seconds": 86400, "rows": 1440, "half_life_seconds": 17600.0}, drift)

    def test_a_window_that_training_holds_too_seldom_has_no_limits(self):
        self.assertNotIn("psi", stats_of(series(0.5, 500))["drift"])

    def test_longer_steps_are_judged_over_longer_windows(self):
        self.assertEqual(3600, stats_of(series(0.1))["drift"]["window_seconds"])
        self.assertEqual(86400, stats_of(series(0.1), 900)["drift"]["window_seconds"])
        self.assertEqual(604800, stats_of(series(0.1), 14400)["drift"]["window_seconds"])

    def test_a_constant_is_judged_over_an_hour(self):
        stats = stats_of(np.full(2000, 0.1))
        self.assertEqual({"window_seconds": 3600, "rows": 60, "psi": [0.1, 0.25], "mean_shift": [0.2, 0.8]}, stats["drift"])
        self.assertEqual({"edges": [], "shares": [1.0]}, stats["bins"])

    def test_the_half_life_is_that_of_the_autoregression(self):
        self.assertAlmostEqual(math.log(0.5) / math.log(0.9), feature_statistics.half_life_rows(series(0.9)), delta=0.5)


class BinsTest(unittest.TestCase):
    def test_bins_of_a_continuous_feature_hold_a_tenth_each(self):
        edges, shares = exact_bins(series(0.5).astype(np.float32))
        self.assertEqual(9, len(edges))
        np.testing.assert_allclose(shares, 0.1, atol=1e-3)

    def test_bins_of_discrete_values_are_the_values(self):
        column = np.repeat(np.arange(5, dtype=np.float32), 20)
        edges, shares = exact_bins(column)
        np.testing.assert_array_equal([0, 1, 2, 3], edges)
        np.testing.assert_allclose(shares, 0.2)
        self.assertEqual(0, psi(column, edges, shares))

    def test_a_heavy_value_has_a_bin_of_its_own(self):
        column = np.array([-1] * 2 + [0] * 96 + [1] * 2, dtype=np.float32)
        edges, shares = exact_bins(column)
        np.testing.assert_array_equal([-1, 0], edges)
        np.testing.assert_allclose(shares, [0.02, 0.96, 0.02])

    def test_the_index_is_the_one_of_the_shares(self):
        live = np.repeat([1.0, 2, 3, 4], [1, 2, 3, 4])
        self.assertAlmostEqual(0.228, psi(live, np.array([1.0, 2, 3]), np.full(4, 0.25)), places=3)


class InputTest(unittest.TestCase):
    def test_what_is_no_training_data_is_refused(self):
        for values in (np.zeros((0, 1)), np.zeros((5, 2)), np.zeros(5), np.array([[np.nan]])):
            with self.assertRaisesRegex(ValueError, "finite"):
                feature_stats(["f"], values, 60)


if __name__ == "__main__":
    unittest.main()
