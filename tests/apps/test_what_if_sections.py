"""The sections of What-If, against rai in Python."""

import io
import json

import numpy as np
import pandas
import pytest

import rai
from apps import answers
from apps.dive.columns import Rows, described, numbers
from apps.what_if import desk as desks
from apps.what_if import effects, scenarios
from apps.words import figure

ADULT = {"data": "dataset:adult", "example_models": True}
GERMAN = {"data": "dataset:german_credit", "example_models": True}
MODEL = "boosting"


def project_of(at):
    return at.session_state["project"]


def button(at, label):
    return next(each for each in at.button if each.label == label)


def table(at, *columns):
    """The first table with these columns."""
    return next(d.value for d in at.dataframe if set(columns) <= set(d.value.columns))


def chart(at, place):
    """The layers of a chart."""
    return json.loads(at.get("vega_lite_chart")[place].proto.spec)["layer"]


def texts(at):
    found = [*at.caption, *at.markdown, *at.info, *at.warning]
    return " | ".join(each.value.replace("\\", "") for each in found)


def bench_of(at):
    return at.session_state[f"workbench:{project_of(at).token}"]


# The nearest one ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("preset", "norm"), [("default", "l1"), ("what-if-tool", "l2")])
def test_the_nearest_counterfactual_is_rais(app, preset, norm):
    at = app(ADULT, page="what-if", row=7, distance=preset, norm=norm)
    project = project_of(at)
    found = rai.whatif.nearest_counterfactual(
        project.models[MODEL], project.frame, row=7, distance=preset, norm=norm, y_true="income"
    )
    assert f"**Row {found.row:,}** is the nearest" in texts(at)
    assert f"distance {figure(found.distance)}" in texts(at)
    shown = table(at, "this row", "that row").set_index("feature")
    for change in found.changes:
        assert shown.loc[change.feature, "differs"]
        assert shown.loc[change.feature, "share of distance"] == change.share


def test_frozen_features_agree(app):
    at = app(ADULT, page="what-if", row=7, agree=["sex", "education"])
    project = project_of(at)
    found = rai.whatif.nearest_counterfactual(
        project.models[MODEL], project.frame, row=7, frozen=("sex", "education"), y_true="income"
    )
    shown = table(at, "this row", "that row").set_index("feature")
    assert f"**Row {found.row:,}** is the nearest" in texts(at)
    assert not shown.loc["education", "differs"]


def test_its_values_are_copied_and_it_is_pinned(app):
    at = app(ADULT, page="what-if", row=7)
    project = project_of(at)
    found = rai.whatif.nearest_counterfactual(
        project.models[MODEL], project.frame, row=7, y_true="income"
    )
    button(at, "Copy these values").click().run()
    record = bench_of(at).record(7)
    assert all(record[change.feature] == change.after for change in found.changes)
    button(at, "Undo").click().run()
    button(at, "Pin that one").click().run()
    assert at.session_state["setting:pinned"] == found.row


def test_distances_become_a_column_for_dive(app):
    at = app(ADULT, page="what-if", row=7)
    project = project_of(at)
    button(at, "Distances for Dive").click().run()
    held = at.session_state[f"similarity:{project.token}"]
    assert held.name == "distance to row 7"
    wanted = rai.whatif.similarity(project.models[MODEL], project.frame, row=7, y_true="income")
    assert np.allclose(held.of(project.frame), wanted)
    rows = Rows.of(project, np.arange(len(project)), similar=held)
    column = next(each for each in described(rows) if each.name == held.name)
    assert column.kind == "number"
    sent = numbers(rows, column)
    assert np.allclose(sent.offset + sent.scale * sent.v, wanted, atol=1e-6)
    assert held.name not in {each.name for each in described(Rows.of(project, rows.ids))}


# Generated ones -------------------------------------------------------------------------------------


def test_generated_changes_are_rais_and_can_be_applied(app):
    at = app(ADULT, page="what-if", row=9, what_if="Counterfactuals", k=3)
    button(at, "Find changes").click().run()
    project = project_of(at)
    found = rai.whatif.counterfactuals(
        project.models[MODEL],
        project.frame,
        row=dict(desks.edits.untouched(project).record(9)),
        k=3,
        frozen=("sex", "race"),
        y_true="income",
    )
    assert len(found) > 0
    for one in found:
        assert f"distance {figure(one.distance)}" in texts(at)
        assert not {"sex", "race"} & set(one.changes.features)
    at.button(key="apply:0").click().run()
    record = bench_of(at).record(9)
    assert all(record[change.feature] == change.after for change in found[0].changes)
    assert "changed since" in texts(at)
    assert any("swap_horiz" in each.value for each in at.markdown)


