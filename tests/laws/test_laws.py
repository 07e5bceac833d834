"""Laws that every answer obeys, whatever the rows: adding up, turning round, and staying in bounds.

The rows are few and lopsided on purpose: empty cells, lone rows and groups without a label are where
answers go wrong.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rai
from rai.measure.criteria import CRITERIA
from rai.measure.laws import Count
from rai.measure.metrics import METRICS, find_metric
from rai.measure.regression import REGRESSION_METRICS
from rai.values import Confusion, Roles, Tally

NAMES = [metric.name for metric in METRICS]
SIGNED = [metric.name for metric in METRICS if metric.signed]
RATES = [metric.name for metric in METRICS if not isinstance(metric.law, Count)]
OF_SCORES = {"abroca"}
QUESTIONS = [row.name for row in CRITERIA if row.name not in OF_SCORES] + RATES
REGRESSION = [row.name for row in REGRESSION_METRICS]
VERSUS = st.sampled_from(["between_groups", "to_overall", "A"])
KINDS = st.sampled_from(["difference", "ratio"])
CELL = st.sampled_from([0, 0, 1, 2, 3, 8, 40, 1000])

few = settings(max_examples=12)
some = settings(max_examples=25)


@st.composite
def tables(draw, *, least=1, most=4, weights=True):
    """A binary audit of up to four groups from cells, many of them empty; group A is always there."""
    g = draw(st.integers(least, most))
    n = np.array(draw(st.lists(CELL, min_size=4 * g, max_size=4 * g)), dtype=np.int64).reshape(g, 2, 2)
    assume(n.sum(axis=(1, 2)).min() > 0)
    w = draw(st.sampled_from([None, 0.01, 1.0, 3.5])) if weights else None
    return audit_of(n, None if w is None else n * w, None if w is None else n * w**2)


def audit_of(n, weight=None, weight_sq=None, level=0.95, names="ABCD"):
    groups = tuple((name,) for name in names[: len(n)])
    tally = Tally(("g",), groups, (0, 1), np.array([0.5]), (), n, weight, weight_sq)
    roles = Roles(y_true="y", y_pred="p", sensitive_features=("g",), positive_label=1)
    return rai.Audit(tally=tally, task="binary", roles=roles, level=level)


@st.composite
def frames(draw, task="binary"):
    """A little frame of rows, with two features that split them."""
    n = draw(st.integers(2, 30))
    number = st.integers(-3, 4).map(lambda v: v + 0.5)
    label = {"binary": st.integers(0, 1), "multiclass": st.sampled_from("abc"), "regression": number}[
        task
    ]

    def column(values):
        return draw(st.lists(values, min_size=n, max_size=n))

    frame = pd.DataFrame(
        {"y": column(label), "p": column(label), "sex": column(st.sampled_from("FM")),
         "city": column(st.sampled_from("XYZ")), "w": column(st.sampled_from([0.5, 1.0, 2.0, 3.0]))}
    )  # fmt: skip
    if task == "multiclass":  # every class has a label, or it would be a smaller task
        frame = pd.concat(
            [
                frame,
                pd.DataFrame({"y": list("abc"), "p": list("abc"), "sex": "F", "city": "X", "w": 1.0}),
            ]
        )
    return frame.reset_index(drop=True)


def audited(frame, task="binary", **options):
    label = {"positive_label": 1} if task == "binary" else {}
    return rai.audit(
        frame, y_true="y", y_pred="p", sensitive_features=["sex", "city"], task=task, **label, **options
    )


def names_of(task):
    return {"binary": NAMES, "multiclass": ["accuracy", "tpr", "f1"], "regression": REGRESSION}[task]


def close(ours, theirs):
    """Two tables hold the same words and, up to rounding, the same numbers."""
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert one.keys() == other.keys()
        for key, value in one.items():
            if isinstance(value, float) and isinstance(other[key], float):
                assert value == pytest.approx(other[key], rel=1e-6, abs=1e-9), (one, other)
            else:
                assert value == other[key], (one, other)


def values(table):
    return [row["value"] for row in table.to_dicts()]


# rows


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@few
@given(data=st.data())
def test_merging_is_counting_all_rows(task, data):
    """Adding the audits of two parts gives the audit of all rows, in either order."""
    frame = data.draw(frames(task))
    cut = len(frame) - 3 if task == "multiclass" else data.draw(st.integers(1, len(frame) - 1))
    weights = data.draw(st.sampled_from([{}, {"sample_weight": "w"}]))
    if task == "binary":
        assume(all(set(part) == {0, 1} for part in (frame["y"][:cut], frame["y"][cut:])))
    if task == "multiclass":
        assume(set(frame["y"][:cut]) == set("abc"))
    first, second, whole = (audited(part, task, **weights) for part in (frame[:cut], frame[cut:], frame))
    expected = whole.metrics(*names_of(task)).to_dicts()
    close((first + second).metrics(*names_of(task)).to_dicts(), expected)
    close((second + first).metrics(*names_of(task)).to_dicts(), expected)


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@few
@given(data=st.data())
def test_the_order_of_rows_does_not_matter(task, data):
    frame = data.draw(frames(task))
    assume(len(set(frame["y"])) > 1)
    mixed = frame.sample(frac=1, random_state=data.draw(st.integers(0, 99)))
    ours, theirs = (audited(part, task) for part in (frame, mixed))
    close(ours.metrics(*names_of(task)).to_dicts(), theirs.metrics(*names_of(task)).to_dicts())
    if task == "binary":
        assert ours.gaps("tpr", along="city").to_dicts() == theirs.gaps("tpr", along="city").to_dicts()


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@few
@given(data=st.data())
def test_weights_of_one_are_no_weights(task, data):
    frame = data.draw(frames(task)).assign(w=1.0)
    assume(len(set(frame["y"])) > 1)
    plain, weighted = audited(frame, task), audited(frame, task, sample_weight="w")
    close(weighted.metrics(*names_of(task)).to_dicts(), plain.metrics(*names_of(task)).to_dicts())
    close(weighted.gaps(along="sex").to_dicts(), plain.gaps(along="sex").to_dicts())


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@few
@given(data=st.data())
def test_whole_weights_are_repeated_rows(task, data):
    """For values; rows that are weighted say less than as many rows, so intervals are another matter."""
    frame = data.draw(frames(task))
    times = np.array(data.draw(st.lists(st.integers(1, 3), min_size=len(frame), max_size=len(frame))))
    assume(len(set(frame["y"])) > 1)
    weighted = audited(frame.assign(w=times.astype(float)), task, sample_weight="w")
    repeated = audited(frame.loc[frame.index.repeat(times)], task)
    for ours, theirs in zip(
        weighted.metrics(*names_of(task)), repeated.metrics(*names_of(task)), strict=True
    ):
        assert ours.value == (
            theirs.value if theirs.value is None else pytest.approx(theirs.value, abs=1e-9)
        )


# counts


@some
@given(tables(weights=False))
def test_turning_the_labels_round(audit):
    """With the classes swapped, what was said of positives is said of negatives."""
    swapped = replace(audit, tally=replace(audit.tally, n=audit.tally.n[:, ::-1, ::-1]))
    for ours, theirs in (
        ("true_positive_rate", "true_negative_rate"), ("false_positive_rate", "false_negative_rate"),
        ("positive_predictive_value", "negative_predictive_value"), ("accuracy", "accuracy"),
        ("false_discovery_rate", "false_omission_rate"), ("selection_rate", "rejection_rate"),
        ("matthews_correlation", "matthews_correlation"), ("cohen_kappa", "cohen_kappa"),
        ("informedness", "informedness"), ("balanced_accuracy", "balanced_accuracy"),
        ("true_positives", "true_negatives"), ("conditional_acceptance", "conditional_rejection"),
    ):  # fmt: skip
        there, back = audit.metrics(ours), swapped.metrics(theirs)
        for one, other in zip(there, back, strict=True):
            assert (one.value is None) == (other.value is None)
            if one.value is not None:
                assert [one.value, one.low, one.high] == pytest.approx(
                    [other.value, other.low, other.high], abs=1e-7
                )


@some
@given(tables())
def test_metrics_that_are_one_less_another(audit):
    for ours, theirs in (
        ("true_positive_rate", "false_negative_rate"), ("false_positive_rate", "true_negative_rate"),
        ("positive_predictive_value", "false_discovery_rate"), ("accuracy", "error_rate"),
        ("negative_predictive_value", "false_omission_rate"), ("selection_rate", "rejection_rate"),
    ):  # fmt: skip
        for one, other in zip(audit.metrics(ours), audit.metrics(theirs), strict=True):
            if one.value is not None:
                assert [one.value, one.low, one.high] == pytest.approx(
                    [1 - other.value, 1 - other.high, 1 - other.low], abs=1e-9
                )


@some
@given(tables())
def test_metrics_are_within_their_bounds(audit):
    for estimate in audit.metrics(*NAMES):
        if estimate.value is None:
            assert estimate.note.startswith("undefined: "), estimate
            assert (estimate.low, estimate.high) == (None, None)
        else:
            assert estimate.low is None or estimate.low <= estimate.value, estimate
            assert estimate.high is None or estimate.value <= estimate.high, estimate


@some
@given(tables(), st.sampled_from(QUESTIONS), VERSUS, KINDS, st.sampled_from(["worst_case", "mean"]))
def test_gaps_are_within_their_bounds(audit, name, versus, kind, aggregate):
    (gap,) = audit.gaps(name, versus=versus, kind=kind, aggregate=aggregate)
    if gap.value is None:
        assert gap.note.startswith(("undefined: ", "unbounded: ", "left out ")), gap
        return
    assert gap.low is None or 0 <= gap.low <= gap.value, gap
    assert gap.high is None or gap.value <= gap.high, gap
    assert gap.p_value is None or 0 < gap.p_value <= 1, gap
    if gap.kind == "ratio":
        assert gap.value <= 1, gap
        assert gap.high is None or gap.high <= 1, gap
        assert gap.null is None or 0 <= gap.null <= 1, gap
    assert gap.low is not None or gap.high is not None or gap.note, gap


@pytest.mark.parametrize("name", QUESTIONS)
@settings(max_examples=4)
@given(cells=st.lists(st.integers(1, 60), min_size=4, max_size=4), groups=st.integers(2, 4))
def test_identical_groups_have_no_gap(name, cells, groups):
    audit = audit_of(np.array([cells] * groups).reshape(groups, 2, 2))
    (gap,) = audit.gaps(name)
    parity = 1.0 if gap.kind == "ratio" else 0.0
    assert gap.value == pytest.approx(parity, abs=1e-12)
    assert gap.low <= gap.value <= gap.high
    if name not in SIGNED:
        assert audit.gaps(name, kind="ratio")[0].value == pytest.approx(
            parity if gap.kind != "difference" else 1.0
        )
    overall = audit.gaps(name, versus="to_overall")[0]
    assert overall.value == pytest.approx(parity, abs=1e-9)


@some
@given(tables(least=2), st.sampled_from(QUESTIONS))
def test_a_higher_level_is_wider(audit, name):
    inner, outer = replace(audit, level=0.8), replace(audit, level=0.99)
    rows = [(inner.gaps(name), outer.gaps(name))]
    if name in RATES:
        rows.append((inner.metrics(name), outer.metrics(name)))
    for narrow, wide in rows:
        for one, other in zip(narrow, wide, strict=True):
            assert one.value == other.value
            if one.low is not None and other.low is not None:
                assert other.low <= one.low + 1e-12, (one, other)
            if one.high is not None and other.high is not None:
                assert other.high >= one.high - 1e-12, (one, other)


@pytest.mark.parametrize("name", RATES)
@settings(max_examples=6)
@given(cells=st.lists(st.integers(1, 60), min_size=8, max_size=8))
def test_four_times_the_rows_are_narrower(name, cells):
    cells = np.array(cells).reshape(2, 2, 2)
    one, four = audit_of(cells), audit_of(4 * cells)
    for few_rows, many_rows in zip(one.metrics(name), four.metrics(name), strict=True):
        assert many_rows.value == pytest.approx(few_rows.value)
        assert many_rows.high - many_rows.low < few_rows.high - few_rows.low
    few_rows, many_rows = one.gaps(name)[0], four.gaps(name)[0]
    assert many_rows.value == pytest.approx(few_rows.value)
    assert many_rows.high <= few_rows.high + 1e-12


@some
@given(tables(least=2), st.sampled_from(QUESTIONS), KINDS)
def test_nothing_is_further_apart_than_the_groups(audit, name, kind):
    """A reference is a group, so it is no further away than the groups from each other."""
    (between,), (reference,) = (audit.gaps(name, kind=kind, versus=v) for v in ("between_groups", "A"))
    if reference.value is None or between.value is None or between.kind == "index":
        return
    if between.kind == "ratio":
        assert reference.value >= between.value - 1e-12
    else:
        assert reference.value <= between.value + 1e-12


@some
@given(
    tables(least=2),
    st.sampled_from(["selection_rate", "tpr", "fpr", "ppv", "accuracy", "error_rate"]),
    KINDS,
)
def test_everyone_is_between_the_groups(audit, name, kind):
    """A rate of everyone is a mean of the groups' rates, so they are no further from it than apart."""
    (between,), (overall,) = (
        audit.gaps(name, kind=kind, versus=v) for v in ("between_groups", "to_overall")
    )
    if overall.value is None or between.value is None:
        return
    if kind == "ratio":
        assert overall.value >= between.value - 1e-12
    else:
        assert overall.value <= between.value + 1e-12


