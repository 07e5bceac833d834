"""Every metric that scikit-learn has too, on a thousand random tables counted by one audit.

Block n holds tables of n rows each. As columns of a matrix they are one multilabel problem, for which
scikit-learn scores all tables at once; what it can't score so is scored on a part of them, one by one.
"""

import warnings

import numpy as np
import pytest
import sklearn
from sklearn import metrics as sk

import rai

BLOCKS, TABLES = 30, 40
EVERY = 19  # of the tables that are scored one by one
CASES = 150
CLASSES = ("ant", "bee", "cat", "dog")
EXACT = {"rtol": 1e-12, "atol": 1e-14}


@pytest.fixture(scope="module")
def blocks():
    """Labels, predictions and weights of each block, shape (rows, tables) and (rows,)."""
    rng = np.random.default_rng(1)
    made = []
    for rows in range(1, BLOCKS + 1):
        base, hit = rng.choice([0.0, 0.1, 0.5, 0.9, 1.0], size=(2, TABLES), p=[0.1, 0.2, 0.4, 0.2, 0.1])
        y = (rng.random((rows, TABLES)) < base).astype(int)
        p = np.where(rng.random((rows, TABLES)) < hit, y, rng.integers(0, 2, (rows, TABLES)))
        p[:, rng.random(TABLES) < 0.05] = 0
        weight = rng.exponential(size=rows) * (rng.random(rows) > 0.05) + 1e-3 * (rows == 1)
        made.append((y, p, weight))
    return made


@pytest.fixture(scope="module", params=["rows", "weights"])
def weighted(request):
    return request.param == "weights"


@pytest.fixture(scope="module")
def audit(blocks, weighted):
    y, p = (np.concatenate([block[i].ravel() for block in blocks]) for i in range(2))
    names = [np.indices(block[0].shape)[1].ravel() for block in blocks]
    block = np.concatenate([np.full(len(table), f"b{i:02}") for i, table in enumerate(names)])
    table = np.char.add("t", np.char.zfill(np.concatenate(names).astype(str), 2))
    weight = np.concatenate([np.repeat(block[2], TABLES) for block in blocks])
    found = rai.audit(
        y_true=y,
        y_pred=p,
        sensitive_features={"block": block, "table": table},
        sample_weight=weight if weighted else None,
    )
    assert len(found.tally.groups) == BLOCKS * TABLES
    return found


def ours(audit, name):
    """Values of all tables, shape (blocks, tables), NaN for None; a note stands exactly where None is."""
    rows = list(audit.metrics(name))
    assert all((row.value is None) == row.note.startswith("undefined: ") for row in rows)
    return np.array([row.value for row in rows], float).reshape(BLOCKS, TABLES)


def theirs(blocks, score, weighted):
    """A multilabel score of all tables, shape (blocks, tables)."""
    return np.array([score(y, p, weight if weighted else None) for y, p, weight in blocks], float)


def multilabel(place, **options):
    def score(y, p, weight):
        return sk.precision_recall_fscore_support(
            y, p, average=None, sample_weight=weight, zero_division=np.nan, **options
        )[place]

    return score


def of_negatives(place):
    score = multilabel(place)
    return lambda y, p, weight: score(1 - y, 1 - p, weight)


def jaccard(y, p, weight):
    """From F1, which is 2·J / (1 + J)."""
    f1 = multilabel(2)(y, p, weight)
    return f1 / (2 - f1)


