"""Tests of the decision table, the circuit breaker, the health check and the statistics; no network.

Run: PYTHONPATH=clients/python/src python3 -m unittest discover -s clients/python/tests
"""

import logging
import re
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

from mlmodelserver import CircuitBreaker, DecisionRules, HealthWatch, Prediction, Signal, Unavailable, UnreachableError, Verdict, decide
from mlmodelserver.answers import Health
from mlmodelserver.statistics import Tally
from mlmodelserver.validator import from_environment
from recorded import HEALTH, PREDICTION

NOW = datetime(2026, 11, 27, 22, 36, 19, tzinfo=timezone.utc)
DOCUMENT = Path(__file__).resolve().parents[3] / "docs/clients.md"


def ml(direction, confidence, said=None, **fields):
    prediction = {**PREDICTION["prediction"], "direction": direction, "confidence": confidence, **(said or {})}
    return Prediction.of({**PREDICTION, **fields, "prediction": prediction})


def decided(signal, answer, **rules):
    decision = decide(Signal("BTCUSDT", *signal), answer, DecisionRules(**rules), NOW)
    return str(decision.verdict), decision.direction, round(decision.score, 3)


class DecisionTableTest(unittest.TestCase):
    def test_agreement_is_followed_with_the_weighted_score(self):
        self.assertEqual(("AGREED", "BUY", 0.76), decided(("BUY", 0.7), ml("BUY", 0.8)))
        self.assertEqual(("AGREED", "SELL", 0.4), decided(("SELL", 0.1), ml("SELL", 0.6)))
        self.assertEqual(("AGREED", "HOLD", 0.88), decided(("HOLD", 1.0), ml("HOLD", 0.8)))

    def test_an_unsure_model_rejects_the_signal(self):
        self.assertEqual(("ML_UNSURE", "HOLD", 0.0), decided(("BUY", 0.9), ml("BUY", 0.59)))
        self.assertEqual(("AGREED", "BUY", 0.72), decided(("BUY", 0.9), ml("BUY", 0.6)))
        self.assertEqual(("AGREED", "BUY", 0.54), decided(("BUY", 0.9), ml("BUY", 0.3), min_confidence=0.3))

    def test_a_model_that_holds_rejects_the_signal(self):
        self.assertEqual(("ML_HOLDS", "HOLD", 0.0), decided(("BUY", 1.0), ml("HOLD", 0.9)))
        self.assertEqual(("ML_HOLDS", "HOLD", 0.0), decided(("SELL", 1.0), ml("HOLD", 0.9), ml_weight=0.2))

    def test_in_a_conflict_the_heavier_side_must_be_sure_enough_alone(self):
        self.assertEqual(("CONFLICT", "HOLD", 0.0), decided(("BUY", 0.9), ml("SELL", 0.95)))
        self.assertEqual(("ML_LEADS", "SELL", 0.6), decided(("BUY", 0.9), ml("SELL", 1.0)))
        self.assertEqual(("ML_LEADS", "SELL", 0.72), decided(("BUY", 0.9), ml("SELL", 0.9), ml_weight=0.8))
        self.assertEqual(("STRATEGY_LEADS", "BUY", 0.63), decided(("BUY", 0.9), ml("SELL", 0.9), ml_weight=0.3))
        self.assertEqual(("CONFLICT", "HOLD", 0.0), decided(("BUY", 0.8), ml("SELL", 0.9), ml_weight=0.3))

    def test_a_strategy_that_holds_is_not_talked_into_a_trade_unless_ml_leads(self):
        self.assertEqual(("CONFLICT", "HOLD", 0.0), decided(("HOLD", 1.0), ml("BUY", 0.9)))
        self.assertEqual(("CONFLICT", "HOLD", 0.0), decided(("HOLD", 1.0), ml("BUY", 0.9), ml_weight=0.2))
        self.assertEqual(("ML_LEADS", "BUY", 0.63), decided(("HOLD", 1.0), ml("BUY", 0.9), ml_weight=0.7))

    def test_without_the_model_the_strategy_decides_or_nobody(self):
        away = Unavailable("TIMEOUT", "late")
        self.assertEqual(("FALLBACK", "BUY", 0.7), decided(("BUY", 0.7), away))
        self.assertEqual(("REJECTED", "HOLD", 0.0), decided(("BUY", 0.7), away, fallback="reject"))

    def test_an_answer_that_does_not_count_is_as_none(self):
        for cause, answer in (
                ("NOT_TRUSTED", ml("SELL", 0.9, trust={"act": False, "reasons": ["MODEL_EXPIRED"]})),
                ("EXPIRED", ml("SELL", 0.9, valid_until="2026-11-27T22:36:19Z")),
                ("WINDOW_INCOMPLETE", ml("SELL", 0.9, window_filled=0.79)),
                ("NO_DIRECTION", ml(None, None))):
            with self.subTest(cause):
                self.assertEqual(("FALLBACK", "BUY", 0.7), decided(("BUY", 0.7), answer))
                decision = decide(Signal("S", "BUY"), answer, DecisionRules(), NOW)
                self.assertEqual((cause, False, None), (decision.cause, decision.used_ml, decision.agreement))
                self.assertIs(answer, decision.prediction)
        self.assertEqual("AGREED", decided(("SELL", 0.7), ml("SELL", 0.9, window_filled=0.8, valid_until="2026-11-27T22:36:20Z",
                                                             trust={"act": True, "reasons": ["LOW_CONFIDENCE"]}))[0])

    def test_members_that_do_not_agree_enough_reject_the_signal(self):
        torn = {"meta_confidence": 0.4, "should_trade": False, "models_used": ["a", "b"]}
        self.assertEqual("ML_UNSURE", decided(("BUY", 0.7), ml("BUY", 0.9, torn))[0])
        self.assertEqual("ML_HOLDS", decided(("BUY", 0.7), ml("HOLD", 0.9, torn))[0])

    def test_only_the_ratio_of_the_weights_counts(self):
        self.assertEqual((0.6, 0.4), tuple(round(weight, 9) for weight in DecisionRules(ml_weight=3, strategy_weight=2).weights))
        self.assertEqual((0.0, 1.0), DecisionRules(ml_weight=0.0).weights)

    def test_numbers_that_mean_nothing_are_refused(self):
        for rules in ({"ml_weight": 1.5}, {"ml_weight": 0, "strategy_weight": 0}, {"ml_weight": -1, "strategy_weight": 3},
                      {"min_confidence": 60}, {"min_confidence": float("nan")}, {"fallback": "trade"}):
            with self.subTest(rules), self.assertRaises(ValueError):
                DecisionRules(**rules)
        for signal in (("LONG", 0.5), ("BUY", 70), ("BUY", float("nan"))):
            with self.subTest(signal), self.assertRaises(ValueError):
                Signal("S", *signal)

    def test_the_prototypes_cases_end_as_they_did(self):
        """Weights 0.6 and 0.4, at least 0.6: followed when both agree, whatever the strategy's confidence; else rejected,
        unless the model is certain; without a model, the strategy's signal."""
        for confidence in (0.1, 0.5, 0.8, 1.0):
            for signal in ("BUY", "SELL"):
                for said in ("BUY", "HOLD", "SELL"):
                    for sure in (0.3, 0.59, 0.6, 0.9, 0.99, 1.0):
                        with self.subTest(signal=signal, confidence=confidence, said=said, sure=sure):
                            follows = sure >= 0.6 and (said == signal or (said != "HOLD" and sure == 1.0))
                            self.assertEqual(said if follows else "HOLD", decided((signal, confidence), ml(said, sure))[1])
                self.assertEqual(("FALLBACK", signal, confidence), decided((signal, confidence), Unavailable("UNREACHABLE", "")))

    def test_every_decision_has_its_reasons(self):
        decision = decide(Signal("S", "BUY", 0.7), ml("BUY", 0.8), DecisionRules(), NOW)
        self.assertEqual(("ML and strategy agree on BUY: 0.60 × 0.800 + 0.40 × 0.700 = 0.760",), decision.reasons)
        decision = decide(Signal("S", "BUY", 0.9), ml("SELL", 0.95), DecisionRules(), NOW)
        self.assertEqual(("ML says SELL (0.950), the strategy BUY (0.900)",
                          "SELL alone has 0.60 × 0.950 = 0.570, 0.6 is needed"), decision.reasons)

    @unittest.skipUnless(DOCUMENT.is_file(), "not in a clone of the server")
    def test_the_document_has_a_row_for_every_verdict(self):
        rows = re.findall(r"^\| \d .*\| `([A-Z_]+)`[^|]*\|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
        self.assertEqual({verdict.value for verdict in Verdict}, set(rows))


class CircuitBreakerTest(unittest.TestCase):
    def setUp(self):
        self.now = 100.0
        self.breaker = CircuitBreaker(failures=3, cooldown=30, clock=lambda: self.now)

    def fail(self, times):
        for _ in range(times):
            self.assertTrue(self.breaker.allows())
            self.breaker.failed()

    def test_it_opens_after_so_many_failures_in_a_row(self):
        self.fail(2)
        self.breaker.succeeded()
        self.fail(2)
        self.assertEqual("closed", self.breaker.state)
        self.fail(1)
        self.assertEqual("open", self.breaker.state)
        self.assertFalse(self.breaker.allows())

    def test_after_the_cooldown_one_probe_decides(self):
        self.fail(3)
        self.now += 30
        self.assertEqual("half-open", self.breaker.state)
        self.assertEqual([True, False], [self.breaker.allows(), self.breaker.allows()])
        self.breaker.failed()
        self.assertFalse(self.breaker.allows())
        self.now += 30
        self.assertTrue(self.breaker.allows())
        self.breaker.succeeded()
        self.assertEqual([True, True], [self.breaker.allows(), self.breaker.allows()])

    def test_a_probe_that_nobody_reports_is_forgotten(self):
        self.fail(3)
        self.now += 30
        self.assertTrue(self.breaker.allows())
        self.now += 29
        self.assertFalse(self.breaker.allows())
        self.now += 1
        self.assertTrue(self.breaker.allows())

    def test_a_late_failure_does_not_prolong_the_cooldown(self):
        self.fail(3)
        self.now += 20
        self.breaker.failed()
        self.now += 10
        self.assertTrue(self.breaker.allows())

    def test_news_that_the_server_is_back_end_the_cooldown(self):
        self.breaker.server_is_back()
        self.fail(3)
        self.breaker.server_is_back()
        self.assertEqual([True, False], [self.breaker.allows(), self.breaker.allows()])


class HealthWatchTest(unittest.TestCase):
    def setUp(self):
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.recovered = []
        self.answers = []
        self.watch = HealthWatch(self.check, on_recovery=lambda: self.recovered.append(True))

    def check(self):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Health.of({**HEALTH, "status": answer, "problems": ["no model"]})

    def problem_after(self, answer):
        self.answers.append(answer)
        self.watch.check_once()
        return self.watch.problem

    def test_a_server_is_away_until_a_check_says_otherwise(self):
        self.assertIsNone(self.watch.problem)
        self.assertIsNone(self.problem_after("degraded"))
        self.assertEqual("the server is unhealthy; no model", self.problem_after("unhealthy"))
        self.assertEqual("away", self.problem_after(UnreachableError("away")))
        self.assertEqual([], self.recovered)
        self.assertIsNone(self.problem_after("healthy"))
        self.assertIsNone(self.problem_after("healthy"))
        self.assertEqual([True], self.recovered)

    def test_it_checks_at_once_and_ends_when_it_is_told_to(self):
        self.answers = ["healthy"]
        watch = HealthWatch(self.check, interval=3600)
        watch.start()
        watch.close(20)
        self.assertEqual(1, watch.checks)
        self.assertFalse(watch._thread.is_alive())


class StatisticsTest(unittest.TestCase):
    def test_they_add_up(self):
        tally = Tally()
        self.assertEqual((0.0, 0.0, None), (tally.read().fallback_rate, tally.read().agreement_rate, tally.read().mean_latency_ms))
        for answer, seconds in ((ml("BUY", 0.8), 0.001), (ml("HOLD", 0.8), 0.003), (ml("BUY", 0.1), 0.002), (Unavailable("TIMEOUT", ""), None)):
            tally.add(decide(Signal("S", "BUY"), answer, DecisionRules(), NOW), seconds)
        read = tally.read()
        self.assertEqual({"AGREED": 1, "ML_HOLDS": 1, "ML_UNSURE": 1, "FALLBACK": 1}, read.verdicts)
        self.assertEqual({"LOW_CONFIDENCE": 1, "TIMEOUT": 1}, read.causes)
        self.assertEqual((4, 2, 3, 0.25, 0.5), (read.decisions, read.acted, read.answered, read.fallback_rate, read.agreement_rate))
        self.assertAlmostEqual(2.0, read.mean_latency_ms)
        self.assertAlmostEqual(3.0, read.longest_latency_ms)


class EnvironmentTest(unittest.TestCase):
    def test_the_environment_sets_what_it_names(self):
        self.assertEqual({}, from_environment({"ML_WEIGHT": ""}))
        self.assertEqual({"url": "http://h:1", "key": "k", "min_confidence": 0.7, "ml_weight": 0.5},
                         from_environment({"ML_SERVER_URL": "http://h:1", "ML_SERVER_KEY": "k", "ML_MIN_CONFIDENCE": "0.7", "ML_WEIGHT": "0.5"}))
        with self.assertRaisesRegex(ValueError, "ML_WEIGHT: expected a number, got 'much'"):
            from_environment({"ML_WEIGHT": "much"})


if __name__ == "__main__":
    unittest.main()
