"""Dive's page: what it is told and tells, by scripts and in a browser, compared with rai."""

import json

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

import rai
from apps.colours import marks
from apps.dive import layouts, looks, searching
from apps.dive.columns import Rows, described, packet
from apps.project import ColumnRoles, Project
from tests.apps.dive.test_packets import read, rows_of

CREDIT = {"data": "dataset:german_credit", "example_models": True}
VIEW, FEEDER = "rai_dive_view", "rai_dive_feeder"


def found_in(node, name):
    """All mounts of a component, wherever they stand."""
    held = []
    for child in node.children.values():
        if getattr(child, "type", "") == "bidi_component" and child.proto.component_name == name:
            held.append(child.proto)
        if hasattr(child, "children"):
            held += found_in(child, name)
    return held


def told(at):
    """What the view is told."""
    (view,) = found_in(at.main, VIEW)
    return json.loads(view.json or view.mixed.json)


def fed(at):
    """Header and arrays of every packet, by name."""
    return [read(proto.bytes) for proto in found_in(at.main, FEEDER)]


def masked(at, name):
    """The rows of a mask as it was fed, None without one."""
    version = told(at)[name]
    if version is None:
        return None
    bits = next(
        a[0] for h, a in fed(at) if h.get("bins") == f"mask {name}" and h["name"] == version["version"]
    )
    return np.flatnonzero(np.unpackbits(bits, bitorder="little"))


def test_it_opens_on_groups_coloured_by_what_the_model_gets_wrong(app):
    at = app(CREDIT, page="dive")
    assert not at.exception
    assert not at.error
    said = told(at)
    assert said["n"] == 1000
    assert said["layout"]["color"].endswith("outcome")
    assert said["layout"]["column"] in at.session_state["project"].roles.sensitive_features
    names = {header["name"] for header, _ in fed(at)}
    assert set(at.session_state["project"].columns) <= names


def test_the_counts_of_outcomes_are_those_of_the_audit(app):
    at = app(CREDIT, page="dive")
    project, name = at.session_state["project"], told(at)["layout"]["color"]
    model = name.removesuffix(" outcome")
    header, (codes,) = next((h, a) for h, a in fed(at) if h["name"] == name)
    counted = dict(
        zip(header["labels"], np.bincount(codes, minlength=len(header["labels"])), strict=True)
    )
    asked = project.models[model]
    audit = rai.audit(
        y_true=project.frame[project.roles.y_true],
        y_score=asked.scores(project.frame),
        sensitive_features=project.frame[["sex"]],
        positive_label=asked.positive_label,
        thresholds=(asked.threshold,),
    )
    groups = audit.confusion(threshold=asked.threshold).to_dicts()
    short = {
        "tp": "true positive",
        "fp": "false positive",
        "fn": "false negative",
        "tn": "true negative",
    }
    assert {key: sum(row[key] for row in groups) for key in short} == {
        key: counted.get(label, 0) for key, label in short.items()
    }


def test_the_selection_of_other_pages_is_shown_and_listed(app):
    at = app(CREDIT, page="dive", where="age > 60")
    frame = at.session_state["project"].frame
    wanted = np.flatnonzero(frame["age"] > 60)
    assert masked(at, "selection").tolist() == wanted.tolist()
    assert at.dataframe[0].value["row"].tolist() == wanted.tolist()
    assert f"**{len(wanted)} selected rows**" in at.main.markdown[-1].value


def test_a_search_shows_only_what_it_finds_and_a_wrong_one_says_why(app):
    at = app(CREDIT, page="dive", search="age > 60 and sex == female")
    frame = at.session_state["project"].frame
    wanted = np.flatnonzero((frame["age"] > 60) & (frame["sex"] == "female"))
    assert len(wanted) > 0
    assert masked(at, "visible").tolist() == wanted.tolist()
    assert told(at)["found"] == len(wanted)
    at = app(CREDIT, page="dive", search="agee > 60")
    assert masked(at, "visible") is None
    assert "no column 'agee'" in told(at)["message"]
    assert "For example:" in told(at)["message"]


