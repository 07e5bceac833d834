"""What is asked, and of what: limits, choice, reference, profiles made before, files, and the one rule."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rai
from rai.explore.data_checks.check import Check, Look, fixed
from rai.explore.data_checks.findings import SEVERITIES
from rai.explore.data_checks.judging import judged
from rai.measure.intervals import critical_value, wilson

RNG = np.random.default_rng(0)
ROWS = 600
PEOPLE = pl.DataFrame(
    {
        "age": [None if i % 12 == 0 else int(a) for i, a in enumerate(RNG.integers(18, 80, ROWS))],
        "job": RNG.choice(["nurse", "cook", "Cook ", "?"], ROWS, p=[0.5, 0.3, 0.1, 0.1]),
        "pay": np.where(np.arange(ROWS) % 50 == 0, np.inf, RNG.lognormal(8, 0.5, ROWS)).round(2),
        "sex": RNG.choice(["F", "M"], ROWS, p=[0.3, 0.7]),
        "label": RNG.integers(0, 2, ROWS),
    }
)
ROLES = {"y_true": "label", "sensitive_features": "sex"}


def said(found):
    return {(f.check, f.severity, f.dataset, f.feature, f.group, f.sentence) for f in found}


# The rule --------------------------------------------------------------------------------------------

CHECK = Check(
    kind="test", asks="Is it?", fine="It is not.", limit=0.1, unit="", source="", look=lambda _: (),
    looks_at="",
)  # fmt: skip


def judge(*looks, check=CHECK, level=0.95):
    return judged(check, looks, limit=lambda feature: check.limit, level=level)


def look(value, **more):
    return Look(value=value, sentence="Look.", n=100, dataset="data", **more)


@pytest.mark.parametrize(
    ("given_look", "severity"),
    [
        (look(0.05), "passed"),
        (look(0.1), "passed"),
        (look(0.2), "serious"),
        (look(0.2, bounds=fixed(0.15, 0.3)), "serious"),
        (look(0.2, bounds=fixed(0.05, 0.3)), "warning"),
        (look(0.2, bounds=fixed(0.15, 0.3), p_value=0.04), "serious"),
        (look(0.2, bounds=fixed(0.15, 0.3), p_value=0.06), "note"),
        (look(0.2, most="warning"), "warning"),
        (look(0.05, least="note"), "note"),
        (look(0.05, least="warning", p_value=0.5), "note"),
    ],
)
def test_a_severity_follows_from_limit_interval_and_chance(given_look, severity):
    (found,) = judge(given_look)
    assert found.severity == severity


def test_less_is_worse_where_the_check_says_so():
    few = replace(CHECK, worse="lower", most="warning")
    assert [f.severity for f in judge(look(0.05), check=few)] == ["warning"]
    assert [f.severity for f in judge(look(0.2), check=few)] == ["passed"]


def test_p_values_are_adjusted_and_intervals_widened_for_all_looks():
    bounds = lambda z: (0.2 - 0.01 * z, 0.2 + 0.01 * z)  # noqa: E731
    found = judge(*(look(0.2, p_value=0.01, bounds=bounds, feature=str(i)) for i in range(4)))
    assert [f.p_value for f in found] == [0.04] * 4
    z = critical_value(1 - 0.05 / 4)
    assert [f.low for f in found] == pytest.approx([0.2 - 0.01 * z] * 4)
    found = judge(*(look(0.2, p_value=0.02, feature=str(i)) for i in range(4)))
    assert [(f.severity, f.p_value) for f in found] == [("note", 0.08)]
    assert found[0].sentence.startswith("Look. Chance could do as much")


@given(st.lists(st.tuples(st.floats(0, 0.3), st.floats(0, 1)), min_size=1, max_size=8))
def test_what_is_found_is_what_is_beyond_the_limit_and_unlikely(held):
    looks = [look(value, p_value=p, feature=str(i)) for i, (value, p) in enumerate(held)]
    found = judge(*looks)
    sure = {f.feature for f in found if f.severity == "serious"}
    order = sorted(range(len(held)), key=lambda i: held[i][1])
    adjusted, worst = {}, 0.0
    for rank, i in enumerate(order):
        worst = max(worst, min(1.0, held[i][1] * (len(held) - rank)))
        adjusted[i] = worst
    assert sure == {str(i) for i, (v, _) in enumerate(held) if v > 0.1 and adjusted[i] <= 0.05 + 1e-12}


# Limits, choice, reference ---------------------------------------------------------------------------


def test_a_share_of_gaps_has_wilsons_interval_for_all_columns():
    found = rai.check_data(PEOPLE, checks="missing").where(feature="age")[0]
    z = critical_value(1 - 0.05 / PEOPLE.width)
    low, high = wilson([50], [ROWS], z=z)
    assert (found.value, found.low, found.high) == pytest.approx((50 / ROWS, low[0], high[0]))
    assert (found.severity, found.threshold, found.n) == ("warning", 0.05, ROWS)
    assert found.rows == tuple(range(0, 240, 12))


@pytest.mark.parametrize(
    ("limits", "threshold", "severity"),
    [
        ({"missing": 0.1}, 0.1, "passed"),
        ({("missing", "age"): 0.5}, 0.5, "passed"),
        ({"missing": 0.5, ("missing", "age"): 0.01}, 0.01, "warning"),
        ({("missing", "pay"): 0.5}, 0.05, "warning"),
    ],
)
def test_a_limit_holds_for_a_check_or_for_one_of_its_columns(limits, threshold, severity):
    found = rai.check_data(PEOPLE, checks="missing", limits=limits)
    worst = next(f for f in found if f.feature == "age" or f.severity == "passed")
    assert worst.severity == severity
    if worst.feature == "age":
        assert worst.threshold == threshold


def test_checks_are_chosen_and_come_the_worst_first():
    found = rai.check_data(PEOPLE, checks=["missing", "infinite", "spellings", "shifted"])
    assert [f.check for f in found] == ["infinite", "spellings", "missing", "shifted"]
    ranks = [SEVERITIES.index(f.severity) for f in rai.check_data(PEOPLE, **ROLES)]
    assert ranks == sorted(ranks)
    assert [f.severity for f in found.problems] == ["serious", "warning", "warning"]


def test_every_check_says_something_and_rows_are_flat():
    found = rai.check_data(PEOPLE, **ROLES)
    assert {f.check for f in found} == {check.kind for check in rai.explore.CHECKS}
    assert len({tuple(row) for row in found.to_dicts()}) == 1
    assert all(f.value is None for f in found if f.severity == "not_checked")
    assert {row.check for row in found.summary()} == {f.check for f in found}


def test_the_reference_is_the_first_or_the_one_named():
    parts = {"old": PEOPLE[:300], "new": PEOPLE[300:].with_columns(job=pl.lit("smith"))}
    assert [f.dataset for f in rai.check_data(parts, checks="new_categories")] == ["new"]
    turned = rai.check_data(parts, checks="new_categories", reference="new")
    assert [(f.dataset, f.severity) for f in turned] == [("old", "serious")]
    assert set(turned[0].values) == {"nurse", "cook", "Cook ", "?"}


def test_a_profile_made_before_gives_the_same():
    known = rai.profile(PEOPLE, **ROLES)
    assert said(rai.check_data(PEOPLE, profile=known, **ROLES)) == said(rai.check_data(PEOPLE, **ROLES))


# Where rows come from --------------------------------------------------------------------------------


def test_a_file_says_what_its_frame_says(tmp_path):
    PEOPLE.write_parquet(tmp_path / "people.parquet")
    rows = rai.check_data(PEOPLE, **ROLES)
    assert said(rai.check_data(tmp_path / "people.parquet", **ROLES)) == said(rows)
    assert said(rai.check_data(PEOPLE.to_arrow(), **ROLES)) == said(rows)
    finite = PEOPLE.filter(pl.col("pay").is_finite())
    finite.write_csv(tmp_path / "people.csv")
    trimmed = finite.with_columns(pl.col("job").str.strip_chars())
    assert said(rai.check_data(tmp_path / "people.csv", **ROLES)) == said(
        rai.check_data(trimmed, **ROLES)
    )


def test_the_order_of_rows_changes_only_what_is_said_of_it():
    of_order = {"ordered", "label_noise", "identifiers"}
    some = [check.kind for check in rai.explore.CHECKS if check.kind not in of_order]
    shuffled = PEOPLE.sample(fraction=1, shuffle=True, seed=3)
    ours, theirs = (rai.check_data(rows, **ROLES, checks=some) for rows in (PEOPLE, shuffled))
    assert said(ours) == said(theirs)


def test_weights_count_people_not_rows():
    shares = {"sex": {"F": 0.5, "M": 0.5}}
    weighted = PEOPLE.with_columns(w=pl.when(pl.col("sex") == "F").then(7 / 3).otherwise(1.0))
    plain = rai.check_data(weighted, **ROLES, population=shares, checks="representation")
    assert [(f.group, f.severity) for f in plain] == [("F", "serious")]
    held = rai.check_data(
        weighted, **ROLES, population=shares, sample_weight="w", checks="representation"
    )
    assert [f.severity for f in held] == ["passed"]


def test_shares_of_crossings_are_held_against_the_population():
    crossed = PEOPLE.with_columns(town=pl.Series(np.where(np.arange(ROWS) % 2, "A", "B")))
    shares = {("sex", "town"): {("F", "A"): 0.25, ("F", "B"): 0.25, ("M", "A"): 0.35, ("M", "B"): 0.15}}
    found = rai.check_data(
        crossed, sensitive_features=["sex", "town"], population=shares, checks="representation"
    )
    there = crossed.filter(sex="F", town="A").height / ROWS
    first = next(f for f in found if f.group == "F × A")
    assert (first.along, first.value) == ("sex × town", pytest.approx(there / 0.25))


def test_a_group_of_one_row_is_small_and_nothing_else():
    frame = {"sex": ["F", *["M"] * 40], "age": [None, *range(20, 60)], "y": [1, *[0, 1] * 20]}
    found = rai.check_data(frame, y_true="y", sensitive_features="sex")
    blamed = {finding.check for finding in found.problems if finding.group == "F"}
    assert blamed == {"small_groups", "few_labels"}
