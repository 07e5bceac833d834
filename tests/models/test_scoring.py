"""Scores of frames and of files: what is in the table, where it ends up, and what goes wrong."""

import json
import subprocess
import sys
from datetime import date, datetime
from itertools import product

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rai
from rai.models import scoring


def odds(frame):
    """Scores that depend on every type of column, row by row."""
    frame = frame.to_pandas() if hasattr(frame, "to_pandas") else frame
    age = pd.to_numeric(frame["age"]).fillna(33).astype(float)
    return (1 / (1 + np.exp(-(age - 40) / 10)) + (frame["sex"] == "F") * 0.25).clip(upper=1).to_numpy()


@pytest.fixture
def model():
    return rai.load_model(odds, features=["age", "sex"], classes=["no", "yes"])


PEOPLE = {
    "id": [101, 102, 103, 104],
    "age": [20, 40, 60, 35],
    "sex": ["F", "M", "F", "M"],
    "group": ["a", None, "b", "a"],
}


def expected(rows=None):
    return odds(pd.DataFrame(PEOPLE if rows is None else rows))


def error(act, kind=rai.DataError):
    with pytest.raises(kind) as caught:
        act()
    return str(caught.value)


# The table ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make", [pd.DataFrame, pl.DataFrame, dict, lambda rows: pl.DataFrame(rows).to_arrow()]
)
def test_scores_of_rows_in_memory(model, make):
    found = rai.score_rows(model, make(PEOPLE), row_id="id", keep=["group"])
    assert found.to_polars().to_dict(as_series=False) == {
        "id": [101, 102, 103, 104],
        "group": ["a", None, "b", "a"],
        "score": pytest.approx(expected().tolist()),
        "prediction": ["no", "yes", "yes", "no"],
    }
    assert (found.rows, found.columns) == (4, ("id", "group", "score", "prediction"))
    np.testing.assert_allclose(found.y_score, expected())
    assert found.to_pandas().equals(found.to_polars().to_pandas())
    assert json.loads(found.to_json())[1] == {
        "id": 102, "group": None, "score": pytest.approx(0.5), "prediction": "yes",
    }  # fmt: skip


def test_rows_without_a_name_are_called_by_their_position(model, monkeypatch):
    monkeypatch.setattr(scoring, "PIECE_ROWS", 3)
    frame = pd.DataFrame(PEOPLE).set_index("id")
    assert rai.score_rows(model, frame).to_polars()["row"].to_list() == [0, 1, 2, 3]


@pytest.mark.parametrize(("threshold", "positive"), [(None, 2), (0.1, 4), (0.5, 2), (0.51, 1), (1.1, 0)])
def test_predictions_are_cut_at_the_threshold(model, threshold, positive):
    found = rai.score_rows(model, PEOPLE, threshold=threshold).to_polars()
    assert (found["prediction"] == "yes").sum() == positive


def test_margins_are_cut_at_zero():
    model = rai.load_model(lambda frame: frame["age"] - 40, probabilities=False)
    found = rai.score_rows(model, PEOPLE).to_polars()
    assert found["prediction"].to_list() == [0, 1, 1, 0]


def test_several_classes_have_a_column_each():
    classes = ["a", "b", "c"]
    shares = np.array([[0.2, 0.3, 0.5], [1, 0, 0], [0, 0.9, 0.1], [0.4, 0.4, 0.2]])
    model = rai.load_model(lambda frame: shares, classes=classes)
    found = rai.score_rows(model, PEOPLE)
    assert found.columns == ("row", "score_a", "score_b", "score_c", "prediction")
    assert found.to_polars()["prediction"].to_list() == ["c", "a", "b", "a"]
    np.testing.assert_array_equal(found.y_score, shares)


def test_a_regression_has_predictions_only():
    model = rai.load_model(lambda frame: frame["age"] * 2.5, task="regression")
    found = rai.score_rows(model, PEOPLE, row_id="id")
    assert found.columns == ("id", "prediction")
    assert found.y_score.tolist() == [50, 100, 150, 87.5]


@pytest.mark.parametrize("classes", [(False, True), (0, 1), (0.5, 1.5), ("0", "1"), (0, "yes")])
def test_predictions_have_the_type_of_the_labels(classes):
    model = rai.load_model(lambda frame: frame["age"] / 80, classes=list(classes))
    wanted = [classes[int(score >= 0.5)] for score in np.array(PEOPLE["age"]) / 80]
    if len({type(label) for label in classes}) > 1:
        wanted = [str(label) for label in wanted]
    assert rai.score_rows(model, PEOPLE).to_polars()["prediction"].to_list() == wanted


