"""What labels mean: the task, the positive label, and the order of classes.

    {0, 1}  {-1, 1}  {False, True}     the positive label is known
    {"<=50K", ">50K"}  {1, 2}          it is asked for
    three classes or more              multiclass, if predictions are classes
    numbers that are not whole         regression

What can't be known is asked for, never guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rai.engines.plans import Plan
from rai.engines.spelling import canonical, example_of_each, kind, typed
from rai.ground.errors import RoleError, did_you_mean, listing, sentence
from rai.values.levels import Level, level_order

OTHER = "(other)"
PAIRS: tuple[tuple[Level, Level], ...] = ((0, 1), (-1, 1))
MOST_GUESSED = 100
MOST_CLASSES = 1000


class FractionalLabelsError(Exception):
    """Labels turned out to be quantities: the rows are to be counted again as a regression."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What was made of the labels.

    Args:
        classes: All classes in canonical order; (negative, positive) where there are two sides.
        true: Raw true label to class.
        predicted: Raw predicted label to class; empty for scores.
        binary: Whether there are two sides.
    """

    classes: tuple[Level, ...]
    true: Mapping[Level, Level]
    predicted: Mapping[Level, Level]
    binary: bool


def read_labels(plan: Plan, true: Collection[Level], predicted: Collection[Level]) -> Labels:
    """The task and the classes, from every label that occurs.

    Raises:
        RoleError: Labels of two kinds, too many labels, or a positive label that isn't known.
        FractionalLabelsError: Numbers that are not whole, where the task is open.
    """
    maps = _meanings(plan, true, predicted)
    classes = {value: None for meaning in maps for value in meaning.values()}
    fraction = next((v for v in classes if isinstance(v, float)), None)
    if fraction is not None:
        refuse_fractions(plan, fraction)
    if plan.task == "binary" or (plan.task == "auto" and len(classes) <= 2):
        return Labels(_two_sides(plan, list(classes)), *maps, binary=True)
    check_class_count(plan, classes)
    return Labels(tuple(sorted(classes, key=level_order)), *maps, binary=False)


def check_class_count(plan: Plan, classes: Collection[Level]) -> None:
    """Not so many labels that they must be something else."""
    if plan.task == "binary":
        if len(classes) > 2:
            _refuse_three(plan, classes)
    elif len(classes) > MOST_CLASSES:
        seen = f"more than {MOST_CLASSES:,} classes, such as {next(iter(classes))!r}"
        raise RoleError(sentence(plan.where("y_true"), seen, expected=f"at most {MOST_CLASSES:,}"))
    elif plan.task == "auto" and len(classes) > MOST_GUESSED and set(map(kind, classes)) == {"numbers"}:
        seen = f"{len(classes):,} distinct whole numbers in y_true and y_pred"
        expected = f"at most {MOST_GUESSED} classes"
        hint = 'Pass task="regression" if they are quantities, task="multiclass" if they are classes.'
        raise RoleError(sentence("task", seen, expected=expected, hint=hint))


def refuse_fractions(plan: Plan, fraction: float, *, role: str = "y_true") -> None:
    """Numbers that are not whole are no classes: another task, or an error."""
    if plan.task == "auto":
        raise FractionalLabelsError
    seen = f"numbers that are not whole, such as {fraction!r}"
    raise RoleError(sentence(plan.where(role), seen, expected=f"{plan.task} labels"))


def refuse_scores(plan: Plan, example: float | None = None) -> None:
    """Fractions predicted for two labels are scores."""
    such = "" if example is None else f" such as {example!r}"
    seen = f"fractions{such} predicted for two-valued labels"
    hint = "These look like scores: pass them as y_score=."
    raise RoleError(sentence(plan.where("y_pred"), seen, expected="predicted labels", hint=hint))


def check_one_kind(levels: Collection[Level], *, where: str) -> None:
    """A column holds text, or numbers, or truth values; never a mixture."""
    kinds = example_of_each(levels)
    if len(kinds) > 1:
        names = " and ".join(f"{name} such as {example!r}" for name, example in sorted(kinds.items()))
        hint = "Turn the whole column into text, or into numbers."
        raise RoleError(sentence(where, f"{names} in one column", expected="one kind", hint=hint))


def _meanings(
    plan: Plan, true: Collection[Level], predicted: Collection[Level]
) -> tuple[dict[Level, Level], dict[Level, Level]]:
    """What each raw label means, so that both columns speak of the same classes."""
    for role, levels in (("y_true", true), ("y_pred", predicted)):
        if levels:
            check_one_kind(levels, where=plan.where(role))
    ours, theirs = _each_read(plan, true), _each_read(plan, predicted)
    kinds = [next(iter({kind(v) for v in meaning.values()}), "") for meaning in (ours, theirs)]
    if not theirs or not ours or kinds[0] == kinds[1]:
        return ours, theirs
    if "text" not in kinds and {*ours.values(), *theirs.values()} <= {0, 1}:
        return {k: int(v) for k, v in ours.items()}, {k: int(v) for k, v in theirs.items()}
    if plan.source.text_only and (set(true) <= set(predicted) or set(predicted) <= set(true)):
        return {text: text for text in true}, {text: text for text in predicted}
    seen = f"{kinds[1]} such as {next(iter(theirs.values()))!r}"
    expected = f"{kinds[0]} such as {next(iter(ours.values()))!r}, as in {plan.where('y_true')}"
    raise RoleError(sentence(plan.where("y_pred"), seen, expected=expected))


def _each_read(plan: Plan, levels: Collection[Level]) -> dict[Level, Level]:
    meaning: dict[Level, Level] = {value: value for value in levels}
    if plan.source.text_only:
        meaning.update(typed([str(value) for value in levels]))
    return meaning


def _two_sides(plan: Plan, classes: list[Level]) -> tuple[Level, Level]:
    """(negative, positive)."""
    if len(classes) > 2:
        _refuse_three(plan, classes)
    known = _known_pair(classes)
    wanted = plan.roles.positive_label
    if wanted is None:
        if known:
            return known
        hint = f"Pass positive_label={max(classes, key=level_order)!r}, or the other one."
        ordered: list[Level] = sorted(classes, key=level_order)
        seen = f"labels {listing(ordered)}"
        expected = "a positive label, which only 0 and 1, -1 and 1, or false and true make known"
        raise RoleError(sentence(plan.where("y_true"), seen, expected=expected, hint=hint))
    choices = list(known) if known else classes
    positive = _chosen(plan, wanted, choices)
    others = [value for value in choices if value != positive]
    return (others[0] if others else OTHER, positive)


def _known_pair(classes: list[Level]) -> tuple[Level, Level] | None:
    if all(isinstance(value, bool) for value in classes):
        return (False, True)
    if any(isinstance(value, (str, bool)) for value in classes):
        return None
    return next((pair for pair in PAIRS if set(classes) <= set(pair)), None)


def _chosen(plan: Plan, wanted: Level, choices: list[Level]) -> Level:
    """The label that was meant; text may spell a number, as it must on the command line."""
    for same in (lambda v: v == wanted, lambda v: canonical(v) == canonical(wanted)):
        found = [value for value in choices if same(value)]
        if len(found) == 1:
            return found[0]
    raise RoleError(
        sentence(
            "positive_label",
            repr(wanted),
            expected=f"one of the labels of {plan.where('y_true')}: {listing(choices)}",
            hint=did_you_mean(wanted, choices),
        )
    )


def _refuse_three(plan: Plan, classes: Collection[Level]) -> None:
    ordered: list[Level] = sorted(classes, key=level_order)
    seen = f"{len(classes):,} labels: {listing(ordered)}"
    if plan.roles.y_score is not None:
        hint = "Keep two labels, or pass predicted classes as y_pred= for a multiclass audit."
    elif plan.roles.positive_label is not None:
        hint = "Leave positive_label out for a multiclass audit."
    else:
        hint = 'Pass task="multiclass" for more classes.'
    raise RoleError(
        sentence(plan.where("y_true"), seen, expected="two labels for a binary audit", hint=hint)
    )