MULTILABEL = {
    "precision": multilabel(0),
    "recall": multilabel(1),
    "f1": multilabel(2),
    "f2": multilabel(2, beta=2),
    "f_half": multilabel(2, beta=0.5),
    "negative_predictive_value": of_negatives(0),
    "specificity": of_negatives(1),
    "false_discovery_rate": lambda *block: 1 - MULTILABEL["precision"](*block),
    "false_negative_rate": lambda *block: 1 - MULTILABEL["recall"](*block),
    "false_omission_rate": lambda *block: 1 - MULTILABEL["negative_predictive_value"](*block),
    "false_positive_rate": lambda *block: 1 - MULTILABEL["specificity"](*block),
    "fowlkes_mallows": lambda *block: np.sqrt(
        MULTILABEL["precision"](*block) * MULTILABEL["recall"](*block)
    ),
    "geometric_mean": lambda *block: np.sqrt(
        MULTILABEL["recall"](*block) * MULTILABEL["specificity"](*block)
    ),
    "informedness": lambda *block: MULTILABEL["recall"](*block) + MULTILABEL["specificity"](*block) - 1,
    "markedness": lambda *block: (
        MULTILABEL["precision"](*block) + MULTILABEL["negative_predictive_value"](*block) - 1
    ),
    "jaccard": jaccard,
}


@pytest.mark.parametrize("name", MULTILABEL)
def test_rates_agree_and_are_undefined_where_scikit_learn_divides_by_zero(name, audit, blocks, weighted):
    mine, expected = ours(audit, name), theirs(blocks, MULTILABEL[name], weighted)
    assert 0 < np.isnan(expected).sum() < expected.size / 2
    np.testing.assert_allclose(mine, expected, rtol=1e-12, atol=1e-15 if "ness" not in name else 1e-12)


SINGLE = {
    "accuracy": sk.accuracy_score,
    "error_rate": sk.zero_one_loss,
    "balanced_accuracy": sk.balanced_accuracy_score,
    "matthews_correlation": sk.matthews_corrcoef,
    "cohen_kappa": sk.cohen_kappa_score,
    "jaccard": lambda y, p, **weight: sk.jaccard_score(y, p, zero_division=0, **weight),
    "positive_likelihood_ratio": lambda y, p, **weight: likelihood_ratios(y, p, **weight)[0],
    "negative_likelihood_ratio": lambda y, p, **weight: likelihood_ratios(y, p, **weight)[1],
}


def likelihood_ratios(y, p, **weight):
    with warnings.catch_warnings():  # an undefined one is NaN, with a warning of it
        warnings.simplefilter("ignore")
        return sk.class_likelihood_ratios(y, p, labels=[0, 1], **weight)


