"""Packs: dated, with clause and disclaimer; and what they make of small and unknown categories."""

import re

import pytest

import rai
from rai.gates.linting import lint_policy
from rai.gates.policy_files import PACKS, load_policy, pack_names

# sex, race/ethnicity, people, selected; 28 of 2,000 are below 2%, and 40 did not say their sex.
PEOPLE = [
    ("Female", "White", 500, 250), ("Female", "Black", 380, 190), ("Male", "White", 600, 300), ("Male", "Black", 452, 226),
    ("Male", "Asian", 14, 1), ("Female", "Asian", 14, 1), (None, "White", 40, 2),
]  # fmt: skip


@pytest.fixture(scope="module")
def found():
    rows = {"sex": [], "race": [], "y": [], "p": []}
    for sex, race, n, selected in PEOPLE:
        rows["sex"] += [sex] * n
        rows["race"] += [race] * n
        rows["p"] += [1] * selected + [0] * (n - selected)
    rows["y"] = [0, 1] * 1000
    return rai.audit(rows, y_true="y", y_pred="p", sensitive_features=["sex", "race"])


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_is_dated_and_says_what_it_is_not(name):
    loaded = load_policy(name)
    policy, text = loaded.policy, (PACKS / f"{name}.yaml").read_text("utf-8")
    assert str(policy.date) == "2026-11-26"
    assert policy.title
    assert policy.clause
    assert policy.disclaimer.startswith("Evidence for one clause, not legal advice")
    assert not re.search(r"\bcomplian|\bcomply|\bcertif", text, re.IGNORECASE)
    assert all(
        rule.id.startswith(f"{name.removesuffix('-2023')}/") and rule.title and rule.tags
        for rule in policy.rules
    )
    assert lint_policy(loaded).errors == 0


def test_the_clauses_are_named():
    four, law = (load_policy(name).policy for name in pack_names())
    assert "29 CFR 1607.4(D)" in four.clause
    assert "29 CFR 1607.15A" in four.disclaimer
    assert "rescission" in four.disclaimer
    assert "Local Law 144" in law.clause
    assert "6 RCNY 5-300 to 5-304" in law.clause
    assert "2023-07-05" in law.clause
    assert "sets no threshold" in law.disclaimer
    assert "median" in law.disclaimer


def test_a_pack_reaches_whoever_extends_it_with_date_clause_and_disclaimer():
    (part,) = load_policy({"version": 1, "extends": "four-fifths"}).source.extended
    policy = load_policy("four-fifths").policy
    assert (part.date, part.clause, part.disclaimer, part.title) == (
        "2026-11-26",
        policy.clause,
        policy.disclaimer,
        policy.title,
    )


def test_local_law_144_has_impact_ratios_of_each_attribute_and_of_both(found):
    result = rai.gate(found, "nyc-ll144-2023")
    ratios = {verdict.along: verdict for verdict in result.verdicts}
    assert set(ratios) == {"sex", "race", "sex × race"}
    assert [verdict.value for verdict in result.verdicts][:2] == [
        pytest.approx((441 / 894) / (527 / 1066)), pytest.approx((416 / 832) / (552 / 1140)) if 416 / 832 < 552 / 1140 else pytest.approx((552 / 1140) / (416 / 832)),
    ]  # fmt: skip


def test_below_two_percent_is_listed_with_its_rows_and_not_judged(found):
    result = rai.gate(found, "nyc-ll144-2023")
    assert (
        "nyc-ll144/impact-ratio: Asian is not judged (28 rows, 1.4% of them: below min_share 0.02)"
        in result.notes
    )
    assert sum("Asian" in note for note in result.notes) == 3
    assert not any("Asian" in f"{verdict.name} {verdict.reason}" for verdict in result.verdicts)


def test_an_unknown_category_is_listed_with_its_rows_and_not_judged(found):
    result = rai.gate(found, "nyc-ll144-2023")
    assert (
        "nyc-ll144/impact-ratio: (missing) is not judged (40 rows, 2% of them: excluded by name)"
        in result.notes
    )
    sex = next(verdict for verdict in result.verdicts if verdict.along == "sex")
    assert (sex.status, sex.n, sex.smallest) == ("pass", 894, "Female")


def test_four_fifths_fails_a_rate_that_is_shown_to_be_below_and_not_one_that_may_be_chance(make):
    below = rai.gate(make.rates((500, 1000), (300, 1000)), "four-fifths")
    unsure = rai.gate(make.rates((50, 100), (38, 100)), "four-fifths")
    equal = rai.gate(make.rates((500, 1000), (500, 1000)), "four-fifths")
    assert [(result.verdicts[0].value, result.exit_code) for result in (below, unsure, equal)] == [
        (pytest.approx(0.6), 1), (pytest.approx(0.76), 3), (pytest.approx(1), 0),
    ]  # fmt: skip
