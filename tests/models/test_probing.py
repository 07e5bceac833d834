"""The probe: models made to fail each check, one by one, and those that pass them all."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai.models.probe_checks import CHECKS

ROWS = pd.DataFrame(
    {
        "age": np.arange(20, 80),
        "income": np.linspace(0, 1, 60),
        "sex": pd.Categorical(["F", "M", "F"] * 20),
        "id": np.arange(60) * 7,
    }
)
NAMES = [check.name for check in CHECKS]


def plain(frame):
    """A model that no check finds fault with: by name, row by row, whatever the types."""
    frame = frame.to_pandas() if isinstance(frame, pl.DataFrame) else frame
    woman = (frame["sex"].astype(object) == "F").to_numpy()
    age = frame["age"].astype(float).fillna(40).to_numpy()
    return age / 200 + frame["income"].fillna(0).to_numpy() / 4 + woman / 4


def probed(predict, rows=ROWS, **options):
    """Check to status and detail."""
    said = {key: options.pop(key) for key in ("n", "rng") if key in options}
    report = rai.probe_model(rai.load_model(predict, **options), rows, **said)
    assert [found.check for found in report] == NAMES
    return {found.check: (found.status, found.detail) for found in report}


def failed(found):
    return [name for name, (status, _) in found.items() if status == "fail"]


# One that passes ------------------------------------------------------------------------------------


def test_a_plain_model_passes():
    found = probed(plain)
    assert {name: status for name, (status, _) in found.items()} == {
        **dict.fromkeys(NAMES, "pass"),
        "classes_sum_to_one": "skipped",
        "missing_values": "note",
        "columns_read": "note",
    }
    assert found["row_alone"][1] == "asked one by one, the largest difference is 0"
    assert found["scores_in_range"][1] == "scores from 0.109 to 0.895"
    assert found["missing_values"][1] == "it answers where a value is missing, in any column"
    assert found["columns_read"][1] == "changing 'id' changed no score in 500 tries"
    assert found["empty_frame"][1] == "no scores for a frame without rows"


def test_the_report_is_a_table():
    report = rai.probe_model(rai.load_model(plain), ROWS, n=10)
    assert report.passed
    by_name = {row["check"]: row for row in report.to_dicts()}
    assert set(by_name["row_alone"]) == {"check", "status", "detail", "n"}
    rows = {name: by_name[name]["n"] for name in ("row_alone", "columns_read", "missing_values")}
    assert rows == {"row_alone": 10, "columns_read": 100, "missing_values": 40}
    assert by_name["classes_sum_to_one"]["n"] == 0


@pytest.mark.parametrize("rows", [ROWS, pl.from_pandas(ROWS)])
def test_a_fitted_pipeline_passes(rows):
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    steps = make_column_transformer((OneHotEncoder(), ["sex"]), remainder="passthrough")
    pipeline = make_pipeline(steps, LogisticRegression(max_iter=5000))
    pipeline.fit(ROWS[["age", "income", "sex"]], ROWS["age"] > 45)
    found = probed(pipeline, rows)
    assert failed(found) == []
    assert "it refuses a missing value in 'age', 'income'" in found["missing_values"][1]


def test_the_same_draw_for_the_same_seed():
    def jump(frame):
        return np.where(frame["age"] == 33, 2.0, 0.5)

    seen = {seed: probed(jump, n=10, rng=seed)["scores_in_range"][0] for seed in range(12)}
    assert seen == {seed: probed(jump, n=10, rng=seed)["scores_in_range"][0] for seed in range(12)}
    assert set(seen.values()) == {"pass", "fail"}
    assert probed(jump, rng=np.random.default_rng(0))["repeated_call"][0] == "pass"


# One that fails each --------------------------------------------------------------------------------


def test_a_model_that_scores_nothing():
    def broken(frame):
        raise KeyError("weight")

    found = probed(broken)
    assert failed(found) == ["scores_rows"]
    assert found["scores_rows"][1].startswith(
        "model (callable): it failed (KeyError: 'weight'); expected"
    )
    rest = {value for name, value in found.items() if name != "scores_rows"}
    assert rest == {("skipped", "it doesn't score these rows")}


def test_a_model_that_disagrees_with_itself():
    rng = np.random.default_rng(0)
    found = probed(lambda frame: plain(frame) * 0.9 + rng.random(len(frame)) / 10)
    assert failed(found) == ["repeated_call"]
    assert found["repeated_call"][1].startswith("asked twice, scores differ by up to 0.0")
    assert found["row_alone"] == ("skipped", "asked twice, it disagrees with itself")
    assert found["input_unchanged"][0] == found["missing_values"][0].replace("note", "pass") == "pass"


def test_a_model_that_looks_at_the_batch():
    found = probed(lambda frame: plain(frame) / plain(frame).max())
    assert failed(found) == ["row_alone"]
    most = 1 - 0.109 / 0.895  # of the smallest and the largest score in the sample
    assert most == pytest.approx(0.878, abs=0.001)
    assert found["row_alone"][1] == "asked one by one, scores differ by up to 0.878, in 49 of 50 rows"


def test_a_model_that_takes_columns_by_place():
    def by_place(frame):
        return frame.iloc[:, 0].to_numpy() / 1000

    found = probed(by_place, ROWS[["age", "id"]])
    assert set(failed(found)) == {"columns_reordered", "extra_columns"}
    assert found["columns_reordered"][1].startswith(
        "asked with columns reversed, scores differ by up to 0."
    )
    assert found["extra_columns"][1].startswith(
        "asked with two columns more, scores differ by up to 0.07"
    )
    assert failed(probed(by_place, ROWS[["age", "id"]], features=["age", "id"])) == []


def test_a_model_that_refuses_other_columns():
    def strict(frame):
        if list(frame.columns) != ["age", "id"]:
            raise ValueError("other columns")
        return frame["age"].to_numpy() / 100

    found = probed(strict, ROWS[["age", "id"]])
    assert failed(found) == []
    for name in ("columns_reordered", "extra_columns"):
        status, detail = found[name]
        assert status == "note"
        assert "it refuses (model (callable): it failed (ValueError: other columns)" in detail


def test_a_model_that_looks_at_the_type_of_numbers():
    found = probed(lambda frame: frame["age"].astype(str).str.len().to_numpy() / 10)
    assert "whole_numbers_as_floats" in failed(found)
    assert found["whole_numbers_as_floats"][1] == (
        "asked with whole numbers as floats, scores differ by up to 0.2, in 50 of 50 rows"
    )
    floats = ROWS[["income"]]
    assert probed(lambda frame: frame["income"], floats)["whole_numbers_as_floats"] == (
        "skipped",
        "no column of whole numbers",
    )


def test_a_model_that_looks_at_the_codes_of_categories():
    def coded(frame):
        frame = frame.to_pandas() if isinstance(frame, pl.DataFrame) else frame
        text = frame["sex"].dtype.name != "category"
        return np.full(len(frame), 0.5) if text else frame["sex"].cat.codes.to_numpy() / 1.0

    assert failed(probed(coded)) == ["categories_as_text"]
    numbers = ROWS[["age", "income"]]
    found = probed(lambda frame: frame["income"], numbers)
    assert found["categories_as_text"] == ("skipped", "no column of a categorical type")


@pytest.mark.parametrize("refuses", [True, False])
def test_a_model_that_looks_at_the_index(refuses):
    def indexed(frame):
        if refuses and frame.index.max() >= 1000:
            raise ValueError("an index")
        return frame["income"].to_numpy() / 2 + (frame.index.to_numpy() % 100) / 200

    found = probed(indexed)
    assert "other_index" in failed(found)
    said = "it refuses (model (callable)" if refuses else "scores differ by up to 0."
    assert found["other_index"][1].startswith(f"asked with another index, {said}")
    other = probed(plain, pl.from_pandas(ROWS))["other_index"]
    assert other == ("skipped", "a Polars frame has no index")


@pytest.mark.parametrize("refuses", [True, False])
def test_a_model_that_knows_one_library(refuses):
    def pandas_only(frame):
        if isinstance(frame, pl.DataFrame):
            return frame["sex"].cat.nope() if refuses else np.zeros(len(frame))
        return plain(frame)

    status, detail = probed(pandas_only)["other_library"]
    assert status == ("note" if refuses else "fail")
    assert detail.startswith("asked as a Polars frame, ")
    assert probed(pandas_only, frames="pandas")["other_library"][0] == "pass"
    there = probed(plain, pl.from_pandas(ROWS))["other_library"]
    assert there == ("pass", "asked as a pandas frame, the largest difference is 0")


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda frame: frame.insert(0, "more", 1), "columns 'more'"),
        (lambda frame: frame.pop("id"), "columns 'id'"),
        (lambda frame: frame.__setitem__("age", frame["age"] * 2), "columns 'age'"),
        (lambda frame: setattr(frame, "index", frame.index[::-1]), "order or index"),
        (lambda frame: frame.insert(3, "id", frame.pop("id")), None),
        (lambda frame: frame.insert(0, "id", frame.pop("id")), "order or index"),
    ],
)
def test_a_model_that_spoils_its_input(spoil, what):
    rows = ROWS.copy()

    def spoiling(frame):
        scores = frame["income"].to_numpy().copy()
        if isinstance(frame, pd.DataFrame) and "more" not in frame and "id" in frame:
            spoil(frame)
        return scores

    found = probed(spoiling, rows)
    assert rows.equals(ROWS)
    wanted = ("pass", "the frame that it is handed stays as it was")
    if what is not None:
        wanted = ("fail", f"it changes the frame that it is handed: {what}")
    status, detail = found["input_unchanged"]
    assert (status, detail[: len(wanted[1])]) == wanted
    assert failed(found) == ([] if what is None else ["input_unchanged"])


def test_a_polars_frame_that_is_spoilt():
    def spoiling(frame):
        if isinstance(frame, pl.DataFrame) and "more" not in frame.columns:
            frame.insert_column(0, pl.Series("more", np.ones(len(frame))))
        return frame["income"].to_numpy()

    found = probed(spoiling, pl.from_pandas(ROWS))
    assert found["input_unchanged"] == ("fail", "it changes the frame that it is handed: columns 'more'")


def test_scores_outside_of_their_range():
    found = probed(lambda frame: frame["income"] * 2 - 0.5)
    assert failed(found) == ["scores_in_range"]
    assert found["scores_in_range"][1] == "scores from -0.5 to 1.5"
    margins = probed(lambda frame: frame["income"] * 2 - 0.5, probabilities=False)
    assert margins["scores_in_range"] == ("skipped", "its scores are no probabilities")
    values = probed(lambda frame: frame["age"], task="regression")
    assert values["scores_in_range"][0] == "skipped"


@pytest.mark.parametrize(("factor", "status"), [(1.0, "pass"), (0.9, "fail")])
def test_classes_that_do_not_add_up(factor, status):
    def shares(frame):
        first = frame["income"].to_numpy() / 2
        return np.column_stack((first, 0.5 - first, np.full(len(first), 0.5))) * factor

    found = probed(shares, classes=["a", "b", "c"])
    most = {"pass": "0", "fail": "0.1"}[status]
    assert found["classes_sum_to_one"] == (status, f"sums differ from 1 by up to {most}")
    assert found["scores_in_range"][0] == "pass"
    both = probed(lambda frame: shares(frame)[:, [0, 2]] / factor * 2 * factor)
    assert both["classes_sum_to_one"][0] == "fail"


def test_labels_are_no_probabilities():
    found = probed(lambda frame: np.where(frame["age"] > 50, "yes", "no"), classes=["no", "yes"])
    assert failed(found) == []
    assert found["scores_in_range"] == ("skipped", "it returns labels")


def test_missing_values_that_are_refused():
    def strict(frame):
        if frame["income"].isna().any():
            raise ValueError("Input contains NaN")
        return frame["income"].to_numpy()

    status, detail = probed(strict)["missing_values"]
    assert status == "note"
    assert detail == (
        "it refuses a missing value in 'income' and answers in 'age', 'sex', 'id' (model (callable): it "
        "failed (ValueError: Input contains NaN))"
    )
    nothing = probed(lambda frame: frame["income"].to_numpy())["missing_values"][1]
    assert "it refuses a missing value in 'income'" in nothing
    assert "missing or infinite value" in nothing


def test_columns_that_are_never_read():
    rows = ROWS.assign(constant=1)
    found = probed(lambda frame: frame["income"].to_numpy(), rows)
    assert found["columns_read"] == (
        "note",
        "changing 'age', 'sex', 'id' changed no score in 500 tries; 'constant' held one value",
    )
    read = probed(lambda frame: frame["income"].to_numpy(), rows, features=["income"])
    assert read["columns_read"] == ("pass", "changing any column changed a score in 500 tries")


def test_a_warning_about_no_rows_is_no_news(recwarn):
    def warning(frame):
        if not len(frame):
            warnings.warn("empty", stacklevel=1)
        return frame["income"]

    assert probed(warning)["empty_frame"][0] == "pass"
    assert [str(each.message) for each in recwarn] == []


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (lambda frame: frame["income"], "pass", "no scores for a frame without rows"),
        (
            lambda frame: [0.5] * max(1, len(frame)),
            "note",
            "it answers a frame without rows with something",
        ),
        (
            lambda frame: frame["income"] + 0 * frame["income"].iloc[0],
            "note",
            "it refuses a frame without rows (IndexError: ",
        ),
    ],
)
def test_a_frame_without_rows(answer, status, said):
    found = probed(answer)["empty_frame"]
    assert found[0] == status
    assert found[1].startswith(said)


# What never ends the probe --------------------------------------------------------------------------


def test_whatever_a_model_does_is_a_finding():
    """A check that ends in an error of its own is a failure, and the others go on."""
    state = {"calls": 0}

    def moody(frame):
        state["calls"] += 1
        if len(frame) == 1:
            raise RuntimeError("one row\nis not enough")
        return frame["income"].to_numpy()

    found = probed(moody)
    assert failed(found) == ["row_alone"]
    assert found["row_alone"][1].startswith(
        "the check ended early (DataError: model (callable): it failed (RuntimeError: one row); expected"
    )
    assert found["columns_read"][0] == "note"


def test_one_row_is_enough():
    assert failed(probed(plain, ROWS[:1])) == []


def test_rows_without_a_column_that_the_model_reads():
    model = rai.load_model(plain, features=["age", "weight"])
    with pytest.raises(rai.RoleError) as caught:
        rai.probe_model(model, ROWS)
    assert str(caught.value) == (
        "model (callable): no column 'weight'; expected one of 'age', 'income', 'sex', 'id'."
    )


def test_no_rows():
    with pytest.raises(rai.DataError) as caught:
        rai.probe_model(rai.load_model(plain), ROWS[:0])
    assert str(caught.value) == "rows: no rows; expected at least one."


@pytest.mark.parametrize("n", [0, 2.5, True])
def test_the_number_of_rows_is_one(n):
    with pytest.raises(rai.ArgumentError, match=r"^n: .*; expected a whole number of at least 1\.$"):
        rai.probe_model(rai.load_model(plain), ROWS, n=n)
