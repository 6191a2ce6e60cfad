"""A small server on a port of its own that gives recorded answers and remembers what it was asked."""

import json
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PREDICTION = {
    "symbol": "BTCUSDT",
    "prediction": {"direction": "SELL", "confidence": 0.8155166, "expected_return": -0.006451449,
                   "probabilities": {"SELL": 0.9019035, "HOLD": 0.08796827, "BUY": 0.010128198}},
    "model_name": "hybrid_cnn_lstm", "model_version": "20251114_192715",
    "prediction_id": "01a21f26-fdd3-7304-b2aa-b87220034769", "experiment_id": None, "variant": None,
    "window_filled": None, "latency_ms": 4.775, "timestamp": "2026-11-27T22:36:18.777Z"}

HEALTH = {"status": "healthy", "models_loaded": 1, "uptime_seconds": 73.307, "loaded_models": ["hybrid_cnn_lstm:1"],
          "active_experiments": [], "timestamp": "2026-11-27T22:36:00.057Z"}

RECEIPT = {"status": "success", "received": 1, "stored": 1, "pending": 0, "repeated": 0, "unknown": [], "differing": []}


def problem(status, code, detail="because", **members):
    return {"detail": detail, "instance": "/predict", "status": status, "title": code.capitalize(), "code": code,
            "type": "urn:modelserver:problem:" + code.lower().replace("_", "-"), "request_id": "1f4a66f6de4a96cc", **members}


class Answer:
    """status, body: what is answered. headers: in addition. after: an event to wait for first."""

    def __init__(self, status=200, body=None, headers=None, after=None, raw=None):
        self.status, self.body, self.headers, self.after, self.raw = status, body, headers or {}, after, raw


# The connection is closed in the place of an answer: orderly, or as by a server that was killed.
CLOSED = Answer()
RESET = Answer()


class Asked:
    def __init__(self, handler, body):
        self.method, self.path, self.headers, self.raw = handler.command, handler.path, handler.headers, body
        self.json = json.loads(body) if body else None
        self.connection = handler.client_address


class RecordedServer:
    """answers: one after the other; the last one is given again and again."""

    def __init__(self, *answers, tls=None):
        self.answers = list(answers)
        self.asked = []
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self):
                outer.answer(self)

            do_GET = do_POST = do_PUT = do_DELETE = answer

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_address[1]
        self.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def answer(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        with self._lock:
            self.asked.append(Asked(handler, body))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer):
            answer = answer(self.asked[-1])
        if answer in (CLOSED, RESET):
            handler.close_connection = True
            if answer is RESET:
                handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                handler.connection.close()
            return
        if answer.after is not None:
            answer.after.wait(10)
        content = answer.raw if answer.raw is not None else json.dumps(answer.body).encode() if answer.body is not None else b""
        try:
            handler.send_response(answer.status)
            handler.send_header("Content-Type", "application/json")
            if answer.status != 204:
                handler.send_header("Content-Length", str(len(content)))
            for name, value in answer.headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(content)
        except OSError:
            pass

    @property
    def paths(self):
        return [f"{asked.method} {asked.path}" for asked in self.asked]

    def close(self):
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
