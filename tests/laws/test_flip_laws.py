"""Laws of flip tests and scenarios: against loops over rows, and what their intervals cover."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rai.explore.conditions import Condition
from rai.whatif import Edit, Scenario, flip_test, run_scenario

FRAMES = st.integers(2, 25).flatmap(
    lambda n: st.fixed_dictionaries(
        {
            "sex": st.lists(st.sampled_from(["F", "M", "X"]), min_size=n, max_size=n),
            "race": st.lists(st.sampled_from(["a", "b"]), min_size=n, max_size=n),
            "income": st.lists(st.integers(0, 10), min_size=n, max_size=n),
        }
    )
)
WEIGHTS = {"F": 0.0, "M": 0.2, "X": -0.1, "a": 0.05, "b": 0.0}


def score(income, sex, race):
    return round(min(max(income / 10 + WEIGHTS[sex] + WEIGHTS[race], 0.0), 1.0), 6)


def model(frame):
    columns = (list(frame[name]) for name in ("income", "sex", "race"))
    return np.array([score(*row) for row in zip(*columns, strict=True)])


THRESHOLDS = {"F": 0.4, "M": 0.6, "X": 0.5}


def flips_by_loop(data, decide_as):
    """Every row, every other value that occurs."""
    found, values = {}, sorted(set(data["sex"]))
    rows = list(zip(data["income"], data["sex"], data["race"], strict=True))
    for income, sex, race in rows:
        hit = 0
        before = score(income, sex, race) >= THRESHOLDS[sex]
        for new in values:
            if new != sex:
                after = score(income, new, race) >= THRESHOLDS[new if decide_as == "edited" else sex]
                cell = found.setdefault((sex, new), [0, 0, 0, 0])
                hit |= before != after
                cell[0] += 1
                cell[1] += before != after
                cell[2] += after and not before
                cell[3] += before and not after
        cell = found.setdefault((sex, "(any other)"), [0, 0])
        cell[0] += 1
        cell[1] += hit
    return found


@settings(max_examples=60)
@given(FRAMES, st.sampled_from(["edited", "original"]), st.booleans(), st.booleans())
def test_a_flip_test_is_the_loop_over_rows(data, decide_as, known, polars):
    if len(set(data["sex"])) < 2:
        return
    frame = pl.DataFrame(data) if polars else pd.DataFrame(data)
    found = flip_test(
        model, frame, change="sex", threshold=THRESHOLDS, along="sex", decide_as=decide_as,
        y_score=model(frame) if known else None,
    )  # fmt: skip
    expected = flips_by_loop(data, decide_as)
    for rate in found.pairs:
        (_, original), (_, new) = rate.group
        assert [rate.n, rate.changed, rate.to_positive, rate.to_negative] == expected[original, new]
    for rate in found.any_value:
        assert [rate.n, rate.changed] == expected[rate.group[0][1], "(any other)"]
    assert len(found.pairs) + len(found.any_value) == len(expected)
    assert found.overall.changed == sum(r.changed for r in found.any_value)
    assert found.overall.to_positive + found.overall.to_negative == found.overall.changed


@settings(max_examples=40)
@given(FRAMES, st.integers(-3, 3), st.sampled_from(["F", "M"]))
def test_a_scenario_is_the_model_on_edited_rows(data, amount, sex):
    frame = pd.DataFrame(data)
    scenario = Scenario("x", Edit.add("income", amount), where=Condition("sex", "==", sex))
    found = run_scenario(model, frame, scenario=scenario, sensitive_features=["race"])
    edited = frame.assign(income=frame["income"] + amount * (frame["sex"] == sex))
    assert np.array_equal(found.after, model(edited))
    assert np.array_equal(found.before, model(frame))
    pd.testing.assert_frame_equal(scenario.apply(frame), edited)
    changed = (found.before >= 0.5) != (found.after >= 0.5)
    for rate in found.flips:
        assert rate.changed == int(changed[frame["race"] == rate.name].sum())


@pytest.mark.parametrize(("share", "n"), [(0.0, 40), (0.03, 80), (0.3, 60)])
def test_the_interval_of_a_flip_share_covers_it(share, n):
    """At each of 600 sites rows are drawn; a share of them hangs on sex. Wilson's interval holds it."""
    rng, sites = np.random.default_rng(11), 600
    frame = pd.DataFrame(
        {
            "sex": "F",
            "hangs": rng.random(sites * n) < share,
            "site": np.repeat([f"site {i}" for i in range(sites)], n),
        }
    )

    def hangs(rows):
        return np.where(rows["hangs"], rows["sex"] == "M", 0.0)

    found = flip_test(hangs, frame, change="sex", values=["M"], sensitive_features="site")
    assert {rate.n for rate in found.any_value} == {n}
    inside = [rate.low <= share <= rate.high for rate in found.any_value]
    assert len(inside) == sites
    assert 0.925 <= np.mean(inside) <= (1.0 if share < 0.1 else 0.975)
