"""One threshold a group: the options with the least total loss, in any of the windows, within a limit.

without a limit   the least of each group in each window; the window with the least total
with a limit      the resource gets a price (Lagrange); that bounds every window from below, and the few
                  that could still win are settled by merging what the groups offer (Pareto)

Both are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rai.measure.thresholds.ranges import Least
from rai.measure.thresholds.windows import NEAR, Options, Windows, least_of, opened, totals

Array = NDArray[np.float64]
Places = NDArray[np.intp]

_MOST_PRICES = 100


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One option per group.

    Args:
        places: Which one, shape (g,).
        loss: Their total loss.
    """

    places: Places
    loss: float


def cheapest(
    options: Sequence[Options], windows: Windows, *, width: float | None = None
) -> Choice | None:
    """The options with the least total loss, or None where no window holds an option of each group.

    Args:
        options: What each group may choose from.
        windows: What may go together.
        width: With two rates, the tolerance: windows are then opened by the second rate.
    """
    if width is None and windows.first.shape[1] == 1:
        return _first_of(options, windows)
    least = least_of(options, windows)
    bounds = totals(least, windows)
    best, found = np.inf, None
    for place in np.argsort(bounds, kind="stable"):
        if bounds[place] >= best - NEAR * max(1.0, abs(best)):
            break
        inside = windows.take(slice(place, place + 1))
        if width is not None:
            inside = opened(options, inside, width)
        costs = totals(least, inside)
        if costs.min(initial=np.inf) < best:
            best, found = float(costs.min()), inside.take(slice(int(costs.argmin()), None))
    return None if found is None else _first_of(options, found)


def cheapest_within(
    options: Sequence[Options], windows: Windows, *, limit: float, width: float | None = None
) -> Choice | None:
    """The same, where the options may use no more than `limit` together."""
    most = limit + NEAR * max(1.0, abs(limit))
    free = cheapest(options, windows, width=width)
    if free is None or _used(options, free) <= most:
        return free
    frugal = [Least.of(group.use) for group in options]
    windows = windows.take(np.flatnonzero(totals(frugal, windows) <= most))
    if not windows.first.shape[1]:
        return None
    price, best = _price(options, windows, most, free)
    best = best if width is None else None
    priced = [replace(group, loss=group.loss + price * group.use) for group in options]
    least = least_of(priced, windows)
    bounds = totals(least, windows) - price * limit
    for place in np.argsort(bounds, kind="stable"):
        if best is not None and bounds[place] >= best.loss - NEAR:
            break
        inside = windows.take(slice(place, place + 1))
        inside = inside if width is None else opened(options, inside, width)
        inside = inside.take(np.flatnonzero(totals(frugal, inside) <= most))
        floors = totals(least, inside) - price * limit
        for one in np.argsort(floors, kind="stable"):
            if best is not None and floors[one] >= best.loss - NEAR:
                break
            slack = np.inf if best is None else best.loss - floors[one]
            found = _merged(options, priced, inside.take(slice(one, one + 1)), most, slack)
            best = found if found is not None and (best is None or found.loss < best.loss) else best
    return best


def _price(
    options: Sequence[Options], windows: Windows, limit: float, dear: Choice
) -> tuple[float, Choice | None]:
    """A price of the resource at which about the limit is used, and the best plan seen on the way.

    Two plans, one beyond the limit and one within, cost the same at one price. If no plan is cheaper
    at that price it is the one; otherwise the cheaper plan takes the place of one of the two.
    """
    frugal = cheapest([replace(group, loss=group.use) for group in options], windows)
    assert frugal is not None
    ends = [(_lost(options, end), _used(options, end)) for end in (dear, frugal)]
    best = Choice(frugal.places, ends[1][0]) if ends[1][1] <= limit else None
    price = 0.0
    for _ in range(_MOST_PRICES):
        (loss, use), (other, less) = ends
        price = (other - loss) / (use - less) if use > less else price
        found = cheapest([replace(g, loss=g.loss + price * g.use) for g in options], windows)
        assert found is not None
        new = (_lost(options, found), _used(options, found))
        if new[1] <= limit and (best is None or new[0] < best.loss):
            best = Choice(found.places, new[0])
        if found.loss >= loss + price * use - NEAR * max(1.0, abs(loss)):
            break
        ends[int(new[1] <= limit)] = new
    return max(price, 0.0), best


def _lost(options: Sequence[Options], choice: Choice) -> float:
    return sum(float(group.loss[p]) for group, p in zip(options, choice.places, strict=True))


def _used(options: Sequence[Options], choice: Choice) -> float:
    return sum(float(group.use[p]) for group, p in zip(options, choice.places, strict=True))


def _first_of(options: Sequence[Options], window: Windows) -> Choice:
    """In one window the cheapest option of each group; of equals the one that selects fewest."""
    places = []
    for group, a, b in zip(options, window.first[:, 0], window.end[:, 0], strict=True):
        loss = group.loss[a:b]
        equal = a + np.flatnonzero(loss <= loss.min() + NEAR * max(1.0, abs(loss.min())))
        places.append(equal[np.argmin(group.cut[equal])])
    choice = Choice(np.array(places, dtype=np.intp), 0.0)
    return replace(choice, loss=_lost(options, choice))


def _merged(
    options: Sequence[Options], priced: Sequence[Options], window: Windows, limit: float, slack: float
) -> Choice | None:
    """The cheapest plan of one window within the limit: fronts of loss against use, group by group.

    What costs more than `slack` above the least at the price of the resource can't win, alone or as
    a part of a plan, and is dropped on the way.
    """
    runs = list(zip(options, priced, window.first[:, 0], window.end[:, 0], strict=True))
    kept = [a + np.flatnonzero(p.loss[a:b] <= p.loss[a:b].min() + slack + NEAR) for _, p, a, b in runs]
    spare = np.cumsum([o.use[at].min() for (o, *_), at in zip(runs, kept, strict=True)][::-1])[::-1]
    spare = np.append(spare[1:], 0.0)
    loss, use, above, came = np.zeros(1), np.zeros(1), np.zeros(1), []
    for (group, with_price, *_), at, least in zip(runs, kept, spare, strict=True):
        dearer = with_price.loss[at] - with_price.loss[at].min()
        losses, uses, aboves = (
            (so_far[:, None] + more).ravel()
            for so_far, more in ((loss, group.loss[at]), (use, group.use[at]), (above, dearer))
        )
        order = np.flatnonzero((uses + least <= limit) & (aboves <= slack + NEAR))
        if not len(order):
            return None
        order = order[np.lexsort((losses[order], uses[order]))]
        front = losses[order]
        order = order[np.concatenate(([True], front[1:] < np.minimum.accumulate(front)[:-1]))]
        loss, use, above = losses[order], uses[order], aboves[order]
        came.append((order // len(at), at[order % len(at)]))
    places, last = [], int(np.argmin(loss))
    for parent, option in reversed(came):
        places.append(int(option[last]))
        last = int(parent[last])
    return Choice(np.array(places[::-1], dtype=np.intp), float(loss.min()))
