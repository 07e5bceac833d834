"""Many people at once: sessions on one server of the app that each edit a value, again and again.

    python -m benchmarks.app_sessions [--sessions 50] [--edits 10] [--think 12] [--data dataset:adult]

    server (one process) ◀── websockets, loopback only ── 50 sessions: look at What-If, edit, think …

Each session speaks Streamlit's own protocol, as a browser does, without drawing. An edit takes from the
message that is sent to the last message of the run that it causes. Bounded in sessions, edits and time.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

HOST = "127.0.0.1"
PAGE = "what-if"
FIELD = "age"
MOST_SESSIONS, MOST_EDITS, LONGEST = 200, 100, 900.0
PATIENCE = 120.0  # seconds that one run may take
QUIET = 0.02  # seconds without a message


@dataclass(slots=True)
class Seat:
    """One session: its connection, and the field that it edits.

    Args:
        socket: The connection.
        row: The row that it edits.
        widget: The field's id, as the server last sent it.
        fragment: The part of the page that the field is in; empty for all of it.
        value: What the field shows.
    """

    socket: Any
    row: int
    widget: str = ""
    fragment: str = ""
    value: float = 0.0
    seconds: list[float] = field(default_factory=list)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.app_sessions", description=__doc__)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--edits", type=int, default=10)
    parser.add_argument("--think", type=float, default=12.0)
    parser.add_argument("--data", default="dataset:adult")
    asked = parser.parse_args()
    sessions, edits = min(asked.sessions, MOST_SESSIONS), min(asked.edits, MOST_EDITS)
    with served(asked.data) as port:
        opening, seconds = asyncio.run(
            asyncio.wait_for(everybody(port, sessions, edits=edits, think=asked.think), LONGEST)
        )
    print(f"{sessions} sessions, {edits} edits each, {asked.think:g} s of thought between, {asked.data}")
    for name, held in (("first view", opening), ("edit", seconds)):
        p50, p95, most = np.quantile(held, [0.5, 0.95, 1.0])
        print(f"{name}: n = {len(held)}, p50 {p50:.3f} s, p95 {p95:.3f} s, most {most:.3f} s")


@contextmanager
def served(data: str) -> Iterator[int]:
    """A server on a free port of this machine, ended afterwards."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "rai.cli", "app", data, "--example-models"]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--no-browser", "--port", str(port)], env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://{HOST}:{port}/_stcore/health", timeout=2).read()
            except OSError:
                time.sleep(0.25)
            else:
                break
        yield port
    finally:
        process.terminate()
        process.wait(20)


async def everybody(
    port: int, sessions: int, *, edits: int, think: float
) -> tuple[list[float], list[float]]:
    """Seconds of first views and of edits, of sessions that come one after another."""
    first: list[float] = []
    seats: list[Seat] = []
    for place in range(sessions):
        begun = time.perf_counter()
        seats.append(await opened(port, row=place))
        first.append(time.perf_counter() - begun)
    rngs = [np.random.default_rng(seat.row) for seat in seats]
    pairs = zip(seats, rngs, strict=True)
    await asyncio.gather(*(edited(seat, edits, think=think, rng=rng) for seat, rng in pairs))
    for seat in seats:
        await seat.socket.close()
    return first, [each for seat in seats for each in seat.seconds]


async def opened(port: int, *, row: int) -> Seat:
    """A session on the What-If page, with a row pinned."""
    from websockets.asyncio.client import connect

    connection = await connect(
        f"ws://{HOST}:{port}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        origin=f"http://localhost:{port}",  # type: ignore[arg-type]
        max_size=None,
        max_queue=None,
        ping_interval=None,
    )
    seat = Seat(connection, row)
    await _run(seat, [])
    if not seat.widget:
        raise RuntimeError(f"the page has no field {FIELD!r}")
    return seat


async def edited(seat: Seat, edits: int, *, think: float, rng: np.random.Generator) -> None:
    """Edits with time to think between them."""
    for _ in range(edits):
        await asyncio.sleep(think * rng.uniform(0.5, 1.5))
        seat.value = 20.0 + (seat.value - 19.0) % 50.0
        seat.seconds.append(await _run(seat, [(seat.widget, seat.value)]))


async def _run(seat: Seat, changes: list[tuple[str, float]]) -> float:
    """Ask for a run with changed widgets, and read until it is over: in seconds."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.util import calc_hash

    with suppress(TimeoutError):  # what an earlier run still had to say
        while True:
            _over(seat, await asyncio.wait_for(seat.socket.recv(), QUIET))
    begun = time.perf_counter()
    message = BackMsg()
    state = message.rerun_script
    state.query_string, state.page_script_hash = f"row={seat.row}", calc_hash(PAGE)
    state.fragment_id = seat.fragment if changes else ""
    for widget, value in changes:
        changed = state.widget_states.widgets.add()
        changed.id, changed.double_value = widget, value
    await seat.socket.send(message.SerializeToString())
    async with asyncio.timeout(PATIENCE):
        while not _over(seat, await seat.socket.recv()):
            pass
    return time.perf_counter() - begun


def _over(seat: Seat, data: bytes) -> bool:
    """Whether a message ends a run; one that shows the field is remembered."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    message = ForwardMsg()
    message.ParseFromString(data)
    kind = message.WhichOneof("type")
    if kind == "script_finished":
        return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
    if kind == "delta" and message.delta.new_element.WhichOneof("type") == "number_input":
        shown = message.delta.new_element.number_input
        if shown.label.replace("\\", "").startswith(FIELD):
            seat.widget, seat.fragment = shown.id, message.delta.fragment_id
            seat.value = shown.value if shown.set_value else shown.default
    return False


if __name__ == "__main__":
    main()
