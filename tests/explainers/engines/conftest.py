"""Rows, models and modules that shap and captum are asked about; skipped where a library isn't there."""

import warnings
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest

from rai.engines.frames import open_rows
from rai.explainers.spaces import space_of
from tests.explainers.brute_force import shapley


@pytest.fixture(scope="session")
def shap(needs):
    needs(find_spec("shap") is not None, "shap is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import shap
    return shap


@pytest.fixture(scope="session")
def torch(needs):
    needs(find_spec("torch") is not None, "PyTorch is not installed")
    needs(find_spec("captum") is not None, "captum is not installed")
    import torch

    torch.set_num_threads(1)
    return torch


@pytest.fixture(scope="session")
def people():
    """A number, a number with gaps, text, a category; and a number that means nothing."""
    rng, n = np.random.default_rng(0), 240
    return pd.DataFrame(
        {
            "age": rng.integers(18, 80, n).astype(float),
            "income": np.where(rng.random(n) < 0.15, np.nan, rng.normal(size=n)),
            "sex": rng.choice(["F", "M"], n),
            "home": pd.Categorical(rng.choice(["own", "rent", "other"], n)),
            "noise": rng.normal(size=n),
        }
    )


@pytest.fixture(scope="session")
def numbers(people):
    """Numbers only, without gaps."""
    rng = np.random.default_rng(1)
    return people[["age", "noise"]].assign(a=rng.normal(size=240), b=rng.normal(size=240))


@pytest.fixture(scope="session")
def paid(people):
    """Two labels of text."""
    leaning = (people["age"] > 40).astype(int) + (people["sex"] == "F") * (
        people["income"].fillna(0) > 0
    )
    return np.where(leaning + (people["home"] == "own") > 1, "yes", "no")


@pytest.fixture(scope="session")
def grade(people):
    """Three labels of text, whose order of the alphabet is not that of the grades."""
    return np.array(["low", "fair", "high"])[(people["age"] > 35).astype(int) + (people["noise"] > 0)]


@pytest.fixture(scope="session")
def off_truth():
    """`off_truth(model, found, rows, background)`: how far values and base are from Shapley's."""

    def off_truth(model, found, rows, background):
        score = space_of(found.space, model).scores
        values, base = shapley(score, rows, background, found.columns)
        assert found.values.shape == values.shape
        return max(np.abs(found.values - values).max(), np.abs(found.base - base).max())

    return off_truth


@pytest.fixture(scope="session")
def as_tensors(torch):
    """Two numbers, and a column for each of three words, as one tensor."""

    def as_tensors(frame):
        rows = open_rows(frame)
        words = np.asarray(rows.column("word"))
        one_hot = np.column_stack([words == each for each in "FMX"])
        array = np.column_stack([rows.numbers("a"), rows.numbers("b"), one_hot])
        return torch.tensor(array, dtype=torch.float32)

    return as_tensors


@pytest.fixture(scope="session")
def table():
    rng = np.random.default_rng(2)
    return pd.DataFrame(
        {"a": rng.normal(size=60), "b": rng.normal(size=60), "word": rng.choice(list("FMX"), 60)}
    )
