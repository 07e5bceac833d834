"""How much of what moves a score may be one feature's, and how far that may drift."""

import numpy as np
import pytest
from scipy.stats import t as student

import rai
from rai.explainers.summaries import attribution_drift

ROWS = {
    "y": [0, 1] * 50,
    "s": [0.2, 0.8] * 50,
    "sex": ["F"] * 40 + ["M"] * 60,
    "pay": [i / 100 for i in range(100)],
    "age": [20 + 7 * i % 41 for i in range(100)],
}


def model(frame):
    """Pay counts most, then sex; age isn't looked at."""
    return 0.7 * np.asarray(frame["pay"]) + np.where(np.asarray(frame["sex"]) == "M", 0.2, 0.0)


def share(limit=0.3, **more):
    return {"id": "share", "kind": "max_attribution", "features": "sex", "limit": limit, **more}


def found(make, rule, rows=ROWS):
    audit = rai.audit(rows, y_true="y", y_score="s", sensitive_features="sex")
    features = ["sex", "pay", "age"]
    return make.gate(audit, rule, data=rows, model=rai.load_model(model, features=features))


def sizes():
    """Mean sizes of the attributions of an additive model, by hand."""
    pay, man = 0.7 * np.array(ROWS["pay"]), 0.2 * (np.array(ROWS["sex"]) == "M")
    return np.abs(pay - pay.mean()), np.abs(man - man.mean())


def test_the_share_and_its_bounds_are_those_of_mean_sizes(make):
    (verdict,) = found(make, share()).verdicts
    pay, sex = sizes()
    value = sex.sum() / (pay + sex).sum()
    influence = (sex - value * (pay + sex)) / (pay + sex).mean()
    error = influence.std(ddof=1) / np.sqrt(100)
    assert (verdict.metric, verdict.n, verdict.along) == ("sex", 100, None)
    assert verdict.value == pytest.approx(value)
    assert verdict.high == pytest.approx(value + student.ppf(0.95, 99) * error, abs=1e-9)
    assert verdict.low == pytest.approx(value - student.ppf(0.95, 99) * error, abs=1e-9)
    assert verdict.status == "inconclusive" if verdict.low <= 0.3 <= verdict.high else "fail"


def test_a_looser_limit_passes_and_a_stricter_one_fails(make):
    assert [v.status for v in found(make, share(0.6)).verdicts] == ["pass"]
    (failed,) = found(make, share(0.1)).verdicts
    assert (failed.status, failed.code) == ("fail", "beyond_limit")


def test_a_column_that_is_not_looked_at_has_no_share(make):
    verdicts = found(make, share(0.01, features=["age", "pay"])).verdicts
    assert [(v.metric, v.status) for v in verdicts] == [("age", "pass"), ("pay", "fail")]
    assert (verdicts[0].value, verdicts[0].high) == (0.0, 0.0)


def test_groups_are_looked_at_one_by_one(make):
    verdicts = found(make, share(along="sex")).verdicts
    pay, sex = sizes()
    for verdict in verdicts:
        here = np.array(ROWS["sex"]) == verdict.group
        assert verdict.value == pytest.approx(sex[here].sum() / (pay + sex)[here].sum())
        assert (verdict.n, verdict.along) == (int(here.sum()), "sex")
    few = found(make, share(along="sex", min_n=50)).verdicts
    assert [(v.group, v.code) for v in few] == [("F", "too_few_rows"), ("M", "beyond_limit")]


def test_nothing_that_moves_the_score_is_undefined_and_no_pass(make):
    rows = ROWS | {"pay": [0.5] * 100, "sex": ["F"] * 100}
    (verdict,) = found(make, share(1.0), rows).verdicts
    assert (verdict.status, verdict.code) == ("inconclusive", "undefined")
    assert verdict.reason == "nothing moves the score"


def test_what_was_explained_is_said_and_a_draw_is_no_more_than_asked_for(make):
    result = found(make, share(0.6, rows=60))
    (verdict,) = result.verdicts
    assert verdict.n == 60
    assert result.notes == ("share: exact, probability; background: the 60 rows themselves",)
    assert found(make, share(0.6, rows=60)).verdicts == result.verdicts


def test_a_feature_that_is_not_there_is_an_error(make):
    (verdict,) = found(make, share(features="sax")).verdicts
    assert (verdict.status, verdict.code) == ("error", "refused")
    assert "Did you mean 'sex'?" in verdict.reason


def drift(limit=0.3, **more):
    return {"id": "drift", "kind": "attribution_drift", "features": "pay", "limit": limit, **more}


def drifted(make, rule, data=ROWS, reference=ROWS):
    audit = rai.audit(data, y_true="y", y_score="s", sensitive_features="sex")
    known = rai.load_model(model, features=["sex", "pay", "age"])
    return make.gate(audit, rule, data=data, reference=reference, model=known)


def test_the_distance_is_that_of_attribution_drift(make):
    richer = ROWS | {"pay": [min(1.0, pay + 0.3) for pay in ROWS["pay"]]}
    (verdict,) = drifted(make, drift(0.1), richer).verdicts
    known = rai.load_model(model, features=["sex", "pay", "age"])
    before, after = (rai.explain(known, rows, background=ROWS) for rows in (ROWS, richer))
    by_name = {row.feature: row for row in attribution_drift(before, after, level=0.9).features}
    assert verdict.value == pytest.approx(by_name["pay"].jensen_shannon, abs=1e-12)
    assert verdict.value > 0.3
    assert (verdict.metric, verdict.n, verdict.status) == ("pay", 100, "fail")


def test_reasons_that_stay_pass_and_age_never_had_any(make):
    same = drifted(make, drift(0.6, features=["pay", "sex", "age"])).verdicts
    assert [(v.metric, v.value, v.status) for v in same] == [
        ("pay", 0.0, "pass"),
        ("sex", 0.0, "pass"),
        ("age", 0.0, "pass"),
    ]


def test_drift_needs_rows_on_both_sides_and_a_reference(make):
    few = {name: column[:20] for name, column in ROWS.items()}
    (verdict,) = drifted(make, drift(), reference=few).verdicts
    assert (verdict.code, verdict.n) == ("too_few_rows", 20)
    audit = rai.audit(ROWS, y_true="y", y_score="s", sensitive_features="sex")
    (verdict,) = make.gate(audit, drift(), data=ROWS, model=model).verdicts
    assert (verdict.code, verdict.status) == ("not_given", "error")
    (verdict,) = drifted(make, drift(features="payy")).verdicts
    assert (verdict.code, "Did you mean 'pay'?" in verdict.reason) == ("refused", True)
