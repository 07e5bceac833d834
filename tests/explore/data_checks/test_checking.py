"""The table of checks and what can be asked: choices, limits, what lacks, hostile data, sentences."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import norm

import rai
from rai import ArgumentError, DataError, RoleError
from rai.explore import CHECKS
from rai.explore.data_checks.checking import NEEDS
from rai.explore.data_checks.findings import SEVERITIES
from rai.explore.data_checks.table import SECTIONS

KINDS = [check.kind for check in CHECKS]
ODD = np.linspace(0, 1, 99) ** 3
FRAME = {"age": [20, 30, None, 40] * 50, "sex": ["F", "M"] * 100, "y": [0, 1] * 100}
LISTS = pl.DataFrame({"tags": [[1], [2, 3]] * 20})
AXES = {"y_true": "y", "sensitive_features": "sex"}


class TestTable:
    def test_kinds_differ(self):
        assert len(set(KINDS)) == len(KINDS) == sum(map(len, SECTIONS.values()))

    @pytest.mark.parametrize("check", CHECKS, ids=KINDS)
    def test_a_row_says_what_it_asks_and_where_its_limit_is_from(self, check):
        assert check.asks.endswith("?")
        assert check.fine.endswith(".")
        assert check.source
        assert check.unit
        assert np.isfinite(check.limit)
        assert check.most in SEVERITIES[:3]
        assert set(check.needs) <= set(NEEDS)

    @pytest.mark.parametrize("check", [check for check in CHECKS if check.needs], ids=lambda c: c.kind)
    def test_where_something_lacks_the_reason_says_what_to_pass(self, check):
        (found,) = rai.check_data({"age": FRAME["age"]}, checks=check.kind)
        assert found.severity == "not_checked"
        assert found.sentence == f"Not checked: {NEEDS[check.needs[0]].reason}."
        assert found.threshold == check.limit

    def test_where_there_is_nothing_to_look_at_the_reason_says_so(self):
        found = {f.check: f.sentence for f in rai.check_data(LISTS) if f.severity == "not_checked"}
        for check in CHECKS:
            if check.kind in found and not check.needs:
                assert found[check.kind] == f"Not checked: the data have no {check.looks_at}."
        assert (
            found["placeholders"] == "Not checked: the data have no columns of numbers, words or dates."
        )
        assert len(found) > 40

    def test_every_check_says_something(self):
        assert {finding.check for finding in rai.check_data(FRAME, **AXES)} == set(KINDS)


class TestChoices:
    def test_of_checks(self):
        found = rai.check_data(FRAME, checks=["missing", "small_data"])
        assert [(f.check, f.severity) for f in found] == [
            ("missing", "warning"),
            ("small_data", "passed"),
        ]
        assert len(rai.check_data(FRAME, checks=[])) == 0

    @pytest.mark.parametrize(
        ("limits", "threshold", "severity"),
        [
            (None, 0.05, "warning"),
            ({"missing": 0.3}, 0.3, "passed"),
            ({("missing", "age"): 0.26}, 0.26, "passed"),
            ({("missing", "sex"): 0.3}, 0.05, "warning"),
            ({"missing": 0.3, ("missing", "age"): 0.1}, 0.1, "warning"),
            ({("missing", "age"): 0.25}, 0.25, "passed"),
        ],
    )
    def test_of_limits_also_for_one_column(self, limits, threshold, severity):
        found = rai.check_data(FRAME, checks="missing", limits=limits)[0]
        assert (found.value, found.threshold, found.severity) == (0.25, threshold, severity)

    def test_a_level_decides_between_a_note_and_a_warning(self):
        gaps = {"x": [None] * 12 + [1] * 88 + [None] * 4 + [1] * 96, "sex": ["F"] * 100 + ["M"] * 100}
        asked = {"sensitive_features": "sex", "checks": "missing_by_group"}
        sure, unsure = (rai.check_data(gaps, level=level, **asked)[0] for level in (0.95, 0.99))
        assert sure.p_value == unsure.p_value == pytest.approx(0.0371, abs=5e-5)  # the score test
        assert (sure.severity, unsure.severity) == ("warning", "note")
        assert unsure.sentence.endswith(" Chance could do as much.")

    def test_a_profile_that_is_there_is_not_made_again(self):
        known = rai.profile(FRAME, **AXES)
        asked = {**AXES, "checks": ["missing", "missing_by_group", "label_leak"]}
        assert rai.check_data(FRAME, profile=known, **asked) == rai.check_data(FRAME, **asked)

    def test_a_reference(self):
        sets = {"a": {"x": ["u", "v"] * 50}, "b": {"x": ["u", "v", "w", "w"] * 50}}
        first, second = (
            rai.check_data(sets, checks="new_categories", reference=name)[0] for name in "ab"
        )
        assert (first.dataset, first.severity, first.values) == ("b", "serious", ("w",))  # no frame
        assert (second.dataset, second.severity) == ("a", "passed")

    def test_the_same_seed_says_the_same(self):
        assert rai.check_data(FRAME, rng=3, **AXES) == rai.check_data(FRAME, rng=3, **AXES)


class TestLaws:
    rng = np.random.default_rng(0)
    frame = pl.DataFrame(
        {
            "age": rng.integers(18, 90, 600),
            "pay": rng.lognormal(3, 1, 600).round(1),
            "job": rng.choice(["nurse", "cook", "?"], 600),
            "sex": rng.choice(["F", "M"], 600, p=[0.3, 0.7]),
            "y": (rng.random(600) < 0.3).astype(int),
            "w": rng.integers(1, 4, 600),
        }
    )

    def test_a_weight_is_a_repetition(self):
        asked = {**AXES, "population": {"sex": {"F": 0.5, "M": 0.5}}}
        kinds = ["representation", "base_rate_gap"]
        repeated = self.frame.select(pl.all().repeat_by("w").explode())
        held = [
            {f.check: f.value for f in rai.check_data(data, checks=kinds, **asked, **weight)}
            for data, weight in ((self.frame, {"sample_weight": "w"}), (repeated, {}))
        ]
        assert held[0] == pytest.approx(held[1])
        assert held[0] != pytest.approx(
            {f.check: f.value for f in rai.check_data(self.frame, checks=kinds, **asked)}
        )

    def test_the_order_of_rows_matters_only_to_the_check_of_their_order(self):
        kinds = [kind for kind in KINDS if kind not in ("ordered", "label_noise")]
        first, second = (
            rai.check_data(frame, checks=kinds, **AXES).to_dicts()
            for frame in (self.frame, self.frame.sample(fraction=1, shuffle=True, seed=1))
        )
        assert first == second

    @pytest.mark.parametrize("form", ["pandas", "arrow", "dict", "csv", "parquet"])
    def test_every_form_of_data_says_the_same(self, form, tmp_path):
        self.frame.write_csv(tmp_path / "data.csv")
        self.frame.write_parquet(tmp_path / "data.parquet")
        forms = {
            "pandas": lambda: pd.DataFrame(self.frame.to_dict(as_series=False)),
            "arrow": self.frame.to_arrow,
            "dict": lambda: {name: self.frame[name].to_numpy() for name in self.frame.columns},
            "csv": lambda: tmp_path / "data.csv",
            "parquet": lambda: tmp_path / "data.parquet",
        }
        assert rai.check_data(forms[form](), **AXES) == rai.check_data(self.frame, **AXES)


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        (
            {"checks": "mising"},
            ArgumentError,
            "checks: 'mising'; expected kinds of checks, such as 'placeholders', 'top_coded', 'heaped' "
            f"and {len(KINDS) - 3} more. Did you mean 'missing'?",
        ),
        (
            {"limits": {"overlaps": 0.1}},
            ArgumentError,
            "limits: 'overlaps'; expected the kind of a check, or (kind, feature), such as "
            f"'placeholders', 'top_coded', 'heaped' and {len(KINDS) - 3} more. Did you mean 'overlap'?",
        ),
        (
            {"limits": {("missing", "agee"): 0.1}},
            ArgumentError,
            "limit of ('missing', 'agee'): 'agee'; expected one of 'age', 'sex', 'y'. Did you mean 'age'?",
        ),
        (
            {"limits": {"missing": float("nan")}},
            ArgumentError,
            "limit of 'missing': nan; expected a number.",
        ),
        ({"limits": 3}, ArgumentError, "limits: 3; expected a dict of checks to limits."),
        ({"profile": 3}, ArgumentError, "profile: 3; expected a profile of these data."),
        (
            {"profile": rai.profile({"age": [1]})},
            ArgumentError,
            "profile: one that does not know 'data' as it is; expected a profile of these data. Make it "
            "with rai.profile from the same data, y_true and sensitive_features.",
        ),
        (
            {"reference": "dat"},
            ArgumentError,
            "reference: 'dat'; expected one of 'data'. Did you mean 'data'?",
        ),
        (
            {"positive_label": 1},
            ArgumentError,
            "positive_label: 1; expected labels, named by y_true.",
        ),
        (
            {"positive_label": 3, "y_true": "y"},
            ArgumentError,
            "positive_label: 3; expected one of 0, 1.",
        ),
        (
            {"population": {"sex": {"f": 0.5}}, "sensitive_features": "sex"},
            ArgumentError,
            "population of 'sex': 'f'; expected one of 'F', 'M'. Did you mean 'F'?",
        ),
        (
            {"population": {"sex": {"F": 0.5, "M": 0.6}}, "sensitive_features": "sex"},
            ArgumentError,
            "population of 'sex': shares that sum to 1.1; expected at most 1.",
        ),
        ({"y_true": "z"}, RoleError, "y_true: no column 'z'; expected one of 'age', 'sex', 'y'."),
        (
            {"y_score": "sex"},
            RoleError,
            "y_score 'sex': of kind category; expected numbers from 0 to 1.",
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_cannot_be_asked_is_said_in_one_sentence(asked, error, says):
    with pytest.raises(error) as raised:
        rai.check_data(FRAME, **asked)
    assert str(raised.value) == says


@pytest.mark.parametrize("data", [{}, {"a": {}}, pd.DataFrame()], ids=["dict", "dicts", "frame"])
def test_data_without_columns_are_an_error(data):
    with pytest.raises(DataError, match=r"^data: no columns; expected at least one\.$"):
        rai.check_data(data)


GOOD = {"x": np.arange(500.0) % 37, "sex": ["F", "M"] * 250, "y": [0, 1] * 250}
GROUPS = {"sex": ["F", "M"] * 40, "y": [0, 1] * 40}
HOSTILE = {
    "no rows": pl.DataFrame(schema={"x": pl.Float64, "sex": pl.String, "y": pl.Int64}),
    "no rows and no types": {"x": [], "sex": [], "y": []},
    "one row": {"x": [1.0], "sex": ["F"], "y": [1]},
    "two rows": {"x": [1.0, 2.0], "sex": ["F", "M"], "y": [1, 0]},
    "all missing": {"x": [None] * 50, "sex": [None] * 50, "y": [None] * 50},
    "no number": {"x": [np.nan] * 80, **GROUPS},
    "infinite": {"x": [np.inf, -np.inf] * 40, **GROUPS},
    "lists": pl.DataFrame({"x": [[1, 2], [3], None, []] * 20, **GROUPS}),
    "structs": pl.DataFrame({"x": [{"a": 1}] * 80, **GROUPS}),
    "mixed": {"x": [1, "a", None, 2.5, b"z"] * 20, "sex": ["F", 1, None, True] * 25, "y": ["a", 1] * 50},
    "objects": pd.DataFrame({"x": [object() for _ in range(80)], **GROUPS}),
    "bytes": pl.DataFrame({"x": [b"ab", b"\xff", None, b""] * 20, **GROUPS}),
    "10,000 categories": {"x": [f"c{i}" for i in range(10_000)], "sex": ["F", "M"] * 5000, "y": [0, 1] * 5000},
    "long texts": {"x": ["a" * 100_000, "b" * 100_000] * 40, **GROUPS},
    "days at the ends": pl.DataFrame({"x": [dt.date.min, dt.date.max] * 40, **GROUPS}),
    "durations": pl.DataFrame({"x": [dt.timedelta(1), dt.timedelta(-5)] * 40, **GROUPS}),
    "one label": {"x": np.arange(80), "sex": ["F", "M"] * 40, "y": [1] * 80},
    "twenty labels": {"x": np.arange(80), "sex": ["F", "M"] * 40, "y": [f"c{i % 20}" for i in range(80)]},
    "a quantity": {"x": np.arange(80), "sex": ["F", "M"] * 40, "y": np.linspace(0, 1, 80) ** 2},
}  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_data_are_checked_like_any(data):
    for held in (data, {"good": GOOD, "odd": data}, {"odd": data, "good": GOOD}):
        found = rai.check_data(held, **AXES)
        assert {finding.check for finding in found} == set(KINDS)
        assert len({tuple(row) for row in found.to_dicts()}) == 1
        assert all(finding.sentence.endswith((".", "?", ")")) for finding in found)
        assert str(found)


Z2 = norm.isf(0.05 / 6 / 2) ** 2  # six looks at columns
HALF = np.sqrt(Z2 * (50 * 150 / 200 + Z2 / 4))  # Wilson (1927)


class TestWords:
    found = rai.check_data(
        {"train": FRAME, "test": {**FRAME, "sex": ["F"] * 199 + ["M"]}}, checks=["missing"], **AXES
    )

    def test_a_finding(self):
        assert self.found[0].to_dict() == {
            "check": "missing",
            "severity": "warning",
            "dataset": "train",
            "feature": "age",
            "along": None,
            "group": None,
            "value": 0.25,
            "low": pytest.approx((50 + Z2 / 2 - HALF) / (200 + Z2)),
            "high": pytest.approx((50 + Z2 / 2 + HALF) / (200 + Z2)),
            "p_value": None,
            "threshold": 0.05,
            "n": 200,
            "sentence": "25% of 'age' is missing in 'train'.",
        }
        assert self.found[0].rows[:3] == (2, 6, 10)

    def test_all_of_them(self):
        assert str(self.found) == (
            "2 warnings\n\nWARNING\n  missing: 25% of 'age' is missing in 'train'.\n"
            "  missing: 25% of 'age' is missing in 'test'."
        )
        (row,) = self.found.summary()
        assert (row.check, row.severity, row.serious, row.warnings) == ("missing", "warning", 0, 2)

    @pytest.mark.parametrize(
        ("check", "data", "says"),
        [
            ("infinite", {"x": [1.0, np.inf]},
             "'x' is infinite in 1 row: most models refuse such rows, and no mean is left."),
            ("label_balance", {"y": [1] * 9},
             "Every row that has a label has '1': nothing can be learnt or judged."),
            ("duplicate_rows", {"x": np.append(ODD, ODD[0]), "z": np.append(ODD[::-1], ODD[-1])},
             "An earlier row is repeated in every column by 1 row (1%)."),
            ("lacking_columns", {"a": {"x": [1], "z": [1]}, "b": {"x": [1]}},
             "'b' has no column 'z'; 'a' has it."),
            ("spellings", {"x": ["Male", "male", "Female"]},
             "'Male', 'male' in 'x' differ only in blanks or capitals: one category counts as "
             "another in 1 row."),
        ],
    )  # fmt: skip
    def test_sentences(self, check, data, says):
        labels = {"y_true": "y"} if "y" in data else {}
        assert rai.check_data(data, checks=check, **labels)[0].sentence == says
