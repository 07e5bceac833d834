"""The benchmarks ask both sides the same question; otherwise their times mean nothing."""

from __future__ import annotations

import numpy as np
import pytest

import rai
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
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_arrays_are_counted():
    assert ask_arrays(made_arrays(1_000)) == 1_000


def test_a_fresh_process_answers_in_json():
    assert fresh_process("import json; print('noise'); print(json.dumps({'seconds': 0.5}))") == {
        "seconds": 0.5
    }


def test_the_page_holds_the_figures():
    row = ("What it was", "1 s", "200 s", "200 × faster")
    found = page({FIGURES: [row], CHOICES: [(*row, "0.2", "0.3")], STRATEGIES: []})
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


@pytest.mark.parametrize("rows", [1, 10])
def test_made_rows_are_repeatable(rows):
    assert made_frame(rows).equals(made_frame(rows))
