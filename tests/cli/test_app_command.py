"""`rai app`: how it starts, listens, says no and ends."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "rai.cli", "app"]


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def ended(*arguments):
    done = subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def running(tmp_path):
    """`running("--address", …)`: a server; its process, its port and its log."""
    started = []

    def start(*arguments):
        port, log = free_port(), tmp_path / "log.txt"
        with log.open("w") as out:
            process = subprocess.Popen(
                [*COMMAND, "--no-browser", "--port", str(port), *arguments], stdout=out, stderr=out
            )
        started.append(process)
        for _ in range(120):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).read()
            except OSError:
                time.sleep(0.25)
            else:
                return process, port, log
        raise AssertionError(log.read_text())

    yield start
    for process in started:
        process.kill()
        process.wait()


def listening(process):
    """The addresses that a process listens on."""
    of_process = Path("/proc") / str(process.pid)
    held = set()
    for entry in (of_process / "fd").iterdir():
        with suppress(OSError):
            held.add(str(entry.readlink()))
    found = []
    for table in ("tcp", "tcp6"):
        for line in (of_process / "net" / table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in held:
                found.append(fields[1])
    return found


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks into /proc")
def test_it_listens_on_this_machine_only_and_says_one_friendly_line(running):
    process, port, log = running()
    assert listening(process) == [f"0100007F:{port:04X}"]
    assert log.read_text() == f"The app is at http://localhost:{port} (Ctrl-C ends it).\n"


def test_ctrl_c_ends_it_without_a_trace(running):
    process, _, log = running()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert "Traceback" not in log.read_text()
    assert "Error" not in log.read_text()


def test_an_address_that_others_reach_is_told(running):
    _, port, log = running("--address", "0.0.0.0")
    said = log.read_text()
    assert "Mind: with --address 0.0.0.0 others than this machine may reach the app" in said
    assert f"http://localhost:{port}" in said


def test_a_port_in_use_is_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, out, err = ended("--no-browser", "--port", port)
    assert (code, out) == (2, "")
    assert err == (
        f"rai app: port {port} of 127.0.0.1 is in use; expected a free one. Try --port {port + 1}.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing.csv"], "nothing.csv"),
        (["dataset:adlt"], "Did you mean 'adult'?"),
        (["dataset:german_credit", "--y-true", "nobody"], "columns: no column 'nobody'"),
        (["--model", "m.onnx"], "DATA: a model without rows; expected the rows that it is about."),
        (["dataset:german_credit", "--model", "nothing.onnx"], "nothing.onnx"),
        (["dataset:german_credit", "--address", "not an address"], "is not to be had"),
    ],
)
def test_what_can_not_be_opened_is_a_sentence_and_code_2(arguments, said):
    code, out, err = ended(*arguments, "--no-browser", "--port", free_port())
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_streamlit_is_told_to_be_silent_and_safe():
    from streamlit import config

    from rai.cli.app_command import LOOPBACK, settings

    asked = settings(port=1, address=LOOPBACK, open_browser=False)
    known = config.get_config_options()
    assert set(asked) - set(known) == set()
    wanted = {
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "server.address": "127.0.0.1",
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.maxUploadSize": 200,
    }
    assert {key: asked[key] for key in wanted} == wanted
