"""Attributions: what is on screen is what rai says, of the rows that are explained."""

import json
from itertools import pairwise

import numpy as np
import pandas
import pytest

import rai
from apps import answers
from apps.attributions import asked as asking
from apps.attributions import one_row
from apps.project import ColumnRoles, Project
from apps.what_if import tints
from apps.words import figure

GERMAN = {"data": "dataset:german_credit", "example_models": True}
BOOSTING, LOGISTIC = "boosting", "logistic regression"


def project_of(at):
    return at.session_state["project"]


def texts(at):
    return " ".join(each.value for each in (*at.main.markdown, *at.main.caption)).replace("\\", "")


def table(at, place=0):
    shown = at.dataframe[place].value
    if shown.columns.nlevels > 1:
        shown.columns = [name if not head or name == head else f"{head}: {name}" for head, name in shown]
    return shown


def explained(project, model, *, size=None, **options):
    """The rows as the page draws them, explained as somebody does in Python."""
    columns = list(project.features)
    held = project.frame[columns]
    rows = held if size is None else rai.explainers.sample_background(held, size, by="sex")
    return rai.explain(project.models[model], rows, background=held, **options)


def opened_with(app, frame, models, roles=None, **address):
    at = app(None, page="attributions", **address)
    roles = roles or ColumnRoles()
    at.session_state["project"] = Project("made", frame, roles, models)
    return at.run()


def test_the_overview_is_rais_summary_of_a_draw_within_groups(app):
    at = app(GERMAN, page="attributions", explained_rows=200)
    assert not at.exception
    assert not at.error
    found = explained(project_of(at), BOOSTING, size=200)
    said = rai.explainers.summarize(found, by="sex")
    shown = table(at)
    assert shown["feature"].tolist() == [each.feature for each in said]
    assert shown["sex"].tolist() == [each.name for each in said]
    assert shown["mean size: mean_abs"].tolist() == [each.mean_abs for each in said]
    assert shown["mean attribution: mean"].tolist() == [each.mean for each in said]
    assert shown["n"].tolist() == [each.n for each in said]
    told = texts(at)
    assert "log-odds (margin) of good" in told
    assert f"{found.method}, exact" in told
    assert "200 of 1,000 rows, drawn at random, each group of sex in its share" in told
    assert "against all 1,000 rows" in told


def test_a_background_can_be_a_group_and_rows_a_cohort(app):
    at = app(
        GERMAN,
        page="attributions",
        background="sex = male",
        cohorts={"young": "age < 30"},
        cohort="young",
        explained=[LOGISTIC],
        row=5,
        attribution_section="One row",
    )
    project = project_of(at)
    rows = project.frame[list(project.features)]
    men = rows[project.frame["sex"] == "male"]
    found = rai.explain(project.models[LOGISTIC], rows.iloc[[5]], background=men)
    shown = table(at).set_index("feature")["attribution"]
    wanted = {each.feature: each.attribution for each in found.row(0)}
    assert list(shown.index) == list(wanted)
    assert np.allclose(shown.to_numpy(), list(wanted.values()))
    assert f"**Row 5: {figure(found.scores[0, 0])}**, from {figure(found.base[0, 0])}" in texts(at)
    young = int((project.frame["age"] < 30).sum())
    assert f"all {young:,} rows of the cohort young" in texts(at)


def test_the_waterfall_leads_from_the_base_to_the_score():
    parts = [rai.explainers.RowAttribution(feature=f"f{i}", value="1", attribution=float(i % 3 - 1))
             for i in range(20)]  # fmt: skip
    total = sum(each.attribution for each in parts)
    steps = one_row.steps(parts, 2.0, 2.0 + total)
    assert steps[0]["end"] == 2.0
    assert all(one["start"] == before["end"] for before, one in pairwise(steps[:-1]))
    assert steps[-2]["part"] == "6 other features"
    assert steps[-2]["end"] == pytest.approx(steps[-1]["end"])


def test_without_a_pinned_row_it_says_how_to_pin_one(app):
    at = app(GERMAN, page="attributions", attribution_section="One row", explained=[LOGISTIC])
    assert "No row is pinned" in at.main.info[0].value
    next(each for each in at.button if each.label == "Pin one").click().run()
    assert at.session_state["setting:pinned"] is not None
    assert len(table(at)) == len(project_of(at).models[LOGISTIC].features)


