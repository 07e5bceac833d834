"""Gaps and pairs: one flat row each."""

from rai.values import Gap, Gaps, Pair, Pairs

GAP_KEYS = [
    "metric", "along", "kind", "versus", "value", "low", "high", "highest", "lowest", "null", "note",
]  # fmt: skip
PAIR_KEYS = [
    "metric", "along", "kind", "group", "versus", "value", "low", "high", "p_value", "p_adjusted", "note",
]  # fmt: skip


def gap(**changes):
    base = {
        "metric": "accuracy",
        "along": "sex",
        "kind": "difference",
        "versus": "between_groups",
        "value": 0.1,
    }
    return Gap(**{**base, **changes})


def pair(**changes):
    base = {
        "metric": "accuracy",
        "along": "sex",
        "kind": "difference",
        "group": "F",
        "versus": "M",
        "value": 0.1,
    }
    return Pair(**{**base, **changes})


def test_a_gap_is_a_row_with_these_columns():
    assert list(gap().to_dict()) == GAP_KEYS
    row = gap(
        low=0.0, high=0.2, highest="F", lowest="M", null=0.05, p_value=0.5, n=9, note="over 2 levels"
    )
    assert row.to_dict() == {
        "metric": "accuracy", "along": "sex", "kind": "difference", "versus": "between_groups", "value": 0.1,
        "low": 0.0, "high": 0.2, "highest": "F", "lowest": "M", "null": 0.05, "note": "over 2 levels",
    }  # fmt: skip


def test_what_is_held_fixed_comes_first():
    assert list(gap(within=(("city", "A"), ("age", 3))).to_dict()) == ["city", "age", *GAP_KEYS]
    assert list(pair(within=(("label", "cat"),)).to_dict()) == ["label", *PAIR_KEYS]


def test_a_pair_is_a_row_with_these_columns():
    row = pair(low=-0.1, high=0.3, p_value=0.2, p_adjusted=0.4).to_dict()
    assert list(row) == PAIR_KEYS
    assert (row["group"], row["versus"], row["p_value"], row["p_adjusted"]) == ("F", "M", 0.2, 0.4)


def test_where():
    gaps = Gaps([gap(within=(("city", "A"),)), gap(within=(("city", "B"),), value=0.3)])
    assert [g.value for g in gaps.where(city="B")] == [0.3]
    assert isinstance(gaps.where(city="C"), Gaps)
    assert len(gaps.where(city="C")) == 0
    pairs = Pairs([pair(), pair(group="X")])
    assert [p.group for p in pairs.where(versus="M", group="X")] == ["X"]
    assert isinstance(pairs.where(), Pairs)


def test_none_is_no_rows():
    assert (str(Pairs()), Pairs().to_json(), Gaps().to_dicts()) == ("(no rows)", "[]", [])
