"""Files: whole ones are read right, bad ones are refused with one sentence."""

import csv
import gzip
import io
import pickle
import zlib
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rai.engines import count, csv_files, parquet_files
from rai.engines.csv_files import csv_frames, csv_header
from rai.engines.sources import open_source
from rai.ground.errors import DataError, RoleError
from rai.values import Roles

ROLES = Roles(y_true="y", y_score="s", sensitive_features=("g",))
ROWS = b"y,s,g\n1,0.5,a\n0,0.25,b\n"
FRAME = pl.DataFrame({"y": [1, 0] * 50, "s": [0.5, 0.25] * 50, "g": ["a", "b"] * 50})


def write(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return path


def refused(path, roles=ROLES):
    """What is said after the path."""
    with pytest.raises(DataError) as caught:
        count(path, roles)
    where, _, said = str(caught.value).partition(": ")
    assert where == str(path)
    return said


def parquet_bytes(frame=FRAME, **options):
    held = io.BytesIO()
    frame.write_parquet(held, **options)
    return held.getvalue()


# Paths ----------------------------------------------------------------------------------------------


def test_a_path_that_leads_nowhere(tmp_path):
    write(tmp_path, "adult.csv", ROWS)
    assert refused(tmp_path / "adlut.csv") == (
        "no such file; expected a path to a file. Did you mean 'adult.csv'?"
    )
    assert refused(tmp_path / "no" / "x.csv") == "no such file; expected a path to a file."


def test_a_folder(tmp_path):
    assert refused(tmp_path) == "a folder; expected a file."


@pytest.mark.parametrize("suffix", [".pkl", ".pickle", ".joblib"])
def test_pickles_are_never_opened(tmp_path, suffix):
    path = write(tmp_path, f"rows{suffix}", pickle.dumps({"y": [1]}))
    assert refused(path) == (
        "a pickle; expected .csv, .csv.gz, .tsv or .parquet. "
        "Opening a pickle can run any code in it: save the rows as Parquet or CSV."
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rows.xlsx", "a file of type '.xlsx'; expected .csv, .csv.gz, .tsv or .parquet."),
        ("rows.json.gz", "a file of type '.json.gz'; expected .csv, .csv.gz, .tsv or .parquet."),
        ("rows", "a file without a suffix; expected .csv, .csv.gz, .tsv or .parquet."),
    ],
)
def test_other_types(tmp_path, name, said):
    assert refused(write(tmp_path, name, b"y\n1\n")) == said


def test_a_file_that_may_not_be_opened(tmp_path, monkeypatch):
    path = write(tmp_path, "rows.csv", ROWS)

    def closed(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(csv_files, "_opened", closed)
    assert refused(path) == "no permission to read it; expected a readable file."


# CSV ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "an empty file; expected a header line and rows."),
        (b"\n \n", "an empty file; expected a header line and rows."),
        (b"y,s,g\n", "no rows; expected at least one."),
        (b"y,s,g", "no rows; expected at least one."),
        (
            b"y,s,g\n1,0.5,a\n\n0,0.25\n",
            "row 2 has 2 fields; expected 3 as in the header. "
            "A field that holds a separator needs quotation marks around it.",
        ),
        (
            b"y,s,g\n1,0.5,a,\n",
            "row 1 has 4 fields; expected 3 as in the header. "
            "A field that holds a separator needs quotation marks around it.",
        ),
        (
            b"y,s,g\r1,0.5,a\r0,0.5,b\r",
            "row 1 has 5 fields; expected 3 as in the header. "
            "A field that holds a separator needs quotation marks around it.",
        ),
        (
            b'y,s,g\n1,0.5,"a\n0,0.5,b\n',
            "a quotation mark that is never closed; expected marks in pairs.",
        ),
        (
            b'y,s,g\n1,0.5,"a"b\n',
            "rows that can't be parsed; expected well-formed CSV. "
            "Look for a quotation mark inside a field: it must be doubled, and the field quoted.",
        ),
        (
            ROWS + b"1,0.5,caf\xe9\n",
            "bytes that are no UTF-8 text; expected a CSV file in UTF-8. "
            "Save it as UTF-8, or read it with pandas and its encoding.",
        ),
        (
            b"y,s,caf\xe9\n1,0.5,a\n",
            "bytes that are no UTF-8 text; expected a CSV file in UTF-8. "
            "Save it as UTF-8, or read it with pandas and its encoding.",
        ),
        (
            ROWS.decode().encode("utf-16"),
            "bytes that are no UTF-8 text; expected a CSV file in UTF-8. "
            "Save it as UTF-8, or read it with pandas and its encoding.",
        ),
        (
            ",".join(f"c{i}" for i in range(10_001)).encode() + b"\n",
            "10,001 columns; expected at most 10,000.",
        ),
        (
            ",".join(f"c{i}" for i in range(1_000_000)).encode() + b"\n1",
            "a header longer than 1 MB; expected a CSV file with a header.",
        ),
    ],
)
def test_csv_files_that_cannot_be_used(tmp_path, data, said):
    assert refused(write(tmp_path, "rows.csv", data)) == said