@some
@given(tables(least=2), st.sampled_from(QUESTIONS), KINDS)
def test_new_names_change_nothing_but_names(audit, name, kind):
    """Groups that keep their order under other names keep every number."""
    old, new = "ABCD", ["a b", "b×", "c", "d"]
    renamed = replace(
        audit,
        tally=replace(
            audit.tally, groups=tuple((new[old.index(key[0])],) for key in audit.tally.groups)
        ),
    )
    swap = dict(zip(old, new, strict=True))
    (ours,), (theirs,) = audit.gaps(name, kind=kind), renamed.gaps(name, kind=kind)
    assert replace(ours, highest=None, lowest=None, note="") == replace(
        theirs, highest=None, lowest=None, note=""
    )
    assert [swap.get(who) for who in (ours.highest, ours.lowest)] == [theirs.highest, theirs.lowest]
    assert ours.note.count(";") == theirs.note.count(";")


@some
@given(tables(least=2, weights=False), st.randoms(use_true_random=False), st.sampled_from(RATES))
def test_the_order_of_groups_changes_no_value(audit, random, name):
    order = random.sample(range(len(audit.tally.groups)), len(audit.tally.groups))
    turned = audit_of(audit.tally.n[order])
    (ours,), (theirs,) = audit.gaps(name), turned.gaps(name)
    assert (ours.value is None) == (theirs.value is None)
    if ours.value is not None:
        assert ours.value == pytest.approx(theirs.value, abs=1e-12)


