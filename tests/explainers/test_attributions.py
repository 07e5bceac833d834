"""Attributions as a value: parts, rows, tables, and shap's own shape."""

from importlib.util import find_spec

import numpy as np
import pytest

import rai
from rai import ArgumentError


def of_three(frame):
    a, b = np.asarray(frame["a"], dtype=float), np.asarray(frame["b"], dtype=float)
    return np.column_stack([a * b, a * (1 - b), 1 - a])


ROWS = {"a": [0.2, 0.9, 0.5, 0.4], "b": [1.0, 0.5, 0.0, 0.25], "word": ["x", None, "y", "z"]}
MODEL = rai.load_model(of_three, classes=["r", "s", "t"], features=["a", "b"])
FOUND = rai.explain(MODEL, ROWS)
SAMPLED = rai.explain(MODEL, ROWS, method="sampled", players={"both": ["a", "b"]})


def test_the_first_line_says_what_it_is():
    assert repr(FOUND) == (
        "Attributions(4 rows, 2 players, 3 outputs; probability, exact, exact; "
        "background: the 4 rows themselves)"
    )
    assert "estimated" in repr(SAMPLED)
    assert str(FOUND).splitlines()[1].startswith("off the model's own number by at most ")


def test_a_part_is_these_rows_and_no_others():
    part = FOUND.part([2, 0])
    np.testing.assert_array_equal(part.values, FOUND.values[[2, 0]])
    np.testing.assert_array_equal(part.scores, FOUND.scores[[2, 0]])
    assert part.rows["word"].tolist() == ["y", "x"]
    assert part.background_digest == FOUND.background_digest


@pytest.mark.parametrize("output", [None, "r", "s"])
def test_a_row_has_the_largest_first(output):
    place = 2 if output is None else "rst".index(output)
    row = FOUND.row(1, output=output)
    assert [abs(each.attribution) for each in row] == sorted(abs(FOUND.values[1, :, place]))[::-1]
    by_name = {each.feature: each for each in row}
    assert by_name["a"].attribution == FOUND.values[1, 0, place]
    assert (by_name["a"].value, by_name["a"].standard_error) == ("0.9", None)
    assert FOUND.row(-3, output=output) == row


def test_players_of_several_columns_show_all_their_values_and_estimates_their_error():
    (row,) = SAMPLED.row(3)
    assert (row.value, row.standard_error) == ("0.4, 0.25", 0.0)


def test_tables_agree():
    rows = FOUND.to_dicts()
    assert len(rows) == 4 * 2 * 3
    assert rows[7] == {
        "row": 1, "feature": "a", "value": "0.9", "output": "s",
        "attribution": float(FOUND.values[1, 0, 1]), "standard_error": None,
    }  # fmt: skip
    assert FOUND.to_polars().to_dicts() == rows
    pandas = FOUND.to_pandas()
    assert pandas["attribution"].tolist() == FOUND.values.ravel().tolist()
    assert list(pandas) == list(rows[0])
    assert pandas["feature"].tolist() == [row["feature"] for row in rows]


def test_what_is_not_there_is_told():
    with pytest.raises(ArgumentError, match=r"row: 9; expected a position from 0 to 3\."):
        FOUND.row(9)
    with pytest.raises(ArgumentError, match="output: 'q'; expected one of 'r', 's', 't'"):
        FOUND.row(0, output="q")
    with pytest.raises(
        ArgumentError, match=r"feature: 'aa'; expected one of 'a', 'b'\. Did you mean 'a'\?"
    ):
        FOUND.place("aa")


def test_shap_gets_the_same_numbers_and_can_t_change_ours(needs):
    needs(find_spec("shap") is not None, "shap is not installed")
    one, every = FOUND.to_shap(output="s"), FOUND.to_shap()
    np.testing.assert_array_equal(one.values, FOUND.values[:, :, 1])
    np.testing.assert_array_equal(one.base_values, FOUND.base[:, 1])
    np.testing.assert_array_equal(every.values, FOUND.values)
    assert (one.feature_names, one.data[1].tolist()) == (["a", "b"], ["0.9", "0.5"])
    one.values[:] = 0
    assert FOUND.values[:, :, 1].any()
