"""Audits of chosen rows and of cohorts: the same as audits of frames that were cut and widened by hand."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai import ArgumentError, DataError, RoleError, TallyError
from rai.explore.cohorts import Cohorts
from rai.explore.conditions import Condition
from rai.explore.queries import parse_query

COHORTS = {"older women": "age > 40 and sex = F", "zone 1": "zone = '1' or zone = X1"}
ROLES = {"y_true": "y", "y_score": "score", "sensitive_features": ["sex"], "sample_weight": "w"}


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(7)
    n = 400
    age = rng.integers(18, 90, n).astype(float)
    age[rng.random(n) < 0.1] = np.nan
    return pd.DataFrame(
        {
            "y": rng.integers(0, 2, n),
            "score": rng.random(n).round(2),
            "age": age,
            "sex": rng.choice(["F", "M"], n),
            "zone": rng.choice(["1", "2", "X1"], n),
            "w": rng.choice([0.5, 1.0, 2.0], n),
        }
    )


def by_hand(frame):
    """The cohorts of the frame as columns."""
    older = np.where((frame["age"] > 40) & (frame["sex"] == "F"), "in", "out").astype(object)
    older[frame["age"].isna() & (frame["sex"] == "F")] = None
    zone = np.where(frame["zone"].isin(["1", "X1"]), "in", "out")
    return frame.assign(**{"older women": older, "zone 1": zone})


def same_counts(found, wanted, *axes):
    ours, theirs = (audit.tally.by(*axes) for audit in (found, wanted))
    return (
        ours.groups == theirs.groups
        and np.array_equal(ours.n, theirs.n)
        and np.array_equal(ours.weight, theirs.weight)
    )


def test_where_is_the_audit_of_the_rows_that_meet_it(frame):
    found = rai.audit(frame, **ROLES, where="age > 40")
    wanted = rai.audit(frame[frame["age"] > 40], **ROLES)
    assert same_counts(found, wanted, "sex")
    assert found.gaps().to_dicts() == wanted.gaps().to_dicts()
    left_out = int((~(frame["age"] > 40)).sum())
    assert found.dropped == {"not where age > 40": left_out}
    assert (found.rows, found.provenance["rows_read"]) == (400 - left_out, 400)
    assert found.roles.where == "age > 40"
    for query in (parse_query("age > 40"), Condition("age", ">", 40), ("age", ">", 40), ["age > 40"]):
        again = rai.audit(frame, **ROLES, where=query)
        assert (again.roles, again.provenance) == (found.roles, found.provenance)


def test_where_comes_before_what_else_is_left_out(frame):
    rows = frame.assign(y=frame["y"].astype(float).where(frame.index % 7 > 0))
    found = rai.audit(rows, **ROLES, where="age > 40")
    chosen = rows[rows["age"] > 40]
    assert found.dropped == {
        "missing y_true": int(chosen["y"].isna().sum()),
        "not where age > 40": 400 - len(chosen),
    }
    assert found.rows + sum(found.dropped.values()) == 400


def test_where_comes_before_quantile_cuts_labels_and_exact_scores(frame):
    asked = {**ROLES, "sensitive_features": ["age"], "cuts": {"age": 4}, "bins": "exact"}
    odd = pd.concat([frame, frame.head(3).assign(y=5, age=1000.0, score=77.0)])
    found = rai.audit(odd, **asked, where="age < 60")
    wanted = rai.audit(frame[frame["age"] < 60], **asked)
    assert found.roles.cuts == wanted.roles.cuts
    assert np.array_equal(found.tally.edges, wanted.tally.edges)
    assert same_counts(found, wanted, "age")


def test_a_cohort_is_one_more_axis(frame):
    found = rai.audit(frame, **ROLES, control_features="zone", cohorts=COHORTS)
    wide = rai.audit(
        by_hand(frame), **{**ROLES, "sensitive_features": ["sex", *COHORTS]}, control_features="zone"
    )
    assert found.tally.axes == ("sex", "zone", "older women", "zone 1")
    assert same_counts(found, wide, "sex", "zone", *COHORTS)
    assert found.comparisons == (("sex",), ("older women",), ("zone 1",))
    assert [e.name for e in found.metrics("accuracy", by="older women")] == ["in", "out", "(missing)"]
    for ask in (
        lambda audit: audit.gaps("equal_opportunity", along="older women", within="sex"),
        lambda audit: audit.gaps(along="sex", within="zone 1"),
        lambda audit: audit.metrics(by=["older women", "sex"]),
        lambda audit: audit.pairs("selection_rate", along="older women"),
        lambda audit: audit.gaps(along="older women", versus="out"),
        lambda audit: audit.calibration(by="zone 1"),
        lambda audit: audit.pooled_gaps("selection_rate", along="zone 1", within="sex"),
    ):
        assert ask(found).to_dicts() == ask(wide).to_dicts()
    assert found.dropped == {}
    named = rai.audit(frame, **ROLES, control_features="zone", cohorts=Cohorts(COHORTS))
    assert named.roles == found.roles


def test_gaps_are_taken_along_each_cohort_and_each_crossing_of_features(frame):
    asked = {**ROLES, "sensitive_features": ["sex", "zone"]}
    found = rai.audit(frame, **asked, cohorts={"old": "age >= 60"}, where="age is not missing")
    assert found.comparisons == (("sex",), ("zone",), ("sex", "zone"), ("old",))
    along = [gap.along for gap in found.gaps("equal_accuracy")]
    assert along == ["sex", "zone", "sex × zone", "old"]
    assert repr(found) == f"Audit(binary, {found.rows} rows, 6 groups of sex × zone)"


def test_it_is_the_same_wherever_rows_are(frame, tmp_path):
    frame.to_csv(tmp_path / "rows.csv", index=False)
    frame.to_parquet(tmp_path / "rows.parquet")
    asked = {**ROLES, "where": "age between 20 and 80 or age is missing", "cohorts": COHORTS}
    wanted = rai.audit(frame, **asked)
    for rows in (
        tmp_path / "rows.csv",
        str(tmp_path / "rows.parquet"),
        pl.from_pandas(frame),
        pl.from_pandas(frame).lazy(),
        pl.from_pandas(frame).to_arrow(),
        {name: frame[name].to_numpy() for name in frame},
        frame.convert_dtypes(),
        frame.sample(frac=1, random_state=1),
    ):
        found = rai.audit(rows, **asked)
        assert same_counts(found, wanted, "sex", *COHORTS)
        assert (found.dropped, found.roles) == (wanted.dropped, wanted.roles)
        assert found.provenance["fingerprint"] == wanted.provenance["fingerprint"]
    other = rai.audit(frame, **{**asked, "where": "age between 20 and 80"})
    assert other.provenance["fingerprint"] != wanted.provenance["fingerprint"]


def test_a_column_of_a_file_has_the_type_of_the_whole_file(frame, tmp_path):
    # without the rows of X1 the zones would read as numbers
    frame.to_csv(tmp_path / "rows.csv", index=False)
    asked = {**ROLES, "sensitive_features": ["zone"], "where": "zone != X1"}
    found = rai.audit(tmp_path / "rows.csv", **asked)
    assert found.tally.groups == rai.audit(frame, **asked).tally.groups == (("1",), ("2",))


def test_arrays_are_columns_under_their_names(frame):
    given = {
        "y_true": frame["y"].to_numpy(),
        "y_pred": (frame["score"] > 0.5).to_numpy().astype(int),
        "sensitive_features": {"sex": frame["sex"], "age": frame["age"] > 40},
    }
    found = rai.audit(**given, where="sex = F and y_true = 1", cohorts={"old": "age = true"})
    assert found.rows == int(((frame["sex"] == "F") & (frame["y"] == 1)).sum())
    assert set(found.tally.groups) == {("F", True, "in"), ("F", False, "out")}
    with pytest.raises(RoleError) as caught:
        rai.audit(**given, where="zone = 1")
    assert (
        str(caught.value)
        == ("where: no column 'zone'; expected one of 'y_true', 'y_pred', 'sex', 'age'. ").rstrip()
    )


@pytest.mark.parametrize("task", ["regression", "multiclass"])
def test_every_task_has_them(frame, task):
    rng = np.random.default_rng(1)
    rows = frame.assign(
        y=rng.normal(size=400) if task == "regression" else rng.choice(["a", "b", "c"], 400),
        p=rng.normal(size=400) if task == "regression" else rng.choice(["a", "b", "c"], 400),
    )
    asked = {"y_true": "y", "y_pred": "p", "sensitive_features": "sex"}
    found = rai.audit(rows, **asked, where="age > 40", cohorts={"zone 1": COHORTS["zone 1"]})
    chosen = by_hand(rows)[rows["age"] > 40]
    wanted = rai.audit(chosen, **{**asked, "sensitive_features": ["sex", "zone 1"]})
    assert found.task == task
    assert found.metrics().to_dicts() == wanted.metrics().to_dicts()
    assert found.dropped == {"not where age > 40": 400 - len(chosen)}


def test_parts_add_up_to_the_whole(frame):
    asked = {**ROLES, "where": "age > 40", "cohorts": COHORTS}
    whole = rai.audit(frame, **asked)
    added = rai.audit(frame[:150], **asked) + rai.audit(frame[150:], **asked)
    assert same_counts(added, whole, "sex", *COHORTS)
    assert (added.dropped, added.roles) == (whole.dropped, whole.roles)
    assert added.provenance["rows_read"] == 400
    for other in (
        {**asked, "where": "age >= 40"},
        {**asked, "where": None},
        {**asked, "cohorts": {**COHORTS, "zone 1": "zone = X1"}},
        {**asked, "cohorts": {"older women": COHORTS["older women"]}},
    ):
        with pytest.raises(TallyError) as caught:
            whole + rai.audit(frame, **other)
        assert str(caught.value) == (
            "adding audits: other roles, task or thresholds; expected the same on both sides."
        )


# Files and reports ----------------------------------------------------------------------------------


def test_a_file_remembers_and_an_older_file_is_read(frame, tmp_path):
    audit = rai.audit(frame, **ROLES, where="age > 40", cohorts=COHORTS)
    path = audit.save(tmp_path / "audit.json")
    again = rai.Audit.load(path)
    assert (again.roles, again.dropped) == (audit.roles, audit.dropped)
    assert again.gaps().to_dicts() == audit.gaps().to_dicts()
    assert json.loads(path.read_text("utf-8"))["roles"]["where"] == "age > 40"
    plain = rai.audit(frame, **ROLES)
    held = json.loads(plain.save(path).read_text("utf-8"))
    assert not {"where", "cohorts"} & set(held["roles"])
    assert rai.Audit.load(path).roles == plain.roles


@pytest.mark.parametrize(
    "roles", [{"where": 3}, {"cohorts": {"a": 3}}, {"cohorts": [1]}, {"cohorts": "ab"}, {"cohorts": 5}]
)
def test_a_hostile_file_is_refused(frame, tmp_path, roles):
    path = rai.audit(frame, **ROLES).save(tmp_path / "audit.json")
    held = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**held, "roles": {**held["roles"], **roles}}), "utf-8")
    with pytest.raises(DataError, match="counts that don't fit together"):
        rai.Audit.load(path)


def test_reports_say_which_rows_and_who_is_in_a_cohort(frame, tmp_path):
    audit = rai.audit(frame, **ROLES, where="age > 40 and sex != '<i>'", cohorts={"old": "age > 60"})
    rai.report(audit, tmp_path)
    page, text = ((tmp_path / f"audit.{kind}").read_text("utf-8") for kind in ("html", "md"))
    assert "<i>" not in page
    assert f"{audit.rows} rows where age &gt; 40 and sex != &#34;&lt;i&gt;&#34;, in groups: " in page
    assert "2 by sex and 2 by old" in text
    assert "| cohorts | old (age > 60) |" in text
    assert "not where age > 40" in text


# What is wrong ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        (
            {"where": "age > 400"},
            DataError,
            "where: no row meets 'age > 400'; expected at least one. "
            "No row has age > 400: the largest is 89.",
        ),
        (
            {"where": "sex = f"},
            DataError,
            "where: no row meets 'sex = f'; expected at least one. No row has sex = f. Did you mean 'F'?",
        ),
        (
            {"where": "aeg > 4"},
            RoleError,
            "where: no column 'aeg'; expected one of 'y', 'score', 'age', 'sex', 'zone', 'w'. "
            "Did you mean 'age'?",
        ),
        ({"where": "age >"}, ArgumentError, "query 'age >': the end; expected a number or a date."),
        ({"where": 3}, ArgumentError, 'where: 3; expected a query. Write "age > 30".'),
        (
            {"where": "sex > 3"},
            ArgumentError,
            "condition 'sex > 3': 'sex' holds text; expected numbers or dates for '>'.",
        ),
        (
            {"cohorts": {"sex": "age > 4"}},
            RoleError,
            "cohorts: a column is named 'sex', too; expected another name for the cohort.",
        ),
        (
            {"cohorts": {"n": "age > 4"}},
            RoleError,
            "roles: rows split by 'n'; expected a name without ' × ' that no table of results uses. "
            "Give the cohort another name.",
        ),
        (
            {"cohorts": {"old": "age > 4"}, "cuts": {"old": 2}},
            RoleError,
            "cuts: 'old', which splits nothing; expected names of sensitive or control features.",
        ),
        (
            {"cohorts": ["age > 4"]},
            ArgumentError,
            "cohorts: ['age > 4']; expected a dict of name to query, or cohorts. "
            'Write {"older women": "age > 40 and sex = Female"}.',
        ),
    ],
)
def test_what_is_wrong_is_said(frame, asked, error, message):
    with pytest.raises(error) as caught:
        rai.audit(frame, **ROLES, **asked)
    assert str(caught.value) == message


def test_a_long_query_is_shortened_as_a_reason(frame):
    where = " or ".join(f"age = {age}" for age in range(18, 60))
    found = rai.audit(frame, **ROLES, where=where)
    (reason,) = found.dropped
    assert reason == f"not where {where[:99]}…"
    assert found.roles.where == where
