"""What a layer of a PyTorch module makes of rows: numbers in which alike rows are near.

frame ──encode──▶ module ──layer's output, flattened──▶ (n, d)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.ground.errors import ArgumentError, DataError, did_you_mean, listing, sentence
from rai.models.model import as_model
from rai.models.torch_modules import Encoded

Embedding = Callable[[Any], Floats]


def layer_embedding(model: Any, layer: str) -> Embedding:
    """A function from a frame to the output of a layer, shape (n, d).

    Args:
        model: A PyTorch model, loaded with `encode=`.
        layer: The name of a part of its module, as `named_modules` tells it.

    Returns:
        The function, to be passed as `embedding=`.

    Raises:
        ArgumentError: If the model is no PyTorch module, or has no such layer.

    Example:
        >>> try:
        ...     layer_embedding(lambda frame: frame["a"], "0")
        ... except ArgumentError as error:
        ...     print(error)
        layer_embedding: another model; expected a PyTorch module, loaded with encode=.
    """
    encoded = as_model(model).predict
    if not isinstance(encoded, Encoded):
        expected = "a PyTorch module, loaded with encode="
        raise ArgumentError(sentence("layer_embedding", "another model", expected=expected))
    layers = dict(encoded.module.named_modules())
    if layer not in layers:
        hint = did_you_mean(layer, layers)
        expected = f"one of {listing(name for name in layers if name)}"
        raise ArgumentError(sentence("layer", repr(layer), expected=expected, hint=hint))

    def embedding(frame: Any) -> Floats:
        found: list[Any] = []
        hook = layers[layer].register_forward_hook(lambda _m, _i, output: found.append(output))
        try:
            encoded(frame)
        finally:
            hook.remove()
        if len(found) != 1 or not hasattr(found[0], "detach"):
            seen = f"{layer!r}, which gave {len(found)} outputs"
            raise DataError(sentence("layer", seen, expected="one tensor"))
        array = np.asarray(found[0].detach().double().cpu().numpy(), dtype=np.float64)
        return array.reshape(len(array), -1)

    return embedding
