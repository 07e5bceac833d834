"""How a feature's attribution goes with its value: what a dependence plot shows, as plain data.

value of the feature, row by row ──▶ attribution · group · the other feature that it seems to act with
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.numbers import NotNumbersError
from rai.explainers.attributions import Attributions
from rai.explainers.summaries.feature_rows import Group
from rai.explainers.summaries.partners import LEAST, OTHER, OWN, interaction_share
from rai.explainers.summaries.value_bins import bins_of
from rai.ground.records import Records, Row
from rai.values import Level
from rai.values.levels import level_order
from rai.whatif.group_names import named_groups
from rai.whatif.row_groups import Cuts

TAKEN = frozenset({"value", "attribution", "colour"})


class Values(NamedTuple):
    """A feature's values, row by row.

    Attributes:
        name: The feature.
        numbers: As numbers, NaN where missing; of categories their places. Shape (n,).
        categories: The categories, in order; None for numbers.

    Example:
        >>> Values("sex", np.array([1.0, 0.0]), ("F", "M")).cell(0)
        'M'
    """

    name: str
    numbers: Floats
    categories: tuple[str, ...] | None

    def cell(self, place: int) -> str | float | None:
        """The value of a row, for a table."""
        number = float(self.numbers[place])
        if self.categories is not None:
            return self.categories[int(number)]
        return number if np.isfinite(number) else None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Dependence(Records):
    """How a feature's attribution goes with its value.

    Args:
        feature: The feature.
        values: Its value in each row.
        attribution: What it contributes there, shape (n,).
        standard_error: Of estimates, shape (n,); None where exact.
        groups: The groups of the rows; one, without axes, where nothing splits them.
        place: Each row's place among them, shape (n,).
        colour: Another feature's values, to colour by; None where none seems to act with it.
        partners: Each other feature to the share that it explains of the spread among rows with about
            the same value; the largest first. A first look, no test.
        output: Which output of the model.
        space: The space of the attributions.

    Example:
        >>> import rai
        >>> rows = {"a": [0.0, 1.0, 0.0, 1.0], "b": [0.0, 0.0, 1.0, 1.0]}
        >>> found = dependence(rai.explain(lambda f: f["a"] * f["b"], rows), "a")
        >>> found.values.numbers.tolist(), found.attribution.round(3).tolist()
        ([0.0, 1.0, 0.0, 1.0], [-0.125, 0.125, -0.375, 0.375])
    """

    feature: str
    values: Values
    attribution: Floats = field(repr=False)
    standard_error: Floats | None = field(default=None, repr=False)
    groups: tuple[Group, ...]
    place: Ints = field(repr=False)
    colour: Values | None = None
    partners: Mapping[str, float]
    output: Level | None = None
    space: str = ""

    def __len__(self) -> int:
        return len(self.attribution)

    def to_dicts(self) -> list[Row]:
        """One flat row for each row: its groups, the value, the attribution and the colour."""
        return [
            {
                **dict(self.groups[group]),
                "value": self.values.cell(at),
                "attribution": float(self.attribution[at]),
                "colour": None if self.colour is None else self.colour.cell(at),
            }
            for at, group in enumerate(self.place.tolist())
        ]


def dependence(
    attributions: Attributions,
    feature: str,
    *,
    by: Any = None,
    cuts: Cuts | None = None,
    colour: str | None = None,
    output: Level | None = None,
) -> Dependence:
    """A feature's attributions against its values, by group, with the feature it seems to act with.

    Args:
        attributions: What `rai.explain` gave.
        feature: Which player.
        by: What splits the rows: names of columns, or a dict of name to array, a frame or a series.
        cuts: Numeric columns of `by` to edges, or to a number of quantile groups.
        colour: The player to colour by; the one that it seems to act with if None.
        output: Which output; of several the last one if None.

    Raises:
        ArgumentError: No such feature or output.
        RoleError: A column of `by` is not there, or can't name groups.

    Example:
        >>> import numpy as np, rai
        >>> a, b, c = np.random.default_rng(0).uniform(size=(3, 300))
        >>> found = rai.explain(lambda f: f["a"] * f["b"] + 0 * f["c"], {"a": a, "b": b, "c": c})
        >>> dependence(found, "a").colour.name
        'b'

    Source: Lundberg et al. (2020), doi:10.1038/s42256-019-0138-9, for dependence plots.
    """
    at, k = attributions.place(feature), attributions.output_place(output)
    chosen = None if colour is None else attributions.place(colour)
    groups = named_groups(attributions.held, by, taken=TAKEN, where="by", cuts=cuts)
    attribution = np.array(attributions.values[:, at, k])
    values = _values(attributions, at)
    own, numbers = _bins(values, most=OWN), values.numbers if values.categories is None else None
    shares = {
        name: interaction_share(
            attribution,
            own,
            other=_bins(_values(attributions, other), most=OTHER),
            numbers=numbers,
        )
        for other, name in enumerate(attributions.names)
        if other != at
    }
    partners = dict(sorted(shares.items(), key=lambda pair: -pair[1]))
    best = next(iter(partners), None)
    if chosen is None and best is not None and partners[best] >= LEAST:
        chosen = attributions.place(best)
    errors = attributions.standard_errors
    return Dependence(
        feature=feature,
        values=values,
        attribution=attribution,
        standard_error=None if errors is None else np.array(errors[:, at, k]),
        groups=tuple(groups.groups),
        place=groups.place,
        colour=None if chosen is None else _values(attributions, chosen),
        partners=partners,
        output=attributions.outputs[k],
        space=attributions.space,
    )


def _values(attributions: Attributions, place: int) -> Values:
    """The values of a player: numbers, or the words of its column or columns."""
    name, columns = attributions.names[place], attributions.columns[place]
    if len(columns) == 1:
        try:
            return Values(name, attributions.held.numbers(columns[0]), None)
        except NotNumbersError:
            pass
    texts = attributions.texts(place)
    categories = tuple(sorted(set(texts), key=level_order))
    places = {text: at for at, text in enumerate(categories)}
    return Values(name, np.array([places[text] for text in texts], dtype=np.float64), categories)


def _bins(values: Values, *, most: int) -> Ints:
    """Bins of values; of categories the most frequent ones, and the others together."""
    if values.categories is None:
        return bins_of(values.numbers, most=most)
    codes = values.numbers.astype(np.intp)
    frequent = np.argsort(-np.bincount(codes), kind="stable")[:most]
    found = np.full(len(values.categories), len(frequent), dtype=np.intp)
    found[frequent] = np.arange(len(frequent))
    return found[codes]
