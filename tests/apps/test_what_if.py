"""What-If: the row, its form and what the models answer, against rai in Python."""

import numpy as np
import pandas
import pytest

import rai
from apps import answers, cutoffs
from apps.project import ColumnRoles, Project
from apps.what_if import choosing, form
from apps.what_if.fields import fields_of, spelled
from apps.words import figure

ADULT = {"data": "dataset:adult", "example_models": True}
MODEL = "boosting"


def project_of(at):
    return at.session_state["project"]


def widget(at, name, row=7):
    """The widget of a feature's value."""
    kinds = (*at.number_input, *at.selectbox, *at.text_input, *at.date_input)
    return next(w for w in kinds if (w.key or "").endswith(f":{row}:{name}"))


def button(at, label):
    return next(each for each in at.button if each.label == label)


def with_values(project, row, **values):
    """A row of the data with other values, as a frame of one row."""
    return project.frame.iloc[[row]].assign(**values)


def shown_scores(at):
    return {metric.label.replace("\\", ""): metric.value for metric in at.metric}


def test_the_page_opens_with_the_nearest_call_pinned(app):
    at = app(ADULT, page="what-if")
    project = project_of(at)
    name = next(iter(project.models))
    scores = answers.scores(project, name)
    assert at.session_state["setting:pinned"] == int(np.abs(scores - 0.5).argmin())
    assert not at.exception
    assert not at.error


def test_without_a_pinned_row_it_says_how_to_pin_one(app):
    at = app(ADULT, page="what-if", row=7)
    button(at, "Unpin").click().run()
    assert "pin one of them" in at.info[0].value
    button(at, "Random").click().run()
    assert shown_scores(at)


def test_only_a_column_of_scores_gives_advice(app):
    at = app({"data": "dataset:acs_employment/2018"}, page="what-if")
    assert "rai app DATA --model FILE" in at.info[0].value


def test_an_edited_number_and_category_give_the_models_scores(app):
    at = app(ADULT, page="what-if", row=7)
    widget(at, "age").set_value(24).run()
    widget(at, "education").set_value("11th").run()
    project = project_of(at)
    edited = with_values(project, 7, age=24, education="11th")
    for name, model in project.models.items():
        assert shown_scores(at)[name] == figure(float(model.scores(edited)[0]))
        was = float(answers.scores(project, name)[7])
        assert figure(was) in next(m.delta for m in at.metric if m.label == name)
    assert "was 63" in widget(at, "age").label.replace("\\", "")
    assert project.frame["age"].iloc[7] == 63


def test_decisions_flip_at_the_threshold_and_not_beside_it(app):
    at = app(ADULT, page="what-if", row=7)
    project = project_of(at)
    for age in (20, 30):
        widget(at, "age").set_value(age).run()
        found = rai.whatif.predict_edit(project.models[MODEL], project.frame, row=7, edits={"age": age})
        flip = any("~~" in m.value for m in at.markdown if "swap_horiz" in m.value)
        others = rai.whatif.predict_edit(
            project.models["logistic regression"], project.frame, row=7, edits={"age": age}
        )
        assert flip == (found.changed or others.changed)
    assert rai.whatif.predict_edit(
        project.models[MODEL], project.frame, row=7, edits={"age": 20}
    ).changed


def test_the_threshold_is_that_of_the_edited_group(app):
    male, female = 0.95, 0.1
    groups = [[["Male"], male], [["Female"], female]]
    cut = {MODEL: {"single": 0.5, "along": ["sex"], "groups": groups, "strategy": "custom"}}
    at = app(ADULT, page="what-if", row=7, cuts=cut)
    project = project_of(at)
    assert project.frame["sex"].iloc[7] == "Male"
    assert any("threshold 0.950 of Male" in c.value.replace("\\", "") for c in at.caption)
    widget(at, "sex").set_value("Female").run()
    asked = rai.whatif.predict_edit(
        project.models[MODEL],
        project.frame,
        row=7,
        edits={"sex": "Female"},
        threshold={"Male": male, "Female": female},
        along="sex",
    )
    assert asked.changed
    assert any("0.100 of Female, was 0.950" in c.value.replace("\\", "") for c in at.caption)
    assert any("<=50K" in m.value.replace("\\", "") and "swap" in m.value for m in at.markdown)


