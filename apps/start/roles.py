"""Which column is what: a guess in each place, with its reason, to confirm or change.

True label  [income ▾]   labels are often called “income”
Positive label [>50K ▾]  …
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

import rai
from rai.ground.errors import in_short, sentence

from ..model_sources import labels_of
from ..project import ColumnRoles
from ..words import plain
from . import guesses
from .guesses import Guess

if TYPE_CHECKING:
    import pandas

NOBODY = ""
MEANT = {
    "y_true": (
        "True label",
        "What was really so: what a model predicts. Without it, no errors can be seen.",
    ),
    "y_score": ("Scores", "A column of a model's scores, where the rows hold one."),
    "y_pred": ("Predictions", "A column of a model's decisions, where the rows hold one."),
    "sample_weight": (
        "Weight",
        "How many people a row stands for. The app shows rows as they are without it.",
    ),
}
ASSUMED = ("y_true", "y_score", "y_pred")  # a weight would change every number, so it is only named
QUARTERS = 4
AGES = "30, 45, 60"
PROTECTED = ("sex_or_gender", "race_or_ethnicity", "age", "disability", "religion", "sexual_orientation")


def draw(frame: pandas.DataFrame, *, token: str) -> ColumnRoles:
    """Draw the choices; what they say.

    Args:
        frame: The rows.
        token: Names these rows, so that choices are made afresh for others.

    Raises:
        RaiError: If cuts can't be read.
    """
    guessed = _guesses(frame, token)
    left, middle, right = st.columns(3, gap="medium")
    with left:
        y_true = _column("y_true", frame, guessed, token=token)
        positive = _positive(frame, y_true, token=token)
    with middle:
        y_score = _column("y_score", frame, guessed, token=token)
        y_pred = None if y_score else _column("y_pred", frame, guessed, token=token)
    with right:
        weight = _column("sample_weight", frame, guessed, token=token)
    taken = [name for name in (y_true, y_score, y_pred, weight) if name is not None]
    sensitive = _sensitive(frame, guessed["sensitive"], taken=taken, token=token)
    return ColumnRoles(
        y_true=y_true,
        y_pred=y_pred,
        y_score=y_score,
        positive_label=positive,
        sensitive_features=tuple(sensitive),
        sample_weight=weight,
        cuts=_cuts(frame, sensitive, token=token),
    )


def edges_in(text: str, *, where: str) -> tuple[float, ...]:
    """Edges as people write them: rising numbers with commas between them.

    Raises:
        ArgumentError: If they can't be read.

    Example:
        >>> edges_in("30, 45, 60", where="age")
        (30.0, 45.0, 60.0)
    """
    try:
        found = tuple(float(each) for each in text.replace(";", ",").split(",") if each.strip())
    except ValueError:
        found = ()
    if not found or list(found) != sorted(set(found)) or not all(map(math.isfinite, found)):
        expected = "rising numbers with commas between them, such as 30, 45, 60"
        raise rai.ArgumentError(sentence(f"cuts of {where}", in_short(text), expected=expected))
    return found


def _guesses(frame: pandas.DataFrame, token: str) -> dict[str, Any]:
    """The guesses of these rows, made once."""
    key = f"start guesses {token}"
    if key not in st.session_state:
        found: dict[str, Any] = {
            "y_true": guesses.guess_label(frame),
            "y_score": guesses.guess_score(frame),
            "y_pred": guesses.guess_prediction(frame),
            "sample_weight": guesses.guess_weight(frame),
        }
        besides = [guess.column for guess in found.values()]
        st.session_state[key] = {**found, "sensitive": guesses.guess_sensitive(frame, besides=besides)}
    held: dict[str, Any] = st.session_state[key]
    return held


def _column(
    role: str, frame: pandas.DataFrame, guessed: Mapping[str, Guess], *, token: str
) -> str | None:
    head, about = MEANT[role]
    options = [NOBODY, *map(str, frame.columns)]
    guess = guessed[role]
    chosen = str(guess.column) if role in ASSUMED and str(guess.column) in options else NOBODY
    found = st.selectbox(
        head,
        options,
        index=options.index(chosen),
        format_func=lambda name: name or "none",
        help=about,
        key=f"start {role} {token}",
    )
    if guess.reason and found in {guess.column, NOBODY}:
        named = "A guess" if found else f"Perhaps {plain(guess.column)}"
        st.caption(f"{named}: {guess.reason}.")
    return found or None


def _positive(frame: pandas.DataFrame, y_true: str | None, *, token: str) -> Any:
    """The positive label, of two or a few; None where labels are measured."""
    labels = labels_of(frame, ColumnRoles(y_true=y_true)) if y_true else None
    if not labels or len(labels) != 2:
        return None
    guess = guesses.guess_positive(labels)
    found = st.selectbox(
        "Positive label",
        labels,
        index=labels.index(guess.column),
        help="The label that a score speaks for; not always the good one.",
        key=f"start positive {y_true} {token}",
    )
    if found == guess.column:
        st.caption(f"A guess: {guess.reason}.")
    return found


def _sensitive(
    frame: pandas.DataFrame, guessed: rai.SensitiveCandidates, *, taken: Iterable[str], token: str
) -> list[str]:
    """The sensitive features; those that laws name are chosen already, others are named."""
    options = [name for name in map(str, frame.columns) if name not in set(taken)]
    found = st.multiselect(
        "Sensitive features",
        options,
        default=[g.feature for g in guessed if g.category in PROTECTED and g.feature in options],
        help="Columns that tell groups of people apart. Guesses go by names and values.",
        key=f"start sensitive {token} {sorted(taken)}",
    )
    also = [g for g in guessed if g.feature in options]
    if also:
        with st.expander("Why these, and what else may be sensitive", icon=":material/help:"):
            st.markdown("\n".join(f"- **{plain(g.feature)}**: {plain(g.reason)}" for g in also))
    return found


def _cuts(frame: pandas.DataFrame, sensitive: list[str], *, token: str) -> dict[str, Any]:
    """Cuts of the sensitive features that are numbers; quarters where none are written."""
    found: dict[str, Any] = {}
    numbers = [name for name in sensitive if guesses.measured(frame[name])]
    for name in numbers:
        text = st.text_input(
            f"Cut {plain(name)} at",
            AGES if "age" in name.casefold().split("_") else "",
            placeholder=f"{QUARTERS} groups of about the same size",
            help="Numbers with commas between them: 30, 45 makes three groups, under 30, 30 to 45, and "
            "45 and over.",
            key=f"start cut {name} {token}",
        )
        found[name] = edges_in(text, where=repr(name)) if text.strip() else QUARTERS
    return found
