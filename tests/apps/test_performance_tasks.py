"""Performance & Fairness of other tasks and of data with holes, and what can be taken along."""

import json

import numpy as np
import pandas
import pytest

import rai
from apps import pictures
from apps.opening import Opening, opened
from apps.performance import asked, confusions, strategies, takeaway, terms
from apps.performance.asked import Asked
from apps.words import interval

GERMAN = {"data": "dataset:german_credit", "example_models": True}
CLASSES = ("low", "middle", "top")


@pytest.fixture
def saved(tmp_path):
    """`saved(frame)`: a frame as a CSV file."""

    def written(frame):
        path = tmp_path / "rows.csv"
        frame.to_csv(path, index=False)
        return str(path)

    return written


def scored_rows(n=400):
    rng = np.random.default_rng(0)
    group = rng.choice(["a", "b"], n)
    score = np.round(rng.random(n), 3)
    label = (rng.random(n) < score).astype(int)
    return pandas.DataFrame({"group": group, "score": score, "label": label})


def opening(path, **roles):
    return {"data": path, "sensitive_features": ["group"], **roles}


BINARY = {"y_true": "label", "y_score": "score", "positive_label": "1"}


def table(at):
    shown = at.dataframe[0].value
    return shown.droplevel(0, axis="columns") if shown.columns.nlevels > 1 else shown


# Several classes ------------------------------------------------------------------------------------


@pytest.fixture
def classes(saved):
    rng = np.random.default_rng(1)
    group, truth = rng.choice(["a", "b"], 600), rng.choice(CLASSES, 600)
    said = np.where(rng.random(600) < 0.7, truth, rng.choice(CLASSES, 600))
    frame = pandas.DataFrame({"group": group, "truth": truth, "said": said})
    return frame, opening(saved(frame), y_true="truth", y_pred="said")


def test_several_classes_have_their_metrics_and_no_thresholds(app, classes):
    frame, asked_for = classes
    at = app(asked_for, page="performance", metrics=["accuracy", "true_positive_rate"])
    assert not at.exception
    assert not at.slider
    audit = rai.audit(frame, y_true="truth", y_pred="said", sensitive_features="group")
    shown = table(at).set_index("group")
    for each in audit.metrics("accuracy", "true_positive_rate"):
        label, name = each.group[0][1], each.group[1][1]
        of_class = "" if label == "(all)" else f" of {label}"
        assert shown.loc[name, each.metric + of_class] == each.value
        assert shown.loc[name, f"interval of {each.metric}{of_class}"] == interval(each.low, each.high)


def test_a_cell_of_several_classes_selects_its_rows(app, classes):
    frame, asked_for = classes
    at = app(asked_for, page="performance", section="Confusion")
    counted = table(at).set_index("true class")
    wanted = pandas.crosstab(frame["truth"], frame["said"])
    for label in CLASSES:
        for said in CLASSES:
            assert counted.loc[label, f"rows predicted {said}"] == wanted.loc[label, said]
            share = wanted.loc[label, said] / (frame["truth"] == label).sum()
            assert counted.loc[label, f"share predicted {said}"] == pytest.approx(share, abs=0)
    box = next(each for each in at.selectbox if each.label == "Slice")
    box.set_value("b").run()
    ends = table(at).set_index("true class").loc["all"]
    of_b = frame["group"] == "b"
    assert ends["rows all"] == of_b.sum()
    assert ends["rows predicted top"] == (of_b & (frame["said"] == "top")).sum()
    assert ends["share predicted top"] == (frame["said"][of_b] == "top").mean()


def test_shares_of_a_class_nobody_is_in_are_undefined_and_weights_weigh(app, saved):
    rng = np.random.default_rng(3)
    truth, group = rng.choice(CLASSES, 300), rng.choice(["a", "b"], 300)
    frame = pandas.DataFrame(
        {
            "group": group,
            "truth": np.where((group == "b") & (truth == "top"), "low", truth),
            "said": rng.choice(CLASSES, 300),
            "weight": rng.choice([1.0, 3.0], 300),
        }
    )
    roles = {"y_true": "truth", "y_pred": "said", "sample_weight": "weight"}
    at = app(opening(saved(frame), **roles), page="performance", section="Confusion")
    next(each for each in at.selectbox if each.label == "Slice").set_value("b").run()
    shown = table(at).set_index("true class")
    assert np.isnan(shown.loc["top", "share predicted low"])
    assert shown.loc["top", "rows predicted low"] == 0
    low = frame[(frame["group"] == "b") & (frame["truth"] == "low")]
    wanted = low["weight"][low["said"] == "top"].sum() / low["weight"].sum()
    assert shown.loc["low", "share predicted top"] == pytest.approx(wanted)


