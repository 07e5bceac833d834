"""Partial dependence: what it averages over, how the model is asked, and what is refused."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai.ground.errors import ArgumentError, DataError, RoleError
from rai.whatif import partial_dependence
from rai.whatif.effects import Effect, Effects

FRAME = pd.DataFrame({
    "age": [20, 30, 40, 50, 60, 70],
    "sex": ["F", "M", "F", "M", "F", "M"],
    "rate": [0.1, np.nan, 0.3, 0.4, 0.5, 0.6],
    "id": range(6),
})  # fmt: skip


def score(frame):
    age = np.asarray(frame["age"], dtype=float)
    men = np.asarray(frame["sex"] == "M", dtype=float)
    rate = np.nan_to_num(np.asarray(frame["rate"], dtype=float), nan=1.0)
    return 0.1 + 0.005 * age + 0.2 * men * (age > 35) + 0.1 * rate


MODEL = rai.load_model(score, features=["age", "sex", "rate"])


def by_hand(feature, value, frame=FRAME):
    return score(frame.assign(**{feature: np.nan if value is None else value}))


@pytest.mark.parametrize("polars", [False, True])
def test_each_value_is_given_to_every_row(polars):
    rows = pl.from_pandas(FRAME) if polars else FRAME
    found = partial_dependence(MODEL, rows, ice=6)
    assert set(found.features) == {"age", "sex", "rate"}
    for effect in found:
        assert effect.n == 6
        for place, value in enumerate(effect.points):
            np.testing.assert_allclose(effect.ice[:, place], by_hand(effect.feature, value), atol=1e-15)
            assert effect.mean[place] == pytest.approx(by_hand(effect.feature, value).mean(), abs=1e-15)
    assert found.where(feature="rate")[0].points[-1] is None
    assert found[0].average == pytest.approx(score(FRAME).mean())


def test_the_model_is_asked_in_few_calls():
    sizes = []

    def counting(frame):
        sizes.append(len(frame))
        return score(frame)

    model = rai.load_model(counting, features=["age", "sex", "rate"])
    partial_dependence(model, FRAME)
    assert sizes == [6, 6 * 6, 2 * 6, 6 * 6]  # as they are, then each feature in one call
    sizes.clear()
    partial_dependence(model, FRAME, features="age", y_score=score(FRAME))
    assert sizes == [36]


def test_batches_are_bounded():
    from dataclasses import replace

    from rai.engines.features import features_of
    from rai.whatif.grid_scores import grid_scores, tiled
    from rai.whatif.grids import grids_of
    from rai.whatif.settings import setting_of

    sizes = []

    def counting(frame):
        sizes.append(len(frame))
        return score(frame)

    for most in (4, 6, 13, 100):
        sizes.clear()
        setting = replace(setting_of(counting, FRAME[["age", "sex", "rate"]]), batch_rows=most)
        (grid,) = grids_of(setting.rows, features_of(setting.rows, ("age",)))
        found = np.array(list(grid_scores(tiled(setting), grid)))
        np.testing.assert_allclose(found, [by_hand("age", age) for age in grid.points], atol=1e-15)
        assert max(sizes) <= most
        assert sum(sizes) == 36


def test_groups_are_averaged_apart():
    found = partial_dependence(MODEL, FRAME, features="age", by="sex")
    assert [effect.group for effect in found] == [(("sex", "F"),), (("sex", "M"),)]
    for effect in found:
        inside = FRAME[FRAME["sex"] == effect.name]
        wanted = [by_hand("age", age, inside).mean() for age in effect.points]
        assert effect.mean.tolist() == pytest.approx(wanted)
        assert effect.n == 3
        assert effect.average == pytest.approx(score(inside).mean())
    shares = [effect.share for effect in partial_dependence(MODEL, FRAME, features="sex", by="sex")]
    assert np.array(shares).tolist() == [[1, 0], [0, 1]]


def test_groups_may_come_from_outside_and_be_cut():
    found = partial_dependence(MODEL, FRAME, features="sex", by="age", cuts={"age": [45]})
    assert [effect.name for effect in found] == ["< 45", "≥ 45"]
    given = partial_dependence(MODEL, FRAME, features="sex", by={"old": ["n", "n", "n", "y", "y", "y"]})
    assert [effect.mean.tolist() for effect in given] == [effect.mean.tolist() for effect in found]


def test_single_rows_are_drawn_or_named():
    drawn = [partial_dependence(MODEL, FRAME, features="age", ice=3, rng=1)[0] for _ in range(2)]
    assert drawn[0].ice_rows == drawn[1].ice_rows
    assert drawn[0].ice.shape == (3, 6)
    named = partial_dependence(MODEL, FRAME, features="age", ice=[4, -1])[0]
    assert named.ice_rows == (4, 5)
    assert named.ice[1].tolist() == pytest.approx([by_hand("age", age)[5] for age in named.points])
    grouped = partial_dependence(MODEL, FRAME, features="age", ice=[0, 1, 4], by="sex")
    assert [effect.ice_rows for effect in grouped] == [(0, 4), (1,)]
    assert partial_dependence(MODEL, FRAME, features="age", ice=99)[0].ice.shape == (6, 6)


def test_centred_curves_begin_at_nothing():
    plain = partial_dependence(MODEL, FRAME, features="age", ice=6, row=2)[0]
    centred = partial_dependence(MODEL, FRAME, features="age", ice=6, row=2, centred=True)[0]
    np.testing.assert_allclose(centred.ice, plain.ice - plain.ice[:, :1], atol=1e-15)
    assert centred.mean[0] == centred.low[0] == centred.high[0] == 0
    assert centred.marked.curve[0] == 0
    assert centred.marked.score == pytest.approx(plain.marked.score - plain.marked.curve[0])
    assert centred.high[-1] - centred.low[-1] < plain.high[-1] - plain.low[-1]


def test_a_row_is_marked_by_position_or_by_its_values():
    for row in (3, FRAME.loc[3].to_dict()):
        found = partial_dependence(MODEL, FRAME, row=row)
        for effect in found:
            marked = effect.marked
            assert marked.value == FRAME.loc[3, effect.feature]
            assert marked.score == pytest.approx(score(FRAME)[3])
            own = [by_hand(effect.feature, value)[3] for value in effect.points]
            assert marked.curve.tolist() == pytest.approx(own)
    elsewhere = partial_dependence(MODEL, FRAME, features="age", row={"age": 99, "sex": "X", "rate": 0})[
        0
    ]
    assert elsewhere.marked.value == 99
    assert elsewhere.marked.scale == 99


def test_features_come_by_how_much_they_matter():
    found = partial_dependence(MODEL, FRAME)
    assert found.features == tuple(
        sorted(found.features, key=lambda name: -found.where(feature=name)[0].sd)
    )
    assert found.sorted("range").features[0] == "age"


def effect(name, mean, share=None, kind="number", points=None):
    mean = np.array(mean, dtype=float)
    share = np.full(len(mean), 1 / len(mean)) if share is None else np.array(share)
    points = tuple(range(len(mean))) if points is None else points
    at = np.arange(len(mean), dtype=float)
    return Effect(
        feature=name, kind=kind, points=points, scale=at, mean=mean, low=mean, high=mean, share=share
    )


def test_three_measures_of_how_much_a_curve_varies():
    zigzag = effect("zigzag", [0, 0.2, 0, 0.2])
    step = effect("step", [0, 0, 0, 0.3])
    rare = effect("rare", [0, 1.0], share=[0.999, 0.001])
    words = effect("words", [0.1, 0.5, 0.1, 0.5], kind="category")
    assert zigzag.variation == pytest.approx(0.6)
    assert words.variation == pytest.approx(0.4)
    assert (step.variation, step.range) == pytest.approx((0.3, 0.3))
    assert zigzag.sd == pytest.approx(0.1)
    assert rare.sd == pytest.approx(np.sqrt(0.999 * 0.001))
    every = Effects([zigzag, step, rare, words])
    assert every.sorted("what-if-tool").features == ("rare", "zigzag", "words", "step")
    assert every.sorted("range").features == ("rare", "words", "step", "zigzag")
    assert every.sorted("sd").features == ("words", "step", "zigzag", "rare")
    missing = effect("gap", [0, 0.2, 0.9], points=(1.0, 2.0, None))
    assert missing.variation == pytest.approx(0.2)
    assert missing.range == pytest.approx(0.9)
    with pytest.raises(ArgumentError, match="by: 'size'; expected one of 'sd', 'range', 'what-if-tool'"):
        every.sorted("size")


def test_several_models_stand_side_by_side():
    other = rai.load_model(lambda f: 0.01 * f["age"], features=["age"])
    found = partial_dependence({"full": MODEL, "age only": other}, FRAME)
    assert {(e.feature, e.model) for e in found} == {
        ("age", "full"), ("age", "age only"), ("sex", "full"), ("rate", "full"),
    }  # fmt: skip
    alone = partial_dependence(other, FRAME)[0]
    assert found.where(feature="age", model="age only")[0].mean.tolist() == alone.mean.tolist()
    listed = partial_dependence([MODEL, other], FRAME, features="age")
    assert [e.model for e in listed] == ["model 1", "model 2"]
    scores = {"full": score(FRAME), "age only": FRAME["age"] / 100}
    known = partial_dependence({"full": MODEL, "age only": other}, FRAME, y_score=scores)
    assert [e.average for e in known] == pytest.approx([e.average for e in found])


def test_several_classes_have_a_curve_each():
    def three(frame):
        p = np.clip(np.asarray(frame["age"]) / 100, 0, 1)
        return np.column_stack([p / 2, p / 2, 1 - p])

    model = rai.load_model(three, classes=["a", "b", "c"], features=["age"])
    found = partial_dependence(model, FRAME, ice=2, row=0)
    assert [e.label for e in found] == ["a", "b", "c"]
    assert sum(e.mean for e in found).tolist() == pytest.approx([1.0] * 6)
    assert found.where(label="c")[0].marked.curve.tolist() == pytest.approx(
        [0.8, 0.7, 0.6, 0.5, 0.4, 0.3]
    )
    assert [row["class"] for row in found.to_dicts()][::6] == ["a", "b", "c"]


def test_regressions_and_margins_are_not_cut_off_at_one():
    value = rai.load_model(lambda f: 10.0 * f["age"], task="regression", features=["age"])
    found = partial_dependence(value, FRAME)[0]
    assert (found.label, found.probabilities, found.mean[0]) == (None, False, 200)
    close = rai.load_model(lambda f: np.where(f["sex"] == "M", 1.0, 0.9), features=["sex", "age"])
    both = partial_dependence(close, FRAME, features="age")[0]
    assert both.high.max() == 1.0


def test_rows_are_flat_and_plain():
    found = partial_dependence(MODEL, FRAME, by="sex")
    rows = found.to_dicts()
    assert {tuple(row) for row in rows} == {
        ("model", "feature", "sex", "class", "value", "mean", "low", "high", "n", "note")
    }
    json.dumps(rows, allow_nan=False)
    assert {type(row["value"]) for row in rows} == {int, str, float, type(None)}
    dates = FRAME.assign(age=pd.Timestamp("2024-05-01"))
    when = rai.load_model(lambda f: np.full(len(f), 0.5), features=["age"])
    assert partial_dependence(when, dates).to_dicts()[0]["value"] == "2024-05-01T00:00:00"
    assert "age" in str(found)
    assert found._repr_html_().startswith("<table>")
    assert len(found.to_pandas()) == len(rows)


def test_one_row_has_no_interval_and_says_so():
    found = partial_dependence(MODEL, FRAME, features="age", by={"g": ["a", *"bbbbb"]})
    assert np.isnan(found[0].low).all()
    assert found[0].note == "no interval: one row"
    assert found[0].to_dicts()[0]["low"] is None
    assert not np.isnan(found[1].low).any()


def test_progress_is_told():
    seen = []
    partial_dependence(MODEL, FRAME, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(36, 84), (48, 84), (84, 84)]


def test_a_category_the_model_was_not_fitted_on_can_be_asked_about():
    found = partial_dependence(MODEL, FRAME, grid={"sex": ["F", "X"]})
    assert found.features == ("sex",)
    assert found[0].share.tolist() == [0.5, 0]
    assert found[0].mean[1] == pytest.approx(by_hand("sex", "X").mean())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"features": "agee"}, "features: 'agee'; expected one that the model reads: 'age', 'sex', 'rate'. Did you mean 'age'?"),
        ({"features": "id"}, "features: 'id'; expected one that the model reads: 'age', 'sex', 'rate'."),
        ({"features": []}, "partial_dependence: no features; expected at least one."),
        ({"ice": -1}, "ice: -1; expected a whole number of at least 0."),
        ({"ice": [6]}, "ice: [6]; expected a number of rows, or positions from 0 to 5."),
        ({"ice": "all"}, "ice: 'all'; expected a number of rows, or positions from 0 to 5."),
        ({"row": 6}, "row: 6; expected a position from 0 to 5."),
        ({"level": 1}, "level: 1; expected a number between 0 and 1. 0.95 is usual."),
        ({"y_score": {"modell": [1]}}, "y_score: 'modell'; expected names of models: 'model'."),
    ],
)  # fmt: skip
def test_what_can_not_be_asked_is_refused(options, message):
    with pytest.raises(ArgumentError) as caught:
        partial_dependence(MODEL, FRAME, **options)
    assert str(caught.value) == message


def test_other_refusals():
    replayed = rai.load_model(column="rate")
    with pytest.raises(ArgumentError, match="partial_dependence: a column of predictions"):
        partial_dependence(replayed, FRAME)
    with pytest.raises(DataError, match="rows: 0 rows; expected at least one"):
        partial_dependence(MODEL, FRAME.head(0))
    with pytest.raises(RoleError, match="no column 'sex'"):
        partial_dependence(MODEL, FRAME[["age", "rate"]])
    with pytest.raises(ArgumentError) as caught:
        partial_dependence([MODEL, MODEL], FRAME, y_score=[0.5] * 6)
    assert (
        str(caught.value) == "y_score: one array for several models; expected a dict of name to scores."
    )
    value = rai.load_model(lambda f: f["age"], task="regression")
    with pytest.raises(ArgumentError) as caught:
        partial_dependence({"a": MODEL, "b": value}, FRAME)
    assert str(caught.value) == "models: 'b' is a regression model; expected binary, as 'a' is."


def test_a_group_can_not_have_the_name_of_a_column_of_the_table():
    for ask in (partial_dependence, rai.whatif.accumulated_local_effects):
        with pytest.raises(RoleError) as caught:
            ask(MODEL, FRAME, by={"value": ["a"] * 6})
        assert str(caught.value) == (
            "by: rows split by 'value'; expected a name that no table of results uses. "
            "Copy the column under another name."
        )
