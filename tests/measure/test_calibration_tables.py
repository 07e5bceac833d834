"""Calibration and residuals split as asked."""

import numpy as np
import pytest

import rai


@pytest.fixture
def rows():
    rng = np.random.default_rng(1)
    s = rng.random(60)
    features = {"sex": rng.choice(["F", "M"], 60), "city": rng.choice(["X", "Y"], 60)}
    return {"y_true": (rng.random(60) < s).astype(int), "s": s, "sensitive_features": features}


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        (None, [("F", "X"), ("F", "Y"), ("M", "X"), ("M", "Y")]),
        ((), [()]),
        ("sex", [("F",), ("M",)]),
        ("city × sex", [("X", "F"), ("X", "M"), ("Y", "F"), ("Y", "M")]),
        (["city"], [("X",), ("Y",)]),
    ],
)
def test_both_tasks_are_split_alike(rows, by, groups):
    y, s, features = rows.values()
    scored = rai.audit(y_true=y, y_score=s, sensitive_features=features)
    predicted = rai.audit(y_true=s, y_pred=y, sensitive_features=features, task="regression")
    for found in (
        scored.calibration(by, bins=1),
        predicted.calibration(by, bins=1),
        predicted.residuals(by),
    ):
        assert [tuple(level for _, level in row.group) for row in found] == groups
        assert sum(row.n for row in found) == 60


def test_the_level_of_the_audit_is_that_of_the_intervals(rows):
    y, s, features = rows.values()
    wide, narrow = (
        rai.audit(y_true=y, y_score=s, sensitive_features=features, level=level).calibration((), bins=1)[
            0
        ]
        for level in (0.99, 0.5)
    )
    assert (wide.level, narrow.level) == (0.99, 0.5)
    assert wide.low < narrow.low < narrow.high < wide.high
