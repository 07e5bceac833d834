"""Laws of queries: their text gives them back, and they choose what a plain reading of each row chooses.

The oracle is written from the description of the language, row by row, on plain Python values; pandas'
`query` and Polars' SQL are two more, where they mean the same.
"""

import re
from datetime import datetime
from itertools import chain

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings

from rai.engines.sources import open_source
from rai.explore.conditions import Condition
from rai.explore.queries import Query, parse_query
from rai.explore.query_trees import Branch, joined
from rai.explore.selecting import filtered
from rai.ground.errors import RaiError

WORDS = ["F", "M", "New York", "x-1", "Ünï", "it's"]
DATES = ["2020-01-01", "2020-02-29", "2020-02-29T12:30:00", "2021-12-31"]
ORDERS = ["<", "<=", ">", ">="]
EQUALS = ["==", "!="]
PATTERNS = ["^F", "o", "[xü]", "(?i)^[fn]", "^$", "-1$"]

VALUES = {
    "age": st.integers(-3, 3),
    "income": st.sampled_from([-1.5, 0.0, 0.25, 2.0]),
    "sex": st.sampled_from(WORDS),
    "grade": st.sampled_from(WORDS),
    "member": st.booleans(),
    "since": st.sampled_from(DATES),
    "hours per-week": st.integers(0, 2),
}
NUMBERS = ("age", "income", "hours per-week")
TEXT = ("sex", "grade")


def conditions_on(name):
    value = VALUES[name]
    ops = EQUALS if name in TEXT or name == "member" else [*EQUALS, *ORDERS]
    made = [
        st.builds(Condition, st.just(name), st.sampled_from(ops), value),
        st.builds(
            Condition, st.just(name), st.sampled_from(["in", "not in"]), st.lists(value, max_size=3)
        ),
        st.builds(Condition, st.just(name), st.sampled_from(["missing", "present"])),
    ]
    if name in TEXT:
        matches = st.sampled_from(["matches", "not matches"])
        made.append(st.builds(Condition, st.just(name), matches, st.sampled_from(PATTERNS)))
    return st.one_of(made)


def trees(leaf):
    return st.recursive(
        leaf,
        lambda part: st.one_of(
            st.builds(lambda one: Branch("not", (one,)), part),
            st.builds(joined, st.sampled_from(["and", "or"]), st.lists(part, min_size=2, max_size=3)),
        ),
        max_leaves=6,
    )


QUERIES = trees(st.one_of([conditions_on(name) for name in VALUES])).map(Query)
TABLES = st.lists(
    st.fixed_dictionaries({name: st.none() | value for name, value in VALUES.items()}),
    min_size=1,
    max_size=8,
)


# The oracle -----------------------------------------------------------------------------------------


def said(tree, row):
    """True, False, or None where a value is missing."""
    if isinstance(tree, Condition):
        return said_of_one(tree, row[tree.column])
    found = [said(part, row) for part in tree.parts]
    if tree.op == "not":
        return None if found[0] is None else not found[0]
    decided = tree.op == "or"
    if decided in found:
        return decided
    return None if None in found else not decided


def said_of_one(condition, value):
    if condition.op in {"missing", "present"}:
        return (value is None) == (condition.op == "missing")
    if value is None:
        return None
    if condition.op in {"matches", "not matches"}:
        return (re.search(condition.value, value) is not None) == (condition.op == "matches")
    wanted = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if condition.column == "since":
        value, wanted = datetime.fromisoformat(value), list(map(datetime.fromisoformat, wanted))
    if condition.op in {"==", "in"}:
        return value in wanted
    if condition.op in {"!=", "not in"}:
        return value not in wanted
    return {
        "<": value < wanted[0], "<=": value <= wanted[0], ">": value > wanted[0], ">=": value >= wanted[0],
    }[condition.op]  # fmt: skip


def expected(query, table):
    return [said(query.tree, row) is True for row in table]


# Rows in every form ---------------------------------------------------------------------------------


def polars_of(table):
    """Typed, with nulls."""
    types = {
        "age": pl.Int64, "income": pl.Float64, "sex": pl.String, "grade": pl.Categorical,
        "member": pl.Boolean, "hours per-week": pl.Int8,
    }  # fmt: skip
    columns = {name: [row[name] for row in table] for name in VALUES}
    since = [None if text is None else datetime.fromisoformat(text) for text in columns.pop("since")]
    frame = pl.DataFrame(columns, schema=types)
    return frame.with_columns(since=pl.Series(since, dtype=pl.Datetime("us"))).select(list(VALUES))


