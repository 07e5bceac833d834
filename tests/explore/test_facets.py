"""Facets: counts of cells and colours, against pandas, from any rows and in any pieces."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rai
from rai.explore import facets as module
from rai.explore.coded import codes
from rai.explore.facets import facet
from rai.ground.errors import ArgumentError, DataError, RoleError
from rai.values.binning import TopLevels

RNG = np.random.default_rng(8)
N = 4000
FRAME = pd.DataFrame(
    {
        "age": np.where(RNG.random(N) < 0.1, np.nan, np.floor(RNG.gamma(5, 8, N) + 17)),
        "job": np.array(["a", "b", "c", "d", "e", None], dtype=object)[RNG.integers(0, 6, N)],
        "paid": RNG.random(N) < 0.3,
        "since": np.datetime64("2015-01-01") + RNG.integers(0, 3000, N),
        "weight": RNG.integers(0, 4, N) / 2,
    }
)


def by_hand(frame, bins, weight=None):
    """Counts from the codes of each column, cell by cell."""
    coded = [codes(frame, name, bins=n) for name, n in bins.items()]
    keys = pd.DataFrame({place: each.codes for place, each in enumerate(coded)})
    found = np.zeros([len(each.labels) for each in coded])
    sums = keys.assign(w=1 if weight is None else frame[weight]).groupby(list(keys.columns))["w"].sum()
    for key, total in sums.items():
        found[key] = total
    return found


@pytest.fixture(scope="module")
def adult():
    return rai.load_dataset("adult").frame


# Counts ---------------------------------------------------------------------------------------------


def test_cells_are_those_of_pandas(adult):
    found = facet(adult, rows="age", columns="sex", color="income", row_bins=[30, 50])
    cut = pd.cut(adult["age"], [0, 30, 50, 200], right=False)
    expected = pd.crosstab(cut, [adult["sex"], adult["income"]])
    for column, sex in enumerate(found.columns.binning.levels):
        for color, income in enumerate(found.color.binning.levels):
            assert found.n[:3, column, color].tolist() == expected[sex, income].tolist()
    assert found.rows.labels == ("< 30", "30 to < 50", "≥ 50", "(missing)")
    assert found.n[3].sum() == found.n[:, 2].sum() == found.n[:, :, 2].sum() == 0
    assert len(found) == len(adult) == 48_842


def test_every_kind_of_column_with_missing_and_other():
    bins = {"age": 4, "job": 3, "since": 5}
    found = facet(
        FRAME, rows="age", columns="job", color="since", row_bins=4, column_bins=3, color_bins=5
    )
    assert found.n.tolist() == by_hand(FRAME, bins).astype(int).tolist()
    assert found.columns.labels[-2:] == ("other (2 values)", "(missing)")
    assert found.n[-1].sum() == FRAME["age"].isna().sum()
    assert found.n[:, -1].sum() == FRAME["job"].isna().sum()
    assert (found.weight == found.n).all()


@pytest.mark.parametrize("method", ["quantile", "freedman_diaconis"])
def test_methods(method):
    found = facet(FRAME, rows="age", row_bins=8, method=method)
    assert found.n[:, 0, 0].tolist() == codes(FRAME, "age", 8, method=method).n.tolist()


def test_weights_are_added():
    found = facet(FRAME, rows="job", color="paid", sample_weight="weight")
    expected = by_hand(FRAME, {"job": 10, "paid": 10}, weight="weight")
    assert found.weight[:, 0] == pytest.approx(expected)
    assert found.n.sum() == N
    assert found.share[0, 0, 1] == pytest.approx(expected[0, 1] / expected[0].sum())


def test_a_query_chooses_rows():
    found = facet(FRAME, rows="job", columns="paid", where="age >= 50 and job != a")
    kept = FRAME[(FRAME["age"] >= 50) & FRAME["job"].notna() & (FRAME["job"] != "a")]
    assert len(found) == len(kept)
    assert "a" not in found.rows.labels
    assert found.where == "age >= 50 and job != a"


def test_one_column_may_be_on_two_axes():
    found = facet(FRAME, rows="job", color="job", color_bins=2)
    assert len(found) == N
    assert found.n.shape == (6, 1, 4)
    assert found.n[0, 0].tolist() == [int((FRAME["job"] == found.rows.labels[0]).sum()), 0, 0, 0]


# Sources --------------------------------------------------------------------------------------------


def test_the_same_from_any_rows(tmp_path, monkeypatch):
    frame = FRAME.drop(columns="since")
    options = {
        "rows": "age",
        "columns": "job",
        "color": "paid",
        "column_bins": 3,
        "sample_weight": "weight",
    }
    expected = facet(frame, **options)
    polars = pl.from_pandas(frame, nan_to_null=True)
    polars.write_csv(tmp_path / "rows.csv")
    polars.write_parquet(tmp_path / "rows.parquet", row_group_size=500)
    with_categories = polars.with_columns(pl.col("job").cast(pl.Categorical))
    monkeypatch.setattr(module, "PIECE", 777)
    for source in (
        polars,
        polars.lazy(),
        polars.to_arrow(),
        with_categories,
        {name: frame[name].to_numpy() for name in frame},
        tmp_path / "rows.csv",
        tmp_path / "rows.parquet",
        str(tmp_path / "rows.csv"),
    ):
        found = facet(source, **options)
        assert found.n.tolist() == expected.n.tolist()
        assert found.weight == pytest.approx(expected.weight)
        assert [axis.labels for axis in found.axes] == [axis.labels for axis in expected.axes]
    chosen = facet(tmp_path / "rows.csv", **options, where="age > 40")
    assert chosen.n.tolist() == facet(frame, **options, where="age > 40").n.tolist()


def test_files_are_read_in_pieces(tmp_path, monkeypatch):
    """No more rows are coded at once than a piece has."""
    pl.from_pandas(FRAME, nan_to_null=True).write_parquet(tmp_path / "rows.parquet")
    sizes, placed = [], module.placed

    def counting(column, binning, *, where):
        sizes.append(len(column))
        return placed(column, binning, where=where)

    monkeypatch.setattr(module, "PIECE", 1000)
    monkeypatch.setattr(module, "placed", counting)
    found = facet(tmp_path / "rows.parquet", rows="age")
    assert sizes == [1000] * 4
    assert found.n.tolist() == facet(FRAME, rows="age").n.tolist()


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(0, 50)),
            st.one_of(st.none(), st.sampled_from("abcd")),
            st.integers(0, 3),
        ),
        min_size=2,
        max_size=30,
    ),
    st.integers(1, 29),
    st.integers(1, 6),
)
def test_pieces_add_up_and_order_does_not_matter(rows, at, bins):
    frame = pl.DataFrame(rows, schema={"x": pl.Float64, "g": pl.String, "w": pl.Float64}, orient="row")
    options = {"rows": "x", "color": "g", "sample_weight": "w"}
    whole = facet(frame, **options, row_bins=bins, color_bins=2)
    assert len(whole) == len(frame)
    backwards = facet(frame.reverse(), **options, row_bins=bins, color_bins=2)
    assert backwards.n.tolist() == whole.n.tolist()
    same = {"row_bins": whole.rows.binning, "color_bins": whole.color.binning}
    parts = [facet(part, **options, **same) for part in (frame[:at], frame[at:]) if len(part)]
    summed = parts[0] + parts[1] if len(parts) > 1 else parts[0]
    assert summed.n.tolist() == whole.n.tolist()
    assert summed.weight.tolist() == whole.weight.tolist()
    repeated = frame.select(
        pl.col("x", "g").repeat_by(pl.col("w").cast(pl.UInt32)).explode(empty_as_null=False)
    )
    if len(repeated):
        assert facet(repeated, rows="x", color="g", **same).n.tolist() == whole.weight.tolist()


# What can be asked ----------------------------------------------------------------------------------


FOUR = {"age": [20, 30, 60, 61], "sex": ["F", "M", "F", "F"], "paid": [0, 1, 1, None]}


def test_rows_of_a_table():
    found = facet(FOUR, rows="sex", columns="age", color="paid", column_bins=[40])
    table = found.to_dicts()
    assert len(table) == 3 * 3 * 3
    assert table[0] == {"row": "F", "column": "< 40", "color": "0", "n": 1, "weight": 1.0, "share": 1.0}
    assert table[4] == {"row": "F", "column": "≥ 40", "color": "1", "n": 1, "weight": 1.0, "share": 0.5}
    assert table[5]["color"] == "(missing)"
    assert table[5]["share"] == 0.5
    assert table[12] == {
        "row": "M",
        "column": "≥ 40",
        "color": "0",
        "n": 0,
        "weight": 0.0,
        "share": None,
    }
    assert sum(row["n"] for row in table) == 4
    assert found.to_pandas()["n"].sum() == 4


def test_marginals():
    found = facet(FRAME, rows="age", columns="job", color="paid")
    alone = facet(FRAME, columns="job")
    assert found.marginal("columns").n.tolist() == alone.n.tolist()
    assert found.marginal("columns").rows.labels == ("all",)
    assert (
        found.marginal("color", "rows").n.tolist() == facet(FRAME, rows="age", color="paid").n.tolist()
    )
    assert found.marginal().n.tolist() == [[[N]]]
    assert found.marginal(*("rows", "columns", "color")).n.tolist() == found.n.tolist()
    with pytest.raises(ArgumentError) as error:
        found.marginal("row")
    assert str(error.value) == "marginal: 'row'; expected one of 'rows', 'columns', 'color'. Did you mean 'rows'?"  # fmt: skip


def test_edges_for_numbers_only():
    found = facet(FRAME, rows="age", columns="job")
    assert found.rows.edges.tolist() == codes(FRAME, "age").edges.tolist()
    assert (found.columns.edges, found.color.edges, found.color.labels) == (None, None, ("all",))


def test_no_rows():
    found = facet(pl.DataFrame(schema={"x": pl.Float64, "g": pl.String}), rows="x", color="g")
    assert (found.n.tolist(), len(found)) == ([[[0]]], 0)
    assert found.to_dicts() == [{"row": "(missing)", "column": "all", "color": "(missing)", "n": 0, "weight": 0.0, "share": None}]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, ArgumentError, "facet: no column; expected rows, columns or color."),
        ({"rows": "agee"}, RoleError, "rows: no column 'agee'; expected one of 'age', 'sex', 'paid'. Did you mean 'age'?"),
        ({"color": 3}, ArgumentError, "color: column 3; expected a column's name."),
        ({"rows": "age", "sample_weight": "w"}, RoleError, "sample_weight: no column 'w'; expected one of 'age', 'sex', 'paid'."),
        ({"rows": "age", "sample_weight": "sex"}, RoleError, "sample_weight 'sex': text such as 'F'; expected a weight of at least 0 for every row."),
        ({"rows": "age", "sample_weight": "paid"}, DataError, "sample_weight 'paid': 1 row with nan; expected a weight of at least 0 for every row."),
        ({"rows": "age", "row_bins": 0}, ArgumentError, "row_bins: 0; expected a whole number of at least 1."),
        ({"color": "sex", "color_bins": [1]}, ArgumentError, "color_bins: edges for a column of kind 'category'; expected a number of bins."),
        ({"rows": "age", "method": "width"}, ArgumentError, "method: 'width'; expected one of 'equal_width', 'quantile', 'freedman_diaconis'. Did you mean 'equal_width'?"),
        ({"rows": "age", "where": "age > 99"}, DataError, "where: no row meets 'age > 99'; expected at least one. No row has age > 99: the largest is 61."),
        ({"rows": "sex", "row_bins": TopLevels(("M",))}, DataError, "rows 'sex': 3 rows without a bucket, such as 'F'; expected values that the bins hold. Bin all data sets together, or pass edges."),
    ],
)  # fmt: skip
def test_what_can_not_be_asked(options, error, message):
    with pytest.raises(error) as raised:
        facet(FOUR, **options)
    assert str(raised.value) == message


def test_lists_have_no_buckets():
    with pytest.raises(RoleError) as error:
        facet(pl.DataFrame({"x": [[1], [2, 3]]}), columns="x")
    assert (
        str(error.value)
        == "columns 'x': lists; expected numbers, text, true/false values, dates or categories."
    )


def test_too_many_cells():
    frame = {"x": np.arange(1000.0), "y": np.arange(1000.0)}
    with pytest.raises(ArgumentError) as error:
        facet(frame, rows="x", columns="y", color="x", row_bins=1000, column_bins=1000)
    assert str(error.value) == "facet: 1001 × 1001 × 11 buckets; expected at most 1,000,000 cells."


def test_facets_that_do_not_add_up():
    one, other = facet(FOUR, rows="age"), facet({"age": [1, 2], "sex": ["F", "M"]}, rows="age")
    with pytest.raises(DataError) as error:
        one + other
    assert str(error.value) == (
        "adding facets, rows: other buckets of 'age' in each; expected the same in both. "
        "Pass the buckets of the first: row_bins=first.rows.binning."
    )
    with pytest.raises(DataError) as error:
        one + facet(FOUR, rows="sex")
    assert str(error.value) == "adding facets, rows: 'age' and 'sex'; expected the same in both."
    with pytest.raises(DataError) as error:
        one + facet(FOUR, rows="age", where="age > 1")
    assert str(error.value) == "adding facets, where: None and 'age > 1'; expected the same in both."
    with pytest.raises(TypeError):
        one + 1