def test_what_is_printed_of_many_rows(model):
    rows = pd.DataFrame({"age": np.arange(12), "sex": "M"})
    found = rai.score_rows(model, rows)
    lines = str(found).splitlines()
    assert (len(lines), lines[0].split(), lines[-1]) == (12, list(found.columns), "and 2 more rows")
    assert found._repr_html_().endswith("</table><p>and 2 more rows</p>")
    assert "more" not in str(rai.score_rows(model, rows[:10]))


# Files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "target"), list(product(["csv", "parquet"], [None, "csv", "parquet"]))
)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_files_are_scored_piece_by_piece(model, tmp_path, source, target, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "PIECE_ROWS", size)
        check_file(model, tmp_path, source, target)


def check_file(model, tmp_path, source, target):
    path = tmp_path / f"people.{source}"
    getattr(pl.DataFrame(PEOPLE), f"write_{source}")(path)
    to = None if target is None else tmp_path / "out" / f"scores.{target}"
    found = rai.score_rows(model, path, to=to, row_id="id", keep=["group", "id"])
    held = rai.score_rows(model, PEOPLE, row_id="id", keep="group").to_polars()
    assert found.to_polars().equals(held)
    assert found.to_polars().schema == held.schema
    assert (found.rows, found.path) == (4, to)
    np.testing.assert_allclose(found.y_score, expected())
    if to is not None:
        assert [each.name for each in to.parent.iterdir()] == [to.name]
        read = pl.read_csv(to) if target == "csv" else pl.read_parquet(to)
        assert read.equals(held)
        assert str(found) == str(rai.score_rows(model, PEOPLE, row_id="id", keep="group"))


def test_kept_columns_keep_their_types(model, tmp_path):
    rows = pl.DataFrame(PEOPLE).with_columns(
        day=pl.Series([date(2024, 5, 1), None, date(2024, 5, 3), None]),
        moment=pl.Series([datetime(2024, 5, 1, 12), None, None, None]),
        whole=pl.Series([1, None, 3, 4]),
        truth=pl.Series([True, None, False, True]),
        level=pl.Series(["x", None, "y", "x"], dtype=pl.Categorical),
    )
    names = ["day", "moment", "whole", "truth", "level"]
    rows.write_parquet(tmp_path / "rows.parquet")
    for target in ("parquet", "csv"):
        to = tmp_path / f"scores.{target}"
        table = rai.score_rows(model, tmp_path / "rows.parquet", to=to, keep=names).to_polars()
        wanted = rows.select(names).with_columns(pl.col("level").cast(pl.String))
        if target == "csv":
            wanted = wanted.with_columns(pl.col("day", "moment").dt.to_string("iso:strict"))
        assert table.select(names).equals(wanted)
        assert table.select(names).schema == wanted.schema
    records = rai.score_rows(model, rows, keep=names).to_dicts()
    assert records[0]["day"] == "2024-05-01"
    assert {type(value) for record in records for value in record.values()} <= {
        *(str, int, float, bool, type(None))
    }


def test_a_model_that_does_not_say_gets_all_columns(tmp_path):
    pl.DataFrame(PEOPLE).write_csv(tmp_path / "people.csv")
    seen = []

    def predict(frame):
        seen.append(list(frame.columns))
        return odds(frame)

    rai.score_rows(rai.load_model(predict), tmp_path / "people.csv", row_id="id")
    assert seen == [["id", "age", "sex", "group"]]


@pytest.mark.parametrize("data", ["file", "frame"])
def test_progress_counts_batches(model, tmp_path, monkeypatch, data):
    monkeypatch.setattr(scoring, "PIECE_ROWS", 3)
    pl.DataFrame(PEOPLE).write_csv(tmp_path / "people.csv")
    told = []
    rai.score_rows(
        model,
        tmp_path / "people.csv" if data == "file" else PEOPLE,
        batch_rows=2,
        progress=lambda *done: told.append(done),
    )
    first_pass = [(3, None), (4, None)] if data == "file" else []
    assert told == [*first_pass, (2, 4), (3, 4), (4, 4)]


# Laws -----------------------------------------------------------------------------------------------

AGES = st.sampled_from(["20", "40", "40.5", "", "1e2", "7.0"])
FILES = st.lists(st.tuples(AGES, st.sampled_from(["F", "M", ""])), min_size=1, max_size=15)


