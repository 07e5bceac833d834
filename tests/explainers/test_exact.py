"""Every coalition, with no hybrid asked about twice."""

import numpy as np
import pandas as pd
import pytest

import rai
from rai.explainers import enumeration, exact
from tests.explainers.brute_force import shapley

RNG = np.random.default_rng(2)
BINARY = pd.DataFrame(RNG.integers(0, 2, (40, 4)), columns=list("abcd")).astype(float)
NUMBERS = pd.DataFrame(RNG.normal(size=(40, 4)), columns=list("abcd"))


def score(frame):
    return frame["a"] * frame["b"] * frame["c"] + np.sin(frame["c"] + 2 * frame["d"])


def explained(frame, asked=score, **options):
    model = rai.load_model(asked, task="regression", features=list("abcd"))
    return rai.explain(model, frame[:6], background=frame[10:], method="exact", **options)


@pytest.mark.parametrize("frame", [BINARY, NUMBERS, NUMBERS.assign(a=BINARY["a"], c=BINARY["c"])])
def test_values_are_shapleys_whatever_repeats_and_however_it_is_cut(frame, monkeypatch):
    truth, base = shapley(lambda rows: score(rows.native), frame[:6], frame[10:], list("abcd"))
    for chunk in (1 << 16, 97, 5):
        for module in (enumeration, exact):
            monkeypatch.setattr(module, "CHUNK_ROWS", chunk)
        found = explained(frame)
        np.testing.assert_allclose(found.values, truth, rtol=0, atol=1e-12)
        np.testing.assert_allclose(found.base[0], base, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("frame", "most"), [(BINARY, 16), (NUMBERS, 6 * 30 * 15 + 6)])
def test_rows_that_differ_are_asked_about_once(frame, most):
    """Of four columns of two values 16 rows; of numbers all but the row itself, with each other row."""
    counted = []

    def asked(rows):
        counted.append(len(rows))
        return score(rows)

    explained(frame, asked)
    held_against_the_model = 6 + 30
    assert sum(counted) - held_against_the_model == most


def test_a_column_that_is_not_read_gets_exactly_nothing():
    found = explained(NUMBERS, lambda rows: np.sin(rows["a"] * rows["b"]) + rows["d"])
    assert (found.values[:, 2] == 0).all()


def test_progress_ends_with_all_rows(monkeypatch):
    for module in (enumeration, exact):
        monkeypatch.setattr(module, "CHUNK_ROWS", 64)
    told = []
    explained(NUMBERS, progress=lambda done, whole: told.append((done, whole)))
    assert told == sorted(told)
    assert told[-1] == (6, 6)


def test_too_many_players_or_rows_are_refused():
    wide = pd.DataFrame(RNG.normal(size=(2, 11)), columns=list("abcdefghijk"))
    with pytest.raises(rai.ArgumentError, match="11 players, at most 10"):
        rai.explain(lambda f: f["a"] * 0, wide, method="exact")
    with pytest.raises(rai.ArgumentError, match="would ask the model about 2,880 rows, at most 100"):
        explained(NUMBERS, budget=100)
