"""The rungs of the ladder that `load_model` climbs: what each takes, and how it loads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rai.ground.errors import ArgumentError, listing, sentence
from rai.models.model import Frames, Task
from rai.values import Level


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Options:
    """What the person who loads a model says of it; None is for the model to say.

    Args:
        task: `binary`, `multiclass` or `regression`.
        classes: The labels in the order of the model's outputs.
        positive_label: The positive one of two classes; the last one if None.
        features: The columns it reads.
        probabilities: Whether scores are probabilities.
        frames: Which kind of frame it wants.
        trust: SHA-256 of a file that may run code when it is opened.
        trusted_types: Types that a skops file may hold.
        encode: From a frame to what a PyTorch module takes.
        hosts: Hosts other than this machine that may be asked.
        timeout: Seconds to wait for an endpoint's answer.
        request_rows: Rows in one request.
    """

    task: Task | None = None
    classes: tuple[Level, ...] | None = None
    positive_label: Level | None = None
    features: tuple[str, ...] | None = None
    probabilities: bool | None = None
    frames: Frames | None = None
    trust: str | None = None
    trusted_types: tuple[str, ...] = ()
    encode: Callable[[Any], Any] | None = None
    hosts: tuple[str, ...] = ()
    timeout: float = 30.0
    request_rows: int = 1000


@dataclass(frozen=True, slots=True)
class Rung:
    """One kind of model.

    Args:
        name: How the kind is called, also in `Model.kind`.
        takes: Whether something is of this kind; it must not open a file or import a library.
        load: Something of this kind as a `Model`.
    """

    name: str
    takes: Callable[[Any], bool]
    load: Callable[[Any, Options], Any]


def settled(
    options: Options, *, task: Task | None, classes: Sequence[Level] = (), where: str
) -> tuple[Task, tuple[Level, ...], int | None]:
    """Task and classes, from what was said and what the model says of itself.

    Args:
        options: What was said; it wins over the model, but the number of classes must agree.
        task: What the model says; None if it doesn't.
        classes: The model's classes in the order of its outputs; empty if it doesn't say.
        where: For messages.

    Returns:
        The task; the classes, of two the positive one last; and for two classes the place of the
        positive one in the model's own order, else None.

    Raises:
        ArgumentError: If what was said doesn't go with the model, or too little is known.

    Example:
        >>> settled(Options(positive_label="no"), task="binary", classes=["no", "yes"], where="model")
        ('binary', ('yes', 'no'), 0)
    """
    own = tuple(classes)
    named = own if options.classes is None else options.classes
    if own and len(named) != len(own):
        expected = f"{len(own)} labels, as the model has: {listing(own)}"
        raise ArgumentError(sentence("classes", listing(named), expected=expected))
    decided = options.task or task or _task_of(named)
    _check_asked(options, decided)
    if decided == "regression":
        return "regression", (), None
    if not named:
        if decided == "multiclass":
            hint = "Pass classes=[…] in the order of its outputs."
            raise ArgumentError(sentence(where, "no names of classes", expected="them", hint=hint))
        named = (0, 1)
    if decided == "multiclass":
        return "multiclass", named, None
    if len(named) != 2:
        raise ArgumentError(sentence("classes", listing(named), expected="two labels"))
    positive = named[1] if options.positive_label is None else options.positive_label
    if positive not in named:
        expected = f"one of {listing(named)}"
        raise ArgumentError(sentence("positive_label", repr(positive), expected=expected))
    place = named.index(positive)
    return "binary", (named[1 - place], named[place]), place


def _task_of(classes: tuple[Level, ...]) -> Task:
    return "multiclass" if len(classes) > 2 else "binary"


def _check_asked(options: Options, task: Task) -> None:
    """Nothing was said that this task has no use for."""
    if task == "regression" and options.classes is not None:
        seen = f"{listing(options.classes)} for a regression"
        raise ArgumentError(sentence("classes", seen, expected="none"))
    if task != "binary" and options.positive_label is not None:
        seen = f"{options.positive_label!r} for a {task} model"
        raise ArgumentError(sentence("positive_label", seen, expected="none"))
