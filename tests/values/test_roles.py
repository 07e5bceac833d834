"""Roles: what each column is, and what can't be."""

import pytest

from rai import RoleError
from rai.values import Roles

FULL = Roles(
    y_true="y",
    y_pred="p",
    y_score="s",
    sensitive_features=("sex", "race"),
    control_features=("age",),
    sample_weight="w",
    positive_label="yes",
    cuts={"age": (25.0, 45.0)},
)


def test_axes_and_columns_keep_one_order():
    assert FULL.axes == ("sex", "race", "age")
    assert FULL.columns == ("y", "p", "s", "sex", "race", "age", "w")
    assert Roles(y_true="y").columns == ("y",)


def test_there_and_back():
    assert FULL.to_dict() == {
        "y_true": "y", "y_pred": "p", "y_score": "s", "sensitive_features": ("sex", "race"),
        "control_features": ("age",), "sample_weight": "w", "positive_label": "yes",
        "cuts": {"age": (25.0, 45.0)},
    }  # fmt: skip
    assert Roles(**FULL.to_dict()) == FULL
    assert Roles(y_true="y", positive_label=0).to_dict() == {"y_true": "y", "positive_label": 0}
    assert Roles(y_true="y", positive_label=False).to_dict()["positive_label"] is False


def test_rows_name_what_is_filled():
    assert FULL.to_dicts() == [
        {"role": "y_true", "column": "y"},
        {"role": "y_pred", "column": "p"},
        {"role": "y_score", "column": "s"},
        {"role": "sensitive_features", "column": "sex, race"},
        {"role": "control_features", "column": "age"},
        {"role": "sample_weight", "column": "w"},
        {"role": "positive_label", "column": "yes"},
        {"role": "cuts", "column": "{'age': (25.0, 45.0)}"},
    ]


def test_replacing_checks_again():
    assert FULL.replace(y_pred=None).columns == ("y", "s", "sex", "race", "age", "w")
    with pytest.raises(RoleError, match=r"^roles: column 'y' in two roles;"):
        FULL.replace(y_score="y")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"y_pred": "y"},
            "roles: column 'y' in two roles; expected each column in one role. "
            "Copy the column under another name if you need it twice.",
        ),
        (
            {"sensitive_features": ("sex",), "control_features": ("sex",)},
            "roles: column 'sex' in two roles; expected each column in one role. "
            "Copy the column under another name if you need it twice.",
        ),
        (
            {"sample_weight": "w", "sensitive_features": ("w", "a", "a")},  # the first by name is told
            "roles: column 'a' in two roles; expected each column in one role. "
            "Copy the column under another name if you need it twice.",
        ),
        (
            {"sensitive_features": ("sex",), "cuts": {"sx": (1.0,), "sex": 3}},
            "cuts: 'sx', which splits nothing; expected names of sensitive or control features.",
        ),
        (
            {"cuts": {"y": (1.0,)}},
            "cuts: 'y', which splits nothing; expected names of sensitive or control features.",
        ),
    ],
)
def test_what_is_refused(changes, message):
    with pytest.raises(RoleError) as error:
        Roles(y_true="y", **changes)
    assert str(error.value) == message


@pytest.mark.parametrize(
    "name",
    ["label", "metric", "value", "low", "high", "numerator", "denominator", "n", "note", "along", "kind",
     "versus", "highest", "lowest", "null", "tp", "fp", "fn", "tn", "sex × race"],
)  # fmt: skip
def test_a_column_that_a_table_of_results_would_overwrite(name):
    message = (
        f"roles: rows split by {name!r}; expected a name without ' × ' that no table of results uses. "
        "Copy the column under another name."
    )
    for role in ("sensitive_features", "control_features"):
        with pytest.raises(RoleError) as error:
            Roles(y_true="y", **{role: ("sex", name)})
        assert str(error.value) == message
    assert Roles(y_true=name).y_true == name
