import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import rai
from rai import ArgumentError, DataError, RoleError
from rai.measure.association import cramers_v

FRAME = pd.DataFrame(
    {
        "age": [20, 30, 30, 60, 45, 51],
        "income": [0.0, 10.5, np.nan, 0.0, 99.25, np.inf],
        "sex": ["F", "M", "F", None, "F", "M"],
        "joined": pd.to_datetime(["2020-01-01", "2021-06-01", None, "2022-01-01", "2020-01-01", "2023-01-01"]),
        "hired": [1, 0, 0, 1, 1, 1],
        "w": [1.0, 2, 1, 1, 0, 3],
    }
)  # fmt: skip


def same(ours, theirs, rel=1e-12):
    """Rows that are equal, numbers as nearly as floats can be."""
    for first, second in zip(ours, theirs, strict=True):
        assert first.keys() == second.keys()
        for key, value in first.items():
            near = pytest.approx(second[key], rel=rel) if isinstance(value, float) else second[key]
            assert value == near, (first["feature"], key)


def rows(profile):
    return {(row["dataset"], row["feature"]): row for row in profile.to_dicts()}


@pytest.fixture(scope="module")
def adult():
    return rai.load_dataset("adult").frame


class TestRows:
    found = rows(rai.profile(FRAME, sample_weight="w"))

    def test_a_number(self):
        row = self.found["data", "income"]
        assert {key: row[key] for key in ("kind", "rows", "count", "missing", "infinite", "zeros")} == {
            "kind": "number", "rows": 6, "count": 5, "missing": 1, "infinite": 1, "zeros": 2,
        }  # fmt: skip
        held = [0.0, 10.5, 0.0, 99.25]
        assert row["mean"] == pytest.approx(np.mean(held))
        assert row["std"] == pytest.approx(np.std(held, ddof=1))
        assert [row[key] for key in ("min", "q25", "median", "q75", "max")] == pytest.approx(
            np.quantile(held, [0, 0.25, 0.5, 0.75, 1])
        )
        assert (row["unique"], row["top"], row["freq_top"], row["decimals"]) == (4, 0, 2, 2)

    def test_weights(self):
        row = self.found["data", "age"]
        repeated = np.repeat(FRAME["age"], FRAME["w"].astype(int))
        assert row["weight"] == 8.0
        assert row["weighted_mean"] == pytest.approx(repeated.mean())
        assert row["weighted_std"] == pytest.approx(repeated.std())
        assert row["weighted_median"] == np.quantile(repeated, 0.5, method="inverted_cdf")
        assert row["mean"] == FRAME["age"].mean()
        assert self.found["data", "sex"]["weighted_missing_share"] == pytest.approx(1 / 8)

    def test_a_category(self):
        row = self.found["data", "sex"]
        assert (row["kind"], row["unique"], row["top"], row["freq_top"]) == ("category", 2, "F", 3)
        assert (row["avg_length"], row["min_length"], row["max_length"]) == (1.0, 1, 1)
        assert row["mean"] is row["median"] is row["zeros"] is row["decimals"] is None

    def test_a_date(self):
        row = self.found["data", "joined"]
        assert (row["kind"], row["min"], row["median"], row["max"], row["top"]) == (
            "date", "2020-01-01", "2021-06-01", "2023-01-01", "2020-01-01",
        )  # fmt: skip
        assert row["std"] == pytest.approx(FRAME["joined"].std() / pd.Timedelta(days=1))

    def test_every_row_has_the_same_keys(self):
        assert len({tuple(row) for row in self.found.values()}) == 1


def test_any_rows_give_the_same(tmp_path):
    plain = FRAME.drop(columns=["income", "w"])
    plain.to_parquet(tmp_path / "rows.parquet")
    kinds = [
        pl.from_pandas(plain),
        pl.from_pandas(plain).lazy(),
        pa.Table.from_pandas(plain),
        tmp_path / "rows.parquet",
    ]
    expected = rai.profile(plain).to_dicts()
    for rows_of in kinds:
        assert rai.profile(rows_of).to_dicts() == expected