def test_a_cell_of_several_classes_is_its_rows(classes, monkeypatch):
    frame, asked_for = classes
    project = opened(Opening(**{**asked_for, "sensitive_features": ("group",)}))
    what = Asked(project, ("said",), ("group",), {}, None, "equal_accuracy", (), {})
    chosen = {}
    monkeypatch.setattr(
        confusions.selection, "choose", lambda rows, *, why: chosen.update(rows=rows, why=why)
    )
    confusions.select_classes(what, "said", ("b",), ("low", "top"))
    wanted = (frame["group"] == "b") & (frame["truth"] == "low") & (frame["said"] == "top")
    assert chosen["rows"].tolist() == np.flatnonzero(wanted).tolist()
    assert chosen["why"] == "low predicted top of b, said"
    confusions.select_classes(what, "said", (), ("low", None))
    assert len(chosen["rows"]) == (frame["truth"] == "low").sum()
    confusions.select_classes(what, "said", (), (None, "low"))
    assert len(chosen["rows"]) == (frame["said"] == "low").sum()
    assert chosen["why"] == "all classes predicted low of everyone, said"


def test_gaps_of_several_classes(app, classes):
    frame, asked_for = classes
    at = app(asked_for, page="performance", section="Gaps", criteria=["equal_accuracy"])
    audit = rai.audit(frame, y_true="truth", y_pred="said", sensitive_features="group")
    gap = audit.gaps("equal_accuracy")[0]
    assert table(at)["value"].tolist() == [gap.value]
    assert table(at)["null"].tolist() == [gap.null]


# Numbers --------------------------------------------------------------------------------------------


@pytest.fixture
def numbers(saved):
    rng = np.random.default_rng(2)
    truth = rng.normal(size=500)
    said = truth + rng.normal(size=500) / 2
    frame = pandas.DataFrame({"group": rng.choice(["a", "b"], 500), "truth": truth, "said": said})
    return frame, opening(saved(frame), y_true="truth", y_pred="said")


def test_numbers_have_their_errors(app, numbers):
    frame, asked_for = numbers
    at = app(asked_for, page="performance")
    assert not at.exception
    audit = rai.audit(frame, y_true="truth", y_pred="said", sensitive_features="group")
    shown = table(at).set_index("group")
    for name in terms.USUAL_NUMBER_METRICS:
        for each in audit.metrics(name):
            assert shown.loc[each.name, name] == each.value
            assert shown.loc[each.name, f"interval of {name}"] == interval(each.low, each.high)
    gap = audit.gaps("mean_absolute_error")[0]
    assert any(
        text.value.startswith("**Mean absolute error") and f"{gap.value:.3g}" in text.value
        for text in at.markdown
    )


@pytest.mark.parametrize("section", ["Errors", "Predictions", "Gaps", "Take along"])
def test_every_section_of_numbers_is_drawn(app, numbers, section):
    frame, asked_for = numbers
    at = app(asked_for, page="performance", section=section)
    assert not at.exception
    assert not at.error
    audit = rai.audit(frame, y_true="truth", y_pred="said", sensitive_features="group")
    if section == "Errors":
        assert table(at)["median"].tolist() == [each.median for each in audit.residuals()]
    if section == "Predictions":
        assert table(at)["value"].tolist() == [each.value for each in audit.calibration()]
        assert list(table(at))[:4] == ["group", "bin_low", "bin_high", "mean_predicted"]


# Holes ----------------------------------------------------------------------------------------------


def test_a_group_of_one_class_is_undefined_and_says_why(app, saved):
    frame = scored_rows()
    frame.loc[frame["group"] == "b", "label"] = 0
    at = app(opening(saved(frame), **BINARY), page="performance")
    assert not at.exception
    shown = table(at).set_index("group")
    assert shown["true_positive_rate"].dtype == float
    assert np.isnan(shown.loc["b", "true_positive_rate"])
    assert shown.loc["b", "interval of true_positive_rate"] == "–"
    assert any("b: true positive rate undefined" in each.value for each in at.text)
    assert any("–" in each.value for each in at.markdown if "Equal opportunity" in each.value)


def test_a_strategy_for_a_group_of_one_class_says_what_it_does(app, saved):
    frame = scored_rows()
    frame.loc[frame["group"] == "b", "label"] = 0
    at = app(opening(saved(frame), **BINARY), page="performance", section="Strategies")
    assert not at.exception


def test_few_rows_are_said_to_be_few(app, saved):
    frame = scored_rows()
    frame.loc[:9, "group"] = "tiny"
    at = app(opening(saved(frame), **BINARY), page="performance")
    assert any("tiny: only n = 10" in each.value for each in at.text)


def test_missing_labels_are_left_out_and_counted(app, saved):
    frame = scored_rows()
    frame["label"] = frame["label"].astype(float)
    frame.loc[:24, "label"] = np.nan
    roles = {**BINARY, "positive_label": "1.0"}
    at = app(opening(saved(frame), **roles), page="performance")
    assert not at.exception
    assert any("25 rows left out" in each.value for each in at.caption)
    assert table(at)["n"].sum() == len(frame) - 25


def test_missing_groups_are_a_group(app, saved):
    frame = scored_rows()
    frame.loc[:24, "group"] = None
    at = app(opening(saved(frame), **BINARY), page="performance", section="Slices")
    assert table(at).set_index("group").loc["(missing)", "n"] == 25


