"""One suite for every input: the same rows give the same tally and the same fingerprint."""

import gzip
from decimal import Decimal
from importlib.util import find_spec

import narwhals
import numpy as np
import pandas as pd
import polars as pl
import pytest

from rai.engines import count
from rai.values import Roles

TEXT, WHOLE, REAL = ("sex", "race"), ("band", "y", "p"), ("s", "w")


class OnlyStream:
    """A frame of an unknown library that speaks Arrow's stream protocol."""

    def __init__(self, frame):
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema=None):
        return self._frame.__arrow_c_stream__(requested_schema)


class OnlyNarwhals:
    """A frame of an unknown library that brings its own narwhals support."""

    def __init__(self, frame):
        self._frame = frame

    def __narwhals_dataframe__(self):
        return narwhals.from_native(self._frame)._compliant_frame


def in_pandas(messy):
    return pd.DataFrame({name: pd.Series(values) for name, values in messy.items()})


def in_polars(messy):
    return pl.DataFrame(messy)


def arrow_backed(messy):
    return in_pandas(messy).convert_dtypes(dtype_backend="pyarrow")


def decimals(messy):
    wide = {"s": [None if v is None else Decimal(repr(v)) for v in messy["s"]]}
    return {**messy, **wide}


def masked(messy):
    def column(values):
        gaps = [value is None for value in values]
        filler = next(value for value in values if value is not None)
        return np.ma.MaskedArray(
            [filler if gap else v for v, gap in zip(values, gaps, strict=True)], gaps
        )

    return {name: column(values) for name, values in messy.items()}


def as_csv(messy, path, **options):
    in_pandas(messy).to_csv(path, index=False, **options)
    return path


def as_gzip(messy, path):
    plain = as_csv(messy, path.with_suffix(""))
    with gzip.open(path, "wb") as file:
        file.write(plain.read_bytes())
    return path


def as_parquet(messy, path, **options):
    in_polars(messy).write_parquet(path, **options)
    return str(path)


def crlf_with_mark(messy, path):
    text = in_pandas(messy).to_csv(index=False, lineterminator="\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n\r\n")
    return path


FORMS = {
    "dict of lists": lambda t, _: t,
    "dict of objects": lambda t, _: {k: np.array(v, dtype=object) for k, v in t.items()},
    "dict of masked arrays": lambda t, _: masked(t),
    "dict of series": lambda t, _: {
        name: (pd.Series if i % 2 else pl.Series)(values) for i, (name, values) in enumerate(t.items())
    },
    "dict with decimals": lambda t, _: decimals(t),
    "pandas": lambda t, _: in_pandas(t),
    "pandas objects": lambda t, _: in_pandas(t).astype(object),
    "pandas categories": lambda t, _: in_pandas(t).astype(dict.fromkeys((*TEXT, *WHOLE), "category")),
    "pandas nullable": lambda t, _: in_pandas(t).astype(
        {
            **dict.fromkeys(TEXT, pd.StringDtype("python")),
            **dict.fromkeys(WHOLE, "Int64"),
            "s": "Float64",
        }
    ),
    "pandas backed by arrow": lambda t, _: arrow_backed(t),
    "pandas with another index": lambda t, _: in_pandas(t).set_index(pd.Index([7] * len(t["y"]))),
    "polars": lambda t, _: in_polars(t),
    "polars categories": lambda t, _: in_polars(t).with_columns(pl.col(*TEXT).cast(pl.Categorical)),
    "polars small numbers": lambda t, _: in_polars(t).with_columns(pl.col(*WHOLE).cast(pl.Int8)),
    "polars lazy": lambda t, _: in_polars(t).lazy(),
    "narwhals": lambda t, _: narwhals.from_native(in_polars(t)),
    "narwhals lazy": lambda t, _: narwhals.from_native(in_polars(t).lazy()),
    "pyarrow": lambda t, _: in_polars(t).to_arrow(),
    "pyarrow batch": lambda t, _: in_polars(t).to_arrow().to_batches()[0],
    "any arrow stream": lambda t, _: OnlyStream(in_polars(t)),
    "any narwhals frame like pandas": lambda t, _: OnlyNarwhals(in_pandas(t)),
    "any narwhals frame": lambda t, _: OnlyNarwhals(in_polars(t)),
    "csv": lambda t, folder: as_csv(t, folder / "rows.csv"),
    "csv with blanks for gaps": lambda t, folder: as_csv(t, folder / "rows.CSV", na_rep="NA"),
    "csv with semicolons": lambda t, folder: as_csv(t, folder / "rows.csv", sep=";"),
    "csv of another system": lambda t, folder: crlf_with_mark(t, folder / "rows.csv"),
    "csv.gz": lambda t, folder: as_gzip(t, folder / "rows.csv.gz"),
    "tsv": lambda t, folder: as_csv(t, folder / "rows.tsv", sep="\t"),
    "parquet": lambda t, folder: as_parquet(t, folder / "rows.parquet"),
    "parquet in small groups": lambda t, folder: as_parquet(
        t, folder / "rows.parquet", row_group_size=5, compression="gzip"
    ),
}