def test_a_csv_file_is_typed(tmp_path):
    path = tmp_path / "rows.csv"
    frame = FRAME.replace(np.inf, 7.5)
    frame.to_csv(path, index=False)
    found, expected = rows(rai.profile(path)), rows(rai.profile(frame))
    for feature in ("age", "income", "sex", "hired"):
        ours, theirs = found["data", feature], expected["data", feature]
        for key in ("kind", "count", "missing", "mean", "median", "unique", "top"):
            assert ours[key] == theirs[key], (feature, key)


def test_a_file_in_pieces_is_the_file_at_once(tmp_path, monkeypatch, adult):
    path = tmp_path / "adult.parquet"
    adult.to_parquet(path, row_group_size=5_000)
    monkeypatch.setattr("rai.explore.profiling.PIECE", 7_000)
    pieces = rai.profile({"a": path}, sensitive_features="sex", y_true="income")
    whole = rai.profile({"a": adult}, sensitive_features="sex", y_true="income")
    same(pieces.to_dicts(), whole.to_dicts(), rel=1e-9)
    ours, theirs = (found.tables["a"].by["sex"]["Female"]["age"] for found in (pieces, whole))
    assert ours.numbers.n.tolist() == theirs.numbers.n.tolist()


def test_groups_are_known_of_each_feature(adult):
    table = rai.profile(adult, sensitive_features=["sex", "race"], y_true="income").tables["data"]
    assert set(table.by) == {"sex", "race", "income"}
    for axis in ("sex", "race", "income"):
        for level, part in adult.groupby(axis):
            assert table.by[axis][level]["age"].numbers.plain.mean == pytest.approx(part["age"].mean())
            assert table.by[axis][level]["workclass"].missing == part["workclass"].isna().sum()


def test_missing_groups_are_a_group():
    table = rai.profile(FRAME, sensitive_features="sex").tables["data"]
    assert {level: held["age"].rows for level, held in table.by["sex"].items()} == {
        "(missing)": 1,
        "F": 3,
        "M": 2,
    }


def test_groups_are_in_order_whatever_comes_first():
    first, second = ({"sex": sex, "x": [1] * len(sex)} for sex in (["M", None, "M"], ["F", "M"]))
    both = rai.profile({"all": first}, sensitive_features="sex") + rai.profile(
        {"all": second}, sensitive_features="sex"
    )
    assert list(both.tables["all"].by["sex"]) == ["F", "M", "(missing)"]


def test_a_numeric_sensitive_feature_is_cut():
    table = rai.profile(FRAME, sensitive_features="age", cuts={"age": [40]}).tables["data"]
    assert {level: held["hired"].rows for level, held in table.by["age"].items()} == {
        "< 40": 3,
        "≥ 40": 3,
    }


def test_a_quantity_as_label_is_cut_at_its_quintiles():
    frame = {"y": np.arange(100) / 7, "x": np.arange(100)}
    table = rai.profile(frame, y_true="y").tables["data"]
    assert [held["x"].rows for held in table.by["y"].values()] == [20] * 5


def test_a_label_of_few_values_is_taken_as_it_is():
    table = rai.profile(FRAME, y_true="hired").tables["data"]
    assert set(table.by["hired"]) == {0, 1}


def test_only_the_rows_of_a_query(tmp_path):
    path = tmp_path / "rows.csv"
    FRAME.to_csv(path, index=False)
    for data in (FRAME, path):
        found = rai.profile(data, where="age > 30 and sex is not missing")
        assert found.where == "age > 30 and sex is not missing"
        assert rows(found)["data", "age"]["mean"] == 48.0


def test_cohorts_split_rows(tmp_path):
    path = tmp_path / "rows.parquet"
    FRAME.to_parquet(path, row_group_size=2)
    for data in (FRAME, path):
        found = rai.profile(data, cohorts={"older women": "age > 40 and sex = F"})
        assert "older women" not in found.features
        held = found.tables["data"].by["older women"]
        assert {level: columns["age"].rows for level, columns in held.items()} == {
            "in": 1,
            "out": 4,
            "(missing)": 1,
        }
        assert held["in"]["age"].numbers.low == 45


def test_profiles_add_up():
    first, second, whole = (rai.profile({"all": part}) for part in (FRAME[:4], FRAME[4:], FRAME))
    same((first + second).to_dicts(), whole.to_dicts())


