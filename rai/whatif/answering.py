"""From all permitted edits of a row to the few that are returned.

edits ──search──▶ some that have the outcome ──refine──▶ nothing changed without need
──choose──▶ k that are near and unlike ──▶ Counterfactuals
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rai.engines.encoding import Ints
from rai.engines.frames import Rows
from rai.ground.formatting import counted
from rai.whatif.aims import score_shown
from rai.whatif.choosing import contenders, diverse
from rai.whatif.counterfactual_results import Counterfactual, Counterfactuals
from rai.whatif.distances import Distance
from rai.whatif.edit_space import Space, Tried, untried
from rai.whatif.feature_changes import changes_between
from rai.whatif.feature_terms import Column
from rai.whatif.plausible import company_of
from rai.whatif.refining import refine
from rai.whatif.searching import search

NEAR = 2000  # nearest rows with the outcome that are looked at
DONORS = 240  # of them those whose values may be taken over
SPARSE = 0.5  # what one more change costs, in the unit of the distance
NONE = np.empty(0, dtype=np.intp)


def answer(
    space: Space,
    fitted: Distance,
    *,
    columns: Mapping[str, Column],
    there: Ints,
    k: int,
    budget: int,
    rng: np.random.Generator,
) -> Counterfactuals:
    """Search, choose, and tell.

    Args:
        space: The permitted edits.
        fitted: The distance.
        columns: The columns of all rows that count or are read, made ready.
        there: The rows that have the outcome.
        k: How many are wanted.
        budget: How many predictions may be spent.
        rng: For what is left to chance.
    """
    if space.aim.reached:
        return _results(space, fitted, untried(space, budget=0), note=space.aim.reached, exhaustive=True)
    if not space.choices:
        note = "nothing may change, or no other value occurs"
        return _results(space, fitted, untried(space, budget=0), note=note, exhaustive=True)
    donors = _donors(space, fitted, columns, there)
    tried, exhaustive = search(space, donors, budget=budget, rng=rng)
    if not exhaustive:
        tried = refine(space, tried)
    edits = contenders(tried, most=space.most, kinds=space.kinds(tried.places))
    if not len(edits):
        note = _why(space, tried, exhaustive=exhaustive)
        return _results(space, fitted, tried, note=note, exhaustive=exhaustive)
    company = company_of(fitted, [columns[term.name] for term in fitted.terms], there, rng=rng)
    far = np.array(
        [company.nearest(each) for each in _asked(space, fitted, columns, tried.places[edits])]
    )
    cost = tried.apart[edits] + far + SPARSE * tried.changes[edits]
    chosen = diverse(tried.places[edits], tried.apart[edits], cost, k=k)
    note = "no row has this outcome, so that plausibility is not known" if not len(there) else ""
    if len(chosen) < k:
        others = "any other" if exhaustive else "any other that was found"
        fewer = f"{others} changes the same features or more, and is no nearer"
        note = "; ".join(filter(None, (f"{len(chosen)} of the {k} asked for: {fewer}", note)))
    unusual = company.in_units(far[chosen])
    return _results(
        space, fitted, tried, edits=edits[chosen], unusual=unusual, note=note, exhaustive=exhaustive
    )


def _results(
    space: Space,
    fitted: Distance,
    tried: Tried,
    *,
    exhaustive: bool,
    note: str,
    edits: Ints = NONE,
    unusual: Sequence[float | None] = (),
) -> Counterfactuals:
    """What is returned."""
    rows = space.rows(tried.places[edits])
    base = fitted.parts(space.row, space.row)
    return Counterfactuals(
        found=tuple(
            _result(space, rows.take([at]), tried=tried, edit=int(edit), unusual=odd, base=base)
            for at, (edit, odd) in enumerate(zip(edits, unusual, strict=True))
        ),
        frame=rows.native,
        score_from=score_shown(space.aim.score),
        decision_from=space.aim.decision,
        predictions=len(tried.places),
        exhaustive=exhaustive,
        note="; ".join(filter(None, (note, fitted.note))),
    )


def _result(
    space: Space,
    edited: Rows,
    *,
    tried: Tried,
    edit: int,
    unusual: float | None,
    base: Mapping[str, float],
) -> Counterfactual:
    """One edit, with what is known of it."""
    aim, score = space.aim, tried.scores[[edit]]
    changed = [(c, int(at)) for c, at in zip(space.choices, tried.places[edit], strict=True) if at]
    parts = {**base, **{c.name: float(c.adds[at]) for c, at in changed if c.name in base}}
    labels, decided = aim.setting.model.classes, None
    if aim.own is not None:
        decided = labels[int(aim.setting.decide(score, edited)[0])]
    names = [choice.name for choice, _ in changed]
    return Counterfactual(
        changes=changes_between(space.row, edited, names=names, parts=parts),
        distance=float(tried.apart[edit]),
        plausibility=unusual,
        score=score_shown(score),
        decision=decided,
        record=edited.record(0),
    )


def _donors(space: Space, fitted: Distance, columns: Mapping[str, Column], there: Ints) -> Ints:
    """Edits that take over what is permitted of rows with the outcome, nearest first, shape (d, f)."""
    ready = [columns[term.name] for term in fitted.terms]
    asked = [columns[term.name].asked(space.row, term.name) for term in fitted.terms]
    apart = fitted.over(ready, asked)[there]
    near = there[np.argsort(apart, kind="stable")[:NEAR]]
    places = [
        choice.places_of(np.asarray(columns[choice.name].values[near], dtype=np.float64))
        for choice in space.choices
    ]
    edits = np.unique(np.stack(places, axis=1), axis=0)
    edits = edits[(edits > 0).any(axis=1)]
    return edits[np.argsort(space.apart(edits), kind="stable")][:DONORS]


def _asked(
    space: Space, fitted: Distance, columns: Mapping[str, Column], edits: Ints
) -> list[list[float]]:
    """The values of edited rows, as the columns of the distance hold them."""
    own = {term.name: columns[term.name].asked(space.row, term.name) for term in fitted.terms}
    changed = [
        {c.name: float(c.values[at]) for c, at in zip(space.choices, edit, strict=True) if at}
        for edit in edits
    ]
    return [[edit.get(name, value) for name, value in own.items()] for edit in changed]


def _why(space: Space, tried: Tried, *, exhaustive: bool) -> str:
    """Why there are none."""
    most = counted(space.most, "change")
    if exhaustive:
        all_of = f"all {counted(len(tried.places), 'permitted edit')} were asked about"
        return f"none exists with at most {most} among the values that occur: {all_of}"
    spent = f"none found with {counted(len(tried.places), 'prediction')}"
    of_all = f"there are {space.size:.3g} permitted edits with at most {most}"
    return f"{spent}, which proves nothing: {of_all}"
