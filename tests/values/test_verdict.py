"""Verdicts: names, rows, and what the worst of several is."""

import itertools

import pytest

from rai.values.verdict import EFFECTS, STATUSES, Verdict, Verdicts


def verdict(**changes):
    given = {
        "rule": "r", "kind": "max_gap", "status": "pass", "effect": "none", "code": "kept", "reason": "",
        **changes,
    }  # fmt: skip
    return Verdict(**given)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "r"),
        ({"along": "sex"}, "r[sex]"),
        ({"along": "sex", "group": "F"}, "r[sex=F]"),
        ({"along": "sex × race", "group": "F × A"}, "r[sex × race=F × A]"),
        ({"group": "everyone"}, "r[everyone]"),
        (
            {"along": "sex", "group": "F", "within": (("site", "N"), ("year", 2))},
            "r[sex=F, site=N, year=2]",
        ),
        ({"within": (("label", "a"),)}, "r[label=a]"),
        ({"metric": "recall", "along": "sex"}, "r[sex]"),
        ({"kind": "drift", "metric": "age", "along": "sex", "group": "F"}, "r[age, sex=F]"),
        ({"kind": "data_check", "metric": "missing"}, "r[missing]"),
    ],
)
def test_a_name_is_the_rule_and_what_it_is_about(changes, name):
    assert verdict(**changes).name == name


def test_axes_are_those_of_along():
    assert verdict().axes == ()
    assert verdict(along="sex").axes == ("sex",)
    assert verdict(along="sex × race").axes == ("sex", "race")


def test_a_row_has_every_field_flat():
    row = verdict(within=(("site", "N"), ("year", 2)), tags=("a", "b"), value=0.5).to_dict()
    assert list(row)[:3] == ["rule", "kind", "status"]
    assert (row["within"], row["tags"], row["value"]) == ("site=N, year=2", "a, b", 0.5)
    assert set(row) == set(Verdict.__slots__)
    assert all(not isinstance(held, (tuple, list, dict)) for held in row.values())
    assert (verdict().to_dict()["within"], verdict().to_dict()["tags"]) == ("", "")


@pytest.mark.parametrize("effects", [*itertools.permutations(EFFECTS, 2)])
def test_the_worst_effect_of_several(effects):
    held = Verdicts(verdict(effect=effect) for effect in effects)
    assert held.effect == EFFECTS[min(EFFECTS.index(effect) for effect in effects)]


def test_nothing_has_no_effect():
    assert Verdicts().effect == "none"
    assert Verdicts().counts == dict.fromkeys(STATUSES, 0)


def test_each_status_is_counted_the_worst_first():
    held = Verdicts(verdict(status=s) for s in ("pass", "fail", "pass", "waived"))
    assert list(held.counts.items()) == [
        ("error", 0), ("fail", 1), ("inconclusive", 0), ("waived", 1), ("pass", 2),
    ]  # fmt: skip
    assert [v.status for v in held.of("fail", "waived")] == ["fail", "waived"]
    assert isinstance(held.of("fail"), Verdicts)


def test_the_worst_come_first_and_equals_keep_their_order():
    given = [
        ("a", "pass", "none"), ("b", "fail", "warn"), ("c", "inconclusive", "inconclusive"),
        ("d", "fail", "fail"), ("e", "waived", "none"), ("f", "error", "error"), ("g", "fail", "fail"),
    ]  # fmt: skip
    held = [verdict(rule=name, status=status, effect=effect) for name, status, effect in given]
    assert [v.rule for v in Verdicts.worst_first(held)] == ["f", "d", "g", "c", "b", "e", "a"]
