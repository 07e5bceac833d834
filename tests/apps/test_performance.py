"""Performance & Fairness: what is on screen is what rai says, before and after thresholds are moved."""

import json
import time

import numpy as np
import pandas
import pytest

import rai
from apps import cutoffs
from apps.opening import Opening, opened
from apps.performance import comparison, confusions, terms
from apps.performance.asked import Asked
from apps.views import performance
from apps.words import estimate_words, interval

ADULT = {"data": "dataset:adult", "example_models": True}
TWO = ["boosting", "logistic regression"]
STRATEGIES = tuple(terms.STRATEGIES)
PRICES = {"cost_fp": 1.0, "cost_fn": 1.0, "benefit_tp": 0.0, "benefit_tn": 0.0}


@pytest.fixture(scope="module")
def project():
    return opened(Opening(**ADULT))


def audit_of(project, model="boosting", along=("sex",), where=None, **asked):
    """The audit as somebody writes it in Python."""
    frame = project.frame if where is None else project.frame.query(where)
    return rai.audit(
        y_true=frame["income"],
        y_score=project.models[model].scores(frame),
        sensitive_features=frame[list(along)],
        positive_label=">50K",
        **asked,
    )


def words(estimate, scale=1):
    value, low, high = (
        None if x is None else scale * x for x in (estimate.value, estimate.low, estimate.high)
    )
    return estimate_words(value, low, high, None)


def texts(at):
    return [each.value for each in at.markdown]


def table(at):
    shown = at.dataframe[0].value
    return shown.droplevel(0, axis="columns") if shown.columns.nlevels > 1 else shown


def column(at, name):
    return dict(zip(table(at)["group"], table(at)[name], strict=True))


def estimates(at, name):
    """Slice to its value, which must be a number, and its interval."""
    shown = table(at)
    assert shown[name].dtype == float
    return dict(
        zip(shown["group"], zip(shown[name], shown[f"interval of {name}"], strict=True), strict=True)
    )


def address(at, name):
    held = at.query_params[name]
    return json.loads(held if isinstance(held, str) else held[0])


def said(estimate, scale=1):
    value, low, high = (
        None if x is None else scale * x for x in (estimate.value, estimate.low, estimate.high)
    )
    return value, interval(low, high)


def expected(audit, name, **asked):
    return {each.name: said(each) for each in audit.metrics(name, **asked)}


def test_the_table_and_the_headline_are_what_rai_says(app, project):
    at = app(ADULT, page="performance")
    assert not at.exception
    audit = audit_of(project)
    for name in terms.USUAL_METRICS:
        assert estimates(at, name) == expected(audit, name)
    assert column(at, "n") == {"Female": 5421, "Male": 10860}
    assert estimates(at, "cost_per_row") == {each.name: said(each, 1000) for each in audit.costs()}
    gap = audit.gaps("equal_opportunity")[0]
    line = next(text for text in texts(at) if text.startswith("**Equal opportunity"))
    assert f"{gap.value:.4f}" in line
    assert f"{gap.lowest} \\(lowest\\) and {gap.highest}" in line.replace(" (lowest) ", " \\(lowest\\) ")
    assert "n = 16,281" in line
    whole = audit.costs(by=())[0]
    assert any(f"{words(whole, 1000)} of everyone" in text for text in texts(at))


def test_a_moved_slider_decides(app, project):
    at = app(ADULT, page="performance")
    at.slider(key="threshold:boosting:everyone").set_value(0.312).run()
    audit = audit_of(project)
    assert estimates(at, "true_positive_rate") == expected(audit, "true_positive_rate", threshold=0.312)
    held = address(at, "cuts")
    assert held["boosting"]["single"] == 0.312
    assert held["boosting"]["strategy"] == "custom"


def test_each_slice_may_have_its_own_threshold(app, project):
    at = app(ADULT, page="performance")
    at.toggle(key="per slice:boosting").set_value(True).run()
    at.slider(key="threshold:boosting:Female").set_value(0.41).run()
    at.slider(key="threshold:boosting:Male").set_value(0.0).run()
    threshold = {("Female",): 0.41, ("Male",): float("-inf")}
    audit = audit_of(project)
    for name in terms.USUAL_METRICS:
        assert estimates(at, name) == expected(audit, name, threshold=threshold)
    assert column(at, "threshold") == {"Female": 0.41, "Male": 0.0}
    assert column(at, "true_positive_rate")["Male"] == 1.0


