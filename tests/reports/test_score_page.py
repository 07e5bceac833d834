"""The sections about scores and predictions, on the page, as Markdown and as JSON."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

import rai
from rai.reports.facts import collect_all
from rai.reports.markdown import markdown
from rai.reports.page import page

SECTIONS = {"curves": "Curves", "calibration": "Calibration", "choosing": "Choosing thresholds"}


def words_of(source):
    text = re.sub(r"<(style|script).*?</\1>", " ", source, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def section(source, name):
    return source[source.index(f'<section id="{name}"') :].split("</section>")[0]


@pytest.fixture(scope="module")
def scored(facts):
    return page(facts("scored"))


def test_scores_have_sections_that_the_navigation_names(scored):
    for name, title in SECTIONS.items():
        assert f'<a href="#{name}">{title}</a>' in scored
        assert f'<h2 id="{name}-head">{title}</h2>' in scored


def test_without_scores_there_is_none_of_it(facts):
    for name in ("propublica", "thresholds", "multiclass"):
        source = page(facts(name))
        assert not any(f'id="{section}"' in source or f"#{section}" in source for section in SECTIONS)
        assert ".charts" not in source


def test_areas_stand_with_their_intervals(scored, made):
    words = words_of(section(scored, "curves"))
    for area in made("scored").metrics("roc_auc", "average_precision", by="region"):
        if area.value is not None:
            assert f"{area.value:#.3g} [{area.low:#.3g}, {area.high:#.3g}]" in words
    assert "undefined: no rows with a positive label" in words
    (gap,) = made("scored").gaps("roc_auc", along="region")
    assert f"{gap.value:#.3g} [0, {gap.high:#.3g}]" in words


def test_calibration_tells_what_a_calibrated_model_would_show(scored, made):
    words = words_of(section(scored, "calibration"))
    (error, *_) = made("scored").metrics("expected_calibration_error", by="region")
    about = re.search(r"would show (about [\d.]+)", error.note)[1]
    assert f"calibrated: {about}" in words
    assert "bins=" not in words


def test_thresholds_come_with_the_law_and_with_their_optimism(scored):
    words = words_of(section(scored, "choosing"))
    assert (
        "Thresholds that differ by group may be unlawful, in lending and hiring for instance." in words
    )
    assert "chosen and judged on the same rows, and so optimistic" in words
    assert "Counts of each group by region , under each strategy" in words
    assert "Trade-offs by region" in words


def test_plans_stand_first_and_say_which_rows_they_saw(judged):
    words = words_of(section(page(judged), "choosing"))
    other = words.index("Demographic parity by region judged on rows that it was not chosen on")
    own = words.index("Demographic parity by region chosen and judged on the same rows: optimistic")
    assert other < own < words.index("Trade-offs")
    assert "chosen on 3,366 rows here, 1,683 rows" in words


def test_a_plan_needs_no_more_scores_than_its_thresholds(made, plans, tmp_path):
    plan, tally = plans[0], made("scored").tally
    used = {t for rule in (*plan.rules, *plan.unconstrained) for t in rule.thresholds}
    cuts = np.flatnonzero(np.isin(tally.edges, list(used)))
    n = np.stack([part.sum(axis=2) for part in np.split(tally.n, cuts + 1, axis=2)], axis=2)
    coarse = replace(tally, edges=tally.edges[cuts], n=n)
    few = replace(made("scored"), tally=coarse, thresholds=tuple(coarse.edges.tolist()))
    source = rai.report(few, tmp_path / "a.html", plans=[plan]).read_text("utf-8")
    assert 'id="choosing"' in source
    assert 'id="curves"' not in source
    assert "and so optimistic" not in source


def test_charts_are_drawn_without_anything_to_load(scored):
    curves = section(scored, "curves")
    assert curves.count('<svg class="field" role="img"') == 2 + 5 + 4
    assert "M0 1000l1000-1000" in curves
    assert 'href="#quarters-across"' in curves
    assert 'id="quarters-across"' in scored


def test_a_regression_shows_predictions_against_what_came_true(facts):
    source = page(facts("predicted"))
    words = words_of(section(source, "calibration"))
    assert '<a href="#calibration">Predicted against true</a>' in source
    (row, *_) = facts("predicted").predictions.residuals["sex"]
    assert f"F {row.n} {row.mean:,.0f}" in words
    assert "Middle half" in words
    assert 'id="curves"' not in source


def test_markdown_has_the_same_numbers(facts, judged):
    text = markdown(judged)
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    assert heads[2:8] == [
        *("## The data", "## Groups", "## Confusion matrices"),
        *("## Curves", "## Calibration", "## Choosing thresholds"),
    ]
    assert "### Demographic parity by region: judged on rows that it was not chosen on" in text
    assert "| Coast | here | 1,000 |" in text
    assert "| As it is now | the present threshold for everyone | – | 0.283 [0.262, 0.305] |" in text
    assert "These thresholds are chosen and judged on the same rows" in text
    errors = markdown(facts("predicted"))
    assert "## Errors of predictions" in errors
    assert "| group | n | mean error | SD | median | middle half | middle 90% |" in errors


def test_json_holds_what_the_page_is_drawn_from(made, plans, tmp_path):
    path = rai.report(made("scored"), tmp_path / "a.json", plans=plans)
    plain = json.loads(path.read_text("utf-8"))
    areas = [row for row in plain["metrics"] if row["metric"] == "roc_auc"]
    assert [row.get("region") for row in areas] == [None, "Coast", "Hills", "Isle", "Moor"]
    assert areas[-1]["value"] is None
    assert {"roc_auc", "abroca", "calibration_slope"} <= {row["metric"] for row in plain["gaps"]}
    strategies = {row["strategy"]: row for row in plain["strategies"]}
    assert len(strategies) == 9
    assert strategies["demographic_parity"]["note"] == "chosen and judged on the same rows: optimistic"
    assert strategies["present_threshold"]["note"] == ""
    assert strategies["present_threshold"]["counts"][0]["n"] == 1000
    assert "tolerance of at least 0.307693" in strategies["predictive_parity"]["refused"]
    assert [plan["here"]["same_rows"] for plan in plain["plans"]] == [False, True]
    assert {row["kind"] for row in plain["trade_offs"]} == {"drawn", "thresholds", "current"}
    assert len(plain["calibration"]) > 20
    assert rai.Audit.load(path).gaps().to_dicts() == made("scored").gaps().to_dicts()


def test_sources_and_intervals_of_scores_are_told(scored):
    words = words_of(section(scored, "method"))
    assert "DeLong" in words
    assert "The best thresholds are exact" in words
    assert "P(s_i &gt; s_j) + ½ · P(s_i = s_j), y_i = 1 and y_j = 0" in words
    assert "∫ |ROC_i(x) − ROC_j(x)| dx over FPR x" in words


def test_names_from_the_data_are_text_in_charts_too(made, hostile_names):
    scored = made("scored")
    tally = replace(scored.tally, groups=tuple((name,) for name in hostile_names[:4]))
    hostile = rai.Audit(
        tally=tally, task="binary", roles=scored.roles, thresholds=(0.5,), provenance=scored.provenance
    )
    plan = rai.optimize_thresholds(hostile, strategy="equal_opportunity")
    facts = collect_all(hostile, [plan])
    source, text = page(facts), markdown(facts)
    assert source.count("<script") == 1
    assert "<b>" not in re.sub(r"<b><bdi>|<b>[\d,]+</b>", "", source)
    assert "\x1b" not in source + text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in section(source, "curves")
    assert "<script" not in text


@pytest.mark.parametrize("labels", [[1, 1, 1, 1, 1], [1, 0, 1, 0, 1]], ids=["one label", "both"])
def test_scores_that_are_no_probabilities_have_curves_and_no_calibration(labels):
    audit = rai.audit(
        y_true=labels, y_score=[-2.0, 3.0, 4.0, -5.0, 1.0], sensitive_features={"g": list("aabbb")},
        bins="exact", thresholds=0.0, positive_label=1,
    )  # fmt: skip
    text = page(collect_all(audit))
    assert 'id="curves"' in text
    assert 'id="calibration"' not in text
    assert 'id="choosing"' in text
