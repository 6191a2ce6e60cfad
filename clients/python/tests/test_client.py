"""Tests of both clients against recorded answers.

Run: PYTHONPATH=clients/python/src python3 -m unittest discover -s clients/python/tests
"""

import asyncio
import inspect
import pickle
import re
import socket
import subprocess
import ssl
import tempfile
import threading
import unittest
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path

from mlmodelserver import (AnswerTimeoutError, AsyncClient, Client, ConnectionLostError, Outcome, PredictionRequest,
                           ProblemError, UnreachableError, UnreadableAnswerError, WindowFillingError, errors)
from mlmodelserver._transport import retry_after_of
from recorded import CLOSED, HEALTH, PREDICTION, RECEIPT, RESET, Answer, RecordedServer, problem

PROBLEM_CODES = Path(__file__).resolve().parents[3] / "src/main/java/io/modelserver/front/problem/ProblemCode.java"
STEP = {"candle": {"close": 1.5}, "timestamp": 1763148435000}
WINDOW = {"symbol": "BTC/USDT:USDT", "timeframe": "1m", "window_key": None, "have": 60, "need": 60, "age": 0.1, "features": 110,
          "period": 60.0, "gaps": 0, "conflict": False, "input": "features", "dropped": 2, "dropped_reason": "too early"}


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class SyncCalls:
    """Calls through the synchronous client."""

    def ask(self, server, name, *args, **kwargs):
        with Client(getattr(server, "url", server), **self.settings) as client:
            return getattr(client, name)(*args, **kwargs)


class AsyncCalls:
    """The same through the asynchronous one."""

    def ask(self, server, name, *args, **kwargs):
        async def call():
            async with AsyncClient(getattr(server, "url", server), **self.settings) as client:
                return await getattr(client, name)(*args, **kwargs)
        return asyncio.run(call())


