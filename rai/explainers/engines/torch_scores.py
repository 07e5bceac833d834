"""A PyTorch module asked as captum asks it, for the numbers that rai's model gives.

    tensors ──module──▶ output ──positive class, log-odds where margins are asked for──▶ (m, K)

The same arithmetic as rai's own, in tensors, so that gradients pass through it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rai.explainers.spaces import Space
from rai.ground.errors import ArgumentError, missing_extra, sentence
from rai.models.margins import LogOdds
from rai.models.torch_modules import Encoded, evaluating

SMOOTH = ("margin", "probability", "prediction")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Scored:
    """A module, and how its output becomes the numbers of a space.

    Args:
        encoded: The module, and what makes its input.
        binary: Whether there are two classes.
        log_odds: Whether a probability is to become its log-odds.
    """

    encoded: Encoded
    binary: bool
    log_odds: bool

    @property
    def module(self) -> Any:
        """The module."""
        return self.encoded.module

    def turn(self, output: Any) -> Any:
        """The module's output as numbers of the space, a tensor of shape (m, K)."""
        import torch

        margins, found = self.encoded.margins, output
        if found.ndim == 1:
            found = found[:, None]
        if self.encoded.place == 0 and found.shape[1] == 1:
            found = -found if margins else 1 - found
        elif self.encoded.place == 0 and found.shape[1] == 2:
            found = found.flip(1)
        if self.binary and found.shape[1] == 2:
            found = found[:, 1:] - found[:, :1] if margins else found[:, 1:]
        return torch.logit(found) if self.log_odds else found


def scored(space: Space) -> Scored | str:
    """The module behind a space, or why there is none that gradients pass through.

    Args:
        space: The number of a row that is meant.
    """
    predict, log_odds = space.model.predict, False
    if isinstance(predict, LogOdds):
        predict, log_odds = predict.model.predict, True
    if not isinstance(predict, Encoded):
        return "it is no PyTorch module that was loaded with encode="
    if space.name not in SMOOTH:
        return f"a {space.name} is no number that its module gives"
    return Scored(encoded=predict, binary=space.model.task == "binary", log_odds=log_odds)


def scoring_module(found: Scored) -> Any:
    """A module that gives the numbers of a space, around the one that was trained."""
    import torch

    class Scoring(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = found.module
            self.doors = torch.nn.ModuleList()  # where attributions to inputs are read, if to any layer

        def forward(self, *inputs: Any) -> Any:
            if self.doors:
                inputs = tuple(door(each) for door, each in zip(self.doors, inputs, strict=True))
            return found.turn(self.inner(*inputs))

    return Scoring()


def device_of(module: Any, fallback: Any) -> Any:
    """Where a module's parameters are; where a tensor is, if it has none."""
    return next((held.device for held in module.parameters()), fallback.device)


def loaded_captum(method: str) -> Any:
    """The module `captum.attr`.

    Args:
        method: Who asks, for the message.

    Raises:
        ExtraError: If it or PyTorch is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import captum.attr
    except ImportError:
        raise missing_extra(f"method {method!r}", package="captum", extra="captum") from None
    return captum.attr


@contextmanager
def captum_session(method: str, module: Any) -> Iterator[None]:
    """A block in which a module is in evaluation mode, gradients are on and captum is silent.

    Raises:
        ArgumentError: Whatever captum or the module raises in it.
    """
    import torch

    try:
        with (
            warnings.catch_warnings(),
            evaluating(module),
            torch.inference_mode(mode=False),
            torch.enable_grad(),
        ):
            warnings.simplefilter("ignore")
            yield
    except (RuntimeError, AssertionError, TypeError, IndexError, NotImplementedError) as error:
        reason = f"{type(error).__name__}: {error}".strip().split("\n", 1)[0][:200]
        expected = "a module that can be explained in this way"
        where = f"method {method!r}"
        raise ArgumentError(sentence(where, f"captum failed ({reason})", expected=expected)) from error
