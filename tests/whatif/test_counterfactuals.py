"""Generated counterfactuals: models whose answer is known, limits that hold, and none where none exists."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rai
from rai.ground.errors import ArgumentError, DataError, RoleError
from rai.whatif import counterfactuals, fit_distance

INCOMES = [20, 35, 40, 48, 52, 60, 90]
FRAME = pd.DataFrame(
    {
        "income": INCOMES,
        "sex": ["F", "F", "M", "F", "M", "F", "M"],
        "job": ["cook", "cook", "nurse", "judge", "judge", "nurse", "cook"],
        "late": [3, 0, 2, 1, 0, 0, 1],
    }
)
KINDS = {
    "pandas": FRAME,
    "categories": FRAME.astype({"sex": "category", "job": "category"}),
    "polars": pl.from_pandas(FRAME),
    "index": FRAME.set_index(np.array([7, 7, 7, 1, 1, 1, 1])),
}


def approve(frame):
    """Approved from an income of 50 on, whatever else."""
    return (np.asarray(frame["income"]) >= 50) * 1.0


def by_points(frame):
    """A score that climbs with income, and falls with late payments."""
    return 1 / (1 + np.exp(-(np.asarray(frame["income"]) - 50 - 8 * np.asarray(frame["late"])) / 10))


RULE = rai.load_model(approve, features=["income", "sex", "job", "late"])
POINTS = rai.load_model(by_points, features=["income", "sex", "job", "late"])


def words(found):
    return [one.changes.words for one in found]


# Known answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", KINDS.values(), ids=list(KINDS))
@pytest.mark.parametrize("budget", [10_000, 60], ids=["all edits", "a search"])
def test_a_rule_on_income_is_met_by_the_smallest_income_that_will_do(frame, budget):
    found = counterfactuals(RULE, frame, row=2, budget=budget)
    assert words(found) == ["income 40 → 52"]
    assert found.exhaustive == (budget == 10_000)
    assert found.predictions <= budget
    unit = (90 - 20) / 2.5631031310892007
    (one,) = found
    assert one.distance == pytest.approx(12 / unit)
    assert one.changes[0].share == 1.0
    assert (one.score, one.decision, found.score_from, found.decision_from) == (1.0, 1, 0.0, 0)
    assert one.record == {"income": 52, "sex": "M", "job": "nurse", "late": 2}
    edited = rai.load_model(approve).scores(found.frame)
    assert edited.tolist() == [1.0]
    assert type(found.frame) is type(frame)


def test_an_end_of_a_range_will_do_where_no_row_has_it():
    assert words(counterfactuals(RULE, FRAME, row=2, ranges={"income": (50.5, 70)})) == [
        "income 40 → 51"
    ]
    assert words(counterfactuals(RULE, FRAME, row=2, ranges={"income": (51, None)})) == [
        "income 40 → 51"
    ]
    floats = FRAME.astype({"income": float}).replace({"income": {20.0: 20.25}})
    assert words(counterfactuals(RULE, floats, row=2, ranges={"income": (50.5, 51)})) == [
        "income 40 → 50.5"
    ]
    whole = FRAME.astype({"income": float})
    assert words(counterfactuals(RULE, whole, row=2, ranges={"income": (50.5, 51)})) == [
        "income 40 → 51"
    ]


def test_somebody_who_is_not_in_the_data():
    person = {"income": 41, "sex": "X", "job": "pilot", "late": None}
    found = counterfactuals(RULE, FRAME, row=person)
    assert words(found) == ["income 41 → 52"]
    assert found[0].record == {**person, "income": 52}


def test_two_changes_where_one_is_not_enough():
    frame = pd.DataFrame({"a": [0, 1, 1], "b": [0, 0, 1], "c": [0, 1, 0]})
    both = rai.load_model(lambda f: f["a"] * f["b"] * 1.0, features=["a", "b", "c"])
    found = counterfactuals(both, frame, row=0)
    assert words(found) == ["a 0 → 1, b 0 → 1"]
    assert [change.share for change in found[0].changes] == [0.5, 0.5]
    none = counterfactuals(both, frame, row=0, most_changes=1)
    assert (len(none), none.exhaustive, none.predictions) == (0, True, 3)
    assert none.note == (
        "none exists with at most 1 change among the values that occur: all 3 permitted edits were asked about"
    )
    assert str(none) == f"(none: {none.note})"
    assert none.to_dicts() == []


def test_different_ways_are_shown_and_none_is_pointless():
    """Alone, income is far where its changes count threefold; where they don't, more is pointless."""
    assert words(counterfactuals(POINTS, FRAME, row=0, k=5)) == ["income 20 → 90"]
    found = counterfactuals(POINTS, FRAME, row=0, k=5, weights={"income": 3})
    assert words(found) == ["income 20 → 52, late 3 → 0", "income 20 → 90"]
    assert found.note == (
        "2 of the 5 asked for: any other changes the same features or more, and is no nearer"
    )