def test_thresholds_of_other_groups_stay_when_slices_change(app, project):
    cut = {"single": 0.5, "along": ["sex"], "groups": [[["Female"], 0.3], [["Male"], 0.6]]}
    at = app(ADULT, page="performance", slices=["race"], cuts={"boosting": cut})
    both = audit_of(project, along=("race", "sex"))
    threshold = {key: {"Female": 0.3, "Male": 0.6}[key[1]] for key in both.tally.groups}
    assert estimates(at, "selection_rate") == expected(
        both, "selection_rate", by="race", threshold=threshold
    )
    assert any("They are set for each group of sex" in each.value for each in at.caption)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_strategy_applied_sets_its_thresholds(app, project, strategy):
    at = app(ADULT, page="performance", section="Strategies", cost_fn=2.0)
    at.button(key=f"apply:{strategy}").click().run()
    plan = rai.optimize_thresholds(audit_of(project), strategy=strategy, along="sex", cost_fn=2.0)
    held = address(at, "cuts")["boosting"]
    assert held["strategy"] == strategy
    if strategy == "single_threshold":
        assert held["single"] == plan.single
    else:
        assert {tuple(key): value for key, value in held["groups"]} == plan.thresholds
        sliders = {("Female",): at.slider(key="threshold:boosting:Female").value}
        assert sliders[("Female",)] == plan.thresholds[("Female",)]
    residual = plan.fitted.residual
    rows = table(at)
    shown = rows[rows["strategy"].str.endswith("✓")].iloc[0]
    for name, found, scale in (
        ("gap_left", residual, 1),
        ("cost", plan.fitted.cost, 1000),
        ("price", plan.fitted.price, 1000),
    ):
        value, bounds = (np.nan, "–") if found is None else said(found, scale)
        assert rows[name].dtype == float
        assert shown[name] == pytest.approx(value, nan_ok=True, abs=0)
        assert shown[f"interval of {name}"] == bounds


def test_a_manual_move_makes_an_applied_strategy_custom(app):
    at = app(ADULT, page="performance", section="Strategies")
    at.button(key="apply:equal_opportunity").click().run()
    assert any("equal opportunity" in text and "Thresholds" in text for text in texts(at))
    at.slider(key="threshold:boosting:Male").set_value(0.7).run()
    assert any("Thresholds" in text and "custom" in text for text in texts(at))
    at.button[[each.label for each in at.button].index("Reset")].click().run()
    assert "cuts" not in at.query_params


def test_thresholds_chosen_on_the_training_rows_are_judged_on_those_shown(app, project):
    at = app(ADULT, page="performance", section="Strategies", chosen_on="train")
    train = project.others["train"]
    chosen_on = rai.audit(
        y_true=train["income"],
        y_score=project.models["boosting"].scores(train),
        sensitive_features=train[["sex"]],
        positive_label=">50K",
    )
    plan = rai.optimize_thresholds(chosen_on, strategy="equal_opportunity", along="sex")
    judged = plan.evaluate(audit_of(project))
    shown = table(at).set_index("strategy").loc["equal opportunity"]
    assert (shown["gap_left"], shown["interval of gap_left"]) == said(judged.residual)
    assert (shown["cost"], shown["interval of cost"]) == said(judged.cost, 1000)
    assert not any("flatters" in each.value for each in at.caption)


def test_the_rows_that_choose_flatter_and_the_page_says_so(app):
    at = app(ADULT, page="performance", section="Strategies")
    assert any("flatters" in each.value for each in at.caption)


def test_the_cohort_is_honoured(app, project):
    at = app(ADULT, page="performance", cohorts={"young": "age < 30"}, cohort="young")
    audit = audit_of(project, where="age < 30")
    assert estimates(at, "true_positive_rate") == expected(audit, "true_positive_rate")
    assert sum(table(at)["n"]) == int((project.frame["age"] < 30).sum())


def test_two_models_stand_side_by_side(app, project):
    at = app(ADULT, page="performance", models=TWO)
    rows = table(at)
    for model in TWO:
        own = rows[rows["model"] == model].set_index("group")["true_positive_rate"].to_dict()
        wanted = expected(audit_of(project, model), "true_positive_rate")
        assert own == {name: value for name, (value, _) in wanted.items()}


def test_models_are_compared_on_the_same_rows(app, project):
    cut = {"boosting": {"single": 0.3}}
    at = app(ADULT, page="performance", models=TWO, section="Models", cuts=cut)
    found = rai.whatif.compare_models(
        project.models,
        project.frame,
        y_true="income",
        sensitive_features="sex",
        threshold={"boosting": 0.3, "logistic regression": 0.5},
    )
    agreement = found.agreement()[0]
    assert any(f"{agreement.value:.3f}" in text and "decide alike" in text for text in texts(at))
    shown = at.dataframe[0].value
    wanted = found.differences(*terms.USUAL_METRICS)
    for name in ("value", "low", "high"):
        assert shown[name].dtype == float
        assert shown[name].tolist() == [getattr(each, name) for each in wanted]
    assert any(each.value < 0 for each in wanted)
    key = "flip:logistic regression:boosting:>50K:<=50K"
    at.button(key=key).click().run()
    scores = {name: project.models[name].scores(project.frame) for name in TWO}
    rows = np.flatnonzero((scores["boosting"] >= 0.3) & (scores["logistic regression"] < 0.5))
    assert any(f"{len(rows):,} rows selected" in each.value for each in at.sidebar.markdown)


