"""The benchmarks ask both sides the same question; otherwise their times mean nothing."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.__main__ import page
from benchmarks.measuring import fresh_process
from benchmarks.rows import made_arrays, made_frame
from benchmarks.tasks import ask_arrays, ask_fairlearn, ask_rai


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
    assert "| What it was | 1 s | 200 s | 200 × faster |" in page(
        [("What it was", "1 s", "200 s", "200 × faster")]
    )


@pytest.mark.parametrize("rows", [1, 10])
def test_made_rows_are_repeatable(rows):
    assert made_frame(rows).equals(made_frame(rows))