@pytest.mark.parametrize("name", SINGLE)
def test_other_metrics_agree_where_they_are_defined(name, audit, blocks, weighted):
    """Where they are undefined, scikit-learn gives 0, NaN, or the score without the class."""
    mine, reasons = ours(audit, name).ravel(), [row.note for row in audit.metrics(name)]
    undefined = 0
    for place in range(0, BLOCKS * TABLES, EVERY):
        y, p, weight = blocks[place // TABLES]
        y, p = y[:, place % TABLES], p[:, place % TABLES]
        weight = weight if weighted else np.ones(len(y))
        reason = why_undefined(name, cells(y, p, weight), len(y))
        assert reasons[place] == reason
        if reason:
            undefined += 1
            continue
        with warnings.catch_warnings(), sklearn.config_context(assume_finite=True):
            # a warning about labels that it doesn't find in one of the two vectors
            warnings.simplefilter("ignore")
            expected = SINGLE[name](y, p, sample_weight=weight)
        np.testing.assert_allclose(mine[place], expected, **EXACT)
    assert (undefined == 0) == (name in {"accuracy", "error_rate"})


def cells(y, p, weight):
    return tuple(float(weight[(y == i) & (p == j)].sum()) for i, j in ((1, 1), (0, 1), (1, 0), (0, 0)))


def why_undefined(name, table, n):
    """The reason that is due, or nothing; written anew from the definitions."""
    tp, fp, fn, tn = table
    no_positives = (tp + fn == 0, f"no rows with a positive label (n={n})")
    no_negatives = (fp + tn == 0, f"no rows with a negative label (n={n})")
    one_sided = 0 in {tp + fp, tp + fn, tn + fp, tn + fn}
    one_cell = sum(table) in {tp, tn}
    reasons = {
        "balanced_accuracy": [no_positives, no_negatives],
        "positive_likelihood_ratio": [
            *(no_positives, no_negatives),
            (fp == 0, "no false positives to divide by"),
        ],
        "negative_likelihood_ratio": [
            *(no_positives, no_negatives),
            (tn == 0, "no true negatives to divide by"),
        ],
        "matthews_correlation": [(one_sided, f"only one label or only one prediction (n={n})")],
        "cohen_kappa": [(one_cell, f"labels and predictions are one and the same class (n={n})")],
        "jaccard": [(tp + fp + fn == 0, f"no rows that are or were called positive (n={n})")],
    }
    return next((f"undefined: {reason}" for lacking, reason in reasons.get(name, []) if lacking), "")


def test_reasons_of_the_rates():
    """A table of zeros: what has no denominator says which rows it lacks."""
    both = rai.audit(
        y_true=[0, 0, 1, 0],
        y_pred=[0, 0, 1, 1],
        sensitive_features={"table": ["zeros", "zeros", "both", "both"]},
    )
    names = (
        "recall",
        "precision",
        "f1",
        "f2",
        "fowlkes_mallows",
        "geometric_mean",
        "diagnostic_odds_ratio",
    )
    rows = both.metrics(*names).where(table="zeros")
    assert [(row.value, row.note) for row in rows] == [
        (None, "undefined: no rows with a positive label (n=2)"),
        (None, "undefined: no rows predicted positive (n=2)"),
        (None, "undefined: no rows that are or were called positive (n=2)"),
        (None, "undefined: no rows that are or were called positive (n=2)"),
        (None, "undefined: no positive labels or no positive predictions (n=2)"),
        (None, "undefined: only one label (n=2)"),
        (None, "undefined: no false positives or no false negatives (n=2)"),
    ]


# Several classes ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def classes(weighted):
    """150 tables of four classes, some of which lack a class."""
    rng = np.random.default_rng(2)
    sizes = rng.integers(2, 60, CASES)
    table = np.repeat(np.arange(CASES), sizes)
    chances = rng.dirichlet(np.ones(4), CASES)
    draw = (chances.cumsum(1)[table] < rng.random(len(table))[:, None]).sum(1)
    y = np.minimum(draw, 3)
    p = np.where(rng.random(len(y)) < 0.6, y, rng.integers(0, 4, len(y)))
    weight = rng.exponential(size=len(y)) + 0.01 if weighted else np.ones(len(y))
    names = np.array(CLASSES)
    audit = rai.audit(
        y_true=names[y],
        y_pred=names[p],
        sensitive_features={"table": np.char.add("t", np.char.zfill(table.astype(str), 3))},
        sample_weight=weight if weighted else None,
    )
    parts = [(names[y[table == i]], names[p[table == i]], weight[table == i]) for i in range(CASES)]
    return audit, parts, scored(parts)


def by_label(audit, name, label):
    return np.array(
        [row.value for row in audit.metrics(name) if row.group[0] == ("label", label)], float
    )


def scored(parts, **options):
    """Precision, recall and F1 of every table, shape (tables, 3 or 3 by classes)."""
    return np.array(
        [
            sk.precision_recall_fscore_support(
                y, p, sample_weight=weight, labels=CLASSES, zero_division=np.nan, **options
            )[:3]
            for y, p, weight in parts
        ],
        float,
    )


def test_each_class_and_the_averages(classes):
    audit, parts, each = classes
    micro = scored(parts, average="micro")
    for place, name in enumerate(("precision", "recall", "f1")):
        for c, label in enumerate(CLASSES):
            np.testing.assert_allclose(by_label(audit, name, label), each[:, place, c], **EXACT)
        np.testing.assert_allclose(by_label(audit, name, "(micro)"), micro[:, place], **EXACT)


def test_a_mean_over_classes_is_undefined_where_a_class_is(classes):
    """scikit-learn then takes the mean of the classes that are left, or counts the class as 0."""
    audit, parts, each = classes
    macro = scored(parts, average="macro")
    for place, name in enumerate(("precision", "recall", "f1")):
        whole = ~np.isnan(each[:, place]).any(axis=1)
        assert 30 < whole.sum() < CASES
        mine = by_label(audit, name, "(macro)")
        np.testing.assert_allclose(mine, np.where(whole, macro[:, place], np.nan), **EXACT)
        notes = [r.note for r in audit.metrics(name) if r.group[0] == ("label", "(macro)")]
        sizes = [len(y) for y, _, _ in parts]
        assert notes == [
            "" if ok else f"undefined: it is undefined for at least one class (n={n})"
            for ok, n in zip(whole, sizes, strict=True)
        ]


WHOLE = {
    "accuracy": sk.accuracy_score,
    "error_rate": sk.zero_one_loss,
    "balanced_accuracy": sk.balanced_accuracy_score,
    "matthews_correlation": sk.matthews_corrcoef,
    "cohen_kappa": sk.cohen_kappa_score,
}


@pytest.mark.parametrize("name", WHOLE)
def test_metrics_of_the_whole_table(name, classes):
    audit, parts, _ = classes
    compared = 0
    for row, (y, p, weight) in zip(audit.metrics(name), parts, strict=True):
        if row.value is None:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = WHOLE[name](y, p, sample_weight=weight)
        np.testing.assert_allclose(row.value, expected, rtol=1e-12, atol=1e-13)
        compared += 1
    lacking = sum(len(set(y)) < 4 for y, _, _ in parts)
    assert compared == (CASES - lacking if name == "balanced_accuracy" else compared) > 50


# Regression -----------------------------------------------------------------------------------------

REGRESSION = {
    "r2": sk.r2_score,
    "mean_absolute_error": sk.mean_absolute_error,
    "mean_squared_error": sk.mean_squared_error,
    "root_mean_squared_error": sk.root_mean_squared_error,
}


@pytest.mark.parametrize("name", REGRESSION)
def test_regressions(name, weighted):
    rng = np.random.default_rng(3)
    sizes = rng.integers(2, 50, CASES)
    table = np.repeat(np.arange(CASES), sizes)
    y = 50 + 10 * rng.standard_normal(len(table))
    p = y + rng.standard_normal(len(table)) * rng.choice([0.1, 1.0, 20.0], CASES)[table]
    weight = rng.exponential(size=len(y)) + 0.01 if weighted else None
    audit = rai.audit(
        y_true=y,
        y_pred=p,
        sensitive_features={"table": np.char.add("t", np.char.zfill(table.astype(str), 3))},
        sample_weight=weight,
    )
    expected = [
        REGRESSION[name](
            y[table == i], p[table == i], sample_weight=weight[table == i] if weighted else None
        )
        for i in range(CASES)
    ]
    mine = [row.value for row in audit.metrics(name)]
    np.testing.assert_allclose(mine, expected, rtol=1e-12)


def test_r2_of_labels_that_do_not_vary_is_undefined():
    """scikit-learn gives 1.0 or 0.0 there, and NaN with a warning for a single row."""
    audit = rai.audit(
        y_true=[1.5, 1.5, 2.0, 3.0, 4.5],
        y_pred=[1.5, 2.5, 2.0, 3.5, 4.5],
        sensitive_features={"table": ["flat", "flat", "one", "two", "two"]},
    )
    assert sk.r2_score([1.5, 1.5], [1.5, 2.5]) == 0.0
    assert [(row.value, row.note) for row in audit.metrics("r2")] == [
        (None, "undefined: the labels don't vary (n=2)"),
        (None, "undefined: the labels don't vary (n=1)"),
        (pytest.approx(1 - 0.25 / 1.125, rel=1e-12), ""),
    ]