def test_a_row_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_files, "BLOCK", 1 << 16)
    monkeypatch.setattr(csv_files, "MOST_ROW", 1 << 20)
    path = write(tmp_path, "rows.csv", ROWS + b"1,0.5," + b"x" * (3 << 20) + b"\n")
    assert refused(path) == (
        "a row longer than 1 MB, or a quotation mark that is never closed; expected rows of text."
    )


def test_a_name_that_occurs_twice(tmp_path):
    path = write(tmp_path, "rows.csv", b"y,s,g,g\n1,0.5,a,b\n")
    with pytest.raises(RoleError) as caught:
        count(path, ROLES)
    assert str(caught.value) == (
        "sensitive_features: column 'g' occurs 2 times; expected each name once. Rename the others."
    )


def test_blanks_around_names_and_lines_between_rows_do_not_matter(tmp_path):
    path = write(tmp_path, "rows.csv", b"\n y , s, g\r\n\r\n1, 0.5 ,a\r\n\n\r\n0,.25,a\r\n\r\n")
    done = count(path, ROLES, bins=2)
    assert done.rows == 2
    assert done.tally.groups == (("a",),)
    assert done.tally.n.tolist() == [[[1, 0], [0, 1]]]


def test_the_last_row_needs_no_line_end(tmp_path):
    assert count(write(tmp_path, "rows.csv", ROWS.strip()), ROLES).rows == 2


CELL = st.text(st.sampled_from('ab",;\n\r é'), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12),
    block=st.integers(1, 40),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_blocks_are_cut_between_rows(rows, block, line_end, tmp_path, monkeypatch):
    """Whatever stands in quoted fields, small blocks give what Python's own reader gives."""
    held = io.StringIO()
    writer = csv.writer(held, quoting=csv.QUOTE_ALL, lineterminator=line_end)
    writer.writerows([("p", "q,\n", "r"), *rows])
    path = write(tmp_path, "rows.csv", held.getvalue().encode())
    monkeypatch.setattr(csv_files, "BLOCK", block)
    header = csv_header(path, where="rows")
    assert header.names == ("p", "q,", "r")
    frames = list(csv_frames(path, header, ["r", "q,"], where="rows"))
    found = [(a or "", b or "") for frame in frames for a, b in frame.rows()]
    assert found == [(row[2], row[1]) for row in rows]


# Gzip -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [gzip.compress(ROWS)[:-9], gzip.compress(ROWS)[:12] + b"\xff" * 40, b"no gzip at all"],
    ids=["truncated", "damaged", "plain"],
)
def test_damaged_gzip(tmp_path, data):
    assert refused(write(tmp_path, "rows.csv.gz", data)) == (
        "a damaged or truncated gzip file; expected a whole one."
    )


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_files, "BOMB_BYTES", 1 << 20)
    monkeypatch.setattr(csv_files, "BLOCK", 1 << 16)
    packer = zlib.compressobj(9, wbits=31)
    data = packer.compress(ROWS) + packer.compress(b"1,0.5,a\n" * (1 << 20)) + packer.flush()
    assert refused(write(tmp_path, "rows.csv.gz", data)) == (
        f"unpacks to more than 100 times its {len(data):,} bytes; expected an honest gzip file. "
        "Unpack it yourself if you trust it."
    )