def test_the_same_features_come_again_only_with_other_words_as_near():
    jobs = rai.load_model(lambda f: (f["job"] != "cook") * 1.0, features=["job", "income"])
    found = counterfactuals(jobs, FRAME, row=0)
    assert sorted(words(found)) == ["job cook → judge", "job cook → nurse"]


def test_whoever_changes_group_is_decided_at_its_threshold():
    """At 0.6 a woman with 52 is refused, and a man is not; so sex alone would change the decision."""
    score = rai.load_model(lambda f: np.asarray(f["income"]) / 100, features=["income", "sex"])
    at = {"threshold": {"F": 0.6, "M": 0.45}, "along": "sex"}
    assert set(words(counterfactuals(score, FRAME, row=3, **at))) == {"sex F → M", "income 48 → 60"}
    assert words(counterfactuals(score, FRAME, row=3, frozen="sex", **at)) == ["income 48 → 60"]
    man = {"income": 40, "sex": "M"}
    assert words(counterfactuals(score, FRAME, row=man, **at)) == ["income 40 → 48"]


def test_a_group_without_a_threshold_is_no_way_out():
    score = rai.load_model(lambda f: np.asarray(f["income"]) / 100, features=["income", "sex", "job"])
    frame = FRAME[["income", "sex", "job"]].head(3)
    at = {("F", "cook"): 0.5, ("M", "nurse"): 0.1}
    found = counterfactuals(score, frame, row=0, threshold=at, along=["sex", "job"])
    assert words(found) == ["sex F → M, job cook → nurse"]
    with pytest.raises(DataError, match="threshold: group 'M × nurse'"):
        counterfactuals(score, frame, row=0, threshold={("F", "cook"): 0.5}, along=["sex", "job"])


def test_a_margin_puts_the_outcome_beyond_doubt():
    score = rai.load_model(lambda f: np.asarray(f["income"]) / 100, features=["income"])
    assert words(counterfactuals(score, FRAME, row=0, margin=0.1)) == ["income 20 → 60"]
    assert words(counterfactuals(score, FRAME, row=6, margin=0.02)) == ["income 90 → 40"]
    assert len(counterfactuals(score, FRAME, row=0, margin=0.5)) == 0


def test_several_classes():
    def three(frame):
        x = np.asarray(frame["income"])
        return np.eye(3)[np.digitize(x, [40, 60])]

    model = rai.load_model(three, features=["income"], classes=["low", "middle", "high"])
    found = counterfactuals(model, FRAME, row=0)
    assert (words(found), found[0].decision, found.decision_from) == (
        ["income 20 → 40"],
        "middle",
        "low",
    )
    assert words(counterfactuals(model, FRAME, row=0, desired="high")) == ["income 20 → 60"]
    there = counterfactuals(model, FRAME, row=0, desired="low")
    assert (len(there), there.predictions) == (0, 0)
    assert there.note == "the row is decided 'low' already"


