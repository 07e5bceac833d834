"""Cohorts: their files, their counts, and the columns that they make."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rai.engines.sources import open_source
from rai.explore.cohorts import Cohort, Cohorts, as_cohorts, with_cohorts
from rai.explore.queries import parse_query
from rai.ground.errors import ArgumentError, DataError, RoleError
from rai.measure.intervals import wilson

TWO = Cohorts({"older women": "age > 40 & sex == F", "young": "age < 30"})
FRAME = pd.DataFrame({"age": [20, 50, np.nan, 45, 29], "sex": ["F", "F", "F", "M", None]})


def test_they_are_queries_with_names():
    assert TWO.to_dicts() == [
        {"cohort": "older women", "where": "age > 40 and sex = F"},
        {"cohort": "young", "where": "age < 30"},
    ]
    assert TWO.names == ("older women", "young")
    assert TWO.named("young") == Cohort("young", parse_query("age < 30"))
    assert [cohort.name for cohort in TWO] == ["older women", "young"]
    assert TWO == Cohorts(TWO) == Cohorts(list(TWO)) == Cohorts(TWO.texts()) == as_cohorts(TWO)
    assert Cohorts() == Cohorts({}) == Cohorts(None) == as_cohorts(None) == ()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Cohort("", "a = 1"), "cohort: cohort ''; expected a cohort's name."),
        (lambda: Cohort(3, "a = 1"), "cohort: cohort 3; expected a cohort's name."),
        (lambda: Cohort("x", None), "cohort 'x': no query; expected which rows are in it."),
        (lambda: Cohort("x", 3), "cohort 'x': 3; expected a query. Write \"age > 30\"."),
        (lambda: Cohort("x", "age >"), "query 'age >': the end; expected a number or a date."),
        (
            lambda: Cohorts("age > 3"),
            "cohorts: 'age > 3'; expected a dict of name to query, or cohorts. "
            'Write {"older women": "age > 40 and sex = Female"}.',
        ),
        (
            lambda: Cohorts([("a", "b = 1")]),
            "cohorts: [('a', 'b = 1')]; expected a dict of name to query, or cohorts. "
            'Write {"older women": "age > 40 and sex = Female"}.',
        ),
        (
            lambda: Cohorts([Cohort("a", "b = 1"), Cohort("a", "b = 2")]),
            "cohorts: 'a' twice; expected each name once.",
        ),
        (
            lambda: TWO.named("yuong"),
            "cohorts: no cohort 'yuong'; expected one of 'older women', 'young'. Did you mean 'young'?",
        ),
    ],
)
def test_what_is_no_cohort_is_refused(make, message):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


# Counts and columns ---------------------------------------------------------------------------------


def forms(tmp_path):
    FRAME.to_csv(tmp_path / "rows.csv", index=False)
    FRAME.to_parquet(tmp_path / "rows.parquet")
    return [
        FRAME,
        pl.from_pandas(FRAME),
        pl.from_pandas(FRAME).lazy(),
        pl.from_pandas(FRAME).to_arrow(),
        {name: FRAME[name].to_numpy() for name in FRAME},
        tmp_path / "rows.csv",
        tmp_path / "rows.parquet",
    ]


def test_counts_are_the_same_wherever_rows_are(tmp_path):
    low, high = wilson([1, 2], [5, 5])
    wanted = [
        {"cohort": "older women", "n": 1, "share": 0.2, "low": low[0], "high": high[0], "unknown": 1,
         "where": "age > 40 and sex = F"},
        {"cohort": "young", "n": 2, "share": 0.4, "low": low[1], "high": high[1], "unknown": 1,
         "where": "age < 30"},
    ]  # fmt: skip
    for rows in forms(tmp_path):
        assert TWO.counts(rows).to_dicts() == wanted
    (first, _) = TWO.counts(FRAME, level=0.5)
    assert (first.out, first.rows, first.low) == (3, 5, wilson([1], [5], level=0.5).low[0])


def test_counts_of_nothing():
    assert Cohorts().counts(FRAME).to_dicts() == []
    (none,) = Cohorts({"x": "age > 3"}).counts(pl.DataFrame(schema={"age": pl.Int64}))
    assert (none.n, none.share, none.low, none.high) == (0, None, None, None)


def test_a_cohort_is_a_column_that_is_missing_where_nothing_is_known(tmp_path):
    for rows in forms(tmp_path):
        source = with_cohorts(open_source(rows), TWO)
        assert source.names == ("age", "sex", "older women", "young")
        pieces = list(source.pieces(["young", "sex", "older women"], 2))
        assert [len(piece["sex"]) for piece in pieces] == [2, 2, 1]
        both = {
            name: [value for piece in pieces for value in piece[name].tolist()] for name in TWO.names
        }
        assert both == {
            "older women": ["out", "in", None, "out", "out"],
            "young": ["in", "out", None, "out", "in"],
        }
        assert [len(piece["sex"]) for piece in source.pieces(["sex"], 10)] == [5]


def test_a_cohort_must_go_with_the_columns():
    with pytest.raises(RoleError) as caught:
        with_cohorts(open_source(FRAME), Cohorts({"sex": "age > 3"}))
    assert str(caught.value) == (
        "cohorts: a column is named 'sex', too; expected another name for the cohort."
    )
    for ask in (
        lambda cohorts: with_cohorts(open_source(FRAME), cohorts),
        lambda cohorts: cohorts.counts(FRAME),
    ):
        with pytest.raises(RoleError) as caught:
            ask(Cohorts({"old": "aeg > 3"}))
        assert str(caught.value) == (
            "cohort 'old': no column 'aeg'; expected one of 'age', 'sex'. Did you mean 'age'?"
        )
    rows = open_source(FRAME)
    assert with_cohorts(rows, Cohorts()) is rows


# Files ----------------------------------------------------------------------------------------------

NAMES = st.one_of(
    st.text(min_size=1),
    st.sampled_from(['"', "#1", "a: b", " a", "a ", "a\nb", "a\\", '"a": "b"', "é", "\u2028", "\ud800"]),
)
QUERIES = st.sampled_from(
    [
        "a = 1",
        "`a b` = 'x\ny' or c is missing",
        "`\ud800` = 1",
        "a = '\u2028'",
        "a ~ '\\d\"' and b = ': #'",
    ]
)


@settings(max_examples=150)
@given(st.dictionaries(NAMES, QUERIES, max_size=4))
def test_a_file_gives_them_back(tmp_path_factory, texts):
    cohorts = Cohorts(texts)
    path = cohorts.save(tmp_path_factory.mktemp("cohorts") / "deep" / "cohorts.txt")
    assert Cohorts.load(path) == cohorts
    held = path.read_bytes()
    assert Cohorts.load(path).save(path).read_bytes() == held


def test_the_file_can_be_read_by_people(tmp_path):
    odd = Cohort("a: b", "`hours per week` = 'x\ny'")
    path = Cohorts([*TWO, odd]).save(tmp_path / "cohorts.txt")
    assert path.read_text("utf-8") == (
        "# rai cohorts, version 1\n"
        "older women: age > 40 and sex = F\n"
        "young: age < 30\n"
        '"a: b": "`hours per week` = \\"x\\ny\\""\n'
    )


def test_people_can_write_one(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_bytes(
        b"\xef\xbb\xbf# who to look at\r\n\r\n"
        b'busy : "hours per week" > 40\r\n'
        b"working age:\r\n    18 <= age\r\n    # not yet retired\r\n    and age < 65\r\n"
        b'"quoted: name" : sex = F\r\n'
        b"\xc3\xa4lter: age > 60: no"[:-4]
    )
    assert Cohorts.load(path).texts() == {
        "busy": "`hours per week` > 40",
        "working age": "age >= 18 and age < 65",
        "quoted: name": "sex = F",
        "älter": "age > 60",
    }


EXPECTED = "expected a name, a colon and a query, such as older women: age > 40."


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (b"age > 3", f", line 1: 'age > 3'; {EXPECTED}"),
        (b"x:", f", line 1: 'x:'; {EXPECTED}"),
        (b"# a\n: age > 3", f", line 2: ': age > 3'; {EXPECTED}"),
        (b'"x" age > 3', f", line 1: '\"x\" age > 3'; {EXPECTED}"),
        (b" x: age > 3", f", line 1: ' x: age > 3'; {EXPECTED} Begin the line with the name."),
        (
            b"x: a = 1\n\ny: a >",
            f", line 3: no cohort (query 'a >': the end; expected a number or a date); {EXPECTED}",
        ),
        (b"x: a = 1\nx: a = 2", ", line 2: 'x', which line 1 has, too; expected each name once."),
        (b"# rai cohorts, version 2\nx: a = 1", ": version 2; expected version 1."),
        (b"\xff\xfe", ": bytes that are no text; expected a file of cohorts in UTF-8."),
        (b"[" * 100_000, f", line 1: '{'[' * 58}…; {EXPECTED}"),
        (b'"' * 100_000, f", line 1: '{chr(34) * 58}…; {EXPECTED}"),
        (b"x" * (1 << 24) + b":", ": more than 16 MB; expected a file of cohorts."),
        (None, ": no such file or directory; expected a file of cohorts."),
    ],
    ids=range(13),
)
def test_a_file_that_is_none_gets_one_sentence(tmp_path, held, message):
    path = tmp_path / "cohorts.txt"
    if held is not None:
        path.write_bytes(held)
    with pytest.raises(DataError) as caught:
        Cohorts.load(path)
    assert str(caught.value) == f"reading {path}{message}"


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    with pytest.raises(DataError) as caught:
        TWO.save(tmp_path)
    assert str(caught.value) == (
        f"writing {tmp_path}: it is a folder; expected a place that can be written. Nothing was changed."
    )
    assert list(tmp_path.iterdir()) == []
