"""Overview by AppTest: what the blocks say is what rai says; what is set changes them."""

import json

import numpy as np
import pandas as pd
import pytest

import rai
from apps.overview.picking import bar_query

ROLES = {"y_true": "income", "positive_label": ">50K", "sensitive_features": ["sex", "race"]}
HOSTILE = "<img src=x onerror=alert(1)>"


def sent(at):
    """What the component was given."""
    found = [e for e in at.main if e.type == "bidi_component"]
    found += [
        e for block in at.main.children.values() for e in walk(block) if e.type == "bidi_component"
    ]
    assert found
    return json.loads(found[-1].proto.mixed.json or found[-1].proto.json)


def walk(node):
    yield node
    for child in getattr(node, "children", {}).values():
        yield from walk(child)


def names(at):
    return [block["name"] for block in sent(at)["blocks"]]


def block(at, name):
    return next(b for b in sent(at)["blocks"] if b["name"] == name)


@pytest.fixture(scope="module")
def profile():
    """The rows: 2,000 of each half of Adult."""
    whole = rai.load_dataset("adult").frame
    return {
        name: whole[whole["split"] == split].drop(columns="split").head(2000).reset_index(drop=True)
        for name, split in (("adult", "test"), ("train", "train"))
    }


@pytest.fixture(scope="module")
def adult(profile, tmp_path_factory):
    """They as files, opened with their roles."""
    folder = tmp_path_factory.mktemp("adult")
    for name, rows in profile.items():
        rows.to_parquet(folder / f"{name}.parquet")
    data, compare = (str(folder / f"{name}.parquet") for name in profile)
    return {"data": data, "compare": [compare], **ROLES}


def cells(at, name):
    found = block(at, name)
    return [dict(zip(found["heads"], (c["text"] for c in s), strict=True)) for s in found["stats"]]


def test_statistics_on_screen_are_those_of_the_profile(app, adult, profile):
    at = app(adult, find="^age$|^workclass$")
    assert not at.exception
    assert not at.error
    assert set(names(at)) == {"age", "workclass"}
    assert sent(at)["names"] == ["adult", "train"]
    own = {(r["feature"], r["dataset"]): r for r in rai.profile(profile).to_dicts()}
    for place, dataset in enumerate(("adult", "train")):
        age, work = cells(at, "age")[place], cells(at, "workclass")[place]
        said = own["age", dataset]
        assert age["count"] == f"{said['count']:,}" == f"{profile[dataset]['age'].count():,}"
        assert age["mean"] == f"{said['mean']:.1f}"
        assert age["max"] == f"{said['max']:.0f}"
        missing = profile[dataset]["workclass"].isna().mean()
        assert work["missing"] == f"{100 * missing:.3g}%"
        assert work["top"] == own["workclass", dataset]["top"]
        assert work["unique"] == str(profile[dataset]["workclass"].nunique())
    bars = block(at, "age")["bars"]
    counts = rai.profile(profile).histograms("age").where(dataset="train")
    assert bars["n"][1] == [bar.n for bar in counts if bar.bin in bars["labels"]]
    assert sum(bars["share"][1]) == pytest.approx(1)
    marked = {
        h: c["marked"]
        for h, c in zip(block(at, "workclass")["heads"], block(at, "workclass")["stats"][0], strict=True)
    }
    assert marked["missing"]
    assert not marked["count"]


def test_search_kinds_and_order(app, adult, profile):
    at = app(adult, order="alphabetical")
    assert names(at) == sorted(profile["adult"].columns, key=str.casefold)
    at.text_input[0].set_value("capital").run()
    assert names(at) == ["capital_gain", "capital_loss"]
    at.text_input[0].set_value("[").run()
    assert "regular expression" in at.error[0].value
    at.text_input[0].set_value("").run()
    kinds = next(m for m in at.multiselect if m.label == "Kinds")
    kinds.set_value(["integer"]).run()
    own = rai.profile(profile)
    assert names(at) == list(own.of_kind("integer").ordered("alphabetical").features)
    order = next(s for s in at.selectbox if s.label == "Order")
    order.set_value("missing_or_zero").run()
    assert names(at) == list(own.of_kind("integer").ordered("missing_or_zero").features)
    next(t for t in at.toggle if t.label == "Reverse").set_value(True).run()
    expected = own.of_kind("integer").ordered("missing_or_zero", reverse=True).features
    assert names(at) == list(expected)


