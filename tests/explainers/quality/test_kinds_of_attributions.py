import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai.explainers.quality import check_attributions

RNG = np.random.default_rng(4)
ROWS = pd.DataFrame(RNG.random((20, 4)), columns=list("abcd"))
LINEAR = rai.load_model(lambda f: 0.4 * f["a"] + 0.3 * f["b"] - 0.1 * f["c"] + 0.2 * f["d"] + 0.1)
GROUPED = {"first": ["a", "b"], "c": ["c"], "d": ["d"]}


def test_grouped_players_hide_what_happens_between_them():
    model = rai.load_model(lambda f: f["a"] * f["b"] / 2 + f["c"] / 4 + 0.0 * f["d"])
    together = check_attributions(model, rai.explain(model, ROWS, players=GROUPED))
    apart = check_attributions(model, rai.explain(model, ROWS))
    assert together.value("infidelity") == pytest.approx(0.0, abs=1e-12)
    assert apart.value("infidelity") > 1e-5


def test_a_polars_frame_gives_the_same_numbers():
    expected = check_attributions(LINEAR, rai.explain(LINEAR, ROWS), rng=2)
    model = rai.load_model(lambda f: 0.4 * f["a"] + 0.3 * f["b"] - 0.1 * f["c"] + 0.2 * f["d"] + 0.1)
    found = check_attributions(model, rai.explain(model, pl.from_pandas(ROWS)), neighbours=1, rng=2)
    assert found.value("deletion_size_gain") == pytest.approx(expected.value("deletion_size_gain"))
    assert 0 < found.value("sensitivity") < 1


def test_sampled_attributions_of_a_linear_model_are_foretold():
    found = rai.explain(LINEAR, ROWS, method="sampled")
    quality = check_attributions(LINEAR, found)
    error = np.abs(found.base + found.values.sum(axis=1) - found.scores)
    assert quality.value("completeness_max") == pytest.approx(error.max())
    assert quality.value("infidelity_share") < 0.05


def test_infidelity_in_the_space_of_losses_is_the_definition():
    y = (RNG.random(20) < 0.5).astype(int)
    rows = ROWS[["a"]]
    model = rai.load_model(lambda f: 0.2 + 0.6 * f["a"])
    found = rai.explain(model, rows, space="loss", y_true=y, loss="log_loss")
    quality = check_attributions(model, found, y_true=y, loss="log_loss")
    p = (0.2 + 0.6 * rows["a"]).to_numpy()
    own = -np.where(y == 1, np.log(p), np.log(1 - p))
    base = np.where(y == 1, -np.log(p).mean(), -np.log(1 - p).mean())
    twice = (found.values[:, 0, 0] - (own - base)) ** 2
    assert quality.value("infidelity") == pytest.approx(twice.mean(), abs=1e-12)
    (start,) = quality.curves.where(curve="insertion", order="size", step=0)
    assert start.value == pytest.approx(base.mean())


def test_each_output_is_checked_by_itself():
    def both(frame):
        p = 0.2 + 0.3 * frame["a"] + 0.2 * frame["b"] * frame["c"]
        return np.column_stack([1 - p, p / 3, 2 * p / 3])

    model = rai.load_model(both, classes=list("xyz"))
    found = rai.explain(model, ROWS)
    assert found.values.shape[2] == 3
    table = {
        output: check_attributions(model, found, output=output).value("infidelity")
        for output in found.outputs
    }
    first, second, third = table.values()
    assert second > 1e-6
    assert (first, third) == (pytest.approx(9 * second), pytest.approx(4 * second))


def test_absence_that_is_not_a_background_row_is_noted():
    from sklearn.tree import DecisionTreeRegressor

    y = ROWS["a"] * ROWS["b"]
    model = DecisionTreeRegressor(max_depth=3, random_state=0).fit(ROWS, y)
    found = rai.explain(model, ROWS, method="path_dependent_tree")
    (row,) = check_attributions(model, found).measures.where(measure="infidelity")
    assert "not what the method means by it" in row.note
