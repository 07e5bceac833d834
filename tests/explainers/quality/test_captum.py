from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest

import rai
from rai.explainers.quality.infidelities import infidelity_of, removals
from rai.explainers.quality.nearby import changes, moved_rows
from rai.explainers.quality.reopened import reopened

RNG = np.random.default_rng(8)


@pytest.fixture(autouse=True)
def _captum(needs):
    there = find_spec("torch") is not None and find_spec("captum") is not None
    needs(there, "PyTorch or captum is not installed")


def test_infidelity_is_captum_s():
    import torch
    from captum.metrics import infidelity

    x, values = torch.tensor(RNG.normal(size=(6, 4))), torch.tensor(RNG.normal(size=(6, 4)))
    removed = removals(6, 4, perturbations=9, rng=RNG)
    gone = torch.tensor(removed.gone.reshape(-1, 4).astype(np.float64))

    def model(rows):
        return rows[:, 0] * rows[:, 1] + torch.sin(rows[:, 2]) - rows[:, 3]

    expected = infidelity(model, lambda rows: (gone, rows * (1 - gone)), x, values, n_perturb_samples=9)
    change = model(x)[:, None] - model(x.repeat_interleave(9, dim=0) * (1 - gone)).reshape(6, 9)
    found = infidelity_of(values.numpy(), removed, change=change.numpy(), noise=np.zeros((6, 9)))
    np.testing.assert_allclose(found.plain, expected.numpy(), rtol=1e-10)


def test_sensitivity_is_captum_s():
    import torch
    from captum.metrics import sensitivity_max

    rows = pd.DataFrame(RNG.random((12, 3)), columns=list("abc"))
    model = rai.load_model(lambda f: 0.5 * f["a"] + 0.3 * f["b"] * f["c"])
    first = rai.explain(model, rows)
    game = reopened(model, first)
    apart, names = changes(game, times=5, radius=0.1, rng=np.random.default_rng(1))
    assert names == ("a", "b", "c")
    moved, _ = moved_rows(first.held, ("a", "b", "c"), times=5, radius=0.1, rng=np.random.default_rng(1))
    near = torch.tensor(np.column_stack([moved.numbers(name) for name in "abc"]))

    def explained(inputs):
        given = inputs[0] if isinstance(inputs, tuple) else inputs
        frame = pd.DataFrame(given.numpy(), columns=list("abc"))
        found = rai.explain(model, frame, background=rows, method=first.method)
        return (torch.tensor(found.values[:, :, 0].copy()),)

    expected = sensitivity_max(
        explained, torch.tensor(rows.to_numpy()), perturb_func=lambda _: (near,), n_perturb_samples=5
    )
    np.testing.assert_allclose(apart, expected.numpy(), rtol=1e-6)
