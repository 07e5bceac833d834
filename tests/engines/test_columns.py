"""Arrays as named columns."""

from importlib.util import find_spec

import narwhals
import numpy as np
import pandas as pd
import polars as pl
import pytest

from rai.engines import columns, count
from rai.values import Roles

F, M = ["F", "M", "F"], [1, 2, 3]


def features(given, role="sensitive_features"):
    named, roles = columns(y_true=[1, 0, 1], y_pred=[1, 1, 1], **{role: given})
    return {name: list(named[name]) for name in roles[role]}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (F, {"sensitive_feature": F}),
        (np.array(F), {"sensitive_feature": F}),
        (pd.Series(F), {"sensitive_feature": F}),
        (pd.Series(F, name="sex"), {"sex": F}),
        (pd.Index(F, name="sex"), {"sex": F}),
        (pd.Categorical(F), {"sensitive_feature": F}),
        (pl.Series(F), {"sensitive_feature": F}),
        (pl.Series("sex", F), {"sex": F}),
        (narwhals.from_native(pl.Series("sex", F), series_only=True), {"sex": F}),
        (np.array([M, M]).T, {"sensitive_feature_0": M, "sensitive_feature_1": M}),
        ([["F", 1], ["M", 2], ["F", 3]], {"sensitive_feature_0": F, "sensitive_feature_1": M}),
        ({"sex": F, "n": M}, {"sex": F, "n": M}),
        (pd.DataFrame({"sex": F, "n": M}), {"sex": F, "n": M}),
        (pd.DataFrame({0: F, 1: M}), {"0": F, "1": M}),
        (pl.DataFrame({"sex": F, "n": M}), {"sex": F, "n": M}),
        (narwhals.from_native(pl.DataFrame({"sex": F})), {"sex": F}),
        ([pd.Series(F, name="sex"), np.array(M)], {"sex": F, "sensitive_feature": M}),
        ([np.array(F), np.array(M)], {"sensitive_feature_0": F, "sensitive_feature_1": M}),
        ([{"sex": F}, pl.DataFrame({"n": M})], {"sex": F, "n": M}),
        (None, {}),
    ],
)
def test_features_keep_their_names(given, found):
    assert features(given) == found


def test_control_features_have_names_of_their_own():
    assert features(F, "control_features") == {"control_feature": F}


def test_pyarrow_arrays_are_columns(needs):
    needs(find_spec("pyarrow") is not None, "PyArrow is not installed")
    import pyarrow as pa

    assert features(pa.table({"sex": F, "n": M}))["sex"][0].as_py() == "F"
    assert [v.as_py() for v in features(pa.array(F))["sensitive_feature"]] == F
    assert [v.as_py() for v in features(pa.chunked_array([F]))["sensitive_feature"]] == F


def test_columns_are_counted():
    named, roles = columns(
        y_true=pd.Series([1, 0, 1], index=[5, 6, 7]),
        y_score=(0.25, 0.5, 0.75),
        sensitive_features=pl.Series("sex", F),
        control_features={"band": np.array(["a", "b", "a"])},
        sample_weight=np.array([1, 2, 3], dtype=np.float32),
    )
    assert roles == {
        "y_true": "y_true",
        "y_score": "y_score",
        "sample_weight": "sample_weight",
        "sensitive_features": ("sex",),
        "control_features": ("band",),
    }
    done = count(named, Roles(**roles), bins=2)
    assert done.tally.groups == (("F", "a"), ("M", "b"))
    assert done.tally.weight.tolist() == [[[0, 0], [1, 3]], [[0, 2], [0, 0]]]


def test_nothing_is_copied():
    score = np.linspace(0, 1, 5)
    named, _ = columns(y_true=[1, 0, 1, 0, 1], y_score=score)
    assert named["y_score"] is score


def test_mixed_lists_stay_mixed():
    named, _ = columns(y_true=["a", 1, float("nan")])
    assert [type(value) for value in named["y_true"]] == [str, int, float]
