"""PyTorch modules: a module, and a function that makes its input from a frame.

    frame ──encode──▶ tensor, or several ──module, in evaluation mode, without gradients──▶ scores

What comes out is taken for probabilities; with `probabilities=False` for logits. Nothing is guessed from
the module's last layer, as probabilities can be made in many ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from rai.engines.encoding import is_a
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.models.callables import turned
from rai.models.digests import digest_of_object
from rai.models.model import Model
from rai.models.rungs import Options, Rung, settled

KIND = "PyTorch"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Encoded:
    """A module that is asked for scores of a frame.

    Args:
        module: The module.
        encode: From a frame to its input.
        place: The place of the positive one of two classes.
        margins: Whether it gives logits.
    """

    module: Any
    encode: Callable[[Any], Any]
    place: int | None
    margins: bool

    def __call__(self, frame: Any) -> Any:
        """Scores, of two classes the positive one's."""
        import torch

        given = self.encode(frame)
        inputs = given if isinstance(given, tuple) else (given,)
        strange = [each for each in inputs if not isinstance(each, torch.Tensor)]
        if strange or not inputs:
            seen = f"a {type(strange[0] if strange else given).__name__}"
            raise DataError(sentence("encode", seen, expected="a tensor, or a tuple of tensors"))
        device = next((held.device for held in self.module.parameters()), inputs[0].device)
        with evaluating(self.module), torch.no_grad():
            found = self.module(*(each.to(device) for each in inputs))
        if not isinstance(found, torch.Tensor):
            seen = f"it returned a {type(found).__name__}"
            hint = "Wrap it in a module, or in a function, that returns one of them."
            raise DataError(sentence(KIND, seen, expected="a tensor", hint=hint))
        scores = found.detach().float().cpu().numpy()
        if scores.ndim == 2 and scores.shape[1] == 1:
            scores = scores[:, 0]
        return turned(scores, self.place, margins=self.margins)


@contextmanager
def evaluating(module: Any) -> Iterator[None]:
    """A module in evaluation mode; every part of it gets back the mode it had."""
    modes = [(part, part.training) for part in module.modules()]
    with suppress(NotImplementedError):  # an exported one has but one mode
        module.eval()
    try:
        yield
    finally:
        for part, mode in modes:
            part.training = mode


def _takes_module(source: Any) -> bool:
    return is_a(source, "torch.nn", "Module")


def _of_module(source: Any, options: Options) -> Model:
    if options.encode is None:
        hint = "Pass encode=, a function from a frame to a tensor (or a tuple of them)."
        seen = f"a module ({type(source).__name__}) without encode="
        raise ArgumentError(sentence("load_model", seen, expected="what makes its input", hint=hint))
    task, classes, place = settled(options, task=None, where=KIND)
    margins = options.probabilities is False
    return Model(
        predict=Encoded(module=source, encode=options.encode, place=place, margins=margins),
        task=task,
        classes=classes,
        features=options.features,
        digest=digest_of_object(source),
        kind=KIND,
        probabilities=not margins,
        frames=options.frames or "same",
    )


MODULE = Rung(KIND, _takes_module, _of_module)
