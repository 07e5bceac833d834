"""Histograms of predictions and errors, counted beside the sums of a regression."""

import numpy as np
import pandas as pd
import pytest

import rai
from rai.engines import count
from rai.values import Roles
from rai.values.moments import BIN_TERMS, MOST_BINNED_GROUPS

ROLES = Roles(y_true="y", y_pred="p", sensitive_features=("g",))


def counted(rows, **options):
    return count(rows, options.pop("roles", ROLES), task="regression", **options).tally


def test_each_bin_has_sums_of_its_own():
    found = counted({"y": [1.0, 2.0, 4.0, 8.0], "p": [3.0, 3.0, 5.0, 3.0], "g": ["A", "A", "A", "B"]})
    assert found.origin == 3.75
    assert found.predictions.low.tolist() == [3.0, 5.0]
    cells = {name: found.by_prediction[..., i] for i, name in enumerate(BIN_TERMS)}
    assert cells["n"].tolist() == [[2, 1], [1, 0]]
    assert cells["e"].tolist() == [[3.0, 1.0], [-5.0, 0.0]]
    assert cells["u"].tolist() == [[-4.5, 0.25], [4.25, 0.0]]
    assert cells["u2"].tolist() == [[2.75**2 + 1.75**2, 0.0625], [4.25**2, 0.0]]
    assert found.errors.low.tolist() == [-5.0, 1.0, 2.0]
    assert found.by_error.tolist() == [[0.0, 2.0, 1.0], [1.0, 0.0, 0.0]]


def test_weights_are_in_them():
    rows = {"y": [1.0, 2.0], "p": [3.0, 3.0], "g": ["A", "A"], "w": [0.5, 2.0]}
    found = counted(rows, roles=ROLES.replace(sample_weight="w"))
    assert found.by_prediction[0, 0, :4].tolist() == [2.0, 2.5, 4.25, 1.0 + 2.0]
    assert found.by_error.tolist() == [[2.0, 0.5]]


def test_histograms_add_up_to_the_sums():
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({"y": rng.normal(size=9000), "p": rng.normal(size=9000), "g": [*"ABC"] * 3000})
    found = counted(rows, piece_rows=1000)
    for i, name in enumerate(BIN_TERMS[3:], start=3):
        np.testing.assert_allclose(found.by_prediction[..., i].sum(axis=1), found.term(name), rtol=1e-9)
    assert found.by_prediction[..., 0].sum(axis=1).tolist() == found.n.tolist()
    assert found.by_error.sum(axis=1).tolist() == found.weight.tolist()


@pytest.mark.parametrize("sign", [0.0, -0.0])
def test_minus_zero_is_zero(sign):
    found = counted({"y": [sign, 0.0], "p": [0.0, sign], "g": ["A", "A"]})
    assert (len(found.predictions), len(found.errors)) == (1, 1)


def test_too_many_groups_have_none_however_they_were_counted():
    n = MOST_BINNED_GROUPS + 1
    rows = {
        "y": np.arange(n) * 1.5, "p": np.arange(n) * 2.5,
        "g": [f"g{i // 50}" for i in range(n)], "h": [f"h{i % 50}" for i in range(n)],
    }  # fmt: skip
    roles = ROLES.replace(sensitive_features=("g", "h"))
    whole, pieces = counted(rows, roles=roles), counted(rows, roles=roles, piece_rows=300)
    for found in (whole, pieces):
        assert len(found.groups) == n
        assert (found.predictions, found.by_prediction, found.errors, found.by_error) == (None,) * 4
    np.testing.assert_allclose(whole.rebased(0.0).sums, pieces.rebased(0.0).sums)
    fewer = counted({name: values[:-1] for name, values in rows.items()}, roles=roles)
    assert fewer.by_prediction is not None


def test_a_question_about_too_many_groups_says_why():
    n = MOST_BINNED_GROUPS + 1
    audit = rai.audit(
        y_true=np.arange(n) * 1.5, y_pred=np.arange(n) * 2.5, task="regression",
        sensitive_features={"g": [f"g{i // 50}" for i in range(n)], "h": [f"h{i % 50}" for i in range(n)]},
    )  # fmt: skip
    (curve,) = audit.calibration(())
    assert curve.note == "undefined: this audit kept no histogram of predictions"
    (row,) = audit.residuals(())
    assert (row.mean, row.median) == (pytest.approx(n / 2 - 0.5), None)
