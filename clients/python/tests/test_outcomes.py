"""Tests of the outcomes that are reported in the background.

Run: PYTHONPATH=clients/python/src python3 -m unittest discover -s clients/python/tests
"""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

from mlmodelserver import AsyncClient, Client, OutcomeBuffer, OutcomesFullError, SpoolInUseError, UnreachableError
from mlmodelserver.answers import OutcomeReceipt
from mlmodelserver.errors import problem as problem_error
from recorded import RECEIPT, Answer, RecordedServer, problem

PATIENCE = 20


class Ledger:
    """Takes outcomes as the server does. failures: what is raised first, one after the other."""

    def __init__(self, *failures, bad=()):
        self.failures, self.bad, self.lists, self.called = list(failures), set(bad), [], threading.Event()

    def __call__(self, outcomes, timeout=None):
        self.called.set()
        ids = [outcome.prediction_id for outcome in outcomes]
        if self.failures:
            raise self.failures.pop(0)
        wrong = [{"field": f"[{index}].closed_at", "message": "too early"} for index, one in enumerate(ids) if one in self.bad]
        if wrong:
            raise problem_error(422, problem(422, "INVALID_REQUEST", "none was stored", errors=wrong))
        self.lists.append(ids)
        return OutcomeReceipt.of({**RECEIPT, "received": len(ids), "stored": len(ids)})

    @property
    def ids(self):
        return [one for ids in self.lists for one in ids]


class AwayLedger(Ledger):
    def __call__(self, outcomes, timeout=None):
        self.called.set()
        raise UnreachableError("away")


class OutcomeBufferTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.spool = Path(folder.name, "bot", "outcomes.jsonl")
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)

    def buffer(self, report, spool=None, **options):
        buffer = OutcomeBuffer(report, spool, **{"interval": 0.0, **options})
        self.addCleanup(buffer.close, 0)
        return buffer

    def test_outcomes_are_gathered_and_reported_in_their_order(self):
        ledger = Ledger()
        buffer = self.buffer(ledger, interval=3600)
        for number in range(5):
            buffer.add(str(number), 0.01)
        self.assertEqual(5, buffer.counts().waiting)
        self.assertTrue(buffer.flush(PATIENCE))
        self.assertEqual([["0", "1", "2", "3", "4"]], ledger.lists)
        self.assertEqual((5, 0), (buffer.counts().delivered, buffer.counts().waiting))

    def test_the_end_does_not_wait_for_them_to_gather(self):
        ledger = Ledger()
        buffer = self.buffer(ledger, interval=3600, close_timeout=PATIENCE)
        buffer.add("a", 0.01)
        self.assertTrue(buffer.close())
        self.assertEqual(["a"], ledger.ids)
        with self.assertRaisesRegex(RuntimeError, "closed"):
            buffer.add("b", 0.01)

    def test_what_fails_is_tried_again(self):
        ledger = Ledger(UnreachableError("away"), problem_error(503, problem(503, "LEDGER_UNAVAILABLE"), 0.0))
        buffer = self.buffer(ledger)
        buffer.add("a", 0.01)
        self.assertTrue(buffer.flush(PATIENCE))
        self.assertEqual(["a"], ledger.ids)

    def test_one_that_is_refused_keeps_no_other_back(self):
        rejected = []
        ledger = Ledger(bad=["2", "7"])
        buffer = self.buffer(ledger, interval=3600, on_rejected=lambda outcome, reason: rejected.append(outcome.prediction_id))
        for number in range(10):
            buffer.add(str(number), 0.01)
        self.assertTrue(buffer.flush(PATIENCE))
        self.assertEqual(["0", "1", "3", "4", "5", "6", "8", "9"], ledger.ids)
        self.assertEqual(["2", "7"], rejected)
        self.assertEqual((8, 2), (buffer.counts().delivered, buffer.counts().rejected))

    def test_a_list_that_is_too_long_is_halved(self):
        ledger = Ledger(problem_error(413, problem(413, "PAYLOAD_TOO_LARGE")))
        buffer = self.buffer(ledger, interval=3600)
        for number in range(4):
            buffer.add(str(number), 0.01)
        self.assertTrue(buffer.flush(PATIENCE))
        self.assertEqual([["0", "1"], ["2", "3"]], ledger.lists)

    def test_a_refusal_by_a_proxy_loses_nothing(self):
        ledger = Ledger(problem_error(400, {}), problem_error(413, {}))
        buffer = self.buffer(ledger)
        buffer.add("a", 0.01)
        self.assertTrue(buffer.flush(PATIENCE))
        self.assertEqual((["a"], 0), (ledger.ids, buffer.counts().rejected))

    def test_those_of_predictions_that_are_not_recorded_are_counted(self):
        buffer = self.buffer(Ledger(problem_error(404, problem(404, "PREDICTION_NOT_FOUND"))))
        buffer.add("a", 0.01)
        self.assertTrue(buffer.flush(PATIENCE))
        self.assertEqual(1, buffer.counts().unknown)

    def test_an_outcome_that_says_nothing_is_refused_at_once(self):
        buffer = self.buffer(Ledger())
        for nothing in (float("nan"), None, float("inf")):
            with self.assertRaises(ValueError):
                buffer.add("a", nothing)
        self.assertEqual(0, buffer.counts().waiting)

    def test_more_than_fits_is_refused_not_forgotten(self):
        buffer = self.buffer(AwayLedger(), capacity=2)
        buffer.add("a", 0.01)
        buffer.add("b", 0.01)
        with self.assertRaises(OutcomesFullError):
            buffer.add("c", 0.01)

    def test_what_could_not_be_reported_is_reported_by_the_next_run(self):
        buffer = self.buffer(AwayLedger(), self.spool)
        buffer.add("a", 0.01, closed_at="2026-01-01T00:00:00Z", fee=0.001)
        self.assertFalse(buffer.close(0))

        ledger = Ledger()
        again = self.buffer(ledger, self.spool)
        again.add("b", 0.02)
        self.assertTrue(again.flush(PATIENCE))
        self.assertEqual(["a", "b"], ledger.ids)
        self.assertTrue(again.close())
        self.assertEqual("", self.spool.read_text())

    def test_a_line_that_was_cut_off_spoils_no_other(self):
        self.spool.parent.mkdir(parents=True)
        self.spool.write_text('{"prediction_id": "a", "actual_return": 0.01}\n{"prediction_id": "b", "act')
        ledger = Ledger()
        self.assertTrue(self.buffer(ledger, self.spool).flush(PATIENCE))
        self.assertEqual(["a"], ledger.ids)

    @unittest.skipIf(os.name == "nt", "files are not locked on Windows")
    def test_two_buffers_do_not_share_a_file(self):
        buffer = self.buffer(Ledger(), self.spool)
        with self.assertRaises(SpoolInUseError):
            OutcomeBuffer(Ledger(), self.spool)
        buffer.close()
        self.buffer(Ledger(), self.spool).close()

    def test_a_client_closes_its_buffers_first(self):
        server = RecordedServer(Answer(body=RECEIPT))
        self.addCleanup(server.close)
        with Client(server.url, timeout=PATIENCE) as client:
            client.outcomes(None, interval=3600, close_timeout=PATIENCE).add("a", 0.01)
        self.assertEqual([{"prediction_id": "a", "actual_return": 0.01}], server.asked[0].json)

    def test_so_does_an_asynchronous_one(self):
        import asyncio
        server = RecordedServer(Answer(body=RECEIPT))
        self.addCleanup(server.close)

        async def trade():
            async with AsyncClient(server.url, key="k", timeout=PATIENCE) as client:
                client.outcomes(None, interval=3600, close_timeout=PATIENCE).add("a", 0.01)
        asyncio.run(trade())
        self.assertEqual("Bearer k", server.asked[0].headers["Authorization"])


