"""Data to report on: two small data sets with all that can be found beside them, and hostile ones."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rai import profile
from rai.ground.records import Records
from rai.reports.data_facts import collect_data


class Found(Records):
    """Rows as checks, distances and the like hand them out."""

    def __init__(self, *rows):
        self.rows = [dict(row) for row in rows]

    def to_dicts(self):
        return [dict(row) for row in self.rows]


def finding(check, severity, sentence, **more):
    keys = ("dataset", "feature", "along", "group", "value", "low", "high", "p_value", "threshold", "n")
    return {"check": check, "severity": severity, "sentence": sentence} | {k: more.get(k) for k in keys}


def applicants(n=240, *, seed=1, shift=0.0):
    """Numbers, dates, categories and lists; one feature is missing more often for one sex."""
    rng = np.random.default_rng(seed)
    sex = rng.choice(["F", "M"], n, p=(0.4, 0.6))
    gone = rng.random(n) < np.where(sex == "F", 0.3, 0.02)
    return pd.DataFrame(
        {
            "age": rng.integers(18, 70, n),
            "income": np.where(gone, np.nan, rng.normal(40 + shift, 9, n).round(1)),
            "job": rng.choice([f"job {k:02}" for k in range(14)], n),
            "sex": sex,
            "since": pd.Timestamp("2019-03-01") + pd.to_timedelta(rng.integers(0, 1500, n), unit="D"),
            "spells": [list(range(k)) for k in rng.integers(0, 15, n)],
            "hired": rng.random(n) < 0.4,
        }
    )


def beside():
    """What was found beside: everything that a report of data can show."""
    gap = "Income is missing more often for F."
    more = {"dataset": "train", "feature": "income", "along": "sex", "group": "F", "n": 240}
    checks = Found(
        finding("missing_by_group", "serious", gap, value=0.28, low=0.2, high=0.37, p_value=1e-9,
                threshold=0.05, **more),
        *(finding("rare", "warning", f"Job {k:02} is rare.", dataset="train", feature="job", value=0.01 * k)
          for k in range(6)),
        finding("heaped", "note", "Ages are rounded.", dataset="test", feature="age", value=2.0, n=120),
        finding("overlap", "not_checked", "Not checked: no ids were named."),
        finding("shared_ids", "not_checked", "Not checked: no ids were named."),
        finding("infinite", "passed", "All numbers are finite.", n=360),
    )  # fmt: skip
    pairs = {"dataset": "test", "reference": "train", "n": 120, "n_reference": 240, "note": ""}
    sizes = {
        "income": (0.31, 0.2, 0.4, 0.001),
        "age": (0.06, 0.0, 0.12, 0.8),
        "job": (0.1, 0.0, 0.2, 0.4),
    }
    distances = Found(
        *({"feature": f, "measure": "jensen_shannon", "value": v, "low": low, "high": high, "p_value": p,
           "p_unadjusted": p / 3, "chance": 0.05, **pairs}
          for f, (v, low, high, p) in sizes.items()),
        {"feature": "income", "measure": "wasserstein", "value": 0.7, "low": 0.5, "high": 0.9,
         "p_value": 0.001, "p_unadjusted": 0.001, "chance": 0.1, **pairs},
    )  # fmt: skip
    proxy = {"sensitive_feature": "sex", "measure": "auc", "n": 240, "note": ""}
    proxies = Found(
        {"feature": "job", "value": 0.52, "low": 0.45, "high": 0.59, "p_value": 0.5, **proxy},
        {"feature": "income", "value": 0.66, "low": 0.6, "high": 0.72, "p_value": 0.001, **proxy},
    )
    candidate = {"feature": "age", "category": "age", "by": "name", "reason": "it is called so"}
    candidates = Found(candidate | {"confidence": "likely"})
    asked = {"id": "reporting", "bias": "reporting_bias", "question": "Who is not in the data?"}
    worksheet = Found(
        asked | {"look_at": "sex", "answer": "People without a phone.", "by": "Ada", "on": "2026-11-25"},
        asked | {"bias": "selection_bias", "question": "Who was asked?", "look_at": "", "answer": ""},
    )
    return {
        "checks": checks,
        "distances": distances,
        "proxies": proxies,
        "candidates": candidates,
        "worksheet": worksheet,
    }


@pytest.fixture(scope="session")
def found_beside():
    """What `rai.report` takes beside a profile."""
    return beside()


@pytest.fixture(scope="session")
def two_sets():
    """Two data sets to profile, and their profile."""
    frames = {"train": applicants(), "test": applicants(120, seed=2, shift=12.0)}
    return frames, profile(frames, y_true="hired", sensitive_features="sex")


@pytest.fixture(scope="session")
def data_facts(two_sets):
    """What a report of two data sets shows, everything beside them included."""
    return replace(collect_data(two_sets[1], **beside()), version="0.0.0")


HOSTILE_DATA = {
    "<script>alert(1)</script>": [1.5, 2.5, float("inf"), None] * 10,
    "\u202eright to left \u05d0": ["<b>x</b>", "\u05d1", "{{ 7*7 }}", "a | b"] * 10,
    "x" * 5000: ["y" * 3000, "two\nlines \x1b[31mred", "", None] * 10,
    "huge": [1e308, -1e308, 0.0, 5.0] * 10,
    "tiny": [1e-310, 3e-310, 2e-310, 0.0] * 10,
    "empty": [None] * 40,
    "endless": [float("inf")] * 40,
    "&amp;": [True, False, None, True] * 10,
}


@pytest.fixture(scope="session")
def hostile_facts():
    """Names and values that would be markup, or no numbers, anywhere else; one data set lacks most."""
    frames = {"a <b>": HOSTILE_DATA, "</title>": {"huge": [1.0, 2.0], "empty": [3, 4]}}
    return collect_data(profile(frames), distances=Found())