def by_type(frame):
    """A model that looks at the types of its columns: what it says must not change from piece to piece."""
    kinds = sum(len(str(frame[name].dtype)) * (i + 1) for i, name in enumerate(frame.columns))
    return odds(frame) / 10 + (kinds % 97) / 200


@settings(max_examples=40)
@given(FILES, st.integers(1, 6), st.integers(1, 6))
def test_predictions_depend_neither_on_batches_nor_on_pieces(tmp_path_factory, rows, batch, piece):
    path = tmp_path_factory.mktemp("law") / "rows.csv"
    path.write_text(
        "age,sex\n" + "".join(f"{age},{sex}\n" for age, sex in rows if age or sex) + "40,F\n"
    )
    model = rai.load_model(by_type)
    whole = model.scores(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "PIECE_ROWS", piece)
        for to in (None, path.parent / "scores.parquet"):
            found = rai.score_rows(model, path, batch_rows=batch, to=to)
            np.testing.assert_array_equal(found.y_score, whole)


# What goes wrong ------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["csv", "parquet"])
@pytest.mark.parametrize("ends", [ValueError, KeyboardInterrupt])
def test_nothing_is_left_of_a_run_that_fails(tmp_path, monkeypatch, target, ends):
    monkeypatch.setattr(scoring, "PIECE_ROWS", 1)
    (tmp_path / f"scores.{target}").write_text("of last month")
    pl.DataFrame(PEOPLE).write_csv(tmp_path / "people.csv")

    def failing(frame):
        if (frame["age"] > 50).any():
            raise ends("too old")
        return odds(frame)

    with pytest.raises(KeyboardInterrupt if ends is KeyboardInterrupt else rai.DataError):
        rai.score_rows(
            rai.load_model(failing), tmp_path / "people.csv", to=tmp_path / f"scores.{target}"
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.csv", f"scores.{target}"]
    assert (tmp_path / f"scores.{target}").read_text() == "of last month"


@pytest.mark.parametrize("target", ["csv", "parquet"])
def test_a_full_disk_is_said_to_be_one(model, tmp_path, monkeypatch, target):

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    if target == "csv":
        monkeypatch.setattr(pl.DataFrame, "write_csv", full)
    else:
        monkeypatch.setattr("pyarrow.parquet.ParquetWriter.write_table", full)
    to = tmp_path / f"scores.{target}"
    assert error(lambda: rai.score_rows(model, PEOPLE, to=to)) == (
        f"writing {to}: no space left on device; expected a place that can be written. Nothing was changed."
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("to", ["scores.txt", "scores", "scores.csv.gz"])
def test_other_kinds_of_files(model, to):
    assert error(lambda: rai.score_rows(model, PEOPLE, to=to), rai.ArgumentError) == (
        f"to: '{to}'; expected a path that ends in .parquet or .csv."
    )


def test_a_folder_in_the_place_of_the_file(model, tmp_path):
    (tmp_path / "scores.csv").mkdir()
    assert error(lambda: rai.score_rows(model, PEOPLE, to=tmp_path / "scores.csv")) == (
        f"writing {tmp_path / 'scores.csv'}: it is a folder; expected a place that can be written. "
        "Nothing was changed."
    )


def test_the_file_of_the_rows_is_not_overwritten(model, tmp_path):
    path = tmp_path / "people.csv"
    pl.DataFrame(PEOPLE).write_csv(path)
    (tmp_path / "same.csv").symlink_to(path)
    for to in (path, tmp_path / "same.csv"):
        assert error(lambda: rai.score_rows(model, path, to=to), rai.ArgumentError) == (  # noqa: B023
            f"to: '{to}', the file that the rows are in; expected another one."
        )


@pytest.mark.parametrize("kind", ["frame", "csv", "parquet"])
def test_columns_that_are_not_there(model, tmp_path, kind):
    data = PEOPLE
    if kind != "frame":
        data = tmp_path / f"people.{kind}"
        getattr(pl.DataFrame(PEOPLE), f"write_{kind}")(data)
    names = "'id', 'age', 'sex', 'group'"
    for options, where in (({"row_id": "idd"}, "row_id"), ({"keep": ["idd"]}, "keep")):
        assert error(lambda: rai.score_rows(model, data, **options), rai.RoleError) == (  # noqa: B023
            f"{where}: no column 'idd'; expected one of {names}. Did you mean 'id'?"
        )
    other = rai.load_model(odds, features=["age", "income"])
    assert error(lambda: rai.score_rows(other, data), rai.RoleError) == (
        f"model (callable): no column 'income'; expected one of {names}."
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"keep": ["score"]}, "keep: 'score' twice"),
        ({"row_id": "prediction"}, "row_id: 'prediction' twice"),
        ({"keep": ["row"]}, "keep: 'row' twice"),
    ],
)
def test_columns_that_are_called_like_the_scores(model, options, said):
    assert error(lambda: rai.score_rows(model, PEOPLE, **options), rai.ArgumentError) == (
        f"{said}; expected names other than those of the scores. Rename the column."
    )