SCORES = Roles(y_true="y", y_score="s", sensitive_features=("sex", "race", "band"), sample_weight="w")
HARD = Roles(y_true="y", y_pred="p", sensitive_features=("sex", "race"), control_features=("band",))
VALUES = Roles(y_true="s", y_pred="w", sensitive_features=("sex",))


@pytest.fixture(params=FORMS)
def rows(request, messy, tmp_path, needs):
    if "arrow" in request.param:
        needs(find_spec("pyarrow") is not None, "PyArrow is not installed")
    return FORMS[request.param](messy, tmp_path)


@pytest.mark.parametrize("piece_rows", [5, 1000])
def test_scores_are_counted_as_by_hand(rows, piece_rows, messy, brute, cells_of_tally):
    done = count(rows, SCORES, thresholds=[0.3, 0.5], bins=8, piece_rows=piece_rows)
    edges = [0.125, 0.25, 0.3, 0.375, 0.5, 0.625, 0.75, 0.875]
    assert done.tally.edges.tolist() == edges
    n, w, w2, dropped = brute(messy, SCORES.axes, label="y", outcome="s", edges=edges, weight="w")
    assert cells_of_tally(done.tally, done.tally.n) == n
    assert cells_of_tally(done.tally, done.tally.weight) == {k: v for k, v in w.items() if v}
    assert cells_of_tally(done.tally, done.tally.weight_sq) == {k: v for k, v in w2.items() if v}
    assert dict(done.tally.dropped) == dropped == {"missing y_score": 3, "missing y_true": 3}
    assert (done.task, done.rows, done.thresholds) == ("binary", 36, (0.3, 0.5))
    assert done.roles == SCORES.replace(positive_label=1)
    assert done.tally.groups[0] == ("F", "Asian", 2)
    assert {type(level) for key in done.tally.groups for level in key} == {str, int}


def test_predictions_are_counted_as_by_hand(rows, messy, brute, cells_of_tally):
    done = count(rows, HARD, piece_rows=7)
    n, _, _, dropped = brute(messy, HARD.axes, label="y", outcome="p")
    assert done.tally.edges.tolist() == [0.5]
    assert done.tally.outcomes == ()
    assert done.tally.labels == (0, 1)
    assert cells_of_tally(done.tally, done.tally.n) == n
    assert dict(done.tally.dropped) == dropped
    assert done.tally.weight is None
    assert done.thresholds == ()


def test_values_are_summed_as_by_hand(rows, messy):
    done = count(rows, VALUES, piece_rows=7)
    assert done.task == "regression"
    for group, n, errors in zip(done.tally.groups, done.tally.n, done.tally.term("e"), strict=True):
        pairs = [
            w - s
            for w, s, sex in zip(messy["w"], messy["s"], messy["sex"], strict=True)
            if s is not None and (sex or "(missing)") == group[0]
        ]
        assert n == len(pairs)
        assert errors == pytest.approx(sum(pairs), abs=1e-12)
    assert dict(done.tally.dropped) == {"missing y_true": 3}


@pytest.mark.parametrize("roles", [SCORES, HARD, VALUES], ids=["scores", "predictions", "values"])
def test_the_fingerprint_is_the_same(rows, roles, messy):
    assert count(rows, roles, piece_rows=11).fingerprint == count(messy, roles).fingerprint


def test_the_fingerprint_changes_with_any_cell(messy):
    first = count(messy, SCORES).fingerprint
    assert len(first) == 64
    for name in ("sex", "race", "band", "y", "s", "w"):
        values = list(messy[name])
        values[0], values[1] = values[1], values[0]
        assert count({**messy, name: values}, SCORES).fingerprint != first, name


def test_the_fingerprint_ignores_bins_cuts_and_the_order_of_rows(messy):
    by_weight = Roles(y_true="y", y_score="s", sensitive_features=("w",), cuts={"w": (1.0,)})
    other_cuts = by_weight.replace(cuts={"w": (0.5, 2.0)})
    backwards = {name: values[::-1] for name, values in messy.items()}
    prints = {
        count(messy, by_weight).fingerprint,
        count(messy, other_cuts, bins=10).fingerprint,
        count(messy, by_weight, bins="exact", thresholds=0.7).fingerprint,
        count(backwards, by_weight).fingerprint,
    }
    assert len(prints) == 1


def test_progress_is_told_between_pieces(messy, tmp_path):
    told = []
    count(messy, HARD, piece_rows=10, progress=lambda done, total: told.append((done, total)))
    assert told == [(10, 36), (20, 36), (30, 36), (36, 36)]
    told.clear()
    path = as_csv(messy, tmp_path / "rows.csv")
    count(path, HARD, piece_rows=30, progress=lambda done, total: told.append((done, total)))
    assert told == [(30, None), (36, None)]