def test_profiles_of_other_data_sets_stand_beside_each_other():
    both = rai.profile({"train": FRAME}) + rai.profile({"test": FRAME[:2]})
    assert both.datasets == ("train", "test")
    assert both.to_dicts() == rai.profile({"train": FRAME, "test": FRAME[:2]}).to_dicts()


def test_histograms_share_edges():
    found = rai.profile({"train": FRAME, "test": FRAME[:2]}).histograms("age", bins=4)
    n = {name: [row.n for row in found.where(dataset=name)] for name in ("train", "test")}
    assert [row.bin for row in found.where(dataset="train")] == [
        "20 to 29",
        "30 to 39",
        "40 to 49",
        "50 to 60",
        "(missing)",
    ]
    assert n == {"train": [1, 2, 1, 2, 0], "test": [1, 1, 0, 0, 0]}
    assert sum(row.share for row in found.where(dataset="test")) == pytest.approx(1)


def test_histograms_hold_every_row():
    profile = rai.profile(FRAME)
    for method in ("equal_width", "quantile", "freedman_diaconis"):
        for feature in profile.features:
            found = profile.histograms(feature, bins=3, method=method)
            assert sum(row.n for row in found) == 6, (feature, method)


def test_infinite_numbers_stand_in_an_open_bin():
    found = rai.profile({"x": [1.0, 2.5, np.inf, -np.inf, 4.0]}).histograms(bins=2)
    assert [(row.bin, row.low, row.high, row.n) for row in found] == [
        ("< 2", None, 2.0, 2), ("≥ 2", 2.0, None, 3), ("(missing)", None, None, 0),
    ]  # fmt: skip


def test_quantiles_are_those_of_pandas(adult):
    found = rai.profile(adult).quantiles("age", "fnlwgt")
    expected = adult[["age", "fnlwgt"]].quantile([tenth / 10 for tenth in range(11)])
    for row in found:
        assert row.value == pytest.approx(expected.loc[row.share, row.feature])


def test_top_values_are_those_of_pandas(adult):
    found = rai.profile(adult).top_values("education", most=3)
    expected = adult["education"].value_counts().head(3)
    assert {row.value: row.n for row in found} == expected.to_dict()
    assert found[0].share == pytest.approx(expected.iloc[0] / len(adult))


class TestOrders:
    profile = rai.profile(
        {
            "a": {
                "even": [1, 2, 3, 4],
                "Zeros": [0, 0, 1, 0],
                "gaps": [1, None, None, 2],
                "b": ["x"] * 4,
            },
            "z": {
                "even": [1, 2, 3, 4],
                "Zeros": [5, 5, 5, 5],
                "gaps": [1, None, None, 2],
                "b": ["x"] * 4,
            },
        }
    )

    @pytest.mark.parametrize(
        ("by", "first"),
        [
            ("given", ("even", "Zeros", "gaps", "b")),
            ("alphabetical", ("b", "even", "gaps", "Zeros")),
            ("non_uniformity", ("Zeros", "b", "even", "gaps")),
            ("missing_or_zero", ("Zeros", "gaps", "even", "b")),
            ("distance", ("Zeros", "even", "gaps", "b")),
        ],
    )
    def test_orders(self, by, first):
        assert self.profile.ordered(by).features == first
        assert self.profile.ordered(by, reverse=True).features == tuple(reversed(first))

    def test_search_is_by_regular_expression_in_any_case(self):
        assert self.profile.search("^z|ps$").features == ("Zeros", "gaps")

    def test_kinds(self):
        assert self.profile.of_kind("category").features == ("b",)
        assert self.profile.of_kind("integer", "number").features == ("even", "Zeros", "gaps")

    def test_select(self):
        assert [row["feature"] for row in self.profile.select(["b", "gaps"]).to_dicts()] == ["b"] * 2 + [
            "gaps"
        ] * 2