# what leaves the house


def plain(rows):
    """Every number is finite, every row has the same columns."""
    assert len({tuple(row) for row in rows}) <= 1
    for row in rows:
        for key, value in row.items():
            assert value is None or isinstance(value, (str, int, float, bool)), (key, value)
            assert not isinstance(value, float) or math.isfinite(value), (key, row)


@settings(max_examples=10)
@given(tables(), VERSUS, KINDS)
def test_nothing_is_nan_or_infinite(audit, versus, kind):
    for table in (
        audit.metrics(*NAMES),
        audit.metrics(*NAMES, by=()),
        audit.gaps(*QUESTIONS, "count", versus=versus, kind=kind),
        audit.pairs(*(name for name in RATES if name not in SIGNED), versus=versus, kind=kind),
        audit.pairs(*SIGNED, versus=versus),
        audit.confusion(),
    ):
        plain(table.to_dicts())
        assert json.loads(table.to_json()) == table.to_dicts()


@settings(max_examples=10)
@given(
    st.lists(CELL, min_size=24, max_size=24),
    st.sampled_from(["standardized", "mantel_haenszel"]),
    st.sampled_from(["between_groups", "A"]),
    KINDS,
)
def test_nothing_pooled_is_nan_or_infinite(cells, method, versus, kind):
    n = np.array(cells).reshape(6, 2, 2)
    assume(n.sum() > 0)
    groups = tuple((g, c) for g in "ABC" for c in "XY")
    tally = Tally(("g", "c"), groups, (0, 1), np.array([0.5]), (), n)
    roles = Roles(y_true="y", y_pred="p", sensitive_features=("g",), control_features=("c",))
    audit = rai.Audit(tally=tally, task="binary", roles=roles)
    names = ["tpr", "accuracy", "ppv", "jaccard"] + (["f1", "mcc"] if method == "standardized" else [])
    table = audit.pooled_gaps(*names, method=method, versus=versus, kind=kind)
    plain(table.to_dicts())
    assert json.loads(table.to_json()) == table.to_dicts()
    for gap in table:
        assert gap.value is not None or gap.note.startswith("undefined: "), gap
        assert gap.value is None or gap.low is None or gap.low <= gap.value + 1e-12, gap
        assert gap.value is None or gap.high is None or gap.value <= gap.high + 1e-12, gap


