"""What is timed of Dive: the real app in a browser without a GPU, driven as a person would.

first view     from opening the address until the points stand still
new layout     from choosing a column until they stand still again, and what came over the wire meanwhile
pan, zoom      frames drawn while the pointer drags or the wheel turns
lasso          from letting go until Python's count stands in the sidebar
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

FIGURES = ("What", "Measured", "At most")
WORDS = """\
The app on a Parquet file of made-up people (ten columns), in Chromium at 1280 × 720 without a GPU, on
the same two cores as the app. The points fly for 0.8 s to their new places; that time is included."""

LAYOUTS = (("x", "age"), ("y", "score"), ("row", "race"), ("color", "sex"), ("column", "hours"))
LIMITS = {1_000_000: ("2.5 s", "12 a second", "1 s"), 100_000: ("1.5 s", "12 a second", "0.5 s")}
WIRE = 20_000
COUNT_FRAMES = """
globalThis.framesDrawn = 0;
const put = CanvasRenderingContext2D.prototype.putImageData;
CanvasRenderingContext2D.prototype.putImageData = function (...given) {
  globalThis.framesDrawn++;
  return put.apply(this, given);
};
"""
STANDS = "[data-settled='true']"


def figures(rows: int) -> list[tuple[str, ...]]:
    """The table for so many rows."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "people.parquet"
        made_people(rows).to_parquet(path)
        with served(path) as address:
            found = driven(address, rows)
    layout, frames, lasso = LIMITS.get(rows, ("", "", ""))
    named = f"{rows:,} points"
    return [
        (f"{named}, first view", f"{found['first']:.2f} s", ""),
        (f"{named}, new layout", f"{max(found['layouts']):.2f} s", layout),
        (
            f"{named}, over the wire for it",
            f"{max(found['bytes']) / 1e3:.1f} kB",
            f"{WIRE / 1e3:.0f} kB",
        ),
        (f"{named}, pan", f"{found['pan']:.0f} frames a second", frames),
        (f"{named}, zoom", f"{found['zoom']:.0f} frames a second", frames),
        (f"{named}, lasso of {found['chosen']:,} to Python", f"{found['lasso']:.2f} s", lasso),
        (
            f"{named}, over the wire for a layout after it",
            f"{found['after'] / 1e3:.1f} kB",
            f"{WIRE / 1e3:.0f} kB",
        ),
    ]


def made_people(rows: int, *, seed: int = 0) -> pd.DataFrame:
    """Made-up rows with a label and a score."""
    rng = np.random.default_rng(seed)
    words = {
        "sex": ["Female", "Male"],
        "race": ["White", "Black", "Asian", "Other"],
        "work": ["Craft", "Sales", "Clerical", "Service", "Farming", "Managing"],
        "school": ["HS", "Some college", "BA", "MA", "PhD"],
    }
    columns: dict[str, Any] = {
        "age": rng.integers(17, 91, rows),
        "hours": np.clip(rng.normal(40, 12, rows), 1, 99).round(),
        "gain": np.where(rng.random(rows) < 0.9, 0, rng.integers(1, 100_000, rows)),
        "wealth": rng.lognormal(10, 1, rows),
    }
    for name, levels in words.items():
        columns[name] = np.array(levels, dtype=object)[rng.integers(0, len(levels), rows)]
    score = 1 / (1 + np.exp(-(rng.normal(0, 1.5, rows) + (columns["age"] - 50) / 25)))
    columns |= {"paid": np.where(rng.random(rows) < score, "yes", "no"), "score": score}
    return pd.DataFrame(columns)