@pytest.mark.parametrize("name", ["german_credit", "adult"])
def test_the_example_of_a_search_is_about_these_columns_and_finds_rows(name):
    frame = rai.load_dataset(name).frame
    query = rai.explore.parse_query(searching.example(rows_of(frame)))
    assert set(query.columns) <= set(frame.columns)
    assert 0 < query.mask(frame).sum() < len(frame)


@pytest.mark.parametrize(
    "values",
    [[np.inf, -np.inf], [None, None], [5, 5], ['x `y` "z"', None], [["a"], ["b"]], [0.1, 0.2]],
)
@pytest.mark.parametrize("name", ["x", "a `b` \"c\" 'd'"])
def test_the_example_finds_rows_also_in_odd_columns(name, values):
    frame = pd.DataFrame({name: values})
    query = rai.explore.parse_query(searching.example(rows_of(frame)))
    assert query.mask(frame).any()


def test_the_search_field_shows_the_example(app):
    at = app(CREDIT, page="dive")
    frame = at.session_state["project"].frame
    assert rai.explore.parse_query(told(at)["example"]).mask(frame).any()


def test_the_cohort_that_pages_are_confined_to_holds_here(app):
    at = app(CREDIT, page="dive", cohorts={"old": "age > 60"}, cohort="old", search="sex == male")
    frame = at.session_state["project"].frame
    wanted = np.flatnonzero((frame["age"] > 60) & (frame["sex"] == "male"))
    assert masked(at, "visible").tolist() == wanted.tolist()


def test_a_layout_in_the_address_is_shown_and_nonsense_in_it_is_left_out(app):
    asked = {"row": "age", "row_bins": 7, "x": "sex", "y": "age", "color": "no such", "mode": "fly"}
    said = told(app(CREDIT, page="dive", dive=asked))
    assert said["layout"] == {**layouts.PLAIN, "row": "age", "row_bins": 7, "y": "age"}
    frame = rai.load_dataset("german_credit").frame
    assert said["bins"]["age|7"]["labels"] == list(rai.explore.codes(frame, "age", 7).labels)


def test_rows_without_models_begin_with_the_label_and_the_group():
    frame = pd.DataFrame(
        {"sex": ["F", "M"] * 20, "paid": ["yes", "no", "no", "no"] * 10, "age": range(40)}
    )
    rows = rows_of(frame, y_true="paid", sensitive_features=("sex",))
    first = layouts.whole({}, rows, described(rows))
    assert (first["column"], first["color"], first["x"]) == ("sex", "paid", None)


def test_groups_have_the_colour_they_have_everywhere():
    frame = pd.DataFrame({"sex": ["M"] * 5 + ["F"] * 2 + [None]})
    rows = rows_of(frame)
    (column,) = described(rows)
    header, _ = read(packet(rows, column))
    given = dict(zip(header["labels"], looks.colours(rows, column)["light"], strict=True))
    audit = rai.audit(
        y_true=[0, 1] * 4, y_pred=[0, 1] * 4, sensitive_features=frame[["sex"]], positive_label=1
    )
    names = [str(row["sex"]) for row in audit.metrics("accuracy", by="sex").to_dicts()]
    assert {n: given[n] for n in names} == {n: marks(names)[n].colour() for n in names}


@pytest.mark.parametrize(
    "where", ["age >= 30 and age <= 40", "sex == female", "age >= 50 and sex == male"]
)
def test_a_selection_that_a_query_says_gets_that_query(where):
    frame = rai.load_dataset("german_credit").frame
    rows = Rows.of(Project(name="c", frame=frame, roles=ColumnRoles()), np.arange(len(frame)))
    mask = rai.explore.parse_query(where).mask(frame)
    chosen = np.flatnonzero(mask)
    query = searching.described(rows, described(rows), names=("age", "sex"), text="", chosen=chosen)
    assert np.flatnonzero(rai.explore.parse_query(query).mask(frame)).tolist() == chosen.tolist()
    some = chosen[::2]
    assert searching.described(rows, described(rows), names=("age", "sex"), text="", chosen=some) is None