@settings(max_examples=5)
@given(st.lists(CELL, min_size=18, max_size=18), VERSUS, KINDS)
def test_nothing_of_several_classes_is_nan_or_infinite(cells, versus, kind):
    n = np.array(cells).reshape(2, 3, 3)
    assume(n.sum(axis=(1, 2)).min() > 0)
    tally = Tally(("g",), (("A",), ("B",)), ("a", "b", "c"), None, ("a", "b", "c"), n)
    roles = Roles(y_true="y", y_pred="p", sensitive_features=("g",))
    audit = rai.Audit(tally=tally, task="multiclass", roles=roles)
    names = [
        "accuracy",
        "tpr",
        "ppv",
        "f1",
        "mcc",
        "kappa",
        "lr_plus",
        "treatment_ratio",
        "informedness",
        "positives",
    ]
    for table in (
        audit.metrics(*names),
        audit.gaps(*names, "total_variation", "equalized_odds", versus=versus, kind=kind),
        audit.pairs(*names[:4], versus=versus, kind=kind),
        audit.pairs("mcc", "kappa", versus=versus),
    ):
        plain(table.to_dicts())
        assert json.loads(table.to_json()) == table.to_dicts()
    for estimate in audit.metrics(*names):
        assert (estimate.value is None) == estimate.note.startswith("undefined: ")