@contextmanager
def served(path: Path) -> Iterator[str]:
    """The app on a file, at an address, until the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    roles = ("--y-true", "paid", "--y-score", "score", "--positive-label", "yes", "--sensitive", "sex")
    command = [
        sys.executable,
        "-m",
        "rai.cli",
        "app",
        str(path),
        *roles,
        "--no-browser",
        "--port",
        str(port),
    ]
    process = subprocess.Popen(  # noqa: S603 - a command of our own
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    address = f"http://localhost:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2)  # noqa: S310 - our own
                break
            except OSError:
                time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def driven(address: str, rows: int) -> dict[str, Any]:
    """What a person sees: seconds, bytes and frames a second."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(120_000)
        page.add_init_script(COUNT_FRAMES)
        wire = Wire(page)
        page.goto(f"{address}/start")
        page.get_by_test_id("stSidebar").get_by_text(f"{rows:,} rows").wait_for()
        start = time.perf_counter()
        page.goto(f"{address}/dive")
        page.wait_for_selector(STANDS)
        found: dict[str, Any] = {"first": time.perf_counter() - start}
        wire.rest(page)
        laid = [laid_out(page, wire, field, name) for field, name in LAYOUTS]
        found |= {"layouts": [took for took, _ in laid], "bytes": [held for _, held in laid]}
        found |= {"pan": panned(page), "zoom": zoomed(page)}
        page.keyboard.press("0")
        page.wait_for_timeout(1500)
        for side in ("column", "row"):
            laid_out(page, wire, side, "")
        found |= lassoed(page)
        wire.rest(page)
        found["after"] = laid_out(page, wire, "column", "school")[1]
        browser.close()
    return found


class Wire:
    """Bytes that came over the web sockets of a page."""

    def __init__(self, page: Any) -> None:
        self.received = 0
        page.on("websocket", lambda held: held.on("framereceived", self._hear))

    def rest(self, page: Any) -> None:
        """Wait until nothing has come for a while."""
        before = -1
        while before != self.received:
            before = self.received
            page.wait_for_timeout(4000)

    def _hear(self, frame: Any) -> None:
        self.received += len(frame)


def laid_out(page: Any, wire: Wire, field: str, name: str) -> tuple[float, int]:
    """Seconds and bytes for another layout."""
    before, start = wire.received, time.perf_counter()
    page.locator(f"select[data-field='{field}']").select_option(name)
    page.wait_for_timeout(30)
    page.wait_for_selector(STANDS)
    took = time.perf_counter() - start
    page.wait_for_timeout(3000)
    return took, wire.received - before


def panned(page: Any) -> float:
    """Frames a second while the pointer drags."""
    page.get_by_role("button", name="Pan", exact=True).click()
    box = page.locator("[data-n] canvas").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    before, start = _frames(page), time.perf_counter()
    while time.perf_counter() - start < 2:
        at = (time.perf_counter() - start) * 60
        page.mouse.move(x + at, y + at / 3)
    rate = (_frames(page) - before) / (time.perf_counter() - start)
    page.mouse.up()
    return rate


def zoomed(page: Any) -> float:
    """Frames a second while the wheel turns."""
    before, start, turn = _frames(page), time.perf_counter(), 0
    while time.perf_counter() - start < 2:
        turn += 1
        page.mouse.wheel(0, -30 if turn % 20 < 10 else 30)
    return (_frames(page) - before) / (time.perf_counter() - start)


def lassoed(page: Any) -> dict[str, Any]:
    """Seconds from letting go of a lasso until Python's count is on screen, and that count."""
    page.get_by_role("button", name="Lasso", exact=True).click()
    page.wait_for_timeout(1500)
    box = page.locator("[data-n] canvas").first.bounding_box()
    corners = [(0.2, 0.2), (0.5, 0.15), (0.7, 0.5), (0.5, 0.8), (0.25, 0.7), (0.2, 0.2)]
    for at, (right, down) in enumerate(corners):
        page.mouse.move(box["x"] + right * box["width"], box["y"] + down * box["height"], steps=5)
        if at == 0:
            page.mouse.down()
    start = time.perf_counter()
    page.mouse.up()
    page.wait_for_function("Number(document.querySelector('[data-n]').dataset.selected) > 0")
    chosen = int(page.locator("[data-n]").get_attribute("data-selected"))
    page.get_by_test_id("stSidebar").get_by_text(f"{chosen:,} rows selected").wait_for()
    return {"lasso": time.perf_counter() - start, "chosen": chosen}


def _frames(page: Any) -> int:
    found: int = page.evaluate("globalThis.framesDrawn")
    return found


if __name__ == "__main__":
    for points in map(int, sys.argv[1:] or ("100000", "1000000")):
        for figure in figures(points):
            sys.stdout.write("  ".join(figure) + "\n")