class EndOfProcessTest(unittest.TestCase):
    """A process of its own adds one outcome and ends without closing anything."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.spool = Path(folder.name, "outcomes.jsonl")
        self.server = RecordedServer(Answer(body=RECEIPT))
        self.addCleanup(self.server.close)

    def run_bot(self, ending):
        program = (f"import os, signal, mlmodelserver\nclient = mlmodelserver.Client({self.server.url!r}, timeout={PATIENCE})\n"
                   f"buffer = client.outcomes({str(self.spool)!r}, interval=3600, close_timeout={PATIENCE})\n"
                   f"buffer.add('a', 0.01)\n{ending}\n")
        source = Path(__file__).resolve().parents[1] / "src"
        path = os.pathsep.join([str(source), os.environ.get("PYTHONPATH", "")])
        return subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": path},
                              capture_output=True, timeout=120, check=False)

    def test_at_a_normal_end_all_is_reported(self):
        self.assertEqual(0, self.run_bot("").returncode)
        self.assertEqual("a", self.server.asked[0].json[0]["prediction_id"])

    def test_so_it_is_after_an_exception(self):
        self.assertEqual(1, self.run_bot("raise RuntimeError('strategy')").returncode)
        self.assertEqual(1, len(self.server.asked))

    @unittest.skipIf(os.name == "nt", "there is no SIGKILL on Windows")
    def test_a_killed_bot_leaves_them_to_its_next_run(self):
        self.assertEqual(-signal.SIGKILL, self.run_bot("os.kill(os.getpid(), signal.SIGKILL)").returncode)
        self.assertEqual([], self.server.asked)
        self.assertEqual({"prediction_id": "a", "actual_return": 0.01}, json.loads(self.spool.read_text()))


if __name__ == "__main__":
    unittest.main()
