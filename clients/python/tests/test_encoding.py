"""Tests of what is sent. Run: PYTHONPATH=clients/python/src python3 -m unittest discover -s clients/python/tests"""

import json
import unittest
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from mlmodelserver import FeatureValueError
from mlmodelserver._calls import PredictionRequest, is_repeatable
from mlmodelserver._encoding import dumps, encode, nested, to_millis

try:
    import numpy
except ImportError:
    numpy = None
try:
    import pandas
except ImportError:
    pandas = None

MOMENT = datetime(2025, 11, 14, 19, 27, 15, tzinfo=timezone.utc)
MILLIS = 1763148435000


class PlainValuesTest(unittest.TestCase):
    def test_lists_and_dicts_go_as_they_are(self):
        self.assertEqual([[1, 2.5], [True, None]], encode([[1, 2.5], (True, None)], "features"))
        self.assertEqual({"candle": {"close": 1.5}}, encode({"candle": {"close": 1.5}}, "features"))
        self.assertEqual(1.5, encode(Decimal("1.5"), "features"))

    def test_a_value_that_is_not_there_is_null(self):
        self.assertEqual(b'{"a":null,"b":[null,1.0]}', dumps(encode({"a": float("nan"), "b": [None, 1.0]}, "features")))

    def test_what_no_32_bit_float_can_hold_is_refused_with_its_place(self):
        for value, place in (([1, [2, float("inf")]], "features[1][1]"), ({"a": {"b": -float("inf")}}, "features.a.b"),
                             ([3.5e38], "features[0]"), ([10**39], "features[0]")):
            with self.assertRaises(FeatureValueError) as refused:
                encode(value, "features")
            self.assertTrue(str(refused.exception).startswith(place + ":"), refused.exception)
        self.assertEqual([3.4028234e38], encode([3.4028234e38], "features"))

    def test_what_is_not_a_number_is_refused(self):
        with self.assertRaisesRegex(FeatureValueError, r"features\[0\]: expected numbers.*got object"):
            encode([object()], "features")

    def test_dotted_names_are_nested_unless_one_begins_another(self):
        self.assertEqual({"a": {"b": 1, "c": 2}, "d": 3}, nested({"a.b": 1, "a.c": 2, "d": 3}))
        for flat in ({"a": 1, "a.b": 2}, {"a.b": 2, "a": 1}):
            self.assertEqual(flat, nested(flat))


class TimeTest(unittest.TestCase):
    def test_every_form_of_a_time_is_the_same_moment(self):
        moscow = MOMENT.astimezone(timezone(timedelta(hours=3)))
        self.assertEqual([MILLIS, MILLIS, MILLIS, "2025-11-14T19:27:15Z"],
                         [to_millis(time, "timestamp") for time in (MOMENT, moscow, MILLIS, "2025-11-14T19:27:15Z")])
        self.assertEqual({"timestamp": MILLIS}, encode({"timestamp": MOMENT}, "features"))

    def test_a_time_without_its_zone_is_refused(self):
        with self.assertRaisesRegex(FeatureValueError, "timestamp: expected a time with its time zone"):
            PredictionRequest("S", [1], timestamp=datetime(2025, 11, 14)).to_json()


class RepeatingTest(unittest.TestCase):
    def test_what_the_server_would_count_twice_is_not_repeatable(self):
        def repeatable(features, **fields):
            return is_repeatable(PredictionRequest("S", features, **fields).to_json())

        self.assertFalse(repeatable([1.0, 2.0]))
        self.assertFalse(repeatable({"a": 1}))
        self.assertFalse(repeatable([[1.0, 2.0]]))
        self.assertFalse(repeatable([[1.0], [2.0]], raw_lob=[[[1, 2]], [[3, 4]]]))
        self.assertTrue(repeatable([1.0, 2.0], timestamp=MILLIS))
        self.assertTrue(repeatable({"a": 1, "timestamp": MILLIS}))
        self.assertTrue(repeatable([[1.0, 2.0], [3.0, 4.0]]))


@unittest.skipIf(numpy is None, "NumPy is not installed")
class NumpyTest(unittest.TestCase):
    def test_32_bit_floats_are_short_and_the_same(self):
        self.assertEqual([0.1, -2.5, 0.0], encode(numpy.array([0.1, -2.5, 0], dtype=numpy.float32), "features"))
        random = numpy.random.default_rng(1)
        values = (random.standard_normal(5000) * 10.0 ** random.integers(-44, 38, 5000)).astype(numpy.float32)
        sent = json.loads(dumps(encode(values, "features")))
        numpy.testing.assert_array_equal(values, numpy.array(sent).astype(numpy.float32))

    def test_arrays_keep_their_shape_and_have_null_for_nan(self):
        self.assertEqual([[1.0, None], [0.25, 2.0]], encode(numpy.array([[1, numpy.nan], [0.25, 2]]), "features"))
        self.assertEqual([[1, 2]], encode(numpy.array([[1, 2]]), "features"))
        self.assertEqual([1.5, 3, True], encode([numpy.float64(1.5), numpy.int64(3), numpy.bool_(True)], "features"))

    def test_an_infinite_element_is_refused_with_its_place(self):
        with self.assertRaisesRegex(FeatureValueError, r"features\[1\]\[0\]: .*finite"):
            encode(numpy.array([[1.0, 2.0], [numpy.inf, 3.0]], dtype=numpy.float32), "features")

    def test_datetime64_is_utc(self):
        self.assertEqual(MILLIS, to_millis(numpy.datetime64("2025-11-14T19:27:15"), "timestamp"))


@unittest.skipIf(pandas is None, "pandas is not installed")
class PandasTest(unittest.TestCase):
    def setUp(self):
        self.frame = pandas.DataFrame({"candle.close": [1.5, None], "orderbook.spread": [0.25, 0.5]},
                                      index=pandas.to_datetime([MILLIS, MILLIS + 60_000], unit="ms"))

    def test_a_frame_is_a_list_of_named_and_dated_steps(self):
        self.assertEqual([{"candle": {"close": 1.5}, "orderbook": {"spread": 0.25}, "timestamp": MILLIS},
                          {"candle": {"close": None}, "orderbook": {"spread": 0.5}, "timestamp": MILLIS + 60_000}],
                         encode(self.frame, "features"))

    def test_a_row_is_one_step_however_it_is_taken(self):
        step = {"candle": {"close": None}, "orderbook": {"spread": 0.5}, "timestamp": MILLIS + 60_000}
        self.assertEqual(step, encode(self.frame.iloc[-1], "features"))
        self.assertEqual(step, encode(self.frame.iloc[-1:], "features"))
        self.assertEqual(step, encode(self.frame.tz_localize("UTC").tz_convert("Asia/Tokyo").iloc[-1], "features"))

    def test_a_column_of_its_own_may_have_the_time(self):
        frame = self.frame.reset_index(drop=True).assign(timestamp=[MILLIS, MILLIS + 1])
        self.assertEqual([MILLIS, MILLIS + 1], [step["timestamp"] for step in encode(frame, "features")])

    def test_a_frame_without_names_is_numbers(self):
        self.assertEqual([[1.0, 2.0], [None, 4.0]], encode(pandas.DataFrame([[1, 2], [None, 4]]), "features"))


if __name__ == "__main__":
    unittest.main()
