"""Tables and their export: what a spreadsheet may take for a formula is text, and numbers stay numbers."""

import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from apps import glossary, tables

FORMULAS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("text", FORMULAS)
def test_text_and_heads_that_start_like_a_formula_are_defused(text):
    said = tables.csv_bytes(pd.DataFrame({text: [text, "plain"], "n": [-1.5, 2.0]})).decode()
    back = pd.read_csv(io.StringIO(said, newline=""), lineterminator="\n")
    assert back.iloc[0, 0] == f"'{text}"
    assert back.columns[0] == f"'{text}"
    assert back["n"].tolist() == [-1.5, 2.0]


@given(st.lists(st.text(max_size=8) | st.none(), min_size=1, max_size=5))
def test_no_cell_of_text_starts_like_a_formula(values):
    frame = pd.DataFrame({"a": pd.Series(values, dtype=object)})
    defused = [tables._defused(value) for value in values]
    assert not any(isinstance(v, str) and v.startswith(tables.FORMULA_STARTS) for v in defused)
    assert tables.csv_bytes(frame)


def test_categories_and_arrow_text_are_defused_too():
    for kind in ("category", "string", "str"):
        frame = pd.DataFrame({"a": pd.Series(["=1", "b"], dtype=kind)})
        assert tables.csv_bytes(frame).decode() == "a\n'=1\nb\n"


def test_parquet_holds_the_values_as_they_are():
    frame = pd.DataFrame({"a": ["=1", None], "n": [1, 2]})
    back = pd.read_parquet(io.BytesIO(tables.parquet_bytes(frame)))
    assert back["a"].tolist()[0] == "=1"
    assert back["n"].tolist() == [1, 2]


def estimates_shown():
    import rai
    from apps import tables

    known = rai.Estimate(metric="", value=-0.02, low=-0.1, high=0.06)
    rows = [
        {"name": "known", **tables.bounds("gap", known, scale=10.0)},
        {"name": "unknown", **tables.bounds("gap", rai.Estimate(metric="", value=None))},
        {"name": "none", **tables.bounds("gap", None)},
    ]
    tables.show(rows, name="gaps", heads={"gap": "the gap"}, bounded=("gap", "absent"))


def test_an_estimate_is_a_number_below_its_head_with_its_interval_beside():
    at = AppTest.from_function(estimates_shown, default_timeout=60).run()
    assert not at.exception
    shown = at.dataframe[0].value
    assert list(shown) == [("", "name"), ("the gap", "gap"), ("the gap", "interval of gap")]
    assert shown["the gap", "gap"].dtype == float
    assert shown["the gap", "gap"].dropna().tolist() == [-0.2]
    assert shown["the gap", "interval of gap"].tolist() == ["[-1, 0.6]", "–", "–"]


def test_the_glossary_says_one_sentence_of_each_term():
    assert len(glossary.TERMS) > 50
    for term, words in glossary.TERMS.items():
        assert words[-1] in ".?", term
        assert words[0].isupper(), term
        assert len(words) < 160, term
    assert "true positive rate" in glossary.matching("true pos")
    assert glossary.matching("no such term") == {}
