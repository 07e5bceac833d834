"""The benchmarks ask both sides the same question; otherwise their times mean nothing."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

import rai
from benchmarks import attributions, counterfactuals, effects, gates, nearest, overview
from benchmarks.__main__ import ASKED, CHOICES, FIGURES, STRATEGIES, all_strategies, not_apart, page
from benchmarks.measuring import fresh_process
from benchmarks.rows import made_arrays, made_frame, made_scores
from benchmarks.tasks import ask_arrays, ask_fairlearn, ask_rai
from benchmarks.thresholds import (
    CONSTRAINTS,
    RATES,
    Outcome,
    audited,
    choose,
    fit_fairlearn,
    judge_fairlearn,
    over_again,
)


def test_both_sides_give_the_same_numbers():
    frame = made_frame(5_000)
    ours, theirs = ask_rai(frame), ask_fairlearn(frame)
    assert len(ours) == 6 + 60 + 6
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


def test_arrays_are_counted():
    assert ask_arrays(made_arrays(1_000)) == 1_000


def test_a_fresh_process_answers_in_json():
    assert fresh_process("import json; print('noise'); print(json.dumps({'seconds': 0.5}))") == {
        "seconds": 0.5
    }


def test_the_page_holds_the_figures():
    row = ("What it was", "1 s", "200 s", "200 × faster")
    modules = (gates, nearest, counterfactuals, effects, overview, attributions)
    others = (STRATEGIES, *(module.FIGURES for module in modules))
    rest = {columns: [] for columns in others}
    found = page({FIGURES: [row], CHOICES: [(*row, "0.2", "0.3")], **rest})
    assert "| What it was | 1 s | 200 s | 200 × faster |\n" in found
    assert "| What it was | 1 s | 200 s | 200 × faster | 0.2 | 0.3 |\n" in found


@pytest.mark.parametrize("strategy", CONSTRAINTS)
def test_both_sides_keep_the_constraint_and_ours_has_no_more_errors(strategy):
    rows = made_scores(3_000, groups=5)
    theirs = judge_fairlearn(fit_fairlearn(rows, strategy), rows, strategy)
    for _, asked in ASKED:
        ours = choose(rows, strategy, **asked)
        not_apart(ours, theirs, **asked)
        if asked.get("randomized"):
            assert abs(ours.error - theirs.error) < 0.003


def test_a_worse_choice_is_no_benchmark():
    with pytest.raises(AssertionError):
        not_apart(Outcome(0.3, 0.0), Outcome(0.2, 0.0), bins="exact", randomized=True)


def test_thresholds_from_the_rows_are_those_of_the_grid():
    rows = made_scores(2_000, groups=4)
    audit, chosen = audited(rows), over_again(rows)
    assert chosen.keys() == RATES.keys()
    for strategy, thresholds in chosen.items():
        plan = rai.optimize_thresholds(audit, strategy=strategy, method="grid101")
        largest_first = [plan.thresholds[(f"group {place}",)] for place in (3, 2, 1, 0)]
        assert list(thresholds) == pytest.approx(largest_first, abs=1e-12)


def test_all_strategies_are_timed():
    words, _, _, ratio = all_strategies(1_000)
    assert words == "1,000 rows, 4 groups, 8 strategies (from the rows: 5)"
    assert ratio.endswith("× faster")


def test_three_ways_find_the_same_nearest_row():
    mixed = nearest.made_mixed(2_000)
    found = [nearest.ask_rai(mixed), nearest.ask_columns(mixed), nearest.ask_rows(mixed)]
    for other in (*found[1:], nearest.ask_rai(mixed, nearest.fitted(mixed))):
        nearest.same(found[0], other)
    with pytest.raises(AssertionError):
        nearest.same(found[0], (found[0][0], found[0][1] + 1))
    assert [row[0] for row in nearest.figures(2_000, fewer=500)] == [
        "2,000 rows, first question",
        "2,000 rows, further question",
        "500 rows, first question, pandas row by row",
    ]


def test_edits_are_judged_alike():
    """Two made-up edits of one row: one that is selected, one that is not."""
    frame = pd.DataFrame({"x": [0, 60, 70, 80], "job": ["a", "b", "b", "b"]})

    class ByX:
        @staticmethod
        def predict_proba(rows):
            selected = (rows["x"] >= 50).to_numpy() * 1.0
            return np.column_stack([1 - selected, selected])

    scores = ByX.predict_proba(frame)[:, 1]
    problem = counterfactuals.Problem(ByX, frame.assign(income=scores), frame, scores, (0,))
    edits = pd.DataFrame({"x": [60, 10], "job": ["a", "b"], "income": [1, 1]})
    found = counterfactuals.judged(problem, [edits], 0.5)
    unit = 80 / 2.5631031310892007
    assert (found.valid, found.changes, found.ways, found.seconds) == (1 / 5, 1, 1, 0.5)
    assert (found.distance, found.company) == (pytest.approx(60 / unit), 1.0)
    assert found.figure("rai")[:3] == ("rai", "20%", "1.00")
    edited, seconds = counterfactuals.by_rai(problem)
    assert [rows["x"].tolist() for rows in edited] == [[60]]
    assert seconds > 0


def test_a_missing_peer_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "dice_ml", None)
    assert counterfactuals.by_dice(None, "random") is None


@pytest.mark.parametrize("rows", [1, 10])
def test_made_rows_are_repeatable(rows):
    assert made_frame(rows).equals(made_frame(rows))


def test_effects_are_those_of_the_peer_and_calls_are_counted():
    frame, label = effects.adult(400)
    model = effects.fitted(frame, label)["one-hot words and logistic regression"]
    words, _, _, ratio, calls, encoded = effects.beside("linear", model, frame)
    assert words == "400 rows, linear"
    assert " × " in ratio
    ours, theirs = (int(rows.replace(",", "")) for rows in encoded.split(" / "))
    assert theirs == 400 * int(calls.split(" / ")[1])
    assert ours < theirs / 20
    wrong = {"age": np.zeros(20)}
    found = rai.whatif.partial_dependence(model, frame, features="age")
    with pytest.raises(AssertionError):
        effects.agree(found, {"age": np.zeros(20)}, wrong)


def test_a_profile_is_that_of_pandas():
    frame = overview.made_columns(3_000)
    ours = overview.ask_rai(frame)
    overview.same(ours, overview.ask_pandas(frame))
    assert len(ours) == 14
    assert ours["word 7"][1] == frame["word 7"].isna().sum()
    ours["age"][2] += 1e-3
    with pytest.raises(AssertionError):
        overview.same(ours, overview.ask_pandas(frame))


def test_a_gate_and_the_script_beside_it_hang_on_the_same_numbers():
    lines = gates.figures(20, runs=1)
    assert [line[0] for line in lines] == ["Gate on a saved audit", "Gate on the rows, in Parquet"]
    assert all(line[3].endswith("× faster") for line in lines)


def test_a_script_that_finds_other_numbers_is_no_benchmark():
    with pytest.raises(AssertionError):
        gates.same({"tpr": 0.1}, {"tpr": 0.1 + 1e-9})


@pytest.fixture(scope="module")
def boosted():
    return attributions.fitted(2_000)


def test_attributions_of_trees_are_those_of_the_peer(boosted, monkeypatch):
    with attributions.quiet():
        line = next(attributions.trees(*boosted, background=40, explained=30))
        assert line[0] == "Trees: 30 rows, background of 40; shap's `TreeExplainer` (on 30 rows)"
        monkeypatch.setattr(attributions, "TOLERANCE", 0.0)
        with pytest.raises(AssertionError):
            next(attributions.trees(*boosted, background=40, explained=30))


def test_a_sampled_attribution_is_timed_at_an_error_that_is_no_larger(boosted):
    with attributions.quiet():
        line = attributions.sampling(*boosted, explained=3, background=10)
    ours, theirs = (float(share.removesuffix("%")) for share in line[4:])
    assert 0 < ours <= theirs