class CallTests:
    def setUp(self):
        self.settings = {}

    def serve(self, *answers, **options):
        server = RecordedServer(*answers, **options)
        self.addCleanup(server.close)
        return server

    def test_a_prediction_is_typed(self):
        server = self.serve(Answer(body=PREDICTION))
        answer = self.ask(server, "predict", "BTCUSDT", [1.0, float("nan")], timeframe="1m", model_version="staging")

        self.assertEqual(("SELL", 0.8155166, -0.006451449), (answer.direction, answer.confidence, answer.expected_return))
        self.assertEqual(0.9019035, answer.probabilities["SELL"])
        self.assertEqual(datetime(2026, 11, 27, 22, 36, 18, 777000, timezone.utc), answer.timestamp)
        self.assertIsNone(answer.trust)
        self.assertEqual({"symbol": "BTCUSDT", "features": [1.0, None], "timeframe": "1m", "model_version": "staging"},
                         server.asked[0].json)
        self.assertNotIn("Authorization", server.asked[0].headers)

    def test_an_ensemble_and_a_model_without_a_direction_are_typed(self):
        said = {"direction": None, "confidence": None, "expected_return": 0.1, "probabilities": None, "outputs": {"mae": 0.2},
                "meta_confidence": 0.5, "should_trade": False, "models_used": ["a", "b"], "models_failed": {"c": "late"}}
        answer = self.ask(self.serve(Answer(body={**PREDICTION, "prediction": said, "window_filled": 0.5, "window_gaps": 2,
                                                  "trust": {"act": False, "reasons": ["MODEL_EXPIRED"]},
                                                  "valid_until": "2026-11-27T22:37:18Z"})), "predict", "S", [1])
        self.assertIsNone(answer.direction)
        self.assertEqual(({"mae": 0.2}, 0.5, 2), (answer.outputs, answer.window_filled, answer.window_gaps))
        self.assertEqual((("a", "b"), {"c": "late"}, False),
                         (answer.consensus.models_used, answer.consensus.models_failed, answer.consensus.should_trade))
        self.assertEqual((False, ("MODEL_EXPIRED",)), (answer.trust.act, answer.trust.reasons))
        self.assertEqual(37, answer.valid_until.minute)

    def test_a_batch_has_an_entry_for_each_request(self):
        failed = {"symbol": "X", "error": {"code": "WINDOW_FILLING", "status": 409, "detail": "1 of 60"}}
        server = self.serve(Answer(body={"predictions": [PREDICTION, failed], "total_latency_ms": 6.3, "succeeded": 1, "failed": 1}))
        batch = self.ask(server, "predict_batch", [PredictionRequest("BTCUSDT", [1]), PredictionRequest("X", [2])], max_batch_size=4)

        self.assertEqual(["SELL"], [prediction.direction for prediction in batch.predictions])
        self.assertIsInstance(batch.entries[1].error, WindowFillingError)
        self.assertEqual(4, server.asked[0].json["max_batch_size"])

    def test_windows_are_listed_filled_and_emptied(self):
        server = self.serve(Answer(body=WINDOW), Answer(body=[WINDOW]), Answer(204), Answer(404, problem(404, "NOT_FOUND")))
        filled = self.ask(server, "fill_window", "BTC/USDT:USDT", [STEP], timeframe="1m", model_name="m")
        self.assertTrue(filled.is_full)
        self.assertEqual((2, "too early"), (filled.dropped, filled.dropped_reason))
        self.assertEqual(60.0, self.ask(server, "windows")[0].period)
        self.assertTrue(self.ask(server, "empty_window", "ä b", window_key="k"))
        self.assertFalse(self.ask(server, "empty_window", "S"))
        self.assertEqual(["PUT /api/ml/windows/BTC/USDT:USDT?timeframe=1m", "GET /api/ml/windows",
                          "DELETE /api/ml/windows/%C3%A4%20b?window_key=k", "DELETE /api/ml/windows/S"], server.paths)
        self.assertEqual({"features": [STEP], "model_name": "m"}, server.asked[0].json)

    def test_health_is_an_answer_even_if_it_is_bad(self):
        self.assertTrue(self.ask(self.serve(Answer(body=HEALTH)), "health").can_predict)
        sick = self.ask(self.serve(Answer(503, {**HEALTH, "status": "unhealthy", "problems": ["no model"]})), "health")
        self.assertEqual((False, ("no model",)), (sick.can_predict, sick.problems))
        with self.assertRaises(errors.ShuttingDownError):
            self.ask(self.serve(Answer(503, problem(503, "SHUTTING_DOWN"))), "health")

    def test_management_and_experiments_call_what_they_say(self):
        change = {"status": "success", "message": "m", "model_name": "m", "version": "2", "previous_version": "1", "load_ms": 1}
        experiment = {"experiment_id": "e", "status": "running", "variants": [], "warnings": ["w"]}
        analysis = {"experiment_id": "e", "status": "running", "variants": [{"name": "control", "samples": 3}],
                    "recommendation": {"action": "continue", "variant": None, "reasons": ["few"]}}
        version = {"name": "m", "version": "1", "stage": "PRODUCTION", "state": "LIVE", "loaded": True, "input_shape": [60, 110]}
        calls = [
            ("POST /api/ml/models/m/reload", change, "reload", ("m",), {}),
            ("POST /api/ml/models/m/versions/2/stage", change, "set_stage", ("m", "2", "PRODUCTION"), {"reason": "better"}),
            ("POST /api/ml/models/m/rollback", change, "rollback", ("m",), {"reason": "worse"}),
            ("GET /api/ml/models?loaded=true", [version], "models", (), {"loaded": True}),
            ("GET /api/ml/models/a%2Fb", [version], "models", ("a/b",), {}),
            ("GET /api/ml/models/m/versions/1/sample", {"symbol": "S"}, "sample", ("m", "1"), {}),
            ("POST /api/ml/ab-test/create", experiment, "create_experiment", ("e",), {"control_model_name": "m"}),
            ("GET /api/ml/ab-test", [experiment], "experiments", (), {}),
            ("GET /api/ml/ab-test/e", experiment, "experiment", ("e",), {}),
            ("GET /api/ml/ab-test/e/analyze", analysis, "analyze_experiment", ("e",), {}),
            ("POST /api/ml/ab-test/e/stop", analysis, "stop_experiment", ("e",), {}),
            ("POST /api/ml/outcomes", RECEIPT, "report_outcomes", (Outcome("id", 0.01),), {}),
        ]
        server = self.serve(*(Answer(body=body) for _, body, *_ in calls))
        answers = [self.ask(server, name, *args, **kwargs) for _, _, name, args, kwargs in calls]

        self.assertEqual([path for path, *_ in calls], server.paths)
        self.assertEqual("1", answers[0].previous_version)
        self.assertEqual((60, 110), answers[3][0].input_shape)
        self.assertEqual(("w",), answers[6].warnings)
        self.assertEqual(("continue", 3), (answers[9].action, answers[9].variants["control"]["samples"]))
        self.assertEqual([{"prediction_id": "id", "actual_return": 0.01}], server.asked[-1].json)

    def test_a_key_is_sent_and_a_proxys_path_is_kept(self):
        self.settings = {"key": "secret"}
        server = self.serve(Answer(body=HEALTH))
        self.ask(server.url + "/ml/", "health")
        self.assertEqual("Bearer secret", server.asked[0].headers["Authorization"])
        self.assertEqual(["GET /ml/health"], server.paths)

    def test_a_problem_is_an_exception_that_knows_everything(self):
        body = problem(422, "INVALID_FEATURES", "3 numbers", errors=[{"field": "features[1]", "message": "expected a number"}])
        with self.assertRaises(errors.InvalidFeaturesError) as raised:
            self.ask(self.serve(Answer(422, body)), "predict", "S", [1])
        error = raised.exception
        self.assertEqual((422, "INVALID_FEATURES", "3 numbers", "1f4a66f6de4a96cc"),
                         (error.status, error.code, error.detail, error.request_id))
        self.assertEqual([("features[1]", "expected a number")], error.errors)
        self.assertEqual(str(error), str(pickle.loads(pickle.dumps(error))))
        with self.assertRaises(WindowFillingError) as filling:
            self.ask(self.serve(Answer(409, problem(409, "WINDOW_FILLING", have=3, need=60))), "predict", "S", [1])
        self.assertEqual((3, 60), (filling.exception.have, filling.exception.need))

    def test_what_a_proxy_answers_is_an_exception_too(self):
        with self.assertRaises(errors.UnavailableError):
            self.ask(self.serve(Answer(502, raw=b"<html>Bad Gateway</html>")), "predict", "S", [1])
        for content in (b"<html>Welcome</html>", b"[]", b"{}"):
            with self.assertRaises(UnreadableAnswerError):
                self.ask(self.serve(Answer(200, raw=content)), "predict", "S", [1])

    def test_the_time_out_is_that_of_the_whole_call(self):
        for options in ({"timeout": 0.3}, {}):
            self.settings = {} if options else {"timeout": 0.3}
            never = threading.Event()
            server = self.serve(Answer(body=PREDICTION, after=never))
            with self.assertRaises(AnswerTimeoutError):
                self.ask(server, "predict", "S", STEP, **options)
            never.set()
            self.assertLess(len(server.asked), 2)

    def test_a_server_that_is_away_cannot_be_reached(self):
        with self.assertRaises(UnreachableError):
            self.ask(f"http://127.0.0.1:{free_port()}", "predict", "S", [1])

    def test_what_is_safe_to_repeat_is_tried_once_more(self):
        for lost in (CLOSED, RESET):
            server = self.serve(lost, Answer(body=PREDICTION))
            self.assertEqual("SELL", self.ask(server, "predict", "S", STEP).direction)
            self.assertEqual(server.asked[0].raw, server.asked[1].raw)

            server = self.serve(lost, lost, Answer(body=PREDICTION))
            with self.assertRaises(ConnectionLostError):
                self.ask(server, "predict", "S", STEP)
            self.assertEqual(2, len(server.asked))

    def test_what_would_count_twice_is_not_tried_again(self):
        for name, args in (("predict", ("S", [1.0, 2.0])), ("rollback", ("m",)), ("create_experiment", ("e",))):
            server = self.serve(CLOSED, Answer(body=PREDICTION))
            with self.assertRaises(ConnectionLostError):
                self.ask(server, name, *args)
            self.assertEqual(1, len(server.asked))
        self.settings = {"retry": False}
        server = self.serve(CLOSED, Answer(body=PREDICTION))
        with self.assertRaises(ConnectionLostError):
            self.ask(server, "predict", "S", STEP)

    def test_retry_after_is_obeyed_if_there_is_time_for_it(self):
        busy = Answer(503, problem(503, "OVERLOADED"), {"Retry-After": "0"})
        server = self.serve(busy, Answer(body=PREDICTION))
        self.assertEqual("SELL", self.ask(server, "predict", "S", STEP).direction)

        server = self.serve(Answer(503, problem(503, "OVERLOADED"), {"Retry-After": "5"}), Answer(body=PREDICTION))
        with self.assertRaises(errors.OverloadedError) as busy:
            self.ask(server, "predict", "S", STEP)
        self.assertEqual((5.0, 1), (busy.exception.retry_after, len(server.asked)))

    def test_a_refusal_is_not_tried_again(self):
        for status, code in ((422, "INVALID_FEATURES"), (409, "STALE_STEP"), (503, "NO_PRODUCTION_MODEL"), (500, "INFERENCE_FAILED")):
            server = self.serve(Answer(status, problem(status, code), {"Retry-After": "0"}), Answer(body=PREDICTION))
            with self.assertRaises(ProblemError):
                self.ask(server, "predict", "S", STEP)
            self.assertEqual(1, len(server.asked))

    def test_tls_needs_the_authority_that_signed(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        certificate, key = Path(folder.name, "cert.pem"), Path(folder.name, "key.pem")
        try:
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                            "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
                            "-out", certificate, "-keyout", key], check=True, capture_output=True)
        except OSError:
            self.skipTest("openssl is not installed")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server = self.serve(Answer(body=HEALTH), tls=context)
        with self.assertRaisesRegex(UnreachableError, "(?i)certificate"):
            self.ask(server, "health")
        self.settings = {"ca": certificate}
        self.assertTrue(self.ask(server, "health").can_predict)