@settings(max_examples=10)
@given(frames("regression"), VERSUS, KINDS)
def test_nothing_of_a_regression_is_nan_or_infinite(frame, versus, kind):
    frame["sex"] = frame["sex"].replace({"F": "A"})
    assume("A" in set(frame["sex"]))
    audit = rai.audit(
        frame,
        y_true="y",
        y_pred="p",
        sensitive_features="sex",
        control_features="city",
        task="regression",
    )
    for table in (
        audit.metrics(*REGRESSION),
        audit.gaps(*REGRESSION, versus=versus, kind=kind),
        audit.pairs(*REGRESSION, versus=versus),
        audit.pooled_gaps(*REGRESSION, kind=kind, versus=versus if versus != "to_overall" else "A"),
    ):
        plain(table.to_dicts())
        assert json.loads(table.to_json()) == table.to_dicts()
    for row in [*audit.metrics(*REGRESSION), *audit.gaps(*REGRESSION, versus=versus, kind=kind)]:
        assert (row.value is None) == row.note.startswith("undefined: "), row
        if row.value is not None and row.low is not None:
            assert row.low <= row.value + 1e-9, row
            assert row.value <= row.high + 1e-9, row


@pytest.mark.parametrize("name", REGRESSION)
@few
@given(data=st.data())
def test_a_regression_of_shifted_and_scaled_labels(name, data):
    """Another unit scales what has a unit, and leaves R² alone."""
    frame = data.draw(frames("regression"))
    units = frame.assign(y=3 * frame["y"], p=3 * frame["p"])
    for ours, theirs in zip(
        audited(frame, "regression").metrics(name),
        audited(units, "regression").metrics(name),
        strict=True,
    ):
        factor = {"r2": 1, "calibration_slope": 1, "mean_squared_error": 9}.get(name, 3)
        if ours.value is not None:
            assert theirs.value == pytest.approx(factor * ours.value, abs=1e-9)
        if ours.low is not None:
            assert [theirs.low, theirs.high] == pytest.approx(
                [factor * ours.low, factor * ours.high], abs=1e-4
            )


def test_a_confusion_matrix_and_a_tally_agree():
    """One road from counts to answers: the façade adds nothing."""
    n = np.array([[[4, 1], [2, 3]], [[7, 2], [0, 1]]])
    direct = Confusion(("g",), (("A",), ("B",)), n, n * 1.0, n * 1.0)
    for name in NAMES:
        found = find_metric(name).measure(direct).estimates(level=0.95).to_dicts()
        assert audit_of(n).metrics(name).to_dicts() == found