def test_one_run_draws_first_without_and_then_with_what_the_checks_find(app, adult, monkeypatch):
    import streamlit

    from apps.overview import component

    drawn, draw = [], component.draw

    def drawing(data, **given):
        drawn.append((given["name"], sum("findings" in each for each in data["blocks"])))
        draw(data, **given)

    monkeypatch.setattr(component, "draw", drawing)
    monkeypatch.setattr(streamlit, "rerun", lambda *_, **__: pytest.fail("a rerun of our own"))
    at = app(adult, cohorts={"few": "age < 23"}, cohort="few")
    n = len(sent(at)["blocks"])
    assert drawn == [("early blocks", 0), ("blocks", n)]
    mounts = [e for e in walk(at.main) if getattr(e, "type", "") == "bidi_component"]
    assert len(mounts) == 1
    at.run()
    assert drawn[2:] == [("blocks", n)]


def test_checks_stand_beside_their_feature_and_problems_come_first(app, adult):
    at = app(adult)
    first = sent(at)["blocks"][0]
    severities = [f["severity"] for f in first["findings"]]
    assert severities[0] == "serious"
    assert severities == sorted(severities, key=["serious", "warning", "note"].index)
    assert any(
        "capital_gain" in f["text"] and "99999" in f["text"]
        for f in block(at, "capital_gain")["findings"]
    )
    ranks = {"serious": 0, "warning": 1, "note": 2}
    worst = [ranks[b["findings"][0]["severity"]] if b["findings"] else 3 for b in sent(at)["blocks"]]
    assert worst == sorted(worst)


def test_drift_has_its_interval_and_p_value(app, adult, profile):
    at = app(adult, find="^age$")
    said = block(at, "age")["apart"][0]
    own = rai.profile(profile).distances(measures="jensen_shannon").where(feature="age")[0]
    assert said["text"].startswith(f"{own.value:.3g}"[:5])
    assert said["p"].startswith("p ")
    assert not said["marked"]


def test_a_cohort_is_compared_with_the_rest(app, adult, profile):
    at = app(adult, cohorts={"old": "age >= 60"}, cohort="old", find="^age$")
    assert sent(at)["names"] == ["cohort", "the rest"]
    ages = profile["adult"]["age"]
    assert [c["count"] for c in cells(at, "age")] == [
        f"{(ages >= 60).sum():,}",
        f"{(ages < 60).sum():,}",
    ]
    assert block(at, "age")["apart"][0]["marked"]


def test_the_selection_is_compared_with_the_rest(app, adult, profile):
    at = app(adult, where="sex = Female", compare="selection", find="^sex$")
    assert sent(at)["names"] == ["selection", "the rest"]
    assert cells(at, "sex")[0]["count"] == f"{(profile['adult']['sex'] == 'Female').sum():,}"


@pytest.mark.parametrize("section", ["table", "differences", "labels", "proxies", "checklist"])
def test_every_section_is_drawn(app, adult, section):
    at = app(adult, show=section)
    assert not at.exception
    assert not at.error


def test_the_base_rate_of_a_group_is_that_of_pandas(app, adult, profile):
    at = app(adult, show="labels")
    shown = at.dataframe[0].value.set_index("group")
    frame = profile["adult"]
    for sex, rows in frame.groupby("sex", observed=True):
        assert shown.loc[sex, "value"] == pytest.approx((rows["income"] == ">50K").mean())
        assert shown.loc[sex, "n"] == len(rows)
        assert shown.loc[sex, "low"] < shown.loc[sex, "value"] < shown.loc[sex, "high"]


def test_answers_of_the_checklist_stay(app, adult):
    at = app(adult, show="checklist")
    at.text_area[0].set_value(" Nobody asked tenants. ").run()
    assert checklist_answers(at) == ["Nobody asked tenants."]
    assert at.text_area[0].value == "Nobody asked tenants."
    at.text_area[0].set_value("").run()
    assert checklist_answers(at) == []


