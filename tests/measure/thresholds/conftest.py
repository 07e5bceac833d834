"""Rows to choose thresholds on, and problems asked of them."""

import numpy as np
import pytest

import rai
from rai.measure.thresholds.objectives import Objective
from rai.measure.thresholds.problems import Problem, setting
from rai.measure.thresholds.strategies import find_strategy


@pytest.fixture(scope="session")
def audit_of():
    """An audit of n made-up rows in groups that differ in base rate and in scores."""

    def made(n, groups=4, *, seed=0, **options):
        rng = np.random.default_rng(seed)
        group = rng.integers(0, groups, n)
        y = (rng.random(n) < 0.2 + 0.08 * group).astype(int)
        score = np.clip(rng.beta(2, 5, n) + 0.25 * y - 0.04 * group, 0, 1)
        features = {"g": np.char.add("g", group.astype(str))}
        return rai.audit(y_true=y, y_score=score, sensitive_features=features, **options)

    return made


@pytest.fixture(scope="session")
def ask():
    """`ask(audit, strategy, …)`: the problem, set in the rows of an audit."""

    def asked(audit, strategy, *, objective=Objective(cost_fn=2.0), **options):  # noqa: B008 - frozen
        problem = Problem(strategy=find_strategy(strategy), objective=objective, **options)
        return setting(audit.tally.by("g"), problem)

    return asked
