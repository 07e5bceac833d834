"""Attributions as tables, parts, single rows, and for shap's plots."""

import numpy as np
import pandas as pd
import pytest

import rai
from rai.ground.errors import ArgumentError

FRAME = pd.DataFrame({"row": [1.0, 2, 3], "b": ["x", None, "y"]})


def score(frame):
    high = np.asarray(frame["row"]) / 10 + np.asarray(frame["b"] == "x") * 0.3
    return np.column_stack([high, high / 2, 1 - 1.5 * high])


MODEL = rai.load_model(score, classes=["p", "q", "r"], features=["row", "b"])


@pytest.mark.parametrize("method", ["exact", "sampled"])
def test_all_tables_say_the_same(method):
    found = rai.explain(MODEL, FRAME, method=method)
    rows = found.to_dicts()
    assert len(rows) == 3 * 2 * 3
    assert found.to_polars().to_dicts() == rows
    for name, column in found.to_pandas().items():
        same = [each[name] for each in rows]
        assert [None if value != value else value for value in column] == same
    for place, (i, j, k) in enumerate(np.ndindex(3, 2, 3)):
        each = rows[place]
        assert (each["row"], each["feature"], each["output"]) == (i, ("row", "b")[j], "pqr"[k])
        assert each["attribution"] == found.values[i, j, k]
    assert [each["value"] for each in rows if each["feature"] == "b"][::3] == ["x", "(missing)", "y"]


def test_rows_and_parts():
    found = rai.explain(MODEL, FRAME)
    part = found.part([2, 0])
    np.testing.assert_array_equal(part.values, found.values[[2, 0]])
    assert part.rows["row"].tolist() == [3.0, 1.0]
    row = found.row(-3, output="p")
    assert {each.feature: each.attribution for each in row} == dict(
        zip(found.names, found.values[0, :, 0].tolist(), strict=True)
    )
    assert abs(row[0].attribution) >= abs(row[1].attribution)
    for wrong in ({"place": 3}, {"place": 0, "output": "z"}):
        with pytest.raises(ArgumentError):
            found.row(wrong.pop("place"), **wrong)


def test_shap_gets_the_same(needs):
    from importlib.util import find_spec

    needs(find_spec("shap") is not None, "shap is not installed")
    found = rai.explain(MODEL, FRAME)
    whole, one = found.to_shap(), found.to_shap(output="q")
    np.testing.assert_array_equal(whole.values, found.values)
    np.testing.assert_array_equal(one.values, found.values[:, :, 1])
    np.testing.assert_allclose(one.base_values + one.values.sum(axis=1), found.scores[:, 1], atol=1e-12)
    assert one.feature_names == ["row", "b"]
    assert one.data[:, 1].tolist() == ["x", "(missing)", "y"]