def test_a_regression():
    model = rai.load_model(
        lambda f: np.asarray(f["income"]) * 2.0, task="regression", features=["income"]
    )
    deviation = np.std(np.array(INCOMES) * 2.0, ddof=1)
    found = counterfactuals(model, FRAME, row=0)
    assert 40 < deviation <= (48 - 20) * 2
    assert (words(found), found[0].score, found[0].decision) == (["income 20 → 48"], 96.0, None)
    assert words(counterfactuals(model, FRAME, row=0, tolerance=30)) == ["income 20 → 35"]
    assert words(counterfactuals(model, FRAME, row=0, desired=(100, 110))) == ["income 20 → 52"]
    assert words(counterfactuals(model, FRAME, row=6, desired=(None, 90))) == ["income 90 → 40"]
    assert counterfactuals(model, FRAME, row=0, desired=(10, 50)).note == (
        "its prediction, 40, is in the desired range already"
    )


def test_missing_values_may_be_filled_but_never_made():
    frame = pd.DataFrame({"a": [1.0, np.nan, 2.0], "b": [None, "x", "y"]})
    model = rai.load_model(lambda f: f["a"].isna() * 1.0 + 0.0, features=["a", "b"])
    assert counterfactuals(model, frame, row=0).note.startswith("none exists")
    assert words(counterfactuals(model, frame, row=1))[0] == "a – → 1"


def test_dates():
    days = pd.date_range("2024-01-01", periods=5)
    frame = pd.DataFrame({"day": days, "x": [1, 2, 3, 4, 5]})
    late = rai.load_model(lambda f: (f["day"] >= days[2]) * 1.0, features=["day"])
    (one,) = counterfactuals(late, frame, row=0)
    assert one.changes[0].to_dict() == {
        "feature": "day", "from": "2024-01-01T00:00:00", "to": "2024-01-03T00:00:00", "share": 1.0,
    }  # fmt: skip
    asked = {"row": 0, "directions": {"day": "up"}}
    later = counterfactuals(late, frame, ranges={"day": ("2024-01-04", None)}, **asked)
    assert later[0].record["day"] == days[3].to_pydatetime()
    assert len(counterfactuals(late, frame, row=0, directions={"day": "down"})) == 0


def test_true_and_false():
    frame = pd.DataFrame({"paid": [True, False, True], "x": [1, 2, 3]})
    model = rai.load_model(lambda f: f["paid"] * 1.0, features=["paid", "x"])
    (one,) = counterfactuals(model, frame, row=1)
    assert (one.changes[0].before, one.changes[0].after) == (False, True)


# What may change ------------------------------------------------------------------------------------


def test_columns_that_the_model_does_not_read_stay():
    model = rai.load_model(approve, features=["income"])
    found = counterfactuals(model, FRAME, row=2)
    assert words(found) == ["income 40 → 52"]
    unknown = counterfactuals(approve, FRAME, row=2, y_true="late", ignore="job")
    assert words(unknown) == ["income 40 → 52"]
    assert unknown.note.endswith("the model doesn't say which columns it reads, so all of them count")


def test_truth_and_what_is_ignored_never_change():
    late = rai.load_model(lambda f: (f["late"] == 0) * 1.0, features=["late", "income"])
    assert words(counterfactuals(late, FRAME, row=0)) == ["late 3 → 0"]
    assert len(counterfactuals(late, FRAME, row=0, y_true="late")) == 0
    assert len(counterfactuals(late, FRAME, row=0, ignore=["late"])) == 0


def test_nothing_may_change():
    found = counterfactuals(RULE, FRAME, row=0, frozen=list(FRAME))
    assert (len(found), found.exhaustive, found.note) == (
        0,
        True,
        "nothing may change, or no other value occurs",
    )


def test_a_fitted_distance_may_be_used_again():
    fitted = fit_distance(FRAME, list(FRAME), norm="l2", frozen="late")
    found = counterfactuals(POINTS, FRAME, row=0, distance=fitted)
    assert words(found) == ["income 20 → 90"]
    assert found[0].distance == pytest.approx(fitted.to(0, rows=found.frame)[0])


