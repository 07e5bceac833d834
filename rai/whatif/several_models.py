"""One model or several, by name.

model  ·  {"old": model, "new": model}  ·  [model, model]   ──▶   name to Model, all of one task
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rai.ground.errors import ArgumentError, listing, sentence
from rai.models import Model
from rai.models.model import as_model

ONE = "model"


def named_models(given: Any, *, where: str = "models", least: int = 1) -> dict[str, Model]:
    """Models by name, in the order given.

    Args:
        given: Anything that `rai.load_model` takes, a dict of name to such a thing, or a list of them,
            which become `model 1`, `model 2` ….
        where: How messages call them.
        least: How many there must be.

    Raises:
        ArgumentError: If there are fewer, if a name is no text, or if they answer different questions:
            another task, other classes, or another positive label.

    Example:
        >>> list(named_models([lambda rows: rows["a"], lambda rows: rows["b"]]))
        ['model 1', 'model 2']
    """
    if isinstance(given, Mapping):
        odd = next((name for name in given if not isinstance(name, str) or not name.strip()), None)
        if odd is not None:
            raise ArgumentError(sentence(where, f"the name {odd!r}", expected="names of text"))
        models = {name: as_model(model) for name, model in given.items()}
    elif isinstance(given, (list, tuple)):
        models = {f"model {place}": as_model(model) for place, model in enumerate(given, start=1)}
    else:
        models = {ONE: as_model(given)}
    if len(models) < least:
        hint = 'Pass a dict of name to model, such as {"old": …, "new": …}.' if least > 1 else ""
        raise ArgumentError(
            sentence(where, f"{len(models)} of them", expected=f"at least {least}", hint=hint)
        )
    _check_alike(models, where)
    return models


def _check_alike(models: Mapping[str, Model], where: str) -> None:
    (name, first), *others = models.items()
    for other, model in others:
        if model.task != first.task:
            seen = f"{other!r} is a {model.task} model"
            expected = f"{first.task}, as {name!r} is"
            raise ArgumentError(sentence(where, seen, expected=expected))
        same = model.classes == first.classes
        if first.task == "multiclass":
            same = set(model.classes) == set(first.classes)
        if not same:
            seen, expected = f"{other!r} has classes {listing(model.classes)}", listing(first.classes)
            hint = "Pass classes= or positive_label= to rai.load_model."
            raise ArgumentError(
                sentence(where, seen, expected=f"those of {name!r}: {expected}", hint=hint)
            )