class ClientTest(CallTests, SyncCalls, unittest.TestCase):
    def test_connections_are_used_again(self):
        server = self.serve(Answer(body=HEALTH))
        with Client(server.url) as client:
            for _ in range(3):
                client.health()
        self.assertEqual(1, len({asked.connection for asked in server.asked}))


class AsyncClientTest(CallTests, AsyncCalls, unittest.TestCase):
    def test_it_has_the_same_calls_as_the_synchronous_one(self):
        def calls(kind):
            return {name: list(inspect.signature(method).parameters.values()) for name, method in inspect.getmembers(kind)
                    if callable(method) and not name.startswith("_") and name not in ("close", "aclose")}
        self.assertEqual(calls(Client), calls(AsyncClient))

    def test_predictions_are_asked_for_at_the_same_time(self):
        both = threading.Barrier(2, timeout=10)
        server = self.serve(lambda asked: (both.wait(), Answer(body=PREDICTION))[1])

        async def call():
            async with AsyncClient(server.url, timeout=10) as client:
                return await asyncio.gather(client.predict("A", [1]), client.predict("B", [1]))
        self.assertEqual(2, len(asyncio.run(call())))


class ErrorsTest(unittest.TestCase):
    @unittest.skipUnless(PROBLEM_CODES.is_file(), "not in a clone of the server")
    def test_every_code_of_the_server_has_an_exception_of_its_own(self):
        codes = re.findall(r"^    ([A-Z_]+)\(HttpStatus", PROBLEM_CODES.read_text(encoding="utf-8"), re.MULTILINE)
        self.assertGreater(len(codes), 20)
        self.assertEqual(set(), set(codes) - set(errors.BY_CODE))
        self.assertEqual(len(errors.BY_CODE), len(set(errors.BY_CODE.values())))

    def test_an_unknown_code_is_told_by_its_status(self):
        self.assertIs(errors.ConflictError, type(errors.problem(409, {"code": "NEW", "detail": "d"})))
        self.assertEqual("NEW", errors.problem(418, {"code": "NEW"}).code)

    def test_retry_after_may_be_a_date(self):
        now = datetime(2026, 1, 1, tzinfo=timezone.utc)
        self.assertEqual(7, retry_after_of(format_datetime(now + timedelta(seconds=7), usegmt=True), now))
        self.assertEqual([0, 3, None, None], [retry_after_of(format_datetime(now), now + timedelta(1)), retry_after_of("3"),
                                              retry_after_of("soon"), retry_after_of(None)])

    def test_settings_that_cannot_work_are_refused(self):
        with self.assertRaisesRegex(ValueError, "url: expected http"):
            Client("localhost:8001")
        with self.assertRaisesRegex(ValueError, "timeout"):
            Client(timeout=0)


if __name__ == "__main__":
    unittest.main()
