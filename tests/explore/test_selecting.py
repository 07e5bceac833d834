"""Sources that are cut by a query and widened by cohorts, piece by piece."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from rai.engines.sources import Source, open_source
from rai.engines.typed_files import typed_source
from rai.explore.cohorts import Cohorts
from rai.explore.queries import parse_query
from rai.explore.row_choices import choose_rows
from rai.explore.selecting import filtered
from rai.ground.errors import ArgumentError, DataError, RoleError

FRAME = pd.DataFrame({"a": range(10), "b": list("xyxyxyxyxy")}, index=range(100, 110))


def values(source, name, size=3):
    return [list(np.asarray(piece[name])) for piece in source.pieces([name], size)]


def test_pieces_have_the_size_that_is_asked_for():
    source = filtered(open_source(FRAME), parse_query("b = x or a > 6"))
    assert values(source, "a") == [[0, 2, 4], [6, 7, 8], [9]]
    assert (source.total, source.names) == (None, ("a", "b"))
    assert values(source, "a", 100) == [[0, 2, 4, 6, 7, 8, 9]]
    assert values(source, "a") == values(source, "a")


def test_queries_can_be_stacked():
    source = filtered(filtered(open_source(FRAME), parse_query("b = x")), parse_query("a > 3"))
    assert values(source, "a") == [[4, 6, 8]]


def test_the_columns_asked_about_need_not_be_asked_for():
    asked = []

    def pieces(wanted, size):
        asked.append((tuple(wanted), size > 1_000_000))
        yield {name: FRAME[name] for name in wanted}

    source = Source("mine", ("a", "b", "c"), pieces)
    (piece,) = filtered(source, parse_query("b = x and a < 5")).pieces(["a"], 10)
    assert list(piece) == ["a"]
    assert piece["a"].tolist() == [0, 2, 4]
    assert asked == [(("a", "b"), True)]


def test_what_a_column_holds_is_kept():
    moment = pd.Timestamp("2024-05-01")
    frames = [
        pd.DataFrame({"n": [1, 2], "c": pd.Categorical(["u", "v"]), "t": [moment, moment]}),
        pl.DataFrame({"n": [1, 2], "c": pl.Series(["u", "v"], dtype=pl.Categorical), "l": [[1], [2]]}),
    ]
    for frame in frames:
        (piece,) = filtered(open_source(frame), parse_query("n = 2")).pieces(list(frame.columns), 9)
        assert [piece[name].dtype for name in frame.columns] == list(frame.dtypes)
        assert [len(piece[name]) for name in frame.columns] == [1] * len(frame.columns)


def test_a_csv_file_is_typed_as_a_whole(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("code,age,when\n1,30,2020-01-01\n2, NA ,2021-06-01 12:00\nX3,40.5,\n")
    source = open_source(path)
    typed = typed_source(source, ["age"])
    assert (typed.total, typed.text_only, typed_source(typed)) == (3, False, typed)
    assert [piece["code"].to_list() for piece in typed.pieces(["code"], 2)] == [["1", "2"], ["X3"]]
    chosen = filtered(source, parse_query("age < 50 or when > 2021-01-01"))
    (piece,) = chosen.pieces(["code", "age"], 10)
    assert piece["code"].to_list() == ["1", "2", "X3"]
    assert piece["age"].to_list() == [30.0, None, 40.5]
    assert values(filtered(source, parse_query("code != X3")), "code") == [["1", "2"]]
    with pytest.raises(ArgumentError) as caught:
        values(filtered(source, parse_query("code = 1")), "code")
    assert str(caught.value) == (
        "condition 'code = 1': 1 for 'code'; expected text. Write \"1\" in quotes."
    )


def test_columns_must_be_there_once():
    with pytest.raises(RoleError) as caught:
        filtered(open_source(FRAME), parse_query("c = 1"))
    assert str(caught.value) == "where: no column 'c'; expected one of 'a', 'b'."
    twice = pd.DataFrame([[1, 2, 3]], columns=["a", "a", "b"])
    with pytest.raises(RoleError) as caught:
        filtered(open_source(twice), parse_query("a = 1"))
    assert str(caught.value) == (
        "where: column 'a' occurs 2 times; expected each name once. Rename the others."
    )
    assert values(filtered(open_source(twice), parse_query("b = 3")), "b") == [[3]]


def test_no_rows_is_said():
    for rows, message in [
        (
            FRAME,
            "where: no row meets 'a > 99'; expected at least one. No row has a > 99: the largest is 9.",
        ),
        (FRAME[:0], "data: no rows; expected at least one."),
    ]:
        with pytest.raises(DataError) as caught:
            values(filtered(open_source(rows), parse_query("a > 99")), "b")
        assert str(caught.value) == message
    with pytest.raises(DataError) as caught:
        values(filtered(open_source(FRAME), parse_query("a > 5 and a < 5")), "b")
    assert str(caught.value) == "where: no row meets 'a > 5 and a < 5'; expected at least one."


def test_rows_are_chosen_in_one_place(tmp_path):
    path = tmp_path / "rows.csv"
    FRAME.to_csv(path, index=False)
    for rows in (FRAME, path, pl.from_pandas(FRAME).lazy()):
        chosen = choose_rows(rows, where="a >= 4", cohorts={"x": "b = x", "big": "a > 8"}, names=["a"])
        assert chosen.source.names == ("a", "b", "x", "big")
        assert values(chosen.source, "big") == [["out"] * 3, ["out", "out", "in"]]
        assert chosen.total == 10
        assert chosen.left_out(6) == {"not where a >= 4": 4}
        assert chosen.texts() == {"where": "a >= 4", "cohorts": {"x": "b = x", "big": "a > 8"}}
    untouched = choose_rows(FRAME)
    assert (untouched.where, untouched.cohorts, untouched.left_out(10)) == (None, Cohorts(), {})
    assert untouched.texts() == {"where": None, "cohorts": {}}
    assert choose_rows(FRAME, cohorts={"x": "b = x"}).left_out(10) == {}