def test_rows_of_one_slice_that_models_decide_otherwise(project, monkeypatch):
    what = Asked(project, tuple(TWO), ("sex",), {}, None, "equal_opportunity", (), {})
    chosen = {}
    monkeypatch.setattr(
        comparison.selection, "choose", lambda rows, *, why: chosen.update(rows=rows, why=why)
    )
    comparison.select_flipped(
        what, ("logistic regression", "boosting"), ("<=50K", ">50K"), key=("Female",)
    )
    called = {name: project.models[name].scores(project.frame) >= 0.5 for name in TWO}
    wanted = ~called["boosting"] & called["logistic regression"] & (project.frame["sex"] == "Female")
    assert chosen["rows"].tolist() == np.flatnonzero(wanted).tolist()
    assert chosen["why"] == "boosting says <=50K, logistic regression says >50K, Female"


def test_rais_own_work_when_a_slider_moves_is_short(project):
    what = Asked(
        project,
        ("boosting",),
        ("sex", "race"),
        {},
        None,
        "equal_opportunity",
        terms.USUAL_METRICS,
        PRICES,
    )
    what.audit("boosting")
    took = []
    for _ in range(5):
        start = time.thread_time()
        what.gaps_of("boosting", "equal_opportunity")
        what.costs_of("boosting")
        what.costs_of("boosting", by=())
        what.metrics_of("boosting", *what.metrics)
        took.append(time.thread_time() - start)
    assert sorted(took)[2] < 0.05


def test_a_cell_selects_its_rows(app, project):
    at = app(ADULT, page="performance", section="Confusion", cuts={"boosting": {"single": 0.3}})
    frame = project.frame
    positive = (frame["income"] == ">50K").to_numpy()
    called = project.models["boosting"].scores(frame) >= 0.3
    for outcome, named in enumerate(
        ("true negatives", "false positives", "false negatives", "true positives")
    ):
        cell = at.button(key=f"cell:boosting:Female:{outcome}")
        cell.click().run()
        rows = np.flatnonzero((frame["sex"] == "Female") & (2 * positive + called == outcome))
        chosen = at.session_state["selection"]
        assert chosen.rows.tolist() == rows.tolist()
        assert chosen.why == f"{named} of Female, boosting"
        assert cell.label == f"{len(rows):,} · {len(rows) / 5421:.1%}"
        assert any(f"{len(rows):,} rows selected" in each.value for each in at.sidebar.markdown)


def test_a_cell_of_a_cohort_selects_in_the_cohort(app, project):
    at = app(
        ADULT, page="performance", section="Confusion", cohorts={"young": "age < 30"}, cohort="young"
    )
    at.button(key="cell:boosting:everyone:2").click().run()
    frame = project.frame
    missed = (frame["income"] == ">50K") & (project.models["boosting"].scores(frame) < 0.5)
    rows = np.flatnonzero(missed & (frame["age"] < 30))
    assert at.session_state["selection"].rows.tolist() == rows.tolist()


def test_numbers_slice_in_groups_that_can_be_changed(app, project):
    at = app(ADULT, page="performance", slices=["age"])
    assert list(table(at)["group"]) == ["< 28", "28 to < 37", "37 to < 48", "≥ 48"]
    audit = audit_of(project, along=("age",), cuts={"age": 4})
    assert estimates(at, "true_positive_rate") == expected(audit, "true_positive_rate")
    at.text_input(key="edges:age").set_value("25, 60").run()
    audit = audit_of(project, along=("age",), cuts={"age": [25, 60]})
    assert estimates(at, "true_positive_rate") == expected(audit, "true_positive_rate")
    at.number_input(key="groups:age").set_value(2).run()
    assert list(table(at)["group"]) == ["< 37", "≥ 37"]


def test_costs_are_what_the_errors_of_each_slice_cost(app, project):
    at = app(ADULT, page="performance")
    at.number_input(key="widget:performance cost_fn").set_value(5.0).run()
    frame = project.frame
    positive = (frame["income"] == ">50K").to_numpy()
    called = project.models["boosting"].scores(frame) >= 0.5
    paid = 5 * (positive & ~called) + (~positive & called)
    for name in ("Female", "Male"):
        mean = paid[frame["sex"] == name].mean()
        assert column(at, "cost_per_row")[name] == pytest.approx(1000 * mean)