records = st.fixed_dictionaries(
    {
        "age": st.integers(18, 40),
        "hours": st.one_of(st.none(), st.floats(0, 60, width=16)),
        "sex": st.sampled_from(["F", "M"]),
        "job": st.sampled_from(["cook", "nurse", "judge", None]),
        "children": st.integers(0, 3),
    }
)
NAMES = ["age", "hours", "sex", "job", "children"]


def odd_model(weights):
    """Some score of everything, with an interaction, and steps."""

    def score(frame):
        hours = np.nan_to_num(np.asarray(frame["hours"], dtype=float), nan=30.0)
        jobs = (
            pd.Series(np.asarray(frame["job"]))
            .map({"cook": 0.0, "nurse": 1.0, "judge": 2.0})
            .fillna(0.5)
        )
        female = np.asarray(frame["sex"]) == "F"
        margin = (
            weights[0] * (np.asarray(frame["age"]) - 29) / 5
            + weights[1] * (hours - 30) / 10
            + weights[2] * female * (jobs.to_numpy() - 1)
            + weights[3] * (np.asarray(frame["children"]) > 1)
        )
        return 1 / (1 + np.exp(-margin))

    return rai.load_model(score, features=NAMES)


limits = st.fixed_dictionaries(
    {
        "frozen": st.sampled_from([(), ("sex",), ("age", "job")]),
        "directions": st.sampled_from([{}, {"age": "up"}, {"age": "up", "hours": "down"}]),
        "ranges": st.sampled_from(
            [{}, {"hours": (10, 40.5)}, {"age": (20.5, None)}, {"job": ["nurse", "cook"]}]
        ),
        "most_changes": st.integers(1, 3),
        "k": st.integers(1, 6),
        "budget": st.sampled_from([40, 300, 20_000]),
        "norm": st.sampled_from(["l1", "l2"]),
        "distance": st.sampled_from(["default", "what-if-tool"]),
        "margin": st.sampled_from([0.0, 0.05]),
    }
)
weights = st.tuples(*[st.sampled_from([-2.0, -1.0, 0.5, 1.0, 2.0])] * 4)


def frame_of(rows, kind):
    frame = pd.DataFrame(rows, columns=NAMES).astype({"hours": float})
    return pl.from_pandas(frame) if kind == "polars" else frame


@settings(max_examples=60)
@given(
    rows=st.lists(records, min_size=4, max_size=14),
    asked=limits,
    weights=weights,
    kind=st.sampled_from(["pandas", "polars"]),
)
def test_every_limit_is_kept_and_every_outcome_is_real(rows, asked, weights, kind):
    rows = [*rows, {**rows[-1], "job": "cook"}, {**rows[-1], "job": "nurse"}]
    frame, model = frame_of(rows, kind), odd_model(weights)
    found = counterfactuals(model, frame, row=0, **asked)
    assert found.predictions <= asked["budget"]
    assert len(found) <= asked["k"]
    if len(found) == 0:
        assert found.note
        return
    own = rows[0]
    scores = model.scores(found.frame)
    fitted = fit_distance(
        frame,
        NAMES if asked["distance"] == "default" else None,
        distance=asked["distance"],
        norm=asked["norm"],
    )
    np.testing.assert_allclose([one.distance for one in found], fitted.to(0, rows=found.frame))
    for one, score in zip(found, scores, strict=True):
        before = found.score_from >= 0.5
        assert score == pytest.approx(one.score)
        assert (score < 0.5 - asked["margin"]) if before else (score >= 0.5 + asked["margin"])
        assert one.decision == 1 - before
        changed = {change.feature: change.after for change in one.changes}
        assert {name: one.record[name] for name in NAMES} == {**own, **changed}
        assert 1 <= len(changed) <= asked["most_changes"]
        assert not set(changed) & set(asked["frozen"])
        for name, value in changed.items():
            assert value is not None
            assert value != own[name]
            observed = {row[name] for row in rows}
            low, high = asked["ranges"].get(name, (None, None)) if name != "job" else (None, None)
            assert value in observed | ({low, high, 21} if low is not None else set())
            if name != "job" and low is not None:
                assert value >= low
            if name == "hours" and high is not None:
                assert value <= high
            if name == "job" and "job" in asked["ranges"]:
                assert value in {"nurse", "cook"}
            if name in asked["directions"] and own[name] is not None:
                assert (value > own[name]) == (asked["directions"][name] == "up")
            if name in {"age", "children"}:
                assert isinstance(value, int)
    apart = [one.distance for one in found]
    assert apart == sorted(apart)
    for one, other in combinations(found, 2):
        fewer, more = set(one.changes.features), set(other.changes.features)
        assert not (fewer < more and one.distance <= other.distance)
        assert not (fewer == more and one.distance < other.distance)
    again = counterfactuals(model, frame, row=0, **asked)
    assert again.to_dicts() == found.to_dicts()