@pytest.mark.parametrize("feature", ["age", "checking_account"])
def test_dependence_draws_every_row_at_its_value(app, feature):
    at = app(
        GERMAN,
        page="attributions",
        attribution_section="Dependence",
        dependence_of=feature,
        explained=[LOGISTIC],
        explained_rows=300,
    )
    assert not at.exception
    found = explained(project_of(at), LOGISTIC, size=300)
    said = rai.explainers.dependence(found, feature, by="sex")
    (chart,) = [each for each in at.main if each.type == "vega_lite_chart"] or [None]
    rows = points_of(chart)
    assert sorted(rows["x"]) == pytest.approx(sorted(said.attribution))
    if feature == "age":
        assert sorted(rows["value"]) == sorted(said.values.numbers)
    assert set(rows["group"]) == {"female", "male"}


def points_of(chart):
    return pandas.DataFrame(json.loads(chart.proto.spec)["layer"][0]["data"]["values"])


@pytest.mark.parametrize("metric", ["mean_score", "equal_opportunity"])
def test_the_parts_of_a_gap_are_rais(app, metric):
    at = app(
        GERMAN,
        page="attributions",
        attribution_section="Gap",
        gap_of=metric,
        explained=[LOGISTIC],
        explained_rows=300,
    )
    assert not at.exception
    assert not at.main.warning
    project = project_of(at)
    held = project.frame[list(project.features)]
    rows = rai.explainers.sample_background(held, 300, by="sex")
    decided = metric != "mean_score"
    found = rai.explainers.attribute_gap(
        project.models[LOGISTIC],
        rows,
        metric=metric,
        sensitive_features=["sex"],
        y_true=project.frame[project.roles.y_true].loc[rows.index] if decided else None,
        background=rai.explainers.sample_background(held, 500, by="sex"),
        threshold=project.models[LOGISTIC].threshold if decided else None,
        budget=400_000,
    )
    shown = table(at)
    assert shown["feature"].tolist() == [part.feature for part in found.parts]
    assert shown["part: value"].tolist() == [part.value for part in found.parts]
    (pair,) = found.pairs
    assert f"**{pair.group} {figure(pair.group_value)}, {pair.versus} " in texts(at)
    assert found.notes[0] in texts(at)


def test_only_a_column_of_scores_gives_advice(app):
    at = app({"data": "dataset:acs_employment/2018"}, page="attributions")
    assert "rai app DATA --model FILE" in at.info[0].value


def test_what_a_method_refuses_is_told_in_a_sentence(app):
    at = app(GERMAN, page="attributions", explainer="linear", explained=[BOOSTING])
    assert "is no linear model" in at.main.warning[0].value
    assert not at.error


CLASSES = ("low", "mid", "top")


def of_classes(rows):
    x, y = (rows[name].to_numpy(float) for name in "xy")
    return np.column_stack([1 - x, x * y, x * (1 - y)])


@pytest.mark.parametrize("section", ["Overview", "Rows", "Dependence", "One row", "Gap"])
def test_several_classes_are_explained_one_at_a_time(app, section):
    chance = np.random.default_rng(0)
    frame = pandas.DataFrame(
        {**dict(zip("xy", chance.random((2, 80)), strict=True)), "g": ["a", "b"] * 40}
    )
    model = rai.load_model(of_classes, task="multiclass", classes=CLASSES, features=["x", "y"])
    at = opened_with(
        app, frame, {"m": model}, ColumnRoles(sensitive_features=("g",)),
        attribution_section=section, of_class="mid", row=3, gap_of="mean_score",
    )  # fmt: skip
    assert not at.exception
    assert not at.error
    assert not at.main.warning
    if section == "Overview":
        said = rai.explainers.summarize(
            rai.explain(model, frame, background=frame), by="g", output="mid"
        )
        assert np.allclose(table(at)["mean size: mean_abs"], [each.mean_abs for each in said])


