"""Flip tests of rules whose flips are known: who changes, to what, at whose threshold."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import binomtest

import rai
from rai.ground.errors import ArgumentError, DataError, RoleError
from rai.whatif import flip_scores, flip_test

FRAME = pd.DataFrame(
    {
        "income": [40, 60, 30, 70, 45, 20],
        "sex": ["F", "F", "M", "M", None, "M"],
        "pronoun": ["she", "she", "he", "he", "they", "he"],
        "age": [20, 30, 40, 50, 60, 70],
    }
)


def approves(frame):
    """Approves if income is above 50, or for men."""
    return (frame["income"] > 50) | (frame["sex"] == "M")


def told(rates):
    return [(rate.name, rate.n, rate.changed, rate.to_positive, rate.to_negative) for rate in rates]


@pytest.mark.parametrize("frame", [FRAME, pl.from_pandas(FRAME)], ids=["pandas", "polars"])
def test_flips_are_exactly_those_of_the_rule(frame):
    model = rai.load_model(lambda rows: approves(rows).fill_null(False) if isinstance(rows, pl.DataFrame)
                           else approves(rows))  # fmt: skip
    found = flip_test(model, frame, change="sex")
    assert told(found.pairs) == [
        ("F → M", 2, 1, 1, 0),
        ("M → F", 3, 2, 0, 2),
        ("(missing) → F", 1, 0, 0, 0),
        ("(missing) → M", 1, 1, 1, 0),
    ]
    assert told(found.any_value) == [
        ("F → (any other)", 2, 1, 1, 0),
        ("M → (any other)", 3, 2, 0, 2),
        ("(missing) → (any other)", 1, 1, 1, 0),
    ]
    assert told([found.overall]) == [("everyone → (any other)", 6, 4, 2, 2)]
    assert found.overall.mean_absolute_delta == pytest.approx(4 / 7)
    assert found.pairs[1].mean_delta == pytest.approx(-2 / 3)
    assert [(c.row, c.group[0][1], c.group[1][1], c.delta, c.changed) for c in found.largest] == [
        (2, "M", "F", -1.0, True),
        (5, "M", "F", -1.0, True),
        (0, "F", "M", 1.0, True),
        (4, "(missing)", "M", 1.0, True),
    ]
    assert repr(found) == "FlipTest(sex, 6 rows, 4 decisions change: 0.667 [0.3, 0.903])"
    assert frame.equals(FRAME if frame is FRAME else pl.from_pandas(FRAME))


def test_rows_of_the_table_have_one_shape():
    rows = flip_test(approves, FRAME, change="sex").to_dicts()
    assert len(rows) == 4 + 3 + 1
    assert len({tuple(row) for row in rows}) == 1
    assert list(rows[0]) == [
        *("from", "to", "n", "changed", "share", "low", "high", "to_positive", "to_negative"),
        *("mean_delta", "mean_delta_low", "mean_delta_high", "mean_absolute_delta", "note"),
    ]


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(2)
    n = 700
    return pd.DataFrame(
        {
            "income": rng.gamma(4, 12, n).round(2),
            "sex": rng.choice(["F", "M"], n),
            "race": rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1]),
            "age": rng.integers(18, 80, n),
        }
    )


def by_race(frame):
    score = frame["income"] / 100 + 0.1 * (frame["race"] == "a") - 0.1 * (frame["race"] == "c")
    return np.clip(score + 0.02 * (frame["sex"] == "M"), 0, 1)


def by_hand(model, frame, column, threshold=0.5):
    """Counts from the definition, one value at a time."""
    before, counts, hit = model(frame) >= threshold, {}, np.zeros(len(frame), dtype=bool)
    for value in sorted(frame[column].unique()):
        after = model(frame.assign(**{column: value})) >= threshold
        for original in sorted(frame[column].unique()):
            mine = (frame[column] == original).to_numpy()
            if original != value:
                changed = mine & (before != after).to_numpy()
                hit |= changed
                counts[original, value] = (int(mine.sum()), int(changed.sum()))
    return counts, hit


def test_counts_are_those_of_the_definition_and_intervals_those_of_scipy(drawn):
    counts, hit = by_hand(by_race, drawn, "race")
    found = flip_test(by_race, drawn, change="race", level=0.9)
    assert {tuple(v for _, v in r.group): (r.n, r.changed) for r in found.pairs} == counts
    for rate in (*found.pairs, *found.any_value, found.overall):
        wilson = binomtest(rate.changed, rate.n).proportion_ci(0.9, method="wilson")
        assert (rate.low, rate.high) == pytest.approx((wilson.low, wilson.high))
    assert {r.group[0][1]: r.changed for r in found.any_value} == {
        value: int(hit[drawn["race"] == value].sum()) for value in "abc"
    }
    assert found.overall.changed == int(hit.sum())
    assert 0 < found.overall.changed < sum(changed for _, changed in counts.values())


def test_groups_split_the_rows_and_add_up(drawn):
    found = flip_test(by_race, drawn, change="race", sensitive_features=["sex"])
    whole = flip_test(by_race, drawn, change="race")
    for rate in whole.pairs:
        parts = [r for r in found.pairs if r.group[1:] == rate.group]
        assert [r.group[0] for r in parts] == [("sex", "F"), ("sex", "M")]
        assert sum(r.n for r in parts) == rate.n
        assert sum(r.changed for r in parts) == rate.changed
    assert found.overall.group == (("sex", "everyone"), ("from", "everyone"), ("to", "(any other)"))
    assert len({tuple(row) for row in found.to_dicts()}) == 1
    by_age = flip_test(by_race, drawn, change="sex", sensitive_features="age", cuts={"age": 3})
    assert len(by_age.any_value) == 6


def test_columns_change_together():
    def rule(frame):
        return (frame["sex"] == "M") & (frame["pronoun"] == "he")

    found = flip_test(rule, FRAME, change=("sex", "pronoun"))
    assert [r.name for r in found.pairs] == [
        "F × she → M × he",
        "M × he → F × she",
        "(missing) × they → F × she",
        "(missing) × they → M × he",
    ]
    assert [(r.n, r.changed) for r in found.pairs] == [(2, 2), (3, 3), (1, 0), (1, 1)]
    assert flip_test(rule, FRAME, change="sex").pairs[0].changed == 0
    given = flip_test(rule, FRAME, change=["sex", "pronoun"], values=[("M", "they"), ("M", "he")])
    assert [(r.group[1][1], r.n, r.changed) for r in given.any_value] == [
        *(("(any other)", 2, 2), ("(any other)", 3, 3), ("(any other)", 1, 1)),
    ]


def test_numbers_are_changed_to_the_values_given():
    def older(frame):
        return frame["age"] >= 50

    found = flip_test(older, FRAME, change="age", values=[20, 65])
    assert [(r.name, r.n, r.changed) for r in found.pairs][:3] == [
        *(("20 → 65", 1, 1), ("30 → 20", 1, 0), ("30 → 65", 1, 1)),
    ]
    assert told([found.overall]) == [("everyone → (any other)", 6, 6, 3, 3)]
    many = pd.DataFrame({"age": np.arange(200) / 2})
    found = flip_test(older, many, change="age", values=[10.25, 99.5])
    assert [(r.name, r.n, r.changed, r.to_negative) for r in found.pairs] == [
        ("everyone → 10.25", 200, 100, 100),
        ("everyone → 99.5", 199, 100, 0),
    ]
    assert found.marks == ()
    coded = FRAME.assign(sex=[0, 0, 1, 1, 1, 1])
    assert (
        flip_test(lambda frame: frame["sex"] == 1, coded, change="sex", values=[0, 1]).overall.changed
        == 6
    )


def test_values_may_never_have_occurred_and_are_marked():
    found = flip_test(approves, FRAME, change="sex", values=["M", "X"])
    assert [(r.name, r.n, r.changed) for r in found.pairs] == [
        ("F → M", 2, 1),
        ("F → X", 2, 0),
        ("M → X", 3, 2),
        ("(missing) → M", 1, 1),
        ("(missing) → X", 1, 0),
    ]
    assert found.marks.words == "sex: 'X' never occurs (6 rows)"


def test_thresholds_by_group_follow_the_edited_row_or_stay():
    def score(frame):
        return frame["income"] / 100

    frame = pd.DataFrame({"income": [50, 30, 50, 70], "sex": ["F", "F", "M", "M"]})
    asked = {"change": "sex", "threshold": {"F": 0.4, "M": 0.6}, "along": "sex"}
    edited = flip_test(score, frame, **asked)
    assert told(edited.pairs) == [("F → M", 2, 1, 0, 1), ("M → F", 2, 1, 1, 0)]
    original = flip_test(score, frame, **asked, decide_as="original")
    assert told(original.pairs) == [("F → M", 2, 0, 0, 0), ("M → F", 2, 0, 0, 0)]
    assert (edited.decide_as, original.decide_as) == ("edited", "original")
    blind = rai.load_model(score, features=["income"])
    unread = flip_test(blind, frame, **asked)
    assert told(unread.pairs) == told(edited.pairs)
    assert unread.marks.words == "sex: not read by the model (4 rows)"
    with pytest.raises(DataError) as caught:
        flip_test(score, frame, **asked, values=["F", "X"])
    assert str(caught.value) == (
        "threshold: group 'X'; expected one of 'F', 'M'. Give a threshold for it, or one number for "
        "everyone."
    )


def test_several_classes_and_a_regression():
    def three(frame):
        man = (frame["sex"] == "M").to_numpy()
        return np.c_[np.where(man, 0.2, 0.5), np.full(len(man), 0.3), np.where(man, 0.5, 0.2)]

    model = rai.load_model(three, classes=["low", "middle", "high"])
    found = flip_test(model, FRAME.dropna(), change="sex")
    assert [(r.name, r.changed, r.to_positive, r.mean_delta) for r in found.pairs] == [
        ("F → M", 2, None, pytest.approx(-0.3)),
        ("M → F", 3, None, pytest.approx(-0.3)),
    ]
    assert (found.largest[0].decision_before, found.largest[0].decision_after) == ("high", "low")
    wage = rai.load_model(lambda f: f["income"] + 5.0 * (f["sex"] == "M"), task="regression")
    found = flip_test(wage, FRAME, change="sex", tolerance=4)
    assert [(r.name, r.changed, r.mean_delta, r.mean_absolute_delta) for r in found.pairs] == [
        ("F → M", 2, 5.0, 5.0),
        ("M → F", 3, -5.0, 5.0),
        ("(missing) → F", 0, 0.0, 0.0),
        ("(missing) → M", 1, 5.0, 5.0),
    ]
    assert flip_test(wage, FRAME, change="sex", tolerance=5).overall.changed == 0
    assert "values change" in repr(found)


def counting(asked, frame=None):
    def predict(rows):
        asked.append(len(rows))
        return approves(rows)

    return predict


def test_everything_is_asked_in_one_pass_and_alike_rows_once():
    asked, different = [], FRAME.drop(columns=["pronoun"])
    flip_test(counting(asked), different, change="sex")
    assert asked == [6 + 7]  # rows as they are; the other value of five, two for the missing one
    asked.clear()
    known = approves(different).astype(float)
    found = flip_test(counting(asked), different, change="sex", y_score=known)
    assert asked == [7]
    assert told(found.pairs) == told(flip_test(approves, different, change="sex").pairs)
    alike = pd.concat([FRAME[["income", "sex"]]] * 50, ignore_index=True)
    asked.clear()
    many = flip_test(counting(asked), alike, change="sex")
    assert asked == [6 * 2 + 1]  # six incomes, each as F and M, and one as missing
    assert [r.changed for r in many.pairs] == [50 * r.changed for r in found.pairs]


def test_batches_and_progress(monkeypatch, drawn):
    whole = flip_test(by_race, drawn, change="race")
    seen = []
    monkeypatch.setattr(rai.whatif.flip_tests, "setting_of", small_batches)
    small = flip_test(by_race, drawn, change="race", progress=lambda *done: seen.append(done))
    assert small.to_dicts() == whole.to_dicts()
    assert seen[0] == (128, 2100)
    assert seen[-1] == (2100, 2100)


def small_batches(*asked, **named):
    from dataclasses import replace

    from rai.whatif.settings import setting_of

    return replace(setting_of(*asked, **named), batch_rows=128)


def test_alike_rows_are_found_among_many_kinds_of_columns():
    rng = np.random.default_rng(0)
    n = 9000
    frame = pd.DataFrame(
        {
            "sex": rng.choice(["F", "M"], n),
            "x": rng.choice([0.5, 1.5, np.nan], n),
            "day": pd.to_datetime(rng.choice(["2024-01-01", "2024-02-01"], n)),
            "yes": rng.choice([True, False], n),
        }
    )
    asked = []

    def rule(rows):
        asked.append(len(rows))
        return (rows["x"] > 1) & rows["yes"] | (rows["day"] > pd.Timestamp("2024-01-15")) & (
            rows["sex"] == "M"
        )

    found = flip_test(rule, frame, change="sex")
    assert asked == [3 * 2 * 2 * 2]
    counts, hit = by_hand(lambda rows: rule(rows).astype(float), frame, "sex")
    assert {tuple(v for _, v in r.group): (r.n, r.changed) for r in found.pairs} == counts
    assert found.overall.changed == int(hit.sum())
    assert n > flip_scores.SAMPLE


def test_largest_lists_as_many_as_asked(drawn):
    found = flip_test(by_race, drawn, change="race", largest=5)
    assert len(found.largest) == 5
    deltas = [abs(case.delta) for case in found.largest]
    assert deltas == sorted(deltas, reverse=True)
    assert len(flip_test(by_race, drawn, change="race", largest=0).largest) == 0
    row = found.largest.to_dicts()[0]
    assert list(row) == [
        *(
            "row",
            "from",
            "to",
            "before",
            "after",
            "delta",
            "decision_before",
            "decision_after",
            "changed",
        )
    ]


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        (
            {"change": "sexx"},
            RoleError,
            "change: no column 'sexx'; expected one of 'income', 'sex', 'pronoun', 'age'. "
            "Did you mean 'sex'?",
        ),
        ({"change": []}, ArgumentError, "change: []; expected a column, or several."),
        ({"change": 5}, ArgumentError, "change: 5; expected a column, or several."),
        (
            {"change": ["sex", "sex"]},
            ArgumentError,
            "change: 'sex', 'sex'; expected each column once.",
        ),
        (
            {"change": "age"},
            ArgumentError,
            "flip_test: 'age' holds numbers; expected values to change it to. "
            "Pass values=[20, 30, 40, 50, 60, 70].",
        ),
        (
            {"values": []},
            ArgumentError,
            "values: []; expected a list of values.",
        ),
        (
            {"values": ["M", "M"]},
            ArgumentError,
            "values: 'M' twice; expected each once.",
        ),
        ({"values": [3]}, ArgumentError, "values: 3 for 'sex'; expected text, or a value that occurs."),
        (
            {"change": ["sex", "pronoun"], "values": ["M"]},
            ArgumentError,
            "values: 'M'; expected tuples with a value of each of 'sex', 'pronoun'.",
        ),
        (
            {"decide_as": "new"},
            ArgumentError,
            "decide_as: 'new'; expected one of 'edited', 'original'.",
        ),
        ({"largest": -1}, ArgumentError, "largest: -1; expected a whole number of at least 0."),
        (
            {"tolerance": 1},
            ArgumentError,
            "tolerance: 1 for a binary model; expected none. Decisions change or don't.",
        ),
    ],
)
def test_what_cannot_be_tested_is_refused(asked, error, message):
    with pytest.raises(error) as caught:
        flip_test(approves, FRAME, **{"change": "sex", **asked})
    assert str(caught.value) == message


def test_too_many_values_and_too_few_are_refused():
    many = pd.DataFrame({"name": [f"n{i}" for i in range(51)]})
    with pytest.raises(ArgumentError) as caught:
        flip_test(lambda frame: frame["name"] == "n1", many, change="name")
    assert str(caught.value) == (
        "flip_test: 51 different values of 'name'; expected at most 50. Pass values=[…] to change it to."
    )
    assert (
        flip_test(lambda f: f["name"] == "n1", many, change="name", values=["n1"]).overall.changed == 50
    )
    with pytest.raises(ArgumentError) as caught:
        flip_test(approves, FRAME[FRAME["sex"] == "F"], change="sex")
    assert str(caught.value) == (
        "flip_test: 1 value of 'sex'; expected two or more. Pass values=[…] to change it to."
    )
    with pytest.raises(ArgumentError) as caught:
        flip_test(approves, FRAME[FRAME["sex"] == "F"], change="sex", values=["F"])
    assert str(caught.value) == "values: the value that every row has; expected another one."
