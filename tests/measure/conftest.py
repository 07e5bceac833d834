"""Counts written out cell by cell, and the questions asked of them."""

import string
from types import SimpleNamespace

import numpy as np
import pytest

from rai.measure.gaps import Compared, Question, gap
from rai.measure.metrics import find_metric
from rai.measure.regression import find_regression_metric
from rai.values import Confusion, Moments, Tally
from rai.values.moments import TERMS
from rai.values.number_bins import NumberBins


def keys(count):
    return tuple((letter,) for letter in string.ascii_uppercase[:count])


def make_confusion(*cells, weight=None, groups=None):
    """Confusion matrices of groups A, B, … from (tp, fp, fn, tn); `weight` of every row, or per group."""
    n = np.array([[[tn, fp], [fn, tp]] for tp, fp, fn, tn in cells], dtype=np.int64)
    w = np.ones(1) if weight is None else np.atleast_1d(np.asarray(weight, float))
    w = w[:, None, None]
    return Confusion(("g",), groups or keys(len(cells)), n, n * w, n * w**2, weight is not None)


def make_tally(*cells, labels=("a", "b", "c"), weight=None):
    """A tally of classes: one k × k table, label × predicted, for each of groups A, B, …."""
    n = np.array(cells, dtype=np.int64)
    w = None if weight is None else n * float(weight)
    w2 = None if weight is None else n * float(weight) ** 2
    return Tally(("g",), keys(len(cells)), labels, None, labels, n, w, w2)


def make_moments(*rows, origin=0.0, weight=None):
    """Moments of groups A, B, … from (truths, predictions)."""
    n, weights, squares, sums, binned = [], [], [], [], []
    predictions, _ = NumberBins.of(np.array([p for _, ps in rows for p in ps], float), most=512)
    for place, (truth, predicted) in enumerate(rows):
        y, p = np.array(truth, float), np.array(predicted, float)
        w = np.ones(len(y)) if weight is None else np.array(weight[place], float)
        e, u = p - y, y - origin
        terms = {
            "e": e, "abs_e": abs(e), "e2": e**2, "e4": e**4, "u": u, "u2": u**2, "u3": u**3, "u4": u**4,
            "eu": e * u, "e2u": e**2 * u, "e2u2": e**2 * u**2,
        }  # fmt: skip
        n.append(len(y))
        weights.append(w.sum())
        squares.append((w**2).sum())
        sums.append([(w * terms[name]).sum() for name in TERMS])
        bins = np.searchsorted(predictions.low, p)
        columns = (np.ones(len(y)), w, w**2, w * e, w * u, w * u**2)
        binned.append([np.bincount(bins, column, len(predictions)) for column in columns])
    return Moments(
        ("g",), keys(len(rows)), origin, np.array(n), np.array(weights, float), np.array(squares, float),
        np.array(sums).reshape(len(rows), len(TERMS)), weight is not None, predictions=predictions,
        by_prediction=np.moveaxis(np.array(binned).reshape(len(rows), len(columns), -1), 1, 2),
    )  # fmt: skip


def make_compared(counts, name):
    """A metric of the groups, with that of everyone else."""
    metric = find_regression_metric(name) if isinstance(counts, Moments) else find_metric(name)
    here = metric.measure(counts)
    others = counts.rest if here.trials is not None else counts.everyone
    return Compared(here, lambda: metric.measure(others), metric.signed)


def make_gap(counts, *names, **changes):
    """One gap over one metric or several."""
    question = Question(**{"name": names[0], "along": "g", **changes})
    return gap([make_compared(counts, name) for name in names], question)


def make_rates(*counts):
    """Confusion matrices whose selection rates are these (selected, rows); nobody has a positive label."""
    return make_confusion(*((0, selected, 0, rows - selected) for selected, rows in counts))


@pytest.fixture(scope="session")
def make():
    """confusion, tally, moments, rates, compared and gap: what the tests are built from."""
    return SimpleNamespace(
        confusion=make_confusion,
        tally=make_tally,
        moments=make_moments,
        rates=make_rates,
        compared=make_compared,
        gap=make_gap,
    )