@pytest.mark.parametrize("kind", ["pandas", "csv", "parquet"])
def test_every_row_needs_its_name(model, tmp_path, monkeypatch, kind):
    monkeypatch.setattr(scoring, "PIECE_ROWS", 2)
    rows = pl.DataFrame({**PEOPLE, "id": [1, 2, 3, None]})
    data = rows.to_pandas()
    if kind != "pandas":
        data = tmp_path / f"people.{kind}"
        getattr(rows, f"write_{kind}")(data)
    assert error(lambda: rai.score_rows(model, data, row_id="id")) == (
        "row_id: column 'id' with 1 missing value, the first in row 4; expected an id for every row."
    )


def test_columns_that_no_file_holds(model):
    rows = pd.DataFrame(PEOPLE).assign(mixed=[1, "a", None, [2]], listed=[[1], [2], [3], [4]])
    with pytest.raises(
        rai.DataError, match=r"^keep: column 'mixed' with values of several kinds; expected"
    ):
        rai.score_rows(model, rows, keep=["mixed"])
    with pytest.raises(
        rai.DataError, match=r"^keep: column 'listed' with values of type List\(Int64\); exp"
    ):
        rai.score_rows(model, rows, keep=["listed"])


@pytest.mark.parametrize("threshold", [float("nan"), "0.5", True])
def test_thresholds_are_numbers(model, threshold):
    assert error(lambda: rai.score_rows(model, PEOPLE, threshold=threshold), rai.ArgumentError) == (
        f"threshold: {threshold!r}; expected a finite number."
    )
    values = rai.load_model(odds, task="regression")
    assert error(lambda: rai.score_rows(values, PEOPLE, threshold=0.5), rai.ArgumentError) == (
        "threshold: a threshold for a regression model; expected none."
    )


@pytest.mark.parametrize("kind", ["frame", "csv", "parquet"])
def test_no_rows(model, tmp_path, kind):
    rows = pl.DataFrame(PEOPLE).clear()
    data = rows
    if kind != "frame":
        data = tmp_path / f"people.{kind}"
        getattr(rows, f"write_{kind}")(data)
    where = "rows" if kind == "frame" else str(data)
    assert error(lambda: rai.score_rows(model, data, to=tmp_path / "scores.csv")) == (
        f"{where}: no rows; expected at least one."
    )
    assert not (tmp_path / "scores.csv").exists()


def test_a_file_of_scores_that_is_gone(model, tmp_path):
    found = rai.score_rows(model, PEOPLE, to=tmp_path / "scores.parquet")
    (tmp_path / "scores.parquet").unlink()
    said = error(found.to_polars)
    assert said.startswith(f"{tmp_path / 'scores.parquet'}: can't be read (FileNotFoundError: ")
    assert said.endswith("; expected the file that scores were written to. Is it damaged?")


# Memory ---------------------------------------------------------------------------------------------

MEASURED = r"""
import re, sys
import pandas, pyarrow.parquet, polars
import rai

model = rai.load_model(lambda frame: frame["x0"].to_numpy(), features=[f"x{i}" for i in range(20)])
most = lambda: int(re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())[1])
before = most()
rai.score_rows(model, sys.argv[1], to=sys.argv[2])
print(most() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is not counted there")
def test_a_file_is_never_held_as_a_whole(tmp_path):
    """Rows of 384 MB in one row group, which take 650 MB where they are held as a whole."""
    path = tmp_path / "rows.parquet"
    column = np.random.default_rng(0).random(2_400_000)
    pl.DataFrame({f"x{i}": column for i in range(20)}).write_parquet(
        path, row_group_size=len(column), compression="uncompressed"
    )
    command = [sys.executable, "-c", MEASURED, str(path), str(tmp_path / "scores.parquet")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stderr == ""
    assert int(done.stdout) / 1024 < 480
