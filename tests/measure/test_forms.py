"""Linear forms over the four cells: arithmetic, text and words."""

import numpy as np
import pytest

from rai.measure.forms import ALL, FN, FP, TN, TP, Form


@pytest.mark.parametrize(
    ("form", "text", "words", "value"),
    [
        (TP, "TP", "true positives", 30),
        (FP, "FP", "false positives", 10),
        (FN, "FN", "false negatives", 20),
        (TN, "TN", "true negatives", 40),
        (ALL, "n", "rows", 100),
        (TP + FN, "TP + FN", "rows with a positive label", 50),
        (FN + TP, "TP + FN", "rows with a positive label", 50),
        (FP + TN, "FP + TN", "rows with a negative label", 50),
        (TP + FP, "TP + FP", "rows predicted positive", 40),
        (FN + TN, "FN + TN", "rows predicted negative", 60),
        (FP + FN, "FP + FN", "errors", 30),
        (TP + FP + FN, "TP + FP + FN", "rows that are or were called positive", 60),
        (2 * TP + FP + FN, "2·TP + FP + FN", "rows that are or were called positive", 90),
        (3 * (TP + TN), "3·TP + 3·TN", "3·TP + 3·TN", 210),
    ],
)
def test_forms(make, form, text, words, value):
    assert (str(form), form.words) == (text, words)
    assert form.of(make.confusion((30, 10, 20, 40))).tolist() == [value]


def test_over_any_stack_of_cells():
    cells = np.arange(24).reshape(3, 2, 2, 2)  # tn fp fn tp
    assert (TP + 2 * FP).over(cells).shape == (3, 2)
    assert (TP + 2 * FP).over(cells)[0].tolist() == [3 + 2 * 1, 7 + 2 * 5]
    assert Form().over(cells).sum() == 0


def test_a_form_sums_weights(make):
    assert (TP + FN).of(make.confusion((30, 10, 20, 40), weight=0.5)).tolist() == [25.0]
