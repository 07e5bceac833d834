"""The ground floor: words, numbers, tables and files."""

from __future__ import annotations

import json

import pytest

from rai.ground.checks import as_names, check_choice, check_count, check_level
from rai.ground.errors import (
    ArgumentError,
    DataError,
    ExtraError,
    RaiError,
    did_you_mean,
    listing,
    missing_extra,
    sentence,
)
from rai.ground.files import write_text, write_texts
from rai.ground.formatting import interval, markdown_table, number, text_table
from rai.ground.records import Records, html_table


class Rows(Records):
    def __init__(self, rows):
        self.rows = rows

    def to_dicts(self):
        return self.rows


ROWS = [{"sex": "F", "value": 0.123456, "n": 1200}, {"sex": "M", "value": None, "n": 7}]


def test_a_sentence_with_and_without_a_hint():
    assert sentence("a", "b", expected="c") == "a: b; expected c."
    assert sentence("a", "b", expected="c", hint="Do d.") == "a: b; expected c. Do d."


def test_long_lists_are_cut():
    assert listing(range(4), most=2) == "0, 1 and 2 more"


def test_the_nearest_word():
    assert did_you_mean("SEX", ["age", "sex"]) == "Did you mean 'sex'?"
    assert did_you_mean("zzz", ["age", "sex"]) == ""


def test_a_missing_extra_is_both_an_import_error_and_ours():
    error = missing_extra("plots", package="matplotlib", extra="plots")
    assert isinstance(error, ExtraError)
    assert isinstance(error, RaiError)
    assert isinstance(error, ImportError)
    assert str(error) == (
        "plots: matplotlib is not installed; expected the extra 'plots'. "
        'Run: pip install "rai[plots]".'
    )


@pytest.mark.parametrize("level", [0, 1, -0.5, 1.5, "0.9", True, float("nan")])
def test_levels_that_are_none(level):
    with pytest.raises(ArgumentError, match=r"expected a number between 0 and 1\. 0\.95 is usual\.$"):
        check_level(level)


@pytest.mark.parametrize("count", [0, -1, 1.5, True, "1"])
def test_counts_that_are_none(count):
    with pytest.raises(ArgumentError, match=r"expected a whole number of at least 1\.$"):
        check_count(count, where="bins")


def test_choices():
    assert check_choice("a", ("a", "b"), where="w") == "a"
    with pytest.raises(ArgumentError, match=r"^w: 'c'; expected one of 'a', 'b'\.$"):
        check_choice("c", ("a", "b"), where="w")


def test_names():
    assert as_names(x for x in ("a", "b")) == ("a", "b")
    with pytest.raises(ArgumentError, match=r"^names: 1; expected a name or several\.$"):
        as_names(1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        (0.12345, "0.123"),
        (99.96, "100"),
        (123.456, "123"),
        (1_234_567.8, "1,234,568"),
        (1_234, "1,234"),
        (0.000012345, "1.23e-05"),
        (-0.25, "-0.25"),
        (False, "no"),
        ("a", "a"),
        (None, "–"),
    ],
)
def test_numbers_for_reading(value, text):
    assert number(value) == text


def test_an_interval_open_above():
    assert interval(0.5, None) == "[0.5, –]"


def test_tables():
    assert text_table(ROWS) == "sex  value      n\nF    0.123  1,200\nM        –      7"
    assert markdown_table(ROWS).splitlines()[1:3] == ["| :--- | ---: | ---: |", "| F | 0.123 | 1,200 |"]
    assert text_table([]) == markdown_table([]) == "(no rows)"


def test_hostile_cells_stay_in_their_cell():
    rows = [{"g": "<b>|\n"}]
    assert markdown_table(rows).splitlines()[2] == "| &lt;b>\\|  |"
    assert "<b>" not in html_table(rows)


def test_records_in_every_form():
    rows = Rows(ROWS)
    assert json.loads(rows.to_json()) == ROWS
    assert rows.to_pandas()["n"].tolist() == [1200, 7]
    assert rows.to_polars()["value"].to_list() == [0.123456, None]
    assert str(rows) == text_table(ROWS)
    assert "0.123" in rows._repr_html_()


def test_records_refuse_a_nan_in_json():
    with pytest.raises(ValueError, match="Out of range float"):
        Rows([{"value": float("nan")}]).to_json()


def test_files_are_replaced_whole(tmp_path):
    path = tmp_path / "sub" / "a.txt"
    write_text(path, "one")
    write_text(path, "two\n")
    assert path.read_bytes() == b"two\n"
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]


def test_of_several_files_none_is_written_where_one_cannot_be(tmp_path):
    good, bad = tmp_path / "a.txt", tmp_path / "folder"
    good.write_text("old", "utf-8")
    bad.mkdir()
    with pytest.raises(DataError, match=r"Nothing was changed\.$"):
        write_texts({good: "new", bad: "new"})
    assert good.read_text("utf-8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "folder"]