def checklist_answers(at):
    project = at.session_state["project"]
    sheet = at.session_state[f"overview answers:{project.token}"]
    return [question.answer for question in sheet if question.answer]


def queries(frame, name, bins=10):
    """Each bar's query with the rows it should find."""
    found = rai.profile(frame)
    binning, kind = found.binning(name, bins=bins), found.column(name).kind
    bars = found.histograms(name, bins=bins)
    return [(bar_query(name, binning, place, kind=kind), bar.n) for place, bar in enumerate(bars)]


@pytest.mark.parametrize(
    "values",
    [
        [20, 30, 30, 41.5, 99.25, None] * 5,
        list(range(57)),
        [0.1 * k for k in range(40)],
        [1, 2, 2, 3],
        [True, False, True, None],
        ["a", "New York", HOSTILE, "*b* `c`", '"quoted"', "and", "12", "true", None, ""],
        [f"level {k % 30}" for k in range(100)],
        [-np.inf, *range(20), np.inf],
        pd.date_range("2020-02-03", periods=50, freq="9D").to_list(),
        pd.date_range("2020-02-03T04:05", periods=50, freq="7min").to_list(),
    ],
)
@pytest.mark.parametrize("name", ["x", HOSTILE, "a `b` \"c\" 'd'", "**not** and"])
def test_the_query_of_a_bar_finds_its_rows(values, name):
    frame = pd.DataFrame({name: values})
    asked = queries(frame, name)
    assert sum(n for _, n in asked) == len(frame)
    for query, n in asked:
        assert query is not None
        assert int(rai.explore.parse_query(query).mask(frame).sum()) == n, query


def test_lists_can_only_be_asked_for_the_missing():
    frame = pd.DataFrame({"tags": [["a", "b"], ["a"], None]})
    asked = [query for query, _ in queries(frame, "tags")]
    assert asked[-1] == "tags is missing"
    assert set(asked[:-1]) == {None}


def test_durations_can_not_be_asked_for():
    frame = pd.DataFrame({"wait": pd.to_timedelta(range(40), unit="h")})
    assert {query for query, n in queries(frame, "wait") if n} == {None}


def test_hostile_names_reach_the_browser_as_text(app, tmp_path):
    path = tmp_path / "hostile.csv"
    rows = {HOSTILE: [1, 2, 3] * 20, "**b** `c`": ["<b>x</b>", "'q'", "y"] * 20, "empty": [None] * 60}
    pd.DataFrame(rows).to_csv(path, index=False)
    at = app({"data": str(path)})
    assert not at.exception
    assert not at.error
    assert set(names(at)) == set(rows)
    assert "<b>x</b>" in block(at, "**b** `c`")["bars"]["labels"]
    said = " ".join(m.value for m in at.markdown)
    assert "<img" not in said.replace("\\<img", "")


def test_two_hundred_columns_are_paged(app, tmp_path):
    path = tmp_path / "wide.parquet"
    rng = np.random.default_rng(0)
    pd.DataFrame({f"c{k}": rng.normal(size=200) for k in range(200)}).to_parquet(path)
    at = app({"data": str(path)}, order="given")
    assert names(at) == [f"c{k}" for k in range(25)]
    assert sent(at)["shown"] == "200 of 200 features"
    page = next(c for c in at.segmented_control if 8 in c.options or "8" in c.options)
    page.set_value(8).run()
    assert names(at) == [f"c{k}" for k in range(175, 200)]


def test_the_report_holds_every_feature_and_the_answers(profile):
    from apps.overview import taken
    from apps.overview.compared import Compared
    from apps.project import ColumnRoles, Project

    frame = profile["adult"].head(300)
    project = Project(name="people", frame=frame, roles=ColumnRoles(y_true="income"))
    shown = Compared(rai.profile(frame, y_true="income"), ("alone",), "alone", None)
    answers = rai.Worksheet().answer("reporting.1", "Nobody asked tenants.")
    text = taken.written(project, shown, answers).decode()
    assert "Nobody asked tenants." in text
    assert all(name in text for name in frame.columns)