def test_missing_scores_are_a_sentence(app, saved):
    frame = scored_rows()
    frame.loc[3, "score"] = np.nan
    at = app(opening(saved(frame), **BINARY), page="performance")
    assert not at.exception
    assert "missing value" in at.error[0].value


def test_an_empty_cohort_is_a_sentence(app, saved):
    at = app(
        opening(saved(scored_rows()), **BINARY),
        page="performance",
        cohorts={"none": "score > 2"},
        cohort="none",
    )
    assert not at.exception
    assert at.error or at.info


def test_only_one_label_is_a_sentence(app, saved):
    frame = scored_rows().assign(label=1)
    at = app(opening(saved(frame), y_true="label", y_score="score"), page="performance")
    assert not at.exception
    assert at.error or at.info


def test_a_column_of_decisions_has_no_threshold_to_move(app, saved):
    frame = scored_rows()
    frame["said"] = (frame["score"] >= 0.4).astype(int)
    roles = {"y_true": "label", "y_pred": "said", "positive_label": "1"}
    at = app(opening(saved(frame), **roles), page="performance")
    assert not at.exception
    assert not at.slider
    assert any("decisions, not scores" in each.value for each in at.caption)
    audit = rai.audit(frame, y_true="label", y_pred="said", sensitive_features="group")
    shown = table(at).set_index("group")["true_positive_rate"].to_dict()
    assert shown == {each.name: each.value for each in audit.metrics("true_positive_rate")}


def test_names_of_groups_are_text_and_nothing_else(app, saved):
    frame = scored_rows()
    frame["group"] = frame["group"].map({"a": "<img src=x>", "b": "*b* | [x](y)"})
    at = app(opening(saved(frame), **BINARY), page="performance")
    assert not at.exception
    said = " ".join(each.value for each in at.markdown)
    assert "<img" not in said.replace("\\<img", "")
    assert set(table(at)["group"]) == {"<img src=x>", "*b* | [x](y)"}


def test_weights_weigh(app, saved):
    frame = scored_rows().assign(weight=np.tile([1.0, 3.0], 200))
    at = app(opening(saved(frame), **BINARY, sample_weight="weight"), page="performance")
    audit = rai.audit(
        frame,
        y_true="label",
        y_score="score",
        sensitive_features="group",
        sample_weight="weight",
    )
    shown = table(at).set_index("group")["selection_rate"].to_dict()
    assert shown == {each.name: each.value for each in audit.metrics("selection_rate")}


# Taken along ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def german():
    project = opened(Opening(**GERMAN))
    metrics, prices = terms.USUAL_METRICS, {"cost_fp": 1.0, "cost_fn": 1.0}
    return Asked(project, ("boosting",), ("sex",), {}, None, "equal_opportunity", metrics, prices)


def test_what_is_taken_along_is_offered(app):
    at = app(GERMAN, page="performance", section="Take along")
    assert not at.exception
    assert {each.label for each in at.get("download_button")} >= {
        *("Report (HTML)", "Counts (JSON)", "Policy (YAML)"),
    }
    assert at.button(key="no plan:boosting").disabled


def test_counts_are_read_back(german, tmp_path):
    path = tmp_path / "audit.json"
    path.write_bytes(takeaway.counts(german, "boosting"))
    read = rai.Audit.load(path)
    assert read.metrics().to_dicts() == german.sliced("boosting").metrics().to_dicts()


def test_the_policy_is_kept_by_what_it_was_made_from(german, tmp_path):
    path = tmp_path / "fairness.yaml"
    path.write_bytes(takeaway.policy(german, "boosting"))
    result = rai.gate(takeaway.audited(german, "boosting"), path)
    assert result.policy.title == f"{german.project.name}: boosting"
    assert result.status == "pass"


def test_the_report_is_a_page(german):
    page = takeaway.report(german, "boosting").decode()
    assert page.lower().startswith("<!doctype html>")
    assert "equal opportunity" in page


def test_a_plan_is_read_back(german, tmp_path):
    plan = strategies.plans(german, "boosting")["equal_opportunity"]
    path = tmp_path / "plan.json"
    plan.save(path)
    again = rai.ThresholdPlan.load(path)
    assert again.thresholds == plan.thresholds
    assert json.loads(path.read_text())["strategy"] == "equal_opportunity"


@pytest.mark.parametrize(("kind", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_a_picture_is_drawn_when_asked_for(german, kind, start):
    gaps = german.sliced("boosting").gaps("equal_opportunity")
    assert pictures.drawn(lambda: rai.plots.gaps(gaps), kind).startswith(start)


def test_thresholds_beyond_the_scores_are_everybody_and_nobody(german):
    model = german.project.models["boosting"]
    assert asked.counted_at(0.0, model=model) == float("-inf")
    assert asked.counted_at(1.001, model=model) == float("inf")
    assert asked.counted_at(0.25, model=model) == 0.25
    assert asked.set_at(float("inf"), model=model) == 1.001
