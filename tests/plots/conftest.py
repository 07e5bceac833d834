"""Audits to plot, made from counts."""

import numpy as np
import pytest

import rai
from rai import Audit, Roles, Tally

TABLE = {
    ("African-American",): (990, 805, 532, 1369),
    ("Asian",): (21, 2, 3, 6),
    ("Caucasian",): (1139, 349, 461, 505),
    ("Hispanic",): (318, 87, 129, 103),
    ("Native American",): (5, 3, 1, 9),
    ("Other",): (208, 36, 90, 43),
}


def of_table(table, *, labels=("no", "yes")):
    n = np.array([np.array(cells).reshape(2, 2) for cells in table.values()])
    tally = Tally(("race",), tuple(table), labels, np.array([0.5]), (), n)
    roles = Roles(y_true="y", y_score="s", sensitive_features=("race",), positive_label=labels[1])
    return Audit(tally=tally, task="binary", roles=roles, thresholds=(0.5,))


@pytest.fixture(scope="session")
def published():
    """Two-year recidivism in Broward County: six races, two of them small."""
    return of_table(TABLE)


@pytest.fixture(scope="session")
def undefined():
    """One group without positive labels."""
    return of_table({("A",): (40, 10, 0, 0), ("B",): (30, 8, 6, 22), ("C",): (12, 3, 6, 12)})


@pytest.fixture(scope="session")
def long_names():
    return of_table(
        {
            ("a very long name of a group that goes on and on and on, and costs $5 or $6",): (
                9,
                2,
                3,
                4,
            ),
            ("short\x1b[31m\nline",): (8, 3, 4, 7),
        }
    )


@pytest.fixture(scope="session")
def quantities():
    """A regression by two features."""
    rng = np.random.default_rng(3)
    y = rng.normal(100, 20, 400)
    sex = rng.choice(["F", "M"], 400)
    return rai.audit(
        y_true=y,
        y_pred=0.9 * y + rng.normal(0, 5, 400) + 4 * (sex == "M"),
        sensitive_features={"sex": sex, "site": rng.choice(["N", "S"], 400)},
    )


@pytest.fixture(scope="session")
def scores():
    """Scores of three groups: one small, one without a positive label."""
    rng = np.random.default_rng(5)
    group = np.repeat(["A", "B", "C"], [400, 20, 30])
    y = (rng.random(450) < 0.4) & (group != "C")
    score = np.clip(0.35 * y + 0.6 * rng.random(450), 0, 1).round(3)
    return rai.audit(
        y_true=y.astype(int), y_score=score, sensitive_features={"site": group}, bins="exact"
    )


@pytest.fixture(scope="session")
def plan(scores):
    """A plan that draws lots in some groups."""
    return rai.optimize_thresholds(scores, strategy="demographic_parity", randomized=True)


@pytest.fixture(scope="session")
def classes():
    """Three classes."""
    rng = np.random.default_rng(4)
    y = rng.choice(["high", "low", "medium"], 500)
    return rai.audit(
        y_true=y,
        y_pred=np.where(rng.random(500) < 0.7, y, rng.choice(["high", "low", "medium"], 500)),
        sensitive_features={"sex": rng.choice(["F", "M"], 500)},
    )
