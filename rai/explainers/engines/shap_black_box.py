"""shap's explainers of any model: every coalition, permutations, weighted regression.

    rows, background ──▶ a number for each value ──▶ shap mixes numbers ──▶ values again ──▶ model

So text, categories, dates and gaps are as good as numbers; columns that move together are one number.
All rows of the background are used: left to itself shap takes 100 of them and doesn't say so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import open_rows
from rai.explainers.backgrounds import MOST_ASKED
from rai.explainers.engines.shap_session import NO_ERRORS, loaded_shap, shap_failed, shap_session
from rai.explainers.hybrids import Hybrids
from rai.explainers.questions import Answer, Explainer, Question
from rai.ground.errors import RaiError

PERMUTATIONS = 10  # there and back, shap's own default
MOST_BACKGROUND = 50_000  # codes further apart than shap's rounding, which takes 100,000 for 100,001
ROWS_AT_ONCE = 1000
CHUNK_ROWS = 1 << 18
FEW_ROWS = 100_000  # that can differ: only then is it worth looking for hybrids that are the same row
MOST_VALUES = 50_000_000  # that shap mixes at once in memory
MOST_ROWS = 10_000_000  # the model is asked about, where every coalition is


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Coded:
    """Some rows and the background as numbers, one for each different value of a player.

    Args:
        held: Rows and background, ready to be mixed.
        rows: The numbers of the rows, shape (r, M).
        background: Those of the background, shape (B, M).
        places: For each player the places in the pool that its numbers stand for.
        floats: The pool, if it is a pandas frame of nothing but floats, which is quickest to mix.
    """

    held: Hybrids
    rows: Floats
    background: Floats
    places: tuple[Ints, ...]
    floats: Floats | None = None

    def __call__(self, numbers: Any) -> Floats:
        """What is explained, of rows of such numbers, shape (m, K)."""
        whole = np.asarray(numbers).astype(np.intp)
        found = [
            self._part(whole[start : start + CHUNK_ROWS]) for start in range(0, len(whole), CHUNK_ROWS)
        ]
        return np.concatenate(found)

    def _part(self, whole: Ints) -> Floats:
        at = np.array([places[whole[:, j]] for j, places in enumerate(self.places)]).T
        if self.floats is not None:
            return self._mixed(self.floats, at)
        few = math.prod(map(len, self.places)) <= FEW_ROWS
        return self.held.mixed(at, at[:, 0], repeats=few)

    def _mixed(self, pool: Floats, at: Ints) -> Floats:
        """What is explained, of frames of one block."""
        import pandas as pd

        players, space = self.held.players, self.held.space
        owners = [j for j, columns in enumerate(players.columns) for _ in columns]
        mixed = pool[at[:, owners], np.arange(len(owners))]
        frame = pd.DataFrame(mixed, columns=list(players.read), copy=False)
        return space.turn(space.asked(open_rows(frame)), at[:, 0])


def _floats(held: Hybrids) -> Floats | None:
    """The pool as a matrix, if it is a pandas frame of nothing but floats."""
    if held.steps is not None or not held.pool.frame.implementation.is_pandas():
        return None
    native = held.pool.native[list(held.players.read)]
    plain = all(kind == np.float64 for kind in native.dtypes)
    return native.to_numpy() if plain else None


def coded(held: Hybrids, rows: Ints) -> Coded:
    """Some rows and the background as numbers.

    Args:
        held: Rows and background, ready to be mixed.
        rows: Places of rows.
    """
    pool = np.concatenate([np.arange(held.n, len(held.pool)), rows])
    columns, places = [], []
    for codes in held.codes[pool].T:
        _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
        columns.append(inverse)
        places.append(pool[first])
    matrix = np.column_stack(columns).astype(np.float64)
    background = len(held.pool) - held.n
    return Coded(
        held=held,
        rows=matrix[background:],
        background=matrix[:background],
        places=tuple(places),
        floats=_floats(held),
    )


_Found = tuple[Floats, Floats]
_Asks = Callable[[Any, Coded, int, int], _Found]


def _exact(shap: Any, made: Coded, evaluations: int, _: int) -> _Found:
    explainer = shap.explainers.ExactExplainer(made, _masker(shap, made))
    found = explainer(made.rows, max_evals=evaluations, silent=True)
    return found.values, found.base_values


def _permutation(shap: Any, made: Coded, evaluations: int, seed: int) -> _Found:
    explainer = shap.explainers.PermutationExplainer(made, _masker(shap, made), seed=seed)
    found = explainer(made.rows, max_evals=evaluations, silent=True)
    return found.values, found.base_values


def _kernel(shap: Any, made: Coded, evaluations: int, _: int) -> _Found:
    explainer = shap.KernelExplainer(made, made.background)
    values = explainer.shap_values(made.rows, nsamples=evaluations, l1_reg=0, silent=True)
    base = np.broadcast_to(explainer.expected_value, (len(values), values.shape[2]))
    return values, base


def _masker(shap: Any, made: Coded) -> Any:
    return shap.maskers.Independent(made.background, max_samples=len(made.background))


def _answer(question: Question, *, method: str, asks: _Asks, notes: tuple[str, ...]) -> Answer:
    shap, held = loaded_shap(f"method {method!r}"), question.hybrids()
    evaluations, values, bases = _evaluations(question, method), [], []
    total = len(question.rows)
    for start in range(0, total, ROWS_AT_ONCE):
        made = coded(held, np.arange(start, min(start + ROWS_AT_ONCE, total)))
        with shap_session(question.rng) as seed:
            try:
                found, base = asks(shap, made, evaluations, seed)
            except RaiError:
                raise
            except Exception as error:
                raise shap_failed(method, error) from error
        values.append(np.asarray(found, dtype=np.float64))
        bases.append(np.asarray(base, dtype=np.float64))
        if question.progress is not None:
            question.progress(start + len(made.rows), total)
    shape = (total, len(question.players), len(question.space.outputs))
    return Answer(
        values=np.concatenate(values).reshape(shape),
        base=np.concatenate(bases).reshape(total, -1),
        notes=notes,
    )


def _evaluations(question: Question, method: str) -> int:
    """How many coalitions of each row are asked about, each with the whole background."""
    players = len(question.players)
    if method == "shap_exact":
        return 1 << players
    if question.budget is not None:
        return question.budget // (len(question.rows) * len(question.background))
    return PERMUTATIONS * (2 * players + 1) if method == "shap_permutation" else 2 * players + 2048


def _refuses(question: Question, *, method: str) -> str:
    loaded_shap(f"method {method!r}")
    players, background = len(question.players), len(question.background)
    if question.space.name == "loss":
        return "a loss depends on the row's own label, which shap doesn't hand on"
    if background > MOST_BACKGROUND:
        return f"a background of {background:,} rows, at most {MOST_BACKGROUND:,}"
    if method == "shap_exact":
        return _too_many(question)
    needed = 2 * players + 1
    if _evaluations(question, method) < needed:
        least = needed * len(question.rows) * background
        return f"it needs to ask the model about {least:,} rows, more than budget={question.budget:,}"
    return ""


def _too_many(question: Question) -> str:
    players, background = len(question.players), len(question.background)
    if players * background << players > MOST_VALUES:
        return f"{1 << players:,} coalitions with {background:,} rows are too many to hold"
    asked, most = len(question.rows) * background << players, question.budget or MOST_ROWS
    if asked > most:
        return f"it would ask the model about up to {asked:,} rows, at most {most:,}"
    return ""


def _explainer(
    name: str, what: str, asks: _Asks, *, exact: bool, source: str, notes: tuple[str, ...] = ()
) -> Explainer:
    return Explainer(
        name=name,
        what=what,
        kind="interventional",
        exact=exact,
        refuses=partial(_refuses, method=name),
        answer=partial(_answer, method=name, asks=asks, notes=notes),
        most_background=MOST_ASKED,
        source=source,
    )


SHAP_EXACT = _explainer(
    "shap_exact",
    "shap's exact explainer: every coalition of the raw columns",
    _exact,
    exact=True,
    source="Lundberg and Lee (2017), arXiv:1705.07874",
)
SHAP_PERMUTATION = _explainer(
    "shap_permutation",
    "shap's permutation explainer, estimated on the raw columns",
    _permutation,
    exact=False,
    source="Castro et al. (2009), doi:10.1016/j.cor.2008.04.004",
    notes=(NO_ERRORS,),
)
SHAP_KERNEL = _explainer(
    "shap_kernel",
    "shap's kernel explainer, a weighted regression on the raw columns, without selection",
    _kernel,
    exact=False,
    source="Lundberg and Lee (2017), arXiv:1705.07874",
    notes=(NO_ERRORS,),
)
