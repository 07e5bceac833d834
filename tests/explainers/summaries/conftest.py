"""Attributions made by hand, so that tests know what should come out."""

import numpy as np
import pytest

from rai.explainers.attributions import Attributions


@pytest.fixture
def attributions():
    """`attributions(values, rows, ...)`: attributions with these values, shape (n, M) or (n, M, K)."""

    def make(values, rows=None, **fields):
        values = np.asarray(values, dtype=np.float64)
        values = values[:, :, None] if values.ndim == 2 else values
        n, players, outputs = values.shape
        names = fields.pop("names", tuple(f"x{at}" for at in range(players)))
        if rows is None:
            rows = {name: np.arange(n) * 1.0 for name in names}
        base = fields.pop("base", np.zeros((n, outputs)))
        held = {
            "names": names,
            "columns": tuple((name,) for name in names),
            "scores": base + values.sum(axis=1),
            "outputs": (1,) if outputs == 1 else tuple(range(outputs)),
            "space": "margin",
            "method": "linear",
            "kind": "interventional",
            "exact": True,
            "background": "the rows themselves",
            "background_n": n,
            "background_digest": "b" * 64,
            "model_digest": "m" * 64,
            "completeness_error": np.zeros((n, outputs)),
            **fields,
        }
        return Attributions(values=values, base=base, rows=rows, **held)

    return make
