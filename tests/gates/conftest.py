"""Audits written out cell by cell, and rules asked about them."""

import string
from types import SimpleNamespace

import numpy as np
import pytest

import rai
from rai.audits import Audit
from rai.values import Roles, Tally


def keys(count):
    return tuple((letter,) for letter in string.ascii_uppercase[:count])


def make_audit(*cells, groups=None, weight=None, seed=0, along=("g",)):
    """An audit of predictions with groups A, B, … of (tp, fp, fn, tn); every row weighs `weight`."""
    n = np.array([[[tn, fp], [fn, tp]] for tp, fp, fn, tn in cells], dtype=np.int64)
    weights = (None, None) if weight is None else (n * float(weight), n * float(weight) ** 2)
    tally = Tally(along, groups or keys(len(cells)), (0, 1), np.array([0.5]), (), n, *weights)
    roles = Roles(
        y_true="y",
        y_pred="p",
        sensitive_features=along,
        positive_label=1,
        sample_weight=None if weight is None else "w",
    )
    return Audit(tally=tally, task="binary", roles=roles, seed=seed)


def make_rates(*counts, **more):
    """An audit in which so many of so many rows are selected; nobody has a positive label."""
    return make_audit(*((0, selected, 0, rows - selected) for selected, rows in counts), **more)


def make_rule(kind, metric=None, limit=None, **more):
    """A rule along g, with no least number of rows."""
    given = {"id": "r", "kind": kind, "along": "g", "metric": metric, "limit": limit, "min_n": 0, **more}
    return {name: held for name, held in given.items() if held is not None}


def make_gate(audit, *rules, **given):
    """The gate's result for rules."""
    return rai.gate(audit, {"version": 1, "rules": list(rules)}, **given)


def make_verdict(audit, *args, given=None, **more):
    """The only verdict of one rule."""
    (verdict,) = make_gate(audit, make_rule(*args, **more), **(given or {})).verdicts
    return verdict


@pytest.fixture(scope="session")
def make():
    """audit, rates, rule, gate and verdict: what the tests of rules are built from."""
    return SimpleNamespace(
        audit=make_audit, rates=make_rates, rule=make_rule, gate=make_gate, verdict=make_verdict
    )