def test_edited_rows_are_drawn_with_what_models_say_of_them(app):
    at = app(CREDIT, page="dive", where="age > 60")
    project, before = at.session_state["project"], told(at)["token"]
    bench = rai.whatif.Workbench(project.answering, project.frame).edit(0, age=99)
    bench = bench.delete(1).duplicate(5)
    at.session_state[f"workbench:{project.token}"] = bench
    at.session_state["setting:dive edited"] = True
    at.run()
    assert not at.error
    said, packets = told(at), fed(at)
    assert said["n"] == 1000
    assert said["token"] != before == project.token
    assert [h["token"] for h, _ in packets if h["kind"] == "drop"] == [before]
    ages = next(a[0] for h, a in packets if h["name"] == "age")
    assert ages.tolist() == bench.rows["age"].tolist()
    name, model = next(iter(project.answering.items()))
    scores = next(h["offset"] + h["scale"] * a[0] for h, a in packets if h["name"] == f"{name} score")
    np.testing.assert_allclose(scores, model.scores(bench.rows), rtol=1e-6, atol=1e-7)
    wanted = np.flatnonzero(np.isin(bench.ids, np.flatnonzero(project.frame["age"] > 60)))
    assert masked(at, "selection").tolist() == wanted.tolist()
    assert at.dataframe[0].value["row"].tolist() == bench.ids[wanted].tolist()


def test_no_rows_and_odd_rows_end_in_words(app, tmp_path):
    path = tmp_path / "odd.parquet"
    pd.DataFrame({"a": [None, None], "<b>*": [1, np.inf]}).to_parquet(path)
    at = app({"data": str(path)}, page="dive")
    assert not at.exception
    assert not at.error
    assert told(at)["n"] == 2


@pytest.fixture(scope="module")
def address(serve):
    return serve("dataset:german_credit", "--example-models")


def standing(page):
    expect(page.locator("[data-settled='true']")).to_have_count(1)
    return page.locator("[data-n]")


@pytest.mark.browser
def test_a_lasso_selects_the_same_rows_on_every_page(address, tab):
    page = tab(f"{address}/dive?dive={json.dumps({'x': 'age', 'y': 'credit_amount', 'mode': 'box'})}")
    host = standing(page)
    box = host.locator("canvas").first.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 360, box["y"] + 330, steps=5)
    page.mouse.up()
    expect(page.get_by_test_id("stSidebar").get_by_text("rows selected")).to_be_visible()
    count = int(host.get_attribute("data-selected"))
    assert 0 < count < 1000
    expect(page.get_by_test_id("stSidebar").get_by_text(f"{count:,} rows selected")).to_be_visible()
    page.get_by_text("Save as cohort").click()
    page.get_by_label("Name", exact=True).fill("in the box")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Cohort saved: in the box")).to_be_visible()


@pytest.mark.browser
def test_a_click_on_another_page_right_after_a_selection_is_not_lost(address, tab):
    page = tab(f"{address}/dive?dive={json.dumps({'x': 'age', 'y': 'credit_amount', 'mode': 'box'})}")
    for place in range(1, 6):
        box = standing(page).locator("canvas").first.bounding_box()
        page.mouse.move(box["x"] + 60, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + 60 + 40 * place, box["y"] + 330, steps=3)
        page.mouse.up()
        page.get_by_role("link", name="Start").click()
        expect(page.get_by_role("heading", name="Start")).to_be_visible()
        page.get_by_role("link", name="Dive").click()


@pytest.mark.browser
def test_a_layout_is_in_the_address_and_a_link_shows_it(address, tab):
    page = tab(f"{address}/dive")
    standing(page)
    page.locator("select[data-field='row']").select_option("housing")
    page.wait_for_url("**housing**")
    again = tab(page.url)
    standing(again)
    expect(again.locator("select[data-field='row']")).to_have_value("housing")


@pytest.mark.browser
def test_a_search_leaves_what_rai_finds(address, tab):
    page = tab(f"{address}/dive")
    host = standing(page)
    field = page.get_by_label("Search rows by a query")
    field.fill("age > 60 and sex == female")
    field.press("Enter")
    frame = rai.load_dataset("german_credit").frame
    wanted = int(((frame["age"] > 60) & (frame["sex"] == "female")).sum())
    expect(host).to_have_attribute("data-visible", str(wanted))
    page.get_by_role("button", name=f"Select the {wanted} found").click()
    expect(host).to_have_attribute("data-selected", str(wanted))
