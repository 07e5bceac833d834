"""Rows of people, and models that were trained on them: small, and once for all tests."""

import os
import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
from threadpoolctl import threadpool_limits

NUMBERS = ["age", "income"]


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Many small models learn faster when threads don't wait for each other."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def people():
    """Numbers, one with gaps; text; a category; true/false; and a column that means nothing."""
    rng, n = np.random.default_rng(0), 300
    return pd.DataFrame(
        {
            "id": np.arange(n),
            "age": rng.integers(18, 90, n),
            "income": np.where(rng.random(n) < 0.1, np.nan, rng.normal(40, 12, n)),
            "sex": rng.choice(["F", "M"], n),
            "home": pd.Categorical(rng.choice(["own", "rent", "other"], n), ["rent", "own", "other"]),
            "member": rng.random(n) < 0.5,
        }
    )


@pytest.fixture(scope="session")
def leaning(people):
    """What labels are made from: a number that depends on every column but `id`."""
    rng = np.random.default_rng(1)
    signal = (people["age"] - 50) / 20 + (people["sex"] == "M") + 1.5 * (people["home"] == "own")
    signal = signal + people["member"] + people["income"].fillna(40) / 12 - 4.5
    return (signal + rng.normal(size=len(people)) * 0.7).to_numpy()


@pytest.fixture(scope="session")
def paid(leaning):
    """Two labels of text."""
    return np.where(leaning > 0.5, "yes", "no")


@pytest.fixture(scope="session")
def grade(leaning):
    """Three labels of text, whose order of the alphabet is not that of the grades."""
    return np.array(["low", "fair", "high"])[np.digitize(leaning, [-0.4, 1.2])]


@pytest.fixture(scope="session")
def numbers(people):
    """The numbers without gaps, as an array."""
    return people[NUMBERS].fillna(40).to_numpy()


@pytest.fixture(params=["pandas", "polars"])
def framed(request):
    """A pandas frame as either library holds it."""
    return pl.from_pandas if request.param == "polars" else lambda frame: frame


class BoobyTrap:
    """An object whose pickle writes a file when it is opened."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)

    @property
    def pickled(self):
        return pickle.dumps(self)

    def sprung(self):
        return self.path.exists()


@pytest.fixture
def booby_trap(tmp_path):
    return BoobyTrap(tmp_path / "sprung")
