"""Clocks and memory: the best of a few runs in this process, or a fresh process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable


def seconds(action: Callable[[], object], *, runs: int = 3) -> float:
    """Wall seconds of the fastest of `runs` runs."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def fresh_process(code: str) -> dict[str, float]:
    """What a fresh interpreter prints as JSON after running `code`."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


IMPORT = """
import json, time
start = time.perf_counter()
import rai
print(json.dumps({"seconds": time.perf_counter() - start}))
"""

PEAK = """
import json, resource
from benchmarks.rows import made_arrays
from benchmarks.tasks import ask_arrays
rows = ask_arrays(made_arrays({rows}))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({{"rows": rows, "bytes": peak}}))
"""