def test_directions_and_frozen_features_are_kept(app):
    at = app(
        ADULT, page="what-if", row=9, what_if="Counterfactuals", up=["age"], frozen=["capital_gain"]
    )
    button(at, "Find changes").click().run()
    _, found = at.session_state[f"what-if generated:{project_of(at).token}"]
    for one in found:
        for change in one.changes:
            assert change.feature != "capital_gain"
            assert change.feature != "age" or change.after > change.before


# Effects --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("feature", ["age", "checking_account"])
def test_effects_are_rais(app, feature):
    at = app(GERMAN, page="what-if", row=3, what_if="Effects", effect=feature)
    assert not at.exception
    project = project_of(at)
    if feature not in project.columns:
        pytest.fail(f"{feature} is no column: {project.columns}")
    found = rai.whatif.partial_dependence(
        project.answering, project.frame, features=[feature], grid=effects.POINTS
    )
    shown = table(at, "mean", "low", "high")
    wanted = pandas.DataFrame(found.to_dicts())
    assert np.allclose(shown["mean"], wanted["mean"])
    assert np.allclose(shown["low"].astype(float), wanted["low"].astype(float), equal_nan=True)


def test_the_chart_has_the_rows_curve_and_the_threshold():
    frame = pandas.DataFrame({"x": np.linspace(0, 1, 50), "z": np.linspace(1, 0, 50)})
    model = rai.load_model(lambda f: 0.9 * f["x"])
    (found,) = rai.whatif.partial_dependence(model, frame, features=["x"], ice=5, row=10)
    layers = effects.spec_of(found, threshold=0.5)["layer"]
    assert layers[-1]["data"]["values"] == [{"y": 0.5}]
    own = layers[-2]["data"]["values"][0]
    assert own["x"] == pytest.approx(frame["x"][10])
    assert own["y"] == pytest.approx(0.9 * frame["x"][10])
    assert len({row["row"] for row in layers[0]["data"]["values"]}) == 5


def test_all_features_are_sorted_by_their_variation(app):
    at = app(GERMAN, page="what-if", row=3, what_if="Effects")
    button(at, "Sort all features by variation").click().run()
    shown = table(at, "variation", "curve")
    most = shown.groupby("feature", sort=False)["variation"].max()
    assert most.is_monotonic_decreasing
    assert set(most.index) == set(project_of(at).models[MODEL].features)


def test_local_effects_are_a_choice(app):
    at = app(GERMAN, page="what-if", row=3, what_if="Effects", method=effects.LOCAL, effect="age")
    project = project_of(at)
    found = rai.whatif.accumulated_local_effects(project.answering, project.frame, features=["age"])
    shown = table(at, "mean", "low", "high")
    assert np.allclose(shown["mean"], [row["mean"] for row in found.to_dicts()])


# The flip test --------------------------------------------------------------------------------------


def test_flips_of_this_row_and_of_all_rows_are_rais(app):
    at = app(GERMAN, page="what-if", row=3, what_if="Flip test")
    project = project_of(at)
    feature = project.roles.sensitive_features[0]
    shown = table(at, "before", "after", "changed")
    for _, row in shown.iterrows():
        asked = rai.whatif.predict_edit(
            project.models[row["model"]], project.frame, row=3, edits={feature: row["to"]}
        )
        assert row["after"] == asked.after
        assert row["changed"] == asked.changed
    button(at, "Test them all").click().run()
    found = rai.whatif.flip_test(project.models[MODEL], project.frame, change=feature)
    assert f"**{found.overall.changed:,}** of {found.overall.n:,} decisions change" in texts(at)
    pairs = table(at, "from", "to", "share").set_index(["from", "to"])
    for rate in found.pairs:
        held = dict(rate.group)
        row = pairs.loc[(str(held["from"]), str(held["to"]))]
        assert (row["changed"], row["low"], row["high"]) == (rate.changed, rate.low, rate.high)


def test_the_flip_test_of_a_selection_is_about_its_rows(app):
    at = app(GERMAN, page="what-if", row=3, what_if="Flip test", where="age > 40")
    box = next(each for each in at.selectbox if each.label == "Rows")
    box.set_value("the selection").run()
    button(at, "Test them all").click().run()
    project = project_of(at)
    rows = project.frame[project.frame["age"] > 40]
    feature = project.roles.sensitive_features[0]
    found = rai.whatif.flip_test(project.models[MODEL], rows, change=feature)
    assert f"**{found.overall.changed:,}** of {found.overall.n:,} decisions" in texts(at)


# Scenarios ------------------------------------------------------------------------------------------


