"""Servers of this machine that answer as a test says, and three rows to ask them about."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pandas as pd
import pytest

import rai

SCORES = {30: 0.1, 40: 0.6, 50: 0.9}


@dataclass
class Served:
    """A server: its address, and what it was asked: method, path and body."""

    url: str
    asked: list = field(default_factory=list)

    @property
    def bodies(self):
        return [body for _, _, body in self.asked if body is not None]


def sent(handler, status, body, **headers):
    """An answer: bytes as they are, anything else as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(data)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data)


@pytest.fixture(scope="session")
def send():
    """`send(handler, status, body, **headers)`: one answer."""
    return sent


@pytest.fixture
def serve():
    """`serve(answer)`: a server that gives an answer, or calls `answer(handler, method, path, body)`."""
    running = []

    def serve(answer, *, wrap=None):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                """Say nothing."""

            def answered(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                served.asked.append((self.command, self.path, body))
                if callable(answer):
                    answer(self, self.command, self.path, body)
                else:
                    sent(self, 200, answer)

            do_GET = do_POST = answered  # noqa: N815

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """Clients that hang up are what some tests are about."""

        server = Server(("127.0.0.1", 0), Handler)
        if wrap is not None:
            server.socket = wrap(server.socket)
        served = Served(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        thread.start()
        running.append((server, thread))
        return served

    yield serve
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


@pytest.fixture(scope="session")
def scored():
    """An answer of MLflow's server: a score by age."""

    def scored(handler, method, path, body):
        split = body["dataframe_split"]
        age = split["columns"].index("age")
        sent(handler, 200, {"predictions": [SCORES[row[age]] for row in split["data"]]})

    return scored


@pytest.fixture
def people():
    return pd.DataFrame({"age": [30, 40, 50], "sex": ["F", "M", "F"]})


@pytest.fixture
def endpoint_error(people):
    """`endpoint_error(served, **options)`: what is said of an endpoint that can't be used."""

    def endpoint_error(served, **options):
        model = rai.load_model(served.url, **options)
        with pytest.raises(rai.DataError) as caught:
            model.scores(people)
        where = f"endpoint {served.url}: "
        assert str(caught.value).startswith(where)
        return str(caught.value).removeprefix(where)

    return endpoint_error