# Parquet --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "an empty file; expected a Parquet file."),
        (ROWS, "no Parquet file; expected one that begins with PAR1."),
        (b"PAR1", "a truncated Parquet file; expected a whole one."),
        (
            b"PAR1" + b"\x00" * 4 + b"PAR1",
            "a damaged Parquet file; expected one that can be read to its end.",
        ),
        (parquet_bytes()[:-5], "a truncated Parquet file; expected a whole one."),
        (parquet_bytes()[:200], "a truncated Parquet file; expected a whole one."),
        (
            b"PAR1" + b"\xff" * 40 + (40).to_bytes(4, "little") + b"PAR1",
            "a damaged Parquet file; expected one that can be read to its end.",
        ),
    ],
    ids=["empty", "csv", "magic", "nothing", "cut", "half", "nonsense"],
)
def test_parquet_files_that_cannot_be_used(tmp_path, data, said):
    assert refused(write(tmp_path, "rows.parquet", data)) == said


def test_damaged_pages(tmp_path):
    data = bytearray(parquet_bytes(compression="zstd"))
    data[60:80] = b"\xff" * 20
    said = refused(write(tmp_path, "rows.parquet", bytes(data)))
    assert said.startswith("can't be read (OSError: ")
    assert said.endswith("); expected a readable Parquet file. Is it damaged?")


def test_rows_that_are_missing(tmp_path, monkeypatch):
    path = write(tmp_path, "rows.parquet", parquet_bytes(row_group_size=30))
    honest = parquet_files.read_footer(path)
    monkeypatch.setattr(parquet_files, "read_footer", lambda _: replace(honest, rows=120))
    assert refused(path) == "a damaged Parquet file; expected one that can be read to its end."


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("MOST_FOOTER", 100, "a footer of 0 MB; expected at most 0 MB."),
        ("MOST_COLUMNS", 2, "3 columns; expected at most 2."),
    ],
)
def test_parquet_limits(tmp_path, monkeypatch, limit, value, said):
    monkeypatch.setattr(parquet_files, limit, value)
    assert refused(write(tmp_path, "rows.parquet", parquet_bytes())) == said


@pytest.mark.parametrize("limit", ["BOMB_ROWS", "BOMB_BYTES"])
def test_parquet_bombs_are_not_unpacked(tmp_path, monkeypatch, limit):
    rows = 400_000
    frame = pl.DataFrame({"y": [1] * rows, "s": [0.5] * rows, "g": ["a" * 50] * rows})
    data = parquet_bytes(frame, compression="gzip", use_pyarrow=False, statistics=False)
    path = write(tmp_path, "rows.parquet", data)
    assert count(path, ROLES.replace(positive_label=1)).rows == rows
    unpacked = parquet_files.read_footer(path).unpacked_bytes
    monkeypatch.setattr(parquet_files, limit, 1000)
    monkeypatch.setattr(parquet_files, "BOMB_RATIO", 1)
    assert refused(path) == (
        f"400,000 rows and {unpacked:,} bytes declared in a file of {len(data):,} bytes; expected an "
        "honest Parquet file. Write it again with more rows in the file, or as CSV, if you trust it."
    )


def test_row_groups_make_no_difference(tmp_path):
    path = write(tmp_path, "rows.parquet", parquet_bytes(row_group_size=30))
    assert open_source(path).total == 100
    assert count(path, ROLES).fingerprint == count(FRAME, ROLES).fingerprint


def test_a_missing_parquet_column(tmp_path):
    with pytest.raises(RoleError) as caught:
        count(write(tmp_path, "rows.parquet", parquet_bytes()), ROLES.replace(y_true="income"))
    assert str(caught.value) == "y_true: no column 'income'; expected one of 'y', 's', 'g'."