def test_a_scenario_shows_rais_changes_and_gaps(app):
    edit = rai.whatif.Edit.scale("duration_months", 0.5).to_dict()
    at = app(
        GERMAN,
        page="what-if",
        row=3,
        what_if="Scenario",
        edits=[edit],
        scenario_rows="a query",
        scenario_where="age < 30",
    )
    run = next(each for each in at.button if each.label.startswith("Run on"))
    project = project_of(at)
    assert run.label == f"Run on {int((project.frame['age'] < 30).sum())} rows"
    run.click().run()
    roles = project.roles
    found = rai.whatif.run_scenario(
        project.models[MODEL],
        project.frame,
        scenario=rai.whatif.Scenario("scenario", [rai.whatif.Edit.from_dict(edit)], where="age < 30"),
        y_true=roles.y_true,
        sensitive_features=list(roles.sensitive_features),
        cuts=dict(roles.cuts) or None,
    )
    assert f"**{found.overall.changed:,}** of {found.overall.n:,} decisions" in texts(at)
    gaps = table(at, "before", "after", "change")
    wanted = list(found.gaps("demographic_parity", along=roles.sensitive_features[0]))
    shown = gaps[gaps["gap"].str.contains("emographic")].iloc[0]
    assert (shown["before"], shown["after"]) == (wanted[0].value, wanted[1].value)
    assert (shown["after_low"], shown["after_high"]) == (wanted[1].low, wanted[1].high)


def test_edits_are_added_and_left_out(app):
    at = app(GERMAN, page="what-if", row=3, what_if="Scenario")
    next(each for each in at.selectbox if each.label == "Column").set_value("age").run()
    next(each for each in at.selectbox if each.label == "Change").set_value("add").run()
    next(each for each in at.number_input if each.label == "Amount").set_value(5.0).run()
    button(at, "Add this edit").click().run()
    (held,) = at.session_state["setting:what-if scenario edits"]
    assert held == rai.whatif.Edit.add("age", 5.0).to_dict()
    at.button(key="drop edit 0").click().run()
    assert at.session_state["setting:what-if scenario edits"] == ()


def test_a_query_that_cannot_be_read_is_told(app):
    at = app(
        GERMAN,
        page="what-if",
        row=3,
        what_if="Scenario",
        scenario_rows="a query",
        scenario_where="age >",
    )
    assert not at.error
    assert at.warning


def test_edits_that_cannot_be_read_are_told_and_can_be_left_out(app):
    damaged = [5, {"column": [], "kind": "set"}, {"column": "age", "kind": "set", "value": 40}]
    at = app(GERMAN, page="what-if", row=3, what_if="Scenario", edits=damaged)
    assert not at.error
    assert "edit\\: 5; expected an edit's fields" in at.warning[-1].value
    assert texts(at).count("an edit that can't be read") == 2
    at.button(key="drop edit 0").click().run()
    at.button(key="drop edit 0").click().run()
    assert not at.warning
    assert len(at.session_state["setting:what-if scenario edits"]) == 1


def test_a_scenario_is_saved_and_read_again():
    scenario = rai.whatif.Scenario("older", rai.whatif.Edit.add("age", 5), where="sex = F")
    assert scenarios.read(scenarios.written(scenario)) == scenario
    with pytest.raises(rai.RaiError):
        scenarios.read(json.dumps({"no": "scenario"}).encode())
    assert json.load(io.BytesIO(scenarios.written(scenario)))["name"] == "older"


# Steps ----------------------------------------------------------------------------------------------


def test_steps_runs_and_edited_rows_are_listed(app):
    at = app(GERMAN, page="what-if", row=3, what_if="Steps")
    box = next(w for w in at.number_input if (w.key or "").endswith(":3:age"))
    before = box.value
    box.set_value(before + 10).run()
    project = project_of(at)
    runs = table(at, "run", "step", "score")
    edited = project.frame.iloc[[3]].assign(age=before + 10)
    last = runs[runs["model"] == MODEL].iloc[-1]
    assert last["score"] == pytest.approx(float(project.models[MODEL].scores(edited)[0]))
    first = float(answers.scores(project, MODEL)[3])
    assert last["delta"] == pytest.approx(last["score"] - first)
    rows = table(at, "row", "change", "column", "before", "now")
    assert rows.iloc[0].tolist() == ["3", "edited", "age", str(before), str(before + 10)]


# Thresholds for ranges ------------------------------------------------------------------------------

EDGES = (30.0, 45.0, 60.0)
NAMED = {"< 30": 0.7, "30 to < 45": 0.5, "45 to < 60": 0.4, "≥ 60": 0.85}
BY_AGE = {"threshold": NAMED, "along": "age", "cuts": {"age": EDGES}}