def test_no_name_of_the_code_is_a_label(app):
    at = app(ADULT, page="performance")
    labels = [each.label for each in at.number_input]
    assert {"False positive cost", "False negative cost", "True positive benefit"} <= set(labels)
    assert not [label for label in labels if "_" in label]


def test_gaps_along_every_axis(app, project):
    at = app(ADULT, page="performance", section="Gaps", slices=["sex", "race"], kind="ratio")
    audit = audit_of(project, along=("sex", "race"))
    shown = table(at)
    for axes in (("sex",), ("race",), ("sex", "race")):
        for gap in audit.gaps(*terms.USUAL_CRITERIA, along=axes, kind="ratio"):
            name = f"{gap.metric.replace('_', ' ')} along {gap.along}"
            row = shown[shown["gap"] == name].iloc[0]
            assert row["value"] == pytest.approx(gap.value, nan_ok=True)
            assert row["low"] == pytest.approx(gap.low, nan_ok=True)
    at.toggle(key="widget:performance pairs").set_value(True).run()
    pairs = audit.pairs(*terms.USUAL_CRITERIA, along=("sex", "race"), kind="ratio")
    shown = at.dataframe[1].value
    assert shown["metric"].tolist() == [pair.metric.replace("_", " ") for pair in pairs]
    assert shown["value"].tolist() == pytest.approx(
        np.array([pair.value for pair in pairs], dtype=float), nan_ok=True
    )


@pytest.mark.parametrize("curve", ["ROC", "Precision and recall", "Calibration", "Scores"])
def test_curves_are_drawn_and_their_areas_are_what_rai_says(app, project, curve):
    at = app(ADULT, page="performance", section="Curves", curve=curve)
    assert not at.exception
    assert not at.error
    charts = at.get("vega_lite_chart")
    assert charts
    assert all(chart.proto.alt for chart in charts)
    if curve == "ROC":
        wanted = audit_of(project).metrics("roc_auc")
        for name in ("value", "low", "high"):
            assert table(at)[name].tolist() == [getattr(each, name) for each in wanted]


@pytest.mark.parametrize("section", list(performance.BINARY))
def test_every_section_holds_two_models_and_two_slices(app, section):
    at = app(ADULT, page="performance", section=section, models=TWO, slices=["sex", "race"])
    assert not at.exception
    assert not at.error


def test_the_frontier_marks_the_thresholds_as_they_are(app, project):
    at = app(ADULT, page="performance", section="Strategies", cuts={"boosting": {"single": 0.3}})
    audit = audit_of(project, thresholds=0.3)
    curve = rai.threshold_frontier(audit, strategy="equal_opportunity", along="sex")
    current = next(point for point in curve if point.kind == "current")
    line = next(each.value for each in at.caption if each.value.startswith("The thresholds as they"))
    assert f"gap {current.gap:.3f}, cost {1000 * current.cost:.0f}" in line


def test_the_slices_are_needed_and_the_page_says_so(app):
    at = app(ADULT, page="performance", slices=[])
    assert at.info[0].value.startswith("Choose a column to slice the rows by")
    at = app(ADULT, page="performance", models=[])
    assert at.info[0].value == "Choose a model, above."


def test_a_link_with_nonsense_is_no_trace(app):
    at = app(
        ADULT,
        page="performance",
        cuts={"boosting": {"single": "x"}, "logistic regression": 3},
        edges={"age": "y"},
        slices=["nope", "sex"],
        metrics=["nope"],
        criterion="nope",
        cost_fp="nope",
        section="nope",
    )
    assert not at.exception
    assert not at.error
    assert list(table(at)["group"]) == ["Female", "Male"]


def test_every_strategy_and_usual_criterion_is_explained():
    from rai.measure.criteria import CRITERIA, DEFAULT_CRITERIA
    from rai.measure.thresholds.strategies import STRATEGIES as ALL

    assert tuple(row.name for row in ALL) == STRATEGIES
    assert set(DEFAULT_CRITERIA) <= set(terms.CRITERIA)
    assert {row.name for row in CRITERIA} - set(terms.CRITERIA) == {
        "total_variation",
        "differential_fairness",
        "between_group_entropy",
        "between_group_theil",
    }


def test_why_names_a_cell():
    assert confusions.why("m", ("F", "Black"), "false positives") == "false positives of F × Black, m"


def test_edges_are_those_of_the_shared_binning(project):
    assert cutoffs.quantiles(project, "age", 4) == (28.0, 37.0, 48.0)
    assert pandas.api.types.is_integer_dtype(project.frame["age"])