def by_hand(rows, model, fitted, *, most):
    """The nearest edit of all, by asking about every one."""
    frame, pools = frame_of(rows, "pandas"), {}
    for name in NAMES:
        pools[name] = [
            v for v in dict.fromkeys(row[name] for row in rows) if v not in (None, rows[0][name])
        ]
    edits = [
        {**rows[0], **dict(zip(names, values, strict=True))}
        for count in range(1, most + 1)
        for names in combinations(NAMES, count)
        for values in product(*(pools[name] for name in names))
    ]
    if not edits:
        return []
    edited = frame_of(edits, "pandas").astype(frame.dtypes.to_dict())
    own = model.scores(frame.head(1))[0] >= 0.5
    return fitted.to(0, rows=edited)[(model.scores(edited) >= 0.5) != own].tolist()


@settings(max_examples=40)
@given(rows=st.lists(records, min_size=3, max_size=7), weights=weights, most=st.integers(1, 2))
def test_where_all_edits_are_asked_about_the_nearest_is_found_and_none_is_proven(rows, weights, most):
    frame, model = frame_of(rows, "pandas"), odd_model(weights)
    fitted = fit_distance(frame, NAMES)
    apart = by_hand(rows, model, fitted, most=most)
    found = counterfactuals(model, frame, row=0, most_changes=most, distance=fitted)
    assert found.exhaustive
    assert (len(found) > 0) == (len(apart) > 0)
    if apart:
        assert found[0].distance == pytest.approx(min(apart))
    else:
        assert "exist" in found.note or "nothing may change" in found.note


def test_the_search_finds_nearly_what_asking_about_everything_finds():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 70, 400),
            "hours": rng.integers(10, 60, 400).astype(float),
            "sex": rng.choice(["F", "M"], 400),
            "job": rng.choice(["cook", "nurse", "judge"], 400),
            "children": rng.integers(0, 4, 400),
        }
    )
    close = []
    for seed in range(12):
        model = odd_model(np.random.default_rng(seed).choice([-2.0, -1.0, 1.0, 2.0], 4))
        asked = {"row": seed, "most_changes": 2, "y_score": model.scores(frame)}
        everything = counterfactuals(model, frame, budget=100_000, **asked)
        quick = counterfactuals(model, frame, budget=1_500, **asked)
        assert (everything.exhaustive, quick.exhaustive) == (True, False)
        assert len(everything) > 0
        close.append(quick[0].distance / everything[0].distance)
    assert min(close) >= 1 - 1e-9
    assert np.mean(close) < 1.02


# What is said ---------------------------------------------------------------------------------------


def test_how_unusual_an_edit_is():
    """Rows with the outcome are 10 apart; 52 is one of them, and 60 with two late payments is nobody."""
    frame = pd.DataFrame({"income": [20, 30, 60, 70, 80], "late": [2, 2, 0, 0, 0]})
    model = rai.load_model(lambda f: (f["income"] >= 50) * 1.0, features=["income", "late"])
    found = counterfactuals(model, frame, row=0)
    unit, late = (80 - 20) / 2.5631031310892007, 2.0
    assert words(found) == ["income 20 → 60"]
    assert found[0].plausibility == pytest.approx((2 / late) / (10 / unit))
    fewer = counterfactuals(model, frame.iloc[:3], row=0, ranges={"income": (51, 55)})
    assert (words(fewer), fewer[0].plausibility) == (["income 20 → 51"], None)
    nobody = counterfactuals(model, frame.iloc[:2], row=0, ranges={"income": (51, 55)})
    assert nobody[0].plausibility is None
    assert nobody.note.endswith("no row has this outcome, so that plausibility is not known")