def test_undo_redo_and_reset(app):
    at = app(ADULT, page="what-if", row=7)
    first = shown_scores(at)
    widget(at, "age").set_value(24).run()
    second = shown_scores(at)
    assert second != first
    button(at, "Undo").click().run()
    assert shown_scores(at) == first
    assert widget(at, "age").value == 63
    button(at, "Redo").click().run()
    assert shown_scores(at) == second
    assert widget(at, "age").value == 24
    button(at, "Reset row").click().run()
    assert shown_scores(at) == first
    assert button(at, "Reset row").disabled
    project = project_of(at)
    assert at.session_state[f"workbench:{project.token}"].steps == (
        "row 7: age = 24",
        "row 7: as it was",
    )


def test_a_copy_is_edited_beside_the_row_and_deleted(app):
    at = app(ADULT, page="what-if", row=7)
    before = shown_scores(at)
    button(at, "Duplicate").click().run()
    project = project_of(at)
    new = len(project)
    assert widget(at, "age", new).value == 63
    widget(at, "age", new).set_value(24).run()
    edited = with_values(project, 7, age=24)
    assert shown_scores(at)[MODEL] == figure(float(project.models[MODEL].scores(edited)[0]))
    button(at, "Delete it").click().run()
    assert shown_scores(at) == before
    assert widget(at, "age").value == 63


def test_a_row_added_from_the_current_values_is_a_row_of_its_own(app):
    at = app(ADULT, page="what-if", row=7)
    widget(at, "age").set_value(24).run()
    button(at, "Add").click().run()
    project = project_of(at)
    assert widget(at, "age", len(project)).value == 24
    bench = at.session_state[f"workbench:{project.token}"]
    assert bench.record(len(project))["age"] == 24
    assert bench.steps[-1] == f"row {len(project)}: added"


def test_a_deleted_row_can_be_brought_back(app):
    at = app(ADULT, page="what-if", row=7)
    button(at, "Delete it").click().run()
    assert "Row 7 was deleted" in at.info[0].value
    button(at, "Undo").click().run()
    assert shown_scores(at)


def test_a_value_that_never_occurs_is_marked_with_a_sentence(app):
    at = app(ADULT, page="what-if", row=7)
    widget(at, "age").set_value(200).run()
    assert any("above 90, the largest that occurs" in c.value.replace("\\", "") for c in at.caption)
    widget(at, "capital_gain").set_value(None).run()
    said = [c.value.replace("\\", "") for c in at.caption] + [w.value for w in at.warning]
    assert any("missing, which never occurs" in each or "was not made" in each for each in said)
    assert not at.exception
    assert not at.error


def test_next_and_previous_go_through_the_selection(app):
    at = app(ADULT, page="what-if", row=7, where="age >= 85")
    rows = np.flatnonzero(project_of(at).frame["age"] >= 85)
    at.button(key="Next row").click().run()
    assert at.session_state["setting:pinned"] == rows[rows > 7][0]
    at.button(key="Previous row").click().run()
    assert at.session_state["setting:pinned"] == rows[-1 if rows[0] > 7 else 0]


def test_borderline_rows_are_those_nearest_to_their_threshold(app):
    at = app(ADULT, page="what-if", row=7)
    project = project_of(at)
    rows = np.arange(len(project))
    order = choosing.nearest_to_threshold(project, rows, model=MODEL)[:20]
    apart = np.abs(answers.scores(project, MODEL) - 0.5)
    assert apart[order].max() <= np.partition(apart, 19)[19]


def test_a_search_leaves_the_features_that_match(app):
    at = app(ADULT, page="what-if", row=7)
    box = next(each for each in at.text_input if each.label == "Search features")
    box.set_value("capital").run()
    shown = {(w.key or "").rsplit(":", 1)[-1] for w in at.number_input if "value:" in (w.key or "")}
    assert shown == {"capital_gain", "capital_loss"}


# Other columns and tasks ----------------------------------------------------------------------------

KINDS = pandas.DataFrame(
    {
        "height": [1.5, 2.25, None, 1.75],
        "day": pandas.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01", None]),
        "member": [True, False, True, True],
        "grade": pandas.Categorical(["mid", "low", "high", "mid"], ["low", "mid", "high"], ordered=True),
        "<b>": ["*x*", "y", None, "y"],
    }
)


