"""What the fault benchmarks share: a server started as the start script starts it, a raw connection, a table."""
import contextlib
import http.client
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
# So that what was started is stopped also then.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
ROOT = pathlib.Path(__file__).resolve().parent.parent
os.chdir(ROOT)

MODEL, OLD, NEW = "hybrid_cnn_lstm", "20251114_192715", "20251121_081530"
PREDICT = pathlib.Path("config/examples/predict.json").read_bytes()
POLL_SECONDS = 0.02


@contextlib.contextmanager
def scratch():
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def request(path, body=b"", method="POST", headers=""):
    """The bytes of a request; the path may be any text."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


class Connection:
    """A keep-alive connection that tells what no HTTP client does."""

    def __init__(self, port, timeout=30):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def readable(self):
        """Between requests: whether the server has closed."""
        return bool(select.select([self.socket], [], [], 0)[0])

    def send(self, data):
        self.socket.sendall(data)

    def answer(self):
        """Status, lower-case head and body; None where the connection ended before the first byte of it."""
        data = self.rest
        while b"\r\n\r\n" not in data:
            some = self.socket.recv(1 << 16)
            if not some:
                if data:
                    raise ConnectionError("the answer broke off")
                return None
            data += some
        head, _, data = data.partition(b"\r\n\r\n")
        head = head.lower()
        if b"content-length:" in head:
            length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
            while len(data) < length:
                some = self.socket.recv(1 << 16)
                if not some:
                    raise ConnectionError("the answer broke off")
                data += some
            data, self.rest = data[:length], data[length:]
        else:
            while not data.endswith(b"0\r\n\r\n"):
                some = self.socket.recv(1 << 16)
                if not some:
                    raise ConnectionError("the answer broke off")
                data += some
            self.rest, chunks = b"", b""
            while data and (size := int(data.split(b"\r\n", 1)[0], 16)):
                data = data.split(b"\r\n", 1)[1]
                chunks, data = chunks + data[:size], data[size + 2:]
            data = chunks
        return int(head[9:12]), head, data

    def close(self):
        self.socket.close()


class Server:
    """A server of this clone in a folder of its own, started by start_ml_server.sh, on the bundled classifier; MODELS=all: on
    all bundled models."""

    def __init__(self, folder, port, *settings, environment=None, wait=True, models=(MODEL,)):
        self.folder, self.port = pathlib.Path(folder), port
        self.models = self.folder / "models"
        if not self.models.exists():
            for name in os.listdir("models") if os.environ.get("MODELS") == "all" else models:
                shutil.copytree(f"models/{name}", self.models / name)
        self.settings = (f"--server.port={port}", "--server.address=127.0.0.1", f"--modelserver.registry.path={self.models}",
                         f"--modelserver.window.file={self.folder}/windows",
                         f"--modelserver.ledger.file={self.folder}/ledger", *settings)
        self.headers = {"Content-Type": "application/json"}
        self.environment = {**os.environ, "JAVA_OPTS": f"-XX:ErrorFile={self.folder}/crash.log", **(environment or {})}
        self.start()
        if wait:
            try:
                self.wait()
            except BaseException:
                # Nobody has it yet who could stop it.
                self.kill()
                raise

    def start(self):
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(["./start_ml_server.sh", *self.settings], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                            env=self.environment, preexec_fn=lambda: os.setpgid(0, 0))
        self.pid = self.process.pid

    def wait(self, path="/actuator/health/readiness", seconds=120):
        """Polls until the path is answered with 200; the seconds it took."""
        start = time.perf_counter()
        while time.perf_counter() - start < seconds:
            if self.process.poll() is not None:
                sys.exit("the server ended:\n" + self.log()[-3000:])
            try:
                if self.call("GET", path, timeout=2)[0] == 200:
                    return time.perf_counter() - start
            except OSError:
                pass
            time.sleep(POLL_SECONDS)
        sys.exit("the server did not get ready:\n" + self.log()[-3000:])

    def log(self):
        return (self.folder / "server.log").read_text(errors="replace")

    def call(self, method, path, body=None, timeout=60):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body if isinstance(body, (bytes, type(None))) else json.dumps(body), self.headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except http.client.HTTPException as broken:
            raise ConnectionError(repr(broken)) from broken
        finally:
            connection.close()

    def get(self, path):
        return json.loads(self.call("GET", path)[1])

    def stage(self, version, stage):
        return self.call("POST", f"/api/ml/models/{MODEL}/versions/{version}/stage", {"stage": stage})

    def prediction(self, body=PREDICT):
        status, answer = self.call("POST", "/predict", body)
        return answered(answer) if status == 200 else status

    def metric(self, name):
        lines = self.call("GET", "/actuator/prometheus")[1].decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith((name + " ", name + "{")))

    def resident_mb(self):
        return next(int(line.split()[1]) for line in open(f"/proc/{self.pid}/status") if line.startswith("VmRSS")) / 1024

    def sockets(self):
        """How many sockets the process holds."""
        count = 0
        for descriptor in os.listdir(f"/proc/{self.pid}/fd"):
            with contextlib.suppress(OSError):
                count += os.readlink(f"/proc/{self.pid}/fd/{descriptor}").startswith("socket:")
        return count

    def alive(self):
        return self.process.poll() is None

    def kill(self, number=signal.SIGKILL):
        if self.alive():
            os.kill(self.pid, number)
        return self.process.wait()

    def stop(self):
        return self.kill(signal.SIGTERM)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


LUA = """
local file = io.open("config/examples/" .. os.getenv("EXAMPLE"))
local body = file:read("*a")
local requests, next = {}, 0
function init()
  for i = 1, 64 do
    requests[i] = wrk.format("POST", os.getenv("TARGET"), { ["Content-Type"] = "application/json" }, (body:gsub("BTCUSDT", "S" .. i)))
  end
end
function request() next = next % 64 + 1 return requests[next] end
function done(summary, latency)
  io.write(string.format("RESULT %f %d\\n", summary.requests / summary.duration * 1e6,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


def load(port, seconds, connections=64, example="predict.json", target="/predict"):
    """Requests a second of a load of the example for 64 symbols, by wrk; ends the benchmark when one fails."""
    with scratch() as folder:
        script = folder / "load.lua"
        script.write_text(LUA)
        printed = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{port}"],
                                 capture_output=True, text=True, check=True,
                                 env={**os.environ, "EXAMPLE": example, "TARGET": target}).stdout
    rate, failed = next(line for line in printed.splitlines() if line.startswith("RESULT")).split()[1:]
    if int(failed):
        sys.exit(printed)
    return float(rate)


def answered(body):
    """Version and prediction of an answer, the prediction as the text that was sent."""
    version = body.split(b'"model_version":"', 1)[1].split(b'"', 1)[0].decode()
    text = body.split(b'"prediction":', 1)[1]
    return version, text[:text.index(b"}}") + 2].decode()


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def table(header, rows):
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    for number, row in enumerate([header, *rows]):
        print("| " + " | ".join(str(cell).rjust(width) if i else str(cell).ljust(width) for i, (cell, width) in enumerate(zip(row, widths))) + " |")
        if number == 0:
            print("| " + " | ".join("-" * width if not i else "-" * (width - 1) + ":" for i, width in enumerate(widths)) + " |")
    print(flush=True)
