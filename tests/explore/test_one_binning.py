"""One binning everywhere: no two views of a column disagree, wherever its rows come from."""

import numpy as np
import polars as pl
import pytest

import rai
from rai.engines.cutting import cut
from rai.explore.binning import METHODS, counted_in
from rai.explore.coded import codes
from rai.explore.facets import facet
from rai.measure.calibration_bins import by_edges
from rai.values.binning import Intervals


@pytest.fixture(scope="module")
def adult(tmp_path_factory):
    """Adult as a frame, a CSV file and a Parquet file with categories, and profiles of all three."""
    frame = rai.load_dataset("adult").frame
    folder = tmp_path_factory.mktemp("adult")
    polars = pl.from_pandas(frame)
    polars.write_csv(folder / "adult.csv")
    polars.with_columns(pl.col("education").cast(pl.Categorical)).write_parquet(folder / "adult.parquet")
    sources = (frame, folder / "adult.csv", folder / "adult.parquet")
    return [(source, rai.profile(source)) for source in sources]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("column", ["age", "fnlwgt", "capital_gain", "education", "sex", "workclass"])
def test_profiles_codes_and_facets_agree(adult, column, method):
    binnings, counts = set(), []
    for source, profile in adult:
        coded = codes(source, column, 8, method=method)
        faceted = facet(source, rows=column, row_bins=8, method=method)
        binning = profile.binning(column, bins=8, method=method)
        binnings |= {coded.binning, faceted.rows.binning, binning}
        histogram = profile.histograms(column, bins=8, method=method)
        assert tuple(row.bin for row in histogram) == coded.labels == faceted.rows.labels
        counts += [coded.n.tolist(), faceted.n[:, 0, 0].tolist(), [row.n for row in histogram]]
        assert counted_in(profile.column(column), binning)[0].tolist() == counts[0]
    assert len(binnings) == 1
    assert all(each == counts[0] for each in counts)


def test_audits_cut_where_facets_do(adult):
    frame = adult[0][0]
    found = facet(frame, rows="age", row_bins=[30, 50])
    paid = frame["income"] == ">50K"
    groups = rai.audit(
        y_true=paid, y_pred=paid, sensitive_features={"age": frame["age"]}, cuts={"age": [30, 50]}
    ).metrics("accuracy")
    assert {dict(each.group)["age"]: each.n for each in groups} == dict(
        zip(found.rows.labels[:-1], found.n[:-1, 0, 0].tolist(), strict=True)
    )


@pytest.mark.parametrize("edges", [[0.5], [10_000.0, 20_000.0], [-1.0, 0.0, 2.5]])
def test_groups_and_bins_of_scores_are_intervals(edges):
    values = np.array([-np.inf, -1, 0, 0.25, 0.5, 2.5, 9_999.5, 10_000, 20_000, np.inf])
    places = Intervals(np.array([-np.inf, *edges, np.inf])).places(values)
    assert cut(values, edges).codes.tolist() == places.tolist()
    assert by_edges(values, np.array([0.0, *edges, 1.0])).places.tolist() == places.tolist()
    assert "≥ 20000" in cut(values, [20_000.0]).levels  # names of groups are kept as files hold them