def opened_with(app, frame, models, **roles):
    """The page on a project made in Python."""
    at = app(page="what-if")
    at.session_state["project"] = Project("made", frame, ColumnRoles(**roles), models)
    at.session_state["setting:pinned"] = 0
    return at.run()


def test_every_kind_of_column_has_a_widget_of_its_kind(app):
    model = rai.load_model(lambda f: f["height"].fillna(0) / 3 + 0.1 * f["member"].astype(float))
    at = opened_with(app, KINDS, {"m": model})
    assert not at.exception
    assert not at.error
    assert fields_of(project_of(at))["grade"].levels == ("low", "mid", "high")
    assert widget(at, "height", 0).value == 1.5
    assert widget(at, "day", 0).value.isoformat() == "2024-01-01"
    widget(at, "member", 0).set_value(False).run()
    assert shown_scores(at)["m"] == figure(0.5)
    widget(at, "height", 0).set_value(None).run()
    assert shown_scores(at)["m"] == figure(0.0)
    widget(at, "grade", 0).set_value("high").run()
    bench = at.session_state[f"workbench:{project_of(at).token}"]
    assert bench.record(0)["grade"] == "high"


@pytest.mark.parametrize(("value", "text"), [(None, "(missing)"), (0.1 + 0.2, "0.3"), ("a", "a")])
def test_values_are_spelled_for_people(value, text):
    assert spelled(value) == text


def test_a_regression_shows_its_value(app):
    frame = pandas.DataFrame({"x": [1.0, 2.0, 3.0], "g": ["a", "b", "a"]})
    model = rai.load_model(lambda f: 10 * f["x"], task="regression")
    at = opened_with(app, frame, {"m": model})
    widget(at, "x", 0).set_value(2.5).run()
    assert shown_scores(at) == {"m": figure(25.0)}
    assert not at.error


def test_several_classes_show_the_likeliest(app):
    frame = pandas.DataFrame({"x": [0.0, 0.5, 1.0], "g": ["a", "b", "a"]})

    def predict(rows):
        x = rows["x"].to_numpy()
        return np.column_stack([1 - x, x / 2, x / 2])

    model = rai.load_model(predict, task="multiclass", classes=("low", "mid", "top"))
    at = opened_with(app, frame, {"m": model})
    assert not at.error
    widget(at, "x", 0).set_value(0.9).run()
    assert any("low" in m.value and "mid" in m.value and "swap" in m.value for m in at.markdown)


def test_a_change_that_a_model_cannot_answer_is_not_made(app):
    def picky(rows):
        if (rows["x"] > 5).any():
            raise ValueError("too large")
        return rows["x"] / 10

    at = opened_with(app, pandas.DataFrame({"x": [1.0, 2.0]}), {"m": rai.load_model(picky)})
    widget(at, "x", 0).set_value(9.0).run()
    assert "That change was not made" in at.warning[0].value
    assert widget(at, "x", 0).value == 1.0
    assert shown_scores(at) == {"m": figure(0.1)}


def test_features_that_a_model_reads_come_first():
    model = rai.load_model(lambda f: f["b"] / 10)
    model = model.replace(features=("b",))
    project = Project("p", pandas.DataFrame({"a": [1], "b": [2]}), ColumnRoles(), {"m": model})
    assert form.grouped(project) == (("b",), ("a",))


def test_thresholds_of_ranges_are_those_of_the_edited_row(monkeypatch):
    from apps.what_if.verdicts import threshold_of

    frame = pandas.DataFrame({"age": np.arange(20, 80), "s": np.linspace(0, 1, 60)})
    project = Project("p", frame, ColumnRoles(), {"m": rai.load_model(lambda f: f["s"])})
    held = cutoffs.Cut(0.5, ("age",), {("< 40",): 0.2, ("≥ 60",): 0.8}, cuts={"age": (40.0, 60.0)})
    monkeypatch.setattr(cutoffs, "cut", lambda *_: held)
    each = cutoffs.thresholds(project, "m")
    assert each[[19, 20, 39, 40]].tolist() == [0.2, 0.5, 0.5, 0.8]
    assert [threshold_of(project, "m", {"age": age})[0] for age in frame["age"]] == each.tolist()
    assert threshold_of(project, "m", {"age": 60}) == (0.8, ("≥ 60",))
    assert threshold_of(project, "m", {"age": None}) == (0.5, ())