@pytest.fixture
def by_age():
    groups = [[[name], at] for name, at in NAMED.items() if name != "30 to < 45"]
    return {MODEL: {"single": 0.5, "along": ["age"], "groups": groups, "cuts": {"age": list(EDGES)}}}


def test_the_sections_decide_by_the_edited_rows_own_range(app, by_age):
    at = app(ADULT, page="what-if", row=7, cuts=by_age)
    project = project_of(at)
    rows, model = project.frame, project.models[MODEL]
    decided = rai.whatif.run_scenario(
        model, rows, scenario=rai.whatif.Scenario("as it is", rai.whatif.Edit.set("age", 24)), **BY_AGE
    )
    held = np.array(list(NAMED.values()))[np.digitize(rows["age"], EDGES)]
    assert (decided.decided_before == (answers.scores(project, MODEL) >= held)).all()
    found = rai.whatif.nearest_counterfactual(model, rows, row=7, y_true="income", **BY_AGE)
    assert f"**Row {found.row:,}** is the nearest" in texts(at)
    with_one = rai.whatif.nearest_counterfactual(model, rows, row=7, y_true="income", threshold=0.5)
    assert with_one.row != found.row


def test_a_scenario_moves_people_to_another_range(app, by_age):
    edit = rai.whatif.Edit.add("age", 15)
    at = app(ADULT, page="what-if", row=7, what_if="Scenario", edits=[edit.to_dict()], cuts=by_age)
    next(each for each in at.button if each.label.startswith("Run on")).click().run()
    project = project_of(at)
    scores = [answers.scores(project, MODEL)]
    older = project.frame.assign(age=project.frame["age"] + 15)
    scores.append(project.models[MODEL].scores(older))
    was, now = (
        s >= np.array(list(NAMED.values()))[np.digitize(frame["age"], EDGES)]
        for s, frame in zip(scores, (project.frame, older), strict=True)
    )
    assert f"**{int((was != now).sum()):,}** of {len(was):,} decisions change" in texts(at)
    assert (was != now).sum() != ((scores[0] >= 0.5) != (scores[1] >= 0.5)).sum()


def test_the_threshold_of_an_effect_steps_where_the_ranges_part(app, by_age):
    at = app(ADULT, page="what-if", row=7, what_if="Effects", effect="age", cuts=by_age)
    project = project_of(at)
    layer = chart(at, 0)[-1]
    assert layer["mark"]["interpolate"] == "step-after"
    assert {*EDGES} < {row["x"] for row in layer["data"]["values"]}
    for row in layer["data"]["values"]:
        assert row["y"] == list(NAMED.values())[int(np.digitize(row["x"], EDGES))]
    box = next(each for each in at.selectbox if each.label == "Feature")
    box.set_value("sex").run()
    own = int(np.digitize(project.frame["age"].iloc[7], EDGES))
    assert chart(at, 0)[-1]["data"]["values"] == [{"y": list(NAMED.values())[own]}]


def test_the_threshold_of_an_effect_is_each_categorys_own(app):
    groups = [[["Male"], 0.95], [["Female"], 0.1]]
    cut = {MODEL: {"single": 0.5, "along": ["sex"], "groups": groups}}
    at = app(ADULT, page="what-if", row=7, what_if="Effects", effect="sex", cuts=cut)
    layer = chart(at, 0)[-1]
    assert layer["mark"]["type"] == "tick"
    assert {row["x"]: row["y"] for row in layer["data"]["values"]} == {"Male": 0.95, "Female": 0.1}


def test_a_scenario_counts_in_the_ranges_that_thresholds_are_for(app):
    named = {"< 30": 0.6, "≥ 30": 0.4}
    cut = {"single": 0.5, "along": ["age"], "groups": [[[name], at] for name, at in named.items()]}
    cuts = {MODEL: {**cut, "cuts": {"age": [30]}}}
    edit = rai.whatif.Edit.add("age", 5)
    at = app(GERMAN, page="what-if", row=3, what_if="Scenario", edits=[edit.to_dict()], cuts=cuts)
    next(each for each in at.button if each.label.startswith("Run on")).click().run()
    project = project_of(at)
    found = rai.whatif.run_scenario(
        project.models[MODEL],
        project.frame,
        scenario=rai.whatif.Scenario("scenario", [edit]),
        sensitive_features=["sex", "age"],
        threshold=named,
        along="age",
        cuts={"age": [30]},
    )
    shown = table(at, "sex", "age", "changed")
    assert set(shown["age"]) == set(named)
    assert shown["changed"].tolist() == [rate.changed for rate in found.flips]
    assert shown["changed"].sum() > 0