@pytest.mark.parametrize("section", ["Overview", "One row", "Gap"])
def test_a_regression_has_its_value_explained(app, section):
    frame = pandas.DataFrame({"x": np.arange(60.0), "g": ["a", "b"] * 30})
    model = rai.load_model(lambda f: 10 * f["x"], task="regression", features=["x"])
    at = opened_with(
        app, frame, {"m": model}, ColumnRoles(sensitive_features=("g",)),
        attribution_section=section, row=0,
    )  # fmt: skip
    assert not at.exception
    assert not at.error
    assert not at.main.warning
    if section == "One row":
        assert table(at)["attribution"].tolist() == [pytest.approx(-10 * 29.5)]
    if section == "Gap":
        assert table(at)["share"].iloc[0] == pytest.approx(1.0)


def test_groups_too_small_and_no_groups_are_said(app):
    frame = pandas.DataFrame({"x": np.linspace(0, 1, 40), "g": ["a"] * 38 + ["b"] * 2})
    model = rai.load_model(lambda f: f["x"], features=["x"])
    roles = ColumnRoles(sensitive_features=("g",))
    at = opened_with(app, frame, {"m": model}, roles)
    shown = table(at)
    assert "fewer than 30" in shown.loc[shown["g"] == "b", "note"].iloc[0]
    at = opened_with(app, frame, {"m": model}, ColumnRoles(), attribution_section="Gap")
    assert "Choose groups" in at.main.info[0].value


# In the form of What-If ---------------------------------------------------------------------------------


def form_labels(at, row):
    kinds = (*at.number_input, *at.selectbox)
    return {w.key.rsplit(":", 1)[1]: w.label.replace("\\", "") for w in kinds
            if f":{row}:" in (w.key or "") and w.key.startswith("value:")}  # fmt: skip


def test_the_form_shows_what_each_value_of_the_edited_row_adds(app):
    at = app(GERMAN, page="what-if", row=3, tints=True, tints_of=LOGISTIC)
    assert not at.exception
    project = project_of(at)
    box = next(w for w in at.number_input if (w.key or "").endswith(":3:duration_months"))
    box.set_value(6).run()
    held = rai.explainers.sample_background(project.frame, tints.MOST, by="sex")
    edited = project.frame.iloc[[3]].assign(duration_months=6)
    columns = list(project.features)
    found = rai.explain(project.models[LOGISTIC], edited[columns], background=held[columns])
    wanted = {each.feature: each.attribution for each in found.row(0)}
    labels = form_labels(at, 3)
    for name, part in wanted.items():
        assert labels[name].endswith(f"· {tints.signed(part)}")
    assert "was 42" in labels["duration_months"]
    assert "against 200 rows" in texts(at)


def test_fields_are_sorted_by_what_they_add(app, monkeypatch):
    found = tints.Tints("m", {"a": 0.1, "b": -0.5, "c": 0.3}, "")
    orders = {
        tints.AS_THEY_ARE: "abcd",
        tints.LARGEST: "bcad",
        tints.RAISING: "cabd",
        tints.LOWERING: "bacd",
    }
    for order, wanted in orders.items():
        monkeypatch.setattr(tints, "ORDER", type("Set", (), {"value": order}))
        assert "".join(tints.ordered("abcd", found)) == wanted


@pytest.mark.parametrize("dark", [False, True])
def test_words_are_read_on_every_tint(monkeypatch, dark):
    from rai.ground.colours import contrast

    monkeypatch.setattr(tints.colours, "is_dark", lambda: dark)
    ink = "#FAFAFA" if dark else "#31333F"
    assert tints.tint(0.0) == tints.colours.PAPER[dark]
    assert tints.tint(1.0) != tints.tint(-1.0)
    for share in np.linspace(-1, 1, 9):
        assert contrast(tints.tint(share), ink) >= 4.5


def test_rows_are_drawn_within_groups_and_answers_are_kept():
    frame = pandas.DataFrame({"x": np.arange(1000.0) / 1000, "g": ["a"] * 900 + ["b"] * 100})
    model = rai.load_model(lambda f: f["x"], features=["x"])
    project = Project("p", frame, ColumnRoles(sensitive_features=("g",)), {"m": model})
    held, said = asking.background(project, asking.EVERYBODY, 100)
    assert held["g"].value_counts().to_dict() == {"a": 90, "b": 10}
    assert said == "100 of 1,000 rows, drawn at random, each group of g in its share"
    assert answers.scores(project, "m").shape == (1000,)
