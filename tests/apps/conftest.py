"""The app as tests run it: scripts by AppTest, and one server with a browser in front."""

import functools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "apps" / "main.py"
PROBES = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")
SIZE = {"width": 1280, "height": 720}
PATIENCE = 45_000  # milliseconds that a page may take on a machine with other things to do


@pytest.fixture
def app(monkeypatch):
    """`app({"data": "dataset:adult", …}, page="dive", row=3)`: the app, run once, on one of its pages."""
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    def started(opening=None, *, page=None, **address):
        monkeypatch.setattr(sys, "argv", [str(MAIN), *([json.dumps(opening)] if opening else [])])
        at = AppTest.from_file(MAIN, default_timeout=180)
        for name, value in address.items():
            at.query_params[name] = value if isinstance(value, str) else json.dumps(value)
        if page is not None:
            at._page_hash = calc_hash(page)
        return at.run()

    return started


@pytest.fixture
def node(needs):
    """`node("--check", path)`: what Node says, run with these arguments; it must succeed."""
    program = shutil.which("node")
    needs(program is not None, "no node on this machine")

    def ran(*arguments):
        command = [program, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
        return done.stdout

    return ran


@pytest.fixture(scope="session")
def serve(tmp_path_factory):
    """`serve("dataset:adult", "--example-models")`: `rai app` on a free port; its address.

    Who asks for the same is given the same server: sessions know nothing of one another."""
    running = []

    @functools.cache
    def started(*arguments):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = tmp_path_factory.mktemp("app") / "log.txt"
        command = [sys.executable, "-m", "rai.cli", "app", *map(str, arguments)]
        with log.open("w") as out:
            process = subprocess.Popen(
                [*command, "--no-browser", "--port", str(port)],
                stdout=out,
                stderr=out,
                cwd=ROOT,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
            )
        running.append(process)
        address = f"http://localhost:{port}"
        wait_until_healthy(address, process, log)
        return address

    yield started
    for process in running:
        process.terminate()
        process.wait(10)


def wait_until_healthy(address, process, log):
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:
            if process.poll() is not None:
                break
        time.sleep(0.25)
    pytest.fail(f"the app did not start:\n{log.read_text()}")


@pytest.fixture
def tab(browser):
    """`tab(url, dark=False)`: a page in the browser; at the end, no console error and no request elsewhere."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    errors, outside, contexts = [], [], []

    def opened(url, *, dark=False, size=SIZE):
        context = browser.new_context(viewport=size, color_scheme="dark" if dark else "light")
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: errors.append(m.text) if is_error(m) else None)
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.on("request", lambda r: outside.append(r.url) if not is_local(r.url) else None)
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []
    assert outside == []


@pytest.fixture
def still():
    """`still(page)`: wait until the page is drawn to its end, also what the last click began."""

    def wait(page):
        page.wait_for_timeout(300)
        page.locator("[data-test-script-state='notRunning']").wait_for()

    return wait


def is_error(message):
    """Whether something went wrong. On a page that is not the first, Streamlit looks for its server at two
    addresses, one of which is not there."""
    return message.type == "error" and not PROBES.search(message.location["url"])


def is_local(url):
    return url.startswith(
        ("http://localhost:", "ws://localhost:", "http://127.0.0.1:", "data:", "blob:")
    )