def pandas_of(table):
    """As pandas makes it: floats for whole numbers with gaps, objects, datetime64, category."""
    frame = pd.DataFrame({name: [row[name] for row in table] for name in VALUES})
    return frame.assign(
        grade=frame["grade"].astype("category"), since=pd.to_datetime(frame["since"], format="ISO8601")
    )


def nullable_of(table):
    """With the nullable types of pandas, and dates as text."""
    types = {
        "age": "Int64", "income": "Float64", "sex": "string", "member": "boolean",
        "hours per-week": "UInt8",
    }  # fmt: skip
    return pd.DataFrame({name: [row[name] for row in table] for name in VALUES}).astype(types)


def arrays_of(table):
    frame = pandas_of(table)
    return {name: frame[name].to_numpy() for name in VALUES}


FORMS = {
    "polars": polars_of,
    "lazy": lambda table: polars_of(table).lazy(),
    "pandas": pandas_of,
    "nullable": nullable_of,
    "arrow-backed": lambda table: pandas_of(table).convert_dtypes(dtype_backend="pyarrow"),
    "pyarrow": lambda table: polars_of(table).to_arrow(),
    "arrays": arrays_of,
    "masked": lambda table: {
        **arrays_of(table),
        "age": np.ma.MaskedArray(
            [row["age"] or 0 for row in table], [row["age"] is None for row in table]
        ),
    },
}


@settings(max_examples=150)
@given(QUERIES, TABLES)
def test_a_query_chooses_what_a_plain_reading_of_each_row_chooses(query, table):
    wanted = expected(query, table)
    for form, make in FORMS.items():
        rows = make(table)
        assert query.mask(rows).tolist() == wanted, form


@settings(max_examples=40)
@given(query=QUERIES, table=TABLES, size=st.integers(1, 5))
def test_rows_are_the_same_wherever_they_come_from(tmp_path_factory, query, table, size):
    folder = tmp_path_factory.mktemp("rows")
    wanted = [place for place, yes in enumerate(expected(query, table)) if yes]
    frame = polars_of(table).with_columns(place=pl.int_range(len(table), dtype=pl.Int64))
    frame.with_columns(pl.col("grade").cast(pl.String)).write_parquet(folder / "rows.parquet")
    pd.DataFrame(table).assign(place=range(len(table))).to_csv(folder / "rows.csv", index=False)
    forms = [folder / "rows.csv", folder / "rows.parquet", frame, frame.lazy(), frame.to_arrow()]
    forms += [pandas_of(table).assign(place=range(len(table)))]
    forms += [{**arrays_of(table), "place": np.arange(len(table))}]
    for rows in forms:
        pieces = filtered(open_source(rows), query).pieces(["place"], size)
        if not wanted:
            with pytest.raises(RaiError, match="no row meets"):
                list(pieces)
            continue
        found = [np.asarray(piece["place"]).tolist() for piece in pieces]
        assert list(chain.from_iterable(found)) == wanted
        assert max(map(len, found)) <= size


# Other engines --------------------------------------------------------------------------------------


def as_sql(tree):
    """The same in SQL, whose logic of nulls is Kleene's."""
    if isinstance(tree, Branch):
        parts = [f"({as_sql(part)})" for part in tree.parts]
        return f"NOT {parts[0]}" if tree.op == "not" else f" {tree.op.upper()} ".join(parts)
    column = f'"{tree.column}"'
    if tree.op in {"missing", "present"}:
        return f"{column} IS {'NOT ' * (tree.op == 'present')}NULL"
    values = [_literal(value) for value in tree.wanted]
    if tree.op in {"in", "not in"}:
        return f"{column} {tree.op.upper()} ({', '.join(values)})"
    if tree.op in {"matches", "not matches"}:
        return f"{column} {'!' * (tree.op == 'not matches')}~ {values[0]}"
    return f"{column} {({'==': '=', '!=': '<>'}).get(tree.op, tree.op)} {values[0]}"


def _literal(value):
    return "'{}'".format(value.replace("'", "''")) if isinstance(value, str) else str(value)


def _known_to_sql(query):
    """No dates, which SQL writes otherwise; no empty list, which it lacks."""
    leaves = [tree for tree in _flat(query.tree) if isinstance(tree, Condition)]
    return all(leaf.column != "since" and leaf.value != () for leaf in leaves)


def _flat(tree):
    return (
        [tree] if isinstance(tree, Condition) else [tree, *chain.from_iterable(map(_flat, tree.parts))]
    )


@settings(max_examples=100)
@given(QUERIES.filter(_known_to_sql), TABLES)
def test_polars_sql_chooses_the_same(query, table):
    rows = polars_of(table).with_columns(pl.col("grade").cast(pl.String), place=pl.int_range(len(table)))
    sql = f"SELECT place FROM rows WHERE {as_sql(query.tree)}"
    with pl.SQLContext(rows=rows) as context:
        found = context.execute(sql, eager=True)["place"].to_list()
    assert np.flatnonzero(query.mask(rows)).tolist() == found