def test_a_budget_that_is_spent_proves_nothing():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 50, (200, 6)), columns=list("abcdef"))
    never = rai.load_model(lambda f: np.zeros(len(f)), features=list("abcdef"))
    found = counterfactuals(never, frame, row=0, budget=2_000)
    assert (len(found), found.predictions, found.exhaustive) == (0, 2_000, False)
    assert found.note.startswith("none found with 2,000 predictions, which proves nothing: there are ")
    assert found.note.endswith("permitted edits with at most 3 changes")


def test_rows_read_as_a_table():
    found = counterfactuals(POINTS, FRAME, row=0)
    first = found.to_dicts()[0]
    assert list(first) == ["changes", "changed", "distance", "plausibility", "score", "decision"]
    assert (first["changes"], first["changed"], first["decision"]) == ("income 20 → 90", 1, 1)
    assert [one.distance for one in found] == found.to_pandas()["distance"].tolist()


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"frozen": "sexx"}, RoleError, "frozen: no column 'sexx'; expected one of 'income', 'sex', 'job', 'late'. Did you mean 'sex'?"),
        ({"ranges": {"incom": (1, 2)}}, RoleError, "ranges: no column 'incom'; expected one of 'income', 'sex', 'job', 'late'. Did you mean 'income'?"),
        ({"ranges": {"income": 50}}, ArgumentError, "ranges: 50 for 'income'; expected (low, high), in which one end may be None."),
        ({"ranges": {"income": (60, 50)}}, ArgumentError, "ranges: (60, 50) for 'income'; expected the lower end first."),
        ({"ranges": {"income": ("low", 50)}}, ArgumentError, "ranges: ('low', 50) for 'income'; expected (low, high), in which one end may be None."),
        ({"ranges": {"job": "cook"}}, ArgumentError, "ranges: 'cook' for 'job'; expected a list of its values."),
        ({"ranges": {"job": ["cok"]}}, ArgumentError, "ranges: 'cok' for 'job'; expected values that occur: 'cook', 'nurse', 'judge'. Did you mean 'cook'?"),
        ({"directions": {"late": "downn"}}, ArgumentError, "directions of 'late': 'downn'; expected one of 'up', 'down'. Did you mean 'down'?"),
        ({"directions": {"job": "up"}}, ArgumentError, "directions: 'up' for 'job', whose values have no order; expected a column of numbers or dates."),
        ({"most_changes": 0}, ArgumentError, "most_changes: 0; expected a whole number of at least 1."),
        ({"budget": 0}, ArgumentError, "budget: 0; expected a whole number of at least 1."),
        ({"rng": "x"}, ArgumentError, "rng: 'x'; expected a whole number of at least 0, or a generator of NumPy."),
        ({"k": 0}, ArgumentError, "k: 0; expected a whole number of at least 1."),
        ({"margin": -1}, ArgumentError, "margin: -1; expected a number of at least 0."),
        ({"desired": 2}, ArgumentError, "desired: 2; expected one of 0, 1."),
        ({"distance": lambda a, b: 0}, ArgumentError, "distance: a function; expected 'default', 'what-if-tool', or a Distance of one of them."),
        ({"model": rai.load_model(column="income", probabilities=False)}, ArgumentError, "counterfactuals: a column of predictions, which can't say what the model would have said; expected a model. Load the model itself, with rai.load_model."),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(asked, error, message):
    with pytest.raises(error) as caught:
        counterfactuals(asked.pop("model", RULE), FRAME, **{"row": 0, **asked})
    assert str(caught.value) == message
