from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest
from sklearn.neighbors import NearestNeighbors

import rai
from rai.explainers.examples import layer_embedding, nearest_rows
from rai.ground.errors import ArgumentError, DataError
from rai.whatif.distances import fit_distance

RNG = np.random.default_rng(5)
TRAIN = pd.DataFrame(
    {"a": RNG.integers(0, 4, 80), "s": RNG.choice(list("xyz"), 80), "y": RNG.random(80)}
)
ROWS = TRAIN.iloc[:9].drop(columns="y")


def test_nearest_by_columns_with_ties_by_position():
    found = nearest_rows(TRAIN, ROWS, k=7, y_true="y")
    fitted = fit_distance(TRAIN, ["a", "s"])
    for at in range(9):
        apart = fitted.to(at)
        order = np.argsort(apart, kind="stable")[:7]
        assert found.positions[at].tolist() == order.tolist()
        assert found.distances[at].tolist() == apart[order].tolist()
    assert [each.label for each in found] == TRAIN["y"].to_numpy()[found.positions].ravel().tolist()


def test_nearest_by_embedding_is_scikit_learn_s():
    train, rows = pd.DataFrame(RNG.normal(size=(60, 4))), pd.DataFrame(RNG.normal(size=(9, 4)))
    train.columns = rows.columns = list("abcd")
    found = nearest_rows(train, rows, k=3, embedding=lambda frame: frame.to_numpy())
    far, at = NearestNeighbors(n_neighbors=3).fit(train).kneighbors(rows)
    assert found.positions.tolist() == at.tolist()
    np.testing.assert_allclose(found.distances, far, rtol=1e-12)
    with pytest.raises(DataError, match="embedding"):
        nearest_rows(train, rows, embedding=lambda frame: np.zeros(3))


def test_a_layer_s_output_is_an_embedding(needs):
    needs(find_spec("torch") is not None, "PyTorch is not installed")
    import torch

    module = torch.nn.Sequential(
        torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1), torch.nn.Sigmoid()
    )
    model = rai.load_model(module, encode=lambda f: torch.tensor(f.to_numpy(), dtype=torch.float32))
    frame = pd.DataFrame(RNG.normal(size=(5, 2)), columns=list("ab"))
    found = layer_embedding(model, "1")(frame)
    first = module[0]
    expected = np.tanh(frame.to_numpy() @ first.weight.detach().numpy().T + first.bias.detach().numpy())
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert not module[1]._forward_hooks
    with pytest.raises(ArgumentError, match="layer: '9'"):
        layer_embedding(model, "9")


def test_a_pair_of_arrays_cosine_and_labels_from_an_array():
    train, rows = RNG.normal(size=(60, 4)), RNG.normal(size=(9, 4))
    frames = [pd.DataFrame(each, columns=list("abcd")) for each in (train, rows)]
    labels = np.arange(60) % 3
    found = nearest_rows(*frames, k=3, embedding=(train, rows), metric="cosine", y_true=labels)
    far, at = NearestNeighbors(n_neighbors=3, metric="cosine").fit(train).kneighbors(rows)
    assert found.positions.tolist() == at.tolist()
    np.testing.assert_allclose(found.distances, far, rtol=1e-9)
    assert [each.label for each in found] == labels[at].ravel().tolist()
    with pytest.raises(DataError, match="row of zeros"):
        nearest_rows(*frames, embedding=(train * 0, rows), metric="cosine")
    with pytest.raises(DataError, match="a label for each of 60 rows"):
        nearest_rows(*frames, y_true=labels[:5])
    with pytest.raises(ArgumentError, match="metric: 'cosine'; expected an embedding"):
        nearest_rows(*frames, metric="cosine")
