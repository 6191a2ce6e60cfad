#!/usr/bin/env python3
"""The bot in the box: starts a server with the bundled models, lets the paper bot trade, and restarts the server half-way.

    python3 examples/bot/demo.py

Takes about a minute once the server is built. Options are those of paper_bot.py; with --url, the server there is used and
not restarted. Needs what the server needs, and NumPy and httpx (Debian: python3-numpy, python3-httpx).
"""

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from paper_bot import Client, ModelServerError, WINDOW, options, trade  # noqa: E402

CLONE = HERE.parents[1]
LONGEST_START = 600


class Server:
    """A server on a free port; its ledger, windows and log are in a folder of their own."""

    def __init__(self, folder):
        self.folder = Path(folder)
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            self.port = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                ["bash", str(CLONE / "start_ml_server.sh"), f"--server.port={self.port}", "--server.address=127.0.0.1",
                 "--modelserver.ledger.predictions=all", f"--modelserver.ledger.file={self.folder}/ledger",
                 f"--modelserver.window.file={self.folder}/windows"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def wait(self):
        deadline = time.monotonic() + LONGEST_START
        with Client(self.url, retry=False) as client:
            while True:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    sys.exit("demo: the server did not start:\n" + (self.folder / "server.log").read_text(errors="replace"))
                with contextlib.suppress(ModelServerError):
                    if client.health().can_predict:
                        return
                time.sleep(0.2)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)


def main(arguments=None):
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    given = options().parse_args(arguments)
    if given.url != options().get_default("url"):
        return 0 if trade(given) else 1
    with tempfile.TemporaryDirectory(prefix="paper-bot-") as folder:
        server = Server(folder)
        given.url, given.spool = server.url, os.path.join(folder, "outcomes.jsonl")
        half = WINDOW + given.minutes // 2

        def restart(index):
            if index == half:
                print("-- the server is restarted; the bot goes on --", flush=True)
                server.stop()
                server.start()
        try:
            print("starting the server", flush=True)
            server.start()
            server.wait()
            return 0 if trade(given, restart) else 1
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
