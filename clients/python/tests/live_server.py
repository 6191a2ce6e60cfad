"""Tests against a running server with the bundled models, whose address is in MODELSERVER_URL.

Run: MODELSERVER_URL=http://localhost:8001 PYTHONPATH=clients/python/src:clients/python/tests python3 -m unittest live_server
"""

import asyncio
import json
import os
import time
import unittest
import uuid
from pathlib import Path

from mlmodelserver import (AsyncClient, AsyncSignalValidator, Client, PredictionRequest, Signal, SignalValidator,
                           StaleStepError, WindowFillingError, errors)

try:
    import numpy
except ImportError:
    numpy = None
try:
    import pandas
except ImportError:
    pandas = None

URL = os.environ.get("MODELSERVER_URL")
MODEL = "hybrid_cnn_lstm"
SEQUENCE = Path(__file__).resolve().parents[3] / "config/examples/sequence.json"
MINUTE = 60_000
# A slow machine must not fail them.
TIMEOUT = 60


def unique(symbol):
    return f"{symbol}-{uuid.uuid4().hex[:8]}"


@unittest.skipUnless(URL, "MODELSERVER_URL is not set")
class LiveServerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = Client(URL, timeout=TIMEOUT)
        cls.window = json.loads(SEQUENCE.read_text(encoding="utf-8"))["features"]
        now = time.time_ns() // 1_000_000 // MINUTE * MINUTE
        cls.times = [now - MINUTE * age for age in reversed(range(60))]

    @classmethod
    def tearDownClass(cls):
        cls.client.close()

    def steps(self):
        """The sample as dated steps of named features."""
        return [{**step, "timestamp": time} for step, time in zip(self.window, self.times)]

    def test_every_bundled_model_answers_its_sample(self):
        loaded = [version for version in self.client.models(loaded=True) if version.stage == "PRODUCTION"]
        self.assertGreater(len(loaded), 4)
        for version in loaded:
            with self.subTest(version.name):
                sample = self.client.sample(version.name, version.version)
                answer = self.client.ask(PredictionRequest(**{name: value for name, value in sample.items()
                                                              if name in PredictionRequest.__dataclass_fields__}))
                self.assertIn(answer.direction, ("SELL", "HOLD", "BUY"))
                self.assertEqual((version.name, version.version), (answer.model_name, answer.model_version))
        self.assertTrue(self.client.health().can_predict)

    def test_a_step_that_is_sent_twice_counts_once_and_an_older_one_is_refused(self):
        symbol, steps = unique("STEPS"), self.steps()
        for _ in range(2):
            with self.assertRaises(WindowFillingError) as filling:
                self.client.predict(symbol, steps[1])
            self.assertEqual((1, 60), (filling.exception.have, filling.exception.need))
        with self.assertRaises(StaleStepError):
            self.client.predict(symbol, steps[0])

    def test_a_window_that_is_filled_at_once_answers_the_next_step(self):
        whole = self.client.predict("BTCUSDT", self.window)
        for symbol in (unique("FILLED"), unique("BTC/USDT:USDT"), unique("ЕВРО РУБЛЬ")):
            with self.subTest(symbol):
                filled = self.client.fill_window(symbol, self.steps()[:-1], timeframe="1m")
                self.assertEqual((59, 60, 0), (filled.have, filled.need, filled.dropped))
                answer = self.client.predict(symbol, self.steps()[-1], timeframe="1m")
                self.assertEqual((whole.direction, 1.0), (answer.direction, answer.window_filled))
                self.assertAlmostEqual(whole.confidence, answer.confidence, places=4)
                self.assertIn(symbol, [window.symbol for window in self.client.windows()])
                self.assertTrue(self.client.empty_window(symbol))
                self.assertFalse(self.client.empty_window(symbol))

    @unittest.skipIf(numpy is None or pandas is None, "NumPy or pandas is not installed")
    def test_frames_and_arrays_are_the_same_as_dicts(self):
        flat = [{f"{channel}.{name}": value for channel, values in step.items() if isinstance(values, dict)
                 for name, value in values.items()} for step in self.window]
        frame = pandas.DataFrame(flat, index=pandas.to_datetime(self.times, unit="ms"))
        whole = self.client.predict("BTCUSDT", self.window)
        self.assertAlmostEqual(whole.confidence, self.client.predict("BTCUSDT", frame).confidence, places=4)
        self.assertAlmostEqual(whole.confidence, self.client.predict("BTCUSDT", frame.astype("float32")).confidence, places=4)
        order = sorted(frame.columns, key=lambda name: (["orderbook", "candle", "indicator"].index(name.split(".")[0]), name))
        for kind in ("float32", "float64"):
            answer = self.client.predict("BTCUSDT", frame[order].to_numpy().astype(kind))
            self.assertAlmostEqual(whole.confidence, answer.confidence, places=4)

        symbol = unique("FRAME")
        self.assertEqual(59, self.client.fill_window(symbol, frame.iloc[:-1]).have)
        self.assertAlmostEqual(whole.confidence, self.client.predict(symbol, frame.iloc[-1]).confidence, places=4)

    def test_a_missing_value_is_refused_by_its_name_where_the_model_needs_it(self):
        broken = [dict(step) for step in self.window]
        broken[3] = {**broken[3], "candle": {**broken[3]["candle"], "close": float("nan")}}
        with self.assertRaises(errors.InvalidFeaturesError) as refused:
            self.client.predict("BTCUSDT", broken)
        self.assertIn("candle.close", refused.exception.detail)

    def test_a_batch_tells_each_request_what_it_would_be_told_alone(self):
        batch = self.client.predict_batch([PredictionRequest("BTCUSDT", self.window), PredictionRequest("X", [1.0, 2.0])])
        self.assertEqual((1, 1), (batch.succeeded, batch.failed))
        self.assertIsInstance(batch.entries[1].error, errors.InvalidFeaturesError)

    def test_outcomes_reach_an_experiment(self):
        experiment = unique("client")
        versions = [version.version for version in self.client.models(MODEL)]
        created = self.client.create_experiment(experiment, control_model_name=MODEL, control_model_version=versions[0],
                                                treatment_model_name=MODEL, treatment_model_version=versions[1],
                                                control_traffic=0.5, treatment_traffic=0.5)
        self.assertEqual("running", created.status)
        try:
            outcomes = self.client.outcomes(None, interval=0.0, close_timeout=TIMEOUT)
            for symbol in range(20):
                answer = self.client.predict(f"S{symbol}", self.window, experiment_id=experiment)
                self.assertEqual(experiment, answer.experiment_id)
                outcomes.add(answer.prediction_id, 0.001 * symbol, fee=0.0004)
            self.assertTrue(outcomes.close())
            self.assertEqual((20, 0, 0), (outcomes.counts().delivered, outcomes.counts().unknown, outcomes.counts().rejected))
            self.assertEqual("continue", self.client.analyze_experiment(experiment).action)
            self.assertIn(experiment, [one.experiment_id for one in self.client.experiments()])
        finally:
            analysis = self.client.stop_experiment(experiment)
        self.assertEqual({"control", "treatment"}, set(analysis.variants))
        with self.assertRaises(errors.ExperimentNotFoundError):
            self.client.predict("S", self.window, experiment_id=experiment)

    def test_coroutines_get_the_same_answers(self):
        async def ask():
            async with AsyncClient(URL, timeout=TIMEOUT) as client:
                return await asyncio.gather(*(client.predict(f"S{number}", self.window) for number in range(8)))
        whole = self.client.predict("BTCUSDT", self.window)
        self.assertEqual({whole.direction}, {answer.direction for answer in asyncio.run(ask())})

    def test_the_validator_decides_by_the_answer(self):
        said = self.client.predict("BTCUSDT", self.window)
        signal = Signal("BTCUSDT", said.direction, 0.7)
        with SignalValidator(URL, timeout=TIMEOUT) as validator:
            self.assertEqual("AGREED", str(validator.validate(signal, self.window).verdict))
            self.assertEqual("WINDOW_FILLING", validator.validate(Signal(unique("NEW"), "BUY"), self.steps()[0]).cause)

        async def validate():
            async with AsyncSignalValidator(URL, timeout=TIMEOUT) as asynchronous:
                return await asynchronous.validate(signal, self.window)
        self.assertEqual("AGREED", str(asyncio.run(validate()).verdict))

    def test_models_that_do_not_exist_are_told_by_name(self):
        with self.assertRaises(errors.ModelNotFoundError):
            self.client.predict("BTCUSDT", self.window, model_name="no_such_model")
        with self.assertRaises(errors.VersionNotFoundError):
            self.client.set_stage(MODEL, "1", "PRODUCTION", reason="a test")
        with self.assertRaises(errors.ModelNotFoundError):
            self.client.rollback("no_such_model")


if __name__ == "__main__":
    unittest.main()