def as_pandas_query(tree):
    if isinstance(tree, Branch):
        parts = [f"({as_pandas_query(part)})" for part in tree.parts]
        return f"not {parts[0]}" if tree.op == "not" else f" {tree.op} ".join(parts)
    values = list(tree.value) if isinstance(tree.value, tuple) else tree.value
    return f"`{tree.column}` {tree.op} {values!r}"


@settings(max_examples=60)
@given(
    trees(
        st.one_of([conditions_on(name) for name in ("age", "income", "sex")]).filter(
            lambda one: one.op not in {"missing", "present", "matches", "not matches"}
        )
    ).map(Query),
    st.lists(
        st.fixed_dictionaries({n: VALUES[n] for n in ("age", "income", "sex")}), min_size=1, max_size=8
    ),
)
def test_pandas_query_chooses_the_same_where_nothing_is_missing(query, table):
    frame = pd.DataFrame(table)
    found = frame.query(as_pandas_query(query.tree), engine="python").index.tolist()
    assert np.flatnonzero(query.mask(frame)).tolist() == found


# Text -----------------------------------------------------------------------------------------------

ANY_VALUE = st.one_of(
    st.text(), st.integers(-(2**63) + 1, 2**63 - 1), st.booleans(), st.sampled_from(DATES),
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["007", "1e5", "and", "NaN", "a..b"]),
)  # fmt: skip
ANY_NAME = st.one_of(
    st.text(min_size=1),
    st.sampled_from(["and", "in", "a b", "`", "3", "2020-01-01", "x.", "...", "-5", "é"]),
)
ANY_CONDITION = st.one_of(
    st.builds(Condition, ANY_NAME, st.sampled_from(EQUALS), ANY_VALUE),
    st.builds(Condition, ANY_NAME, st.sampled_from(["in", "not in"]), st.lists(ANY_VALUE, max_size=3)),
    st.builds(Condition, ANY_NAME, st.sampled_from(ORDERS), st.floats(-1e300, 1e300) | st.sampled_from(DATES)),
    st.builds(Condition, ANY_NAME, st.sampled_from(["missing", "present"])),
    st.builds(Condition, ANY_NAME, st.just("matches"), st.sampled_from([*PATTERNS, "007", 'a"b', "", "\\d"])),
)  # fmt: skip


@settings(max_examples=400)
@given(trees(ANY_CONDITION).map(Query))
def test_the_text_of_a_query_gives_it_back(query):
    text = str(query)
    assert parse_query(text) == query
    assert str(parse_query(text)) == text
    assert parse_query(text).columns == query.columns


WORDY = "a sex 3 -1.5 2020-01-01 'x' `q` and or not in is missing between ( ) , .. = != < >= ~ !~* & | ! true '"
SCRAPS = st.sampled_from([*WORDY.split(), "\0", '"y z"', "[", "]"])


def read_or_refused(text):
    """The query, or the sentence that says why there is none."""
    try:
        return parse_query(text), ""
    except RaiError as error:
        return None, str(error)


@settings(max_examples=500)
@given(st.lists(SCRAPS, max_size=12).map(" ".join) | st.text(max_size=40))
def test_any_text_is_a_query_or_one_sentence(text):
    query, refusal = read_or_refused(text)
    if query is None:
        assert "; expected " in refusal
        assert "\n" not in refusal
    else:
        assert parse_query(str(query)) == query


def test_negation_and_parts_add_up():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"a": rng.integers(0, 9, 5_000), "b": rng.choice(["x", "y", "z"], 5_000)})
    frame["a"] = frame["a"].where(rng.random(5_000) > 0.1)
    first, second = parse_query("a > 4"), parse_query("b in (x, y)")
    yes, no = first.mask(frame), parse_query("not a > 4").mask(frame)
    assert (yes | no).tolist() == frame["a"].notna().tolist()
    assert not (yes & no).any()
    both = Query(joined("and", [first.tree, second.tree])).mask(frame)
    either = Query(joined("or", [first.tree, second.tree])).mask(frame)
    assert both.sum() + either.sum() == yes.sum() + second.mask(frame).sum()
    order = rng.permutation(5_000)
    assert np.array_equal(first.mask(frame.iloc[order]), yes[order])


def test_pyarrow_tables_with_dictionaries():
    table = pa.table({"g": pa.array(["x", None, "y", "x"]).dictionary_encode(), "n": [1, 2, None, 4]})
    assert parse_query("g = x and n > 1").mask(table).tolist() == [False, False, False, True]
