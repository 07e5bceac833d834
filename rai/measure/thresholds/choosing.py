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
from rai.measure.thresholds.windows import NEAR, Options, Windows, opened, totals

Array = NDArray[np.float64]
Places = NDArray[np.intp]

_DOUBLINGS, _HALVINGS = 60, 50


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
    least = [Least.of(group.loss) for group in options]
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
    spent = NEAR * max(1.0, abs(limit))
    free = cheapest(options, windows, width=width)
    if free is None or _used(options, free) <= limit + spent:
        return free
    price, best = _price(options, windows, limit + spent)
    best = best if width is None else None
    priced = [replace(group, loss=group.loss + price * group.use) for group in options]
    least = [Least.of(group.loss) for group in priced]
    bounds = totals(least, windows) - price * limit
    for place in np.argsort(bounds, kind="stable"):
        if best is not None and bounds[place] >= best.loss - NEAR:
            break
        inside = windows.take(slice(place, place + 1))
        inside = inside if width is None else opened(options, inside, width)
        floors = totals(least, inside) - price * limit
        for one in np.argsort(floors, kind="stable"):
            if best is not None and floors[one] >= best.loss - NEAR:
                break
            slack = np.inf if best is None else best.loss - floors[one]
            found = _merged(options, priced, inside.take(slice(one, one + 1)), limit + spent, slack)
            best = found if found is not None and (best is None or found.loss < best.loss) else best
    return best


def _price(options: Sequence[Options], windows: Windows, limit: float) -> tuple[float, Choice | None]:
    """A price of the resource at which about the limit is used, and the best plan seen on the way."""
    best: Choice | None = None

    def tried(price: float) -> float:
        nonlocal best
        priced = [replace(group, loss=group.loss + price * group.use) for group in options]
        found = cheapest(priced, windows)
        assert found is not None
        used = _used(options, found)
        loss = sum(float(group.loss[p]) for group, p in zip(options, found.places, strict=True))
        if used <= limit and (best is None or loss < best.loss):
            best = Choice(found.places, loss)
        return used

    low, high = 0.0, 1e-6
    for _ in range(_DOUBLINGS):
        if tried(high) <= limit:
            break
        low, high = high, high * 4
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if tried(middle) <= limit else (middle, high)
    return high, best


def _used(options: Sequence[Options], choice: Choice) -> float:
    return sum(float(group.use[p]) for group, p in zip(options, choice.places, strict=True))


def _first_of(options: Sequence[Options], window: Windows) -> Choice:
    """In one window the cheapest option of each group; of equals the one that selects fewest."""
    places = []
    for group, a, b in zip(options, window.first[:, 0], window.end[:, 0], strict=True):
        loss = group.loss[a:b]
        equal = a + np.flatnonzero(loss <= loss.min() + NEAR * max(1.0, abs(loss.min())))
        places.append(equal[np.argmin(group.cut[equal])])
    total = sum(float(group.loss[p]) for group, p in zip(options, places, strict=True))
    return Choice(np.array(places, dtype=np.intp), total)


def _merged(
    options: Sequence[Options], priced: Sequence[Options], window: Windows, limit: float, slack: float
) -> Choice | None:
    """The cheapest plan of one window within the limit: fronts of loss against use, group by group."""
    loss, use, came = np.zeros(1), np.zeros(1), []
    kept = [
        a + np.flatnonzero(part <= part.min() + slack + NEAR)
        for group, a, b in zip(priced, window.first[:, 0], window.end[:, 0], strict=True)
        for part in [group.loss[a:b]]
    ]
    spare = np.cumsum([group.use[at].min() for group, at in zip(options, kept, strict=True)][::-1])[::-1]
    for i, (group, at) in enumerate(zip(options, kept, strict=True)):
        losses = (loss[:, None] + group.loss[at]).ravel()
        uses = (use[:, None] + group.use[at]).ravel()
        order = np.lexsort((losses, uses))
        order = order[uses[order] + (spare[i + 1] if i + 1 < len(spare) else 0.0) <= limit]
        if not len(order):
            return None
        front = losses[order]
        order = order[np.concatenate(([True], front[1:] < np.minimum.accumulate(front)[:-1]))]
        loss, use = losses[order], uses[order]
        came.append((order // len(at), at[order % len(at)]))
    places, last = [], int(np.argmin(loss))
    for parent, option in reversed(came):
        places.append(int(option[last]))
        last = int(parent[last])
    return Choice(np.array(places[::-1], dtype=np.intp), float(loss.min()))
