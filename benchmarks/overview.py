"""What is timed of a profile: every statistic of 15 columns, beside pandas and ydata-profiling.

rai            all that `rai.profile` knows: summaries that merge, with histograms of any edges to come
pandas         a plain pass with the same statistics, column after column
ydata          `ProfileReport(minimal=True)`, its statistics without the page; in an interpreter of its
               own, as it asks for an older pandas
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measuring import fresh_process, seconds

YDATA = Path(__file__).parents[1] / ".venv" / "ydata" / "bin" / "python"
LEVELS = (2, 5, 7, 9, 16, 15, 42, 300)

FIGURES = ("What", "rai", "Beside it", "Ratio")
WORDS = """\
15 columns in a pandas frame: whole numbers, continuous ones, a date, eight columns of words, some with
gaps. Count, missing, zeros, mean, standard deviation, quartiles, distinct values, the most frequent
one, length of text and a histogram of each; ours also the digits after the point, every percentile, and
counts that merge. Counts, means, medians and distinct values are the same (checked in the run).
ydata-profiling computes its statistics in minimal mode, without its page, in an interpreter with the
older pandas that it asks for; the time is its own, without reading the file."""

_YDATA = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import pandas as pd
from ydata_profiling import ProfileReport
frame = pd.read_parquet(sys.argv[1])
start = time.perf_counter()
found = ProfileReport(frame, minimal=True, progress_bar=False).get_description()
took = time.perf_counter() - start
held = {name: [int(v["n_missing"]), int(v["n_distinct"])] for name, v in found.variables.items()}
print(json.dumps({"seconds": took, "held": held}))
"""

# Linux keeps the highest use of memory so far, and forgets it when told to.
_PEAK = """
import gc, json, re
from pathlib import Path
from benchmarks.overview import made_columns
import rai
def used(what):
    return int(re.search(what + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024
frame = made_columns({rows})
rai.profile(frame.head(1000)).histograms()
gc.collect()
Path("/proc/self/clear_refs").write_text("5")
before = used("VmRSS")
rai.profile(frame).histograms()
print(json.dumps({{"frame": int(frame.memory_usage(deep=True).sum()), "more": used("VmHWM") - before}}))
"""


def figures(rows: int) -> list[tuple[str, ...]]:
    """The table: beside pandas, beside ydata-profiling, and how much memory it takes."""
    frame = made_columns(rows)
    same(ask_rai(frame), ask_pandas(frame))
    ours = seconds(lambda: ask_rai(frame), runs=5)
    plain = seconds(lambda: ask_pandas(frame), runs=2)
    what = f"{rows:,} rows, {frame.shape[1]} columns"
    peak = fresh_process(_PEAK.format(rows=rows))
    return [
        (f"{what}, a plain pass in pandas", *_times(ours, plain)),
        (f"{what}, ydata-profiling, minimal mode", *_times(ours, ask_ydata(frame))),
        (
            f"{what}, peak memory beyond the frame",
            f"{peak['more'] / 1e6:,.0f} MB",
            f"{peak['frame'] / 1e6:,.0f} MB of frame",
            f"{peak['more'] / peak['frame']:.2g} × the frame",
        ),
    ]


def _times(ours: float, theirs: float) -> tuple[str, str, str]:
    return f"{ours:.3g} s", f"{theirs:.3g} s", f"{theirs / ours:.3g} × faster"


def made_columns(rows: int, *, seed: int = 0) -> pd.DataFrame:
    """Made-up rows of 15 columns of every usual kind."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {
        "age": rng.integers(17, 91, rows),
        "hours": rng.integers(1, 100, rows).astype(np.float64),
        "gain": np.where(rng.random(rows) < 0.9, 0, rng.integers(1, 100_000, rows)),
        "income": rng.lognormal(10, 1, rows),
        "score": rng.random(rows),
        "weight": rng.normal(70, 12, rows).round(1),
        "joined": pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 3650, rows), unit="D"),
    }
    columns["hours"][rng.random(rows) < 0.05] = np.nan
    for at, count in enumerate(LEVELS):
        words = np.array([f"the word {place}" for place in range(count)], dtype=object)
        columns[f"word {at}"] = words[rng.integers(0, count, rows)]
    columns["word 7"][rng.random(rows) < 0.05] = None
    return pd.DataFrame(columns)


def ask_rai(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """The statistics that are compared, and histograms of all columns, by rai."""
    import rai

    profile = rai.profile(frame)
    profile.histograms()
    wanted = ("count", "missing", "mean", "median", "unique", "freq_top")
    return {
        str(row["feature"]): [row[key] for key in wanted]
        for row in profile.to_dicts()
        if row["kind"] != "date"
    }


def ask_pandas(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """The same in pandas, plainly."""
    found: dict[str, list[Any]] = {}
    for name in frame:
        column = frame[name]
        values = column.value_counts()
        held = [int(column.count()), int(column.isna().sum())]
        ends = [len(values), int(values.iloc[0])]
        if pd.api.types.is_datetime64_any_dtype(column):
            column.quantile([0, 0.25, 0.5, 0.75, 1])
            np.histogram(column.astype("int64"), bins=10)
            continue
        if pd.api.types.is_numeric_dtype(column):
            column.std(), (column == 0).sum()
            quartiles = column.quantile([0, 0.25, 0.5, 0.75, 1])
            np.histogram(column.dropna(), bins=10)
            found[str(name)] = [*held, float(column.mean()), float(quartiles[0.5]), *ends]
        else:
            column.str.len().mean()
            found[str(name)] = [*held, None, None, *ends]
    return found


def ask_ydata(frame: pd.DataFrame) -> float:
    """Seconds that ydata-profiling takes; it must count the same missing and distinct values."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        frame.to_parquet(path)
        done = subprocess.run(  # noqa: S603 - an interpreter and code of our own
            [YDATA, "-c", _YDATA, path], capture_output=True, text=True, check=True
        )
    found = json.loads(done.stdout.splitlines()[-1])
    for name, (missing, distinct) in found["held"].items():
        assert missing == int(frame[name].isna().sum())
        assert distinct == frame[name].nunique()
    return float(found["seconds"])


def same(ours: dict[str, list[Any]], theirs: dict[str, list[Any]]) -> None:
    """Both say the same of every column; otherwise no time means anything."""
    assert list(ours) == list(theirs)
    for name, held in ours.items():
        for own, other in zip(held, theirs[name], strict=True):
            assert own is not None or other is None or held[4] > 32_768
            if own is not None and other is not None:
                np.testing.assert_allclose(own, other, rtol=1e-9)