ERRORS = [
    (lambda: rai.profile(FRAME, y_true="hird"), RoleError, "y_true: no column 'hird'; expected one of 'age', 'income', 'sex', 'joined', 'hired', 'w'. Did you mean 'hired'?"),
    (lambda: rai.profile(FRAME, sensitive_features="income"), RoleError, "sensitive feature 'income': 4 distinct numbers, not all whole; expected at most 20 whole numbers. Pass cuts={'income': [10.5, 99.2]} to cut at edges, or cuts={'income': 4} for quantile groups."),
    (lambda: rai.profile(FRAME, cuts={"age": [3]}), RoleError, "cuts: 'age', which splits nothing; expected names of sensitive features, or y_true."),
    (lambda: rai.profile(FRAME, sample_weight="sex"), RoleError, "sample_weight 'sex': text such as 'F'; expected a weight of at least 0 for every row."),
    (lambda: rai.profile({"w": [1, -1]}, sample_weight="w"), DataError, "sample_weight 'w': 1 row with -1; expected a weight of at least 0 for every row."),
    (lambda: rai.profile(7), DataError, "data: a int; expected a frame, a dict of arrays, or a path to .csv, .csv.gz, .tsv or .parquet."),
    (lambda: rai.profile({"a": FRAME, 3: FRAME}), ArgumentError, "data: a data set named 3; expected names of text."),
    (lambda: rai.profile(pd.DataFrame({1: [2]})), RoleError, "data: a column named 1; expected names of text. Name the columns by strings."),
    (lambda: rai.profile(pd.DataFrame({"l": [[1], [2]]}), sensitive_features="l"), RoleError, "sensitive feature 'l': values that name no group (list); expected text, whole numbers, true/false values, dates or categories."),
    (lambda: rai.profile(FRAME).search("("), ArgumentError, "pattern: '(' (missing ), unterminated subpattern at position 0); expected a regular expression."),
    (lambda: rai.profile(FRAME).ordered("size"), ArgumentError, "by: 'size'; expected one of 'given', 'alphabetical', 'non_uniformity', 'missing_or_zero', 'distance'."),
    (lambda: rai.profile(FRAME).quantiles(shares=[2]), ArgumentError, "shares: 2; expected numbers from 0 to 1."),
    (lambda: rai.profile(FRAME).histograms("agee"), ArgumentError, "feature: 'agee'; expected one of 'age', 'income', 'sex', 'joined', 'hired', 'w'. Did you mean 'age'?"),
    (lambda: rai.profile(FRAME).histograms("sex", bins=[1]), ArgumentError, "bins of 'sex': edges for a column of kind 'category'; expected a number of bins."),
    (lambda: rai.profile(FRAME).table("test"), ArgumentError, "data set: 'test'; expected one of 'data'."),
    (lambda: rai.profile(FRAME, y_true="hired") + rai.profile(FRAME), DataError, "adding profiles, y_true: 'hired' and None; expected the same in both."),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "text"), ERRORS, ids=range(len(ERRORS)))
def test_errors_say_what_to_do(call, error, text):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == text


def test_no_rows_have_a_profile():
    found = rows(rai.profile(pd.DataFrame({"age": pd.Series([], dtype=int)})))
    assert (
        found["data", "age"]["rows"],
        found["data", "age"]["mean"],
        found["data", "age"]["missing_share"],
    ) == (0, None, None)


def test_hostile_columns_are_described():
    wide = {f"c{i}": [i] for i in range(300)}
    assert len(rai.profile(wide).to_dicts()) == 300
    odd = pd.DataFrame({"<script>": [1], "": [2], " \u202e": ["x" * 100_000]})
    assert [row["feature"] for row in rai.profile(odd).to_dicts()] == ["<script>", "", " \u202e"]


def test_progress_counts_rows():
    seen = []
    rai.profile({"a": FRAME, "b": FRAME}, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(6, 12), (12, 12)]


def test_associations_are_those_of_the_rows(adult):
    found = rai.profile(adult, sensitive_features="sex", y_true="income").associations(
        "relationship", "age"
    )
    crossed = pd.crosstab(adult["relationship"], adult["sex"])
    expected = cramers_v(crossed.to_numpy())
    assert found.where(feature="relationship", along="sex")[0].cramers_v == pytest.approx(
        expected, rel=1e-12
    )
    ages = adult["age"].to_numpy()
    edges = rai.profile(adult).binning("age", method="quantile").edges
    bins = np.clip(np.searchsorted(edges, ages, side="right") - 1, 0, len(edges) - 2)
    expected = cramers_v(pd.crosstab(bins, adult["income"]).to_numpy())
    assert found.where(feature="age", along="income")[0].cramers_v == pytest.approx(expected, rel=1e-12)
    assert len(found) == 4
