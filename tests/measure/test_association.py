import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import association
from sklearn.metrics import mutual_info_score

from rai.measure.association import cramers_v, mutual_information

tables = st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=5).map(
    np.array
)


def rows_of(table):
    at = np.repeat(np.arange(table.size), table.ravel())
    return at // table.shape[1], at % table.shape[1]


@given(tables)
def test_mutual_information_is_that_of_scikit_learn_less_the_correction(table):
    held = table[table.sum(1) > 0][:, table.sum(0) > 0]
    found = mutual_information(table)
    if min(held.shape) < 2 or held.sum() < 2:
        assert found is None
        return
    bits = mutual_info_score(*rows_of(held)) / np.log(2)
    chance = (held.shape[0] - 1) * (held.shape[1] - 1) / (2 * held.sum() * np.log(2))
    assert found == pytest.approx(max(bits - chance, 0), abs=1e-12)


@given(tables)
def test_many_rows_have_the_cramers_v_of_scipy(table):
    table = 10_000_000 * table[table.sum(1) > 0][:, table.sum(0) > 0]
    if table.size and min(table.shape) >= 2:
        assert cramers_v(table) == pytest.approx(association(table, method="cramer"), abs=1e-3)


@given(tables)
def test_the_order_of_rows_and_columns_does_not_matter(table):
    turned = table[::-1, ::-1].T
    assert cramers_v(turned) == pytest.approx(cramers_v(table), nan_ok=True)
    assert mutual_information(turned) == pytest.approx(mutual_information(table), abs=1e-12)


def test_independent_codings_have_about_none_on_average():
    rng = np.random.default_rng(0)
    found = [
        cramers_v(np.histogram2d(rng.integers(0, 8, 200), rng.integers(0, 4, 200), (8, 4))[0])
        for _ in range(200)
    ]
    plain = association(
        np.histogram2d(rng.integers(0, 8, 200), rng.integers(0, 4, 200), (8, 4))[0].astype(int)
    )
    assert np.mean(found) < 0.06 < plain


@pytest.mark.parametrize("table", [[[3, 4]], [[3], [4]], [[0, 0], [0, 0]], [[1, 0], [0, 0]]])
def test_nothing_to_compare_has_no_value(table):
    assert cramers_v(table) is None
    assert mutual_information(table) is None
