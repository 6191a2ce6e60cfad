"""Tests of both validators against recorded answers.

Run: PYTHONPATH=clients/python/src python3 -m unittest discover -s clients/python/tests
"""

import asyncio
import logging
import threading
import unittest

from mlmodelserver import AsyncSignalValidator, Signal, SignalValidator
from recorded import CLOSED, HEALTH, PREDICTION, Answer, RecordedServer, problem

STEP = {"candle": {"close": 1.5}, "timestamp": 1763148435000}
SELL = Signal("BTCUSDT", "SELL", 0.7)
PATIENCE = 20


class SyncCalls:
    def validate(self, server, *args, times=1, **options):
        with SignalValidator(server.url, **{"timeout": PATIENCE, **options}) as validator:
            self.prepare(validator)
            decisions = [validator.validate(*args) for _ in range(times)]
            return decisions, validator


class AsyncCalls:
    def validate(self, server, *args, times=1, **options):
        async def call():
            async with AsyncSignalValidator(server.url, **{"timeout": PATIENCE, **options}) as validator:
                self.prepare(validator)
                return [await validator.validate(*args) for _ in range(times)], validator
        return asyncio.run(call())


class ValidatorTests:
    """health: what the health check answers; awaited: whether the first check is over before the first signal."""

    def setUp(self):
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.awaited = True

    def prepare(self, validator):
        if self.awaited:
            # The thread makes one check and then sleeps for half a minute; this one is surely over.
            validator.health.check_once()

    def serve(self, *predictions, health=Answer(body=HEALTH)):
        left = list(predictions)

        def answer(asked):
            if asked.path == "/health":
                return health
            return left.pop(0) if len(left) > 1 else left[0]
        server = RecordedServer(answer)
        self.addCleanup(server.close)
        return server

    @staticmethod
    def predictions_of(server):
        return [asked for asked in server.asked if asked.path != "/health"]

    def test_a_signal_is_decided_by_the_models_answer(self):
        server = self.serve(Answer(body=PREDICTION))
        [decision], validator = self.validate(server, SELL, STEP)
        self.assertEqual(("SELL", True, "AGREED", PREDICTION["prediction_id"]),
                         (decision.direction, decision.act, str(decision.verdict), decision.prediction.prediction_id))
        self.assertEqual((1, 1), (validator.statistics().decisions, validator.statistics().answered))
        self.assertEqual({"symbol": "BTCUSDT", "features": STEP}, self.predictions_of(server)[0].json)

    def test_every_failure_ends_with_the_strategys_signal(self):
        never = threading.Event()
        for cause, answer, options in (
                ("WINDOW_FILLING", Answer(409, problem(409, "WINDOW_FILLING", have=1, need=60)), {}),
                ("STALE_STEP", Answer(409, problem(409, "STALE_STEP")), {}),
                ("OVERLOADED", Answer(503, problem(503, "OVERLOADED"), {"Retry-After": "60"}), {}),
                ("INVALID_FEATURES", Answer(422, problem(422, "INVALID_FEATURES")), {}),
                ("NOT_TRUSTED", Answer(422, problem(422, "NOT_TRUSTED")), {}),
                ("HTTP_502", Answer(502, raw=b"<html>"), {}),
                ("UNREADABLE_ANSWER", Answer(raw=b"<html>"), {}),
                ("UNREACHABLE", CLOSED, {}),
                ("TIMEOUT", Answer(body=PREDICTION, after=never), {"timeout": 0.1})):
            with self.subTest(cause):
                [decision], validator = self.validate(self.serve(answer), SELL, STEP, **options)
                self.assertEqual(("FALLBACK", "SELL", cause), (str(decision.verdict), decision.direction, decision.cause))
                self.assertEqual({cause: 1}, validator.statistics().causes)
        never.set()

    def test_features_that_cannot_be_sent_are_a_failure_too(self):
        server = self.serve(Answer(body=PREDICTION))
        [decision], _ = self.validate(server, SELL, [float("inf")])
        self.assertEqual(("FALLBACK", "INVALID_FEATURES"), (str(decision.verdict), decision.cause))
        self.assertEqual([], self.predictions_of(server))

    def test_an_unhealthy_server_is_not_asked(self):
        server = self.serve(Answer(body=PREDICTION), health=Answer(503, {**HEALTH, "status": "unhealthy"}))
        [decision], _ = self.validate(server, SELL, STEP)
        self.assertEqual("UNHEALTHY", decision.cause)
        self.assertEqual([], self.predictions_of(server))

    def test_a_server_that_fails_again_and_again_is_left_alone(self):
        server = self.serve(Answer(500, problem(500, "INTERNAL_ERROR")))
        decisions, validator = self.validate(server, SELL, STEP, times=5, breaker_failures=3)
        self.assertEqual(["INTERNAL_ERROR"] * 3 + ["BREAKER_OPEN"] * 2, [decision.cause for decision in decisions])
        self.assertEqual(3, len(self.predictions_of(server)))
        self.assertEqual(1.0, validator.statistics().fallback_rate)

    def test_refusals_of_single_requests_do_not_count_against_the_server(self):
        server = self.serve(Answer(409, problem(409, "WINDOW_FILLING")))
        decisions, _ = self.validate(server, SELL, STEP, times=5, breaker_failures=3)
        self.assertEqual({"WINDOW_FILLING"}, {decision.cause for decision in decisions})

    def test_before_the_first_check_is_over_the_server_is_asked(self):
        self.awaited = False
        never = threading.Event()
        server = self.serve(Answer(body=PREDICTION), health=Answer(body=HEALTH, after=never))
        try:
            [decision], _ = self.validate(server, SELL, STEP, health_timeout=0.2)
        finally:
            never.set()
        self.assertEqual("AGREED", str(decision.verdict))


class SignalValidatorTest(ValidatorTests, SyncCalls, unittest.TestCase):
    def test_the_environment_may_say_where_the_server_is(self):
        server = self.serve(Answer(body=PREDICTION))
        with SignalValidator.from_environment({"ML_SERVER_URL": server.url, "ML_MIN_CONFIDENCE": "0.9"}, timeout=PATIENCE) as validator:
            self.assertEqual("ML_UNSURE", str(validator.validate(SELL, STEP).verdict))


class AsyncSignalValidatorTest(ValidatorTests, AsyncCalls, unittest.TestCase):
    pass


if __name__ == "__main__":
    unittest.main()
