"""Tests of the tool that removes old versions. Run: python3 -m unittest tools/test_remove_old_versions.py"""

import http.server
import io
import json
import os
import sys
import tempfile
import threading
import unittest
from contextlib import redirect_stderr
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import remove_old_versions  # noqa: E402

LONG_AGO = 1_700_000_000


class RegistryTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.registry = Path(folder.name)

    def version(self, model, name, metadata=None, file="model.onnx", content="weights"):
        folder = self.registry / model / name
        folder.mkdir(parents=True)
        (folder / file).write_text(content)
        (folder / "metadata.json").write_text(json.dumps(metadata or {"input_shape": [4]}))
        for path in (*folder.iterdir(), folder):
            os.utime(path, (LONG_AGO, LONG_AGO))
        return folder

    def versions(self, model, *names):
        for name in names:
            self.version(model, name)

    def mark(self, model, stage, version):
        (self.registry / model / f".{stage}").write_text(version + "\n")

    def history(self, model, *changes):
        lines = [json.dumps({"action": action, "version": version, "from": source, "to": to, "previous_version": before})
                 for action, version, source, to, before in changes]
        (self.registry / model / "history.jsonl").write_text("\n".join(lines) + "\n")

    def run_tool(self, *given, server="--without-server"):
        out, err = io.StringIO(), io.StringIO()
        with redirect_stderr(err):
            code = remove_old_versions.main(["--registry", str(self.registry), server, *given], out)
        return code, out.getvalue(), err.getvalue()

    def left(self, model):
        return sorted(path.name for path in (self.registry / model).iterdir() if path.is_dir())

    def test_nothing_is_removed_unless_that_is_asked_for(self):
        self.versions("m", "1", "2", "3")
        code, out, _ = self.run_tool("--keep", "1")
        self.assertEqual(0, code)
        self.assertEqual(["1", "2", "3"], self.left("m"))
        self.assertIn("would remove m:1 ", out)
        self.assertIn("would remove m:2 ", out)
        self.assertNotIn("m:3", out)
        self.assertIn("nothing was removed", out)

    def test_the_newest_stay_as_people_count(self):
        self.versions("m", "v1.9.0", "v1.10.0", "v1.10.0-rc1", "v1.2.0")
        self.run_tool("--keep", "2", "--delete")
        self.assertEqual(["v1.10.0", "v1.10.0-rc1"], self.left("m"))

    def test_each_model_keeps_as_many(self):
        self.versions("a", "1", "2", "3")
        self.versions("b", "1")
        self.run_tool("--keep", "2", "--delete")
        self.assertEqual((["2", "3"], ["1"]), (self.left("a"), self.left("b")))

    def test_only_the_models_that_are_named(self):
        self.versions("a", "1", "2")
        self.versions("b", "1", "2")
        self.run_tool("--keep", "1", "--delete", "--model", "b")
        self.assertEqual((["1", "2"], ["2"]), (self.left("a"), self.left("b")))
        self.assertEqual(1, self.run_tool("--keep", "1", "--model", "c")[0])

    def test_versions_in_a_stage_stay(self):
        self.versions("m", "1", "2", "3", "4")
        self.mark("m", "production", "1")
        self.mark("m", "staging", "2")
        _, out, _ = self.run_tool("--keep", "1", "--delete")
        self.assertEqual(["1", "2", "4"], self.left("m"))
        self.assertIn("keeping  m:1  PRODUCTION", out)

    def test_stages_are_read_from_links_and_metadata_where_there_is_no_marker(self):
        self.versions("linked", "1", "2", "3")
        (self.registry / "linked" / "production").symlink_to("1")
        self.version("told", "1", {"stage": "Production"})
        self.versions("told", "2", "3")
        self.run_tool("--keep", "1", "--delete")
        self.assertTrue((self.registry / "linked" / "1").is_dir())
        self.assertEqual(["1", "3"], self.left("told"))

    def test_what_a_rollback_brings_back_stays(self):
        self.versions("m", "1", "2", "3", "4")
        self.mark("m", "production", "4")
        self.history("m", ("promote", "3", "NONE", "PRODUCTION", "1"), ("promote", "4", "NONE", "PRODUCTION", "2"))
        self.run_tool("--keep", "1", "--delete")
        self.assertEqual(["2", "4"], self.left("m"))

    def test_a_line_that_a_crash_cut_short_is_passed_over(self):
        self.versions("m", "1", "2", "3")
        self.mark("m", "production", "3")
        self.history("m", ("promote", "3", "NONE", "PRODUCTION", "1"))
        with open(self.registry / "m" / "history.jsonl", "a") as file:
            file.write('{"action": "pro')
        self.run_tool("--keep", "1", "--delete")
        self.assertEqual(["1", "3"], self.left("m"))

    def test_after_a_change_that_was_undone_both_stay(self):
        self.versions("m", "1", "2", "3", "4")
        self.mark("m", "production", "3")
        self.history("m", ("promote", "3", "NONE", "PRODUCTION", "1"), ("promote", "4", "NONE", "PRODUCTION", "3"),
                     ("undone", "4", "PRODUCTION", "NONE", "3"))
        self.run_tool("--keep", "1", "--delete")
        self.assertEqual(["3", "4"], self.left("m"))

    def test_members_of_ensembles_stay(self):
        self.versions("m", "1", "2", "3")
        self.version("e", "1", file="ensemble.json",
                     content=json.dumps({"members": [{"model": "m", "version": "1"}, {"model": "m", "stage": "production"}]}))
        self.run_tool("--keep", "1", "--delete")
        self.assertEqual(["1", "3"], self.left("m"))

    def test_an_ensemble_that_can_not_be_read_stops_it(self):
        self.versions("m", "1", "2")
        self.version("e", "1", file="ensemble.json", content="{")
        code, _, err = self.run_tool("--keep", "1", "--delete")
        self.assertEqual(1, code)
        self.assertIn("ensemble.json can't be read", err)
        self.assertEqual(["1", "2"], self.left("m"))

    def test_what_changed_a_moment_ago_stays(self):
        self.versions("m", "1", "2")
        (self.registry / "m" / "1" / "sample.json").write_text("{}")
        self.run_tool("--keep", "1", "--delete")
        self.assertEqual(["1", "2"], self.left("m"))

    def test_what_is_no_version_is_left_alone(self):
        self.versions("m", "1", "2")
        other = self.version("m", "0 old")
        target = self.version("elsewhere", "9")
        (self.registry / "m" / "0").symlink_to(target)
        self.run_tool("--keep", "1", "--delete", "--model", "m")
        self.assertTrue(other.is_dir() and (self.registry / "m" / "0").is_symlink() and target.is_dir())

    def test_none_may_be_kept_only_if_it_is_in_use(self):
        with self.assertRaises(SystemExit), redirect_stderr(io.StringIO()):
            self.run_tool("--keep", "0")

    def test_a_server_that_does_not_answer_stops_it(self):
        self.versions("m", "1", "2")
        code, _, err = self.run_tool("--keep", "1", "--delete", server="--server=http://127.0.0.1:9")
        self.assertEqual(1, code)
        self.assertIn("--without-server", err)
        self.assertEqual(["1", "2"], self.left("m"))

    def test_what_the_server_uses_stays(self):
        self.versions("m", "1", "2", "3", "4", "5")
        experiments = [{"experiment_id": "x", "status": "running", "variants": [{"model_name": "m", "model_version": "2"}]},
                       {"experiment_id": "y", "status": "stopped", "variants": [{"model_name": "m", "model_version": "3"}]}]
        with answering({"/api/ml/models?loaded=true": [{"name": "m", "version": "1"}], "/api/ml/ab-test": experiments}) as address:
            _, out, _ = self.run_tool("--keep", "1", "--delete", server=f"--server={address}")
        self.assertEqual(["1", "2", "5"], self.left("m"))
        self.assertIn("keeping  m:2  in experiment x", out)


class answering:
    """A server with these answers."""

    def __init__(self, answers):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps(answers[self.path]).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    unittest.main()
