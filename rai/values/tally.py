"""The tally: one small, mergeable table of counts that everything else is computed from.

    axes  ─┐
    groups ├─ n, weight, weight_sq : group × label × outcome        dropped: reason → rows
    labels ┘         outcome is ordered (score bins between `edges`) or a predicted class

Tallies add like numbers: shards, days and sites merge, in any order, to the tally of all rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import TallyError, did_you_mean, listing, sentence
from rai.ground.records import Records, Row
from rai.values.confusion import Confusion
from rai.values.grouping import Grouped
from rai.values.levels import Key, Level, key_name, key_order, level_order

Counts = NDArray[np.int64]
Weights = NDArray[np.float64]
Thresholds = float | Mapping[Key, float] | None
Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Tally(Grouped, Records):
    """Counts of rows by group, label and outcome.

    Args:
        axes: Names of the columns that split rows.
        groups: Keys of the groups that occur, in canonical order; one level per axis.
        labels: True labels; for a binary tally (negative, positive).
        edges: Ordered score cuts, shape (b - 1,): bin j holds edges[j-1] <= score < edges[j].
            None when outcomes are classes.
        outcomes: Predicted classes, length b; empty when outcomes are score bins.
        n: Rows, shape (g, k, b).
        weight: Sums of weights, the same shape; None when rows carry no weights.
        weight_sq: Sums of squared weights, the same shape; None when rows carry no weights.
        dropped: Reason to rows that could not be counted.
        exact: Whether `edges` holds every distinct score, so that tallies with other edges merge.

    Example:
        >>> from rai import audit
        >>> a = audit(y_true=[1, 0], y_pred=[1, 1], sensitive_features={"sex": ["F", "M"]}).tally
        >>> (a + a).n.sum(), a.marginal("sex").groups
        (np.int64(4), ((),))
    """

    stacked: ClassVar[tuple[str, ...]] = ("n", "weight", "weight_sq")

    axes: tuple[str, ...]
    groups: tuple[Key, ...]
    labels: tuple[Level, ...]
    edges: Weights | None
    outcomes: tuple[Level, ...]
    n: Counts
    weight: Weights | None = None
    weight_sq: Weights | None = None
    dropped: Mapping[str, int] = field(default_factory=dict)
    exact: bool = False

    @property
    def weighted(self) -> bool:
        """Whether rows carried weights."""
        return self.weight is not None

    @property
    def rows(self) -> int:
        """Rows counted."""
        return int(self.n.sum())

    @property
    def group_rows(self) -> Counts:
        """Rows per group, shape (g,)."""
        return np.asarray(self.n.sum(axis=(1, 2)), dtype=np.int64)

    def __add__(self, other: Tally) -> Tally:
        """The tally of both sets of rows."""
        _check_mergeable(self, other)
        groups = tuple(sorted({*self.groups, *other.groups}, key=key_order))
        labels = _union(self.labels, other.labels)
        outcomes = _union(self.outcomes, other.outcomes)
        edges = self.edges
        if edges is not None and other.edges is not None and self.exact:
            edges = np.union1d(edges, other.edges)
        frame = replace(self, groups=groups, labels=labels, outcomes=outcomes, edges=edges)
        parts = [part.aligned(frame) for part in (self, other)]
        return replace(
            frame,
            n=parts[0].n + parts[1].n,
            weight=_plus(parts[0].weight, parts[1].weight),
            weight_sq=_plus(parts[0].weight_sq, parts[1].weight_sq),
            dropped=_merged(self.dropped, other.dropped),
        )

    def aligned(self, frame: Tally) -> Tally:
        """The same counts laid out on the groups, labels and outcomes of `frame`, a superset."""
        places = {key: i for i, key in enumerate(frame.groups)}
        label_places = {label: i for i, label in enumerate(frame.labels)}
        if self.edges is not None and frame.edges is not None:
            firsts = np.concatenate(([-np.inf], self.edges))
            bins = np.searchsorted(frame.edges, firsts, side="right")
            width = len(frame.edges) + 1
        else:
            bins = np.array([frame.outcomes.index(o) for o in self.outcomes], dtype=np.intp)
            width = len(frame.outcomes)
        rows = np.array([places[key] for key in self.groups], dtype=np.intp)
        where = np.ix_(rows, np.array([label_places[v] for v in self.labels], dtype=np.intp), bins)
        shape = (len(frame.groups), len(frame.labels), width)

        def laid(cells: NDArray[np.generic] | None) -> NDArray[np.generic] | None:
            if cells is None:
                return None
            out = np.zeros(shape, dtype=cells.dtype)
            out[where] = cells
            return out

        return replace(
            frame,
            n=laid(self.n),  # type: ignore[arg-type]
            weight=laid(self.weight),  # type: ignore[arg-type]
            weight_sq=laid(self.weight_sq),  # type: ignore[arg-type]
            dropped=self.dropped,
        )

    def confusion(self, threshold: Thresholds = None) -> Confusion:
        """Confusion matrices at one threshold, or at one per group.

        Args:
            threshold: An edge of this tally, or group key to edge; -inf selects everyone, inf
                nobody, and where bins are exact any other number is an edge, too. May be left out
                when there is one edge, as with hard predictions.
        """
        if self.edges is None:
            raise TallyError(
                sentence(
                    "confusion",
                    f"a tally of {len(self.outcomes)} predicted classes",
                    expected="two classes",
                    hint="Take one_vs_rest(label) first.",
                )
            )
        if len(self.labels) != 2:
            raise TallyError(
                sentence("confusion", f"labels {listing(self.labels)}", expected="two labels")
            )
        cuts = _cut_places(self, threshold)
        n = _split(self.n, cuts)
        weight = n.astype(np.float64) if self.weight is None else _split(self.weight, cuts)
        weight_sq = weight if self.weight_sq is None else _split(self.weight_sq, cuts)
        return Confusion(self.axes, self.groups, n, weight, weight_sq, self.weighted)

    def first_bin(self, threshold: float) -> int:
        """The first bin that a threshold selects; exact bins hold one score each, so any number will do.

        Raises:
            TallyError: If the bins are not exact and the threshold is no edge, nor infinite.
        """
        edges = self.edges
        assert edges is not None
        known = np.ndim(threshold) == 0 and not np.isnan(threshold)
        if known and np.isinf(threshold):
            return 0 if threshold < 0 else len(edges) + 1
        place = int(np.searchsorted(edges, threshold)) if known else len(edges)
        fits = place < len(edges) and edges[place] == threshold
        if not (fits or (known and self.exact)):
            raise TallyError(
                sentence(
                    "confusion",
                    f"threshold {threshold!r} is not an edge of this tally",
                    expected=f"one of its {len(edges):,} edges",
                    hint=f"Pass thresholds=[{threshold!r}] when counting.",
                )
            )
        return place + 1

    def one_vs_rest(self, label: Level) -> Tally:
        """The binary tally of one class against all others, with one edge."""
        if self.edges is not None:
            raise TallyError(
                sentence("one_vs_rest", "a tally of scores", expected="a tally of predicted classes")
            )
        if label not in {*self.labels, *self.outcomes}:
            classes = _union(self.labels, self.outcomes)
            raise TallyError(
                sentence(
                    "one_vs_rest",
                    f"class {label!r}",
                    expected=f"one of {listing(classes)}",
                    hint=did_you_mean(label, classes),
                )
            )
        rows = np.array([int(value == label) for value in self.labels], dtype=np.intp)
        columns = np.array([int(value == label) for value in self.outcomes], dtype=np.intp)

        def folded(cells: NDArray[np.generic] | None) -> NDArray[np.generic] | None:
            if cells is None:
                return None
            out = np.zeros((len(self.groups), 2, 2), dtype=cells.dtype)
            np.add.at(out, np.index_exp[:, rows[:, None], columns[None, :]], cells)  # type: ignore[arg-type]
            return out

        return replace(
            self,
            labels=("rest", label),
            outcomes=(),
            edges=np.array([0.5]),
            n=folded(self.n),  # type: ignore[arg-type]
            weight=folded(self.weight),  # type: ignore[arg-type]
            weight_sq=folded(self.weight_sq),  # type: ignore[arg-type]
        )

    def to_dicts(self) -> list[Row]:
        """One row per group and label: its levels, the label and its rows."""
        return [
            {**dict(zip(self.axes, key, strict=True)), "label": label, "n": int(self.n[g, k].sum())}
            for g, key in enumerate(self.groups)
            for k, label in enumerate(self.labels)
        ]


def _union(ours: Sequence[Level], theirs: Sequence[Level]) -> tuple[Level, ...]:
    if tuple(ours) == tuple(theirs):
        return tuple(ours)
    return tuple(sorted({*ours, *theirs}, key=level_order))


def _plus(ours: Weights | None, theirs: Weights | None) -> Weights | None:
    return None if ours is None or theirs is None else ours + theirs


def _merged(ours: Mapping[str, int], theirs: Mapping[str, int]) -> dict[str, int]:
    return {reason: ours.get(reason, 0) + theirs.get(reason, 0) for reason in sorted({*ours, *theirs})}


def _check_mergeable(ours: Tally, theirs: Tally) -> None:
    if ours.axes != theirs.axes:
        seen, expected = f"axes {list(theirs.axes)}", f"{list(ours.axes)}"
    elif (ours.edges is None) != (theirs.edges is None):
        seen, expected = "scores on one side and classes on the other", "the same kind of outcome"
    elif ours.weighted != theirs.weighted:
        seen, expected = "weights on one side only", "weights on both sides or on neither"
    elif ours.exact != theirs.exact or not (ours.exact or _same_edges(ours, theirs)):
        seen, expected = "other score edges", "the same bins and thresholds on both sides"
    elif ours.labels != theirs.labels and set(ours.labels) == set(theirs.labels):
        seen, expected = f"labels {theirs.labels}", f"{ours.labels}: the positive label comes last"
    else:
        return
    raise TallyError(sentence("adding tallies", seen, expected=expected))


def _same_edges(ours: Tally, theirs: Tally) -> bool:
    if ours.edges is None or theirs.edges is None:
        return True
    return np.array_equal(ours.edges, theirs.edges)


def _cut_places(tally: Tally, threshold: Thresholds) -> NDArray[np.intp]:
    """The first bin that counts as positive, per group, shape (g,)."""
    edges = tally.edges
    assert edges is not None
    if threshold is None:
        if len(edges) != 1:
            raise TallyError(
                sentence(
                    "confusion", "no threshold", expected=f"one of this tally's {len(edges):,} edges"
                )
            )
        return np.ones(len(tally.groups), dtype=np.intp)
    if isinstance(threshold, Mapping):
        return np.array(
            [tally.first_bin(_of_group(threshold, key)) for key in tally.groups], dtype=np.intp
        )
    return np.full(len(tally.groups), tally.first_bin(threshold), dtype=np.intp)


def _of_group(thresholds: Mapping[Key, float], key: Key) -> float:
    if key in thresholds:
        return thresholds[key]
    raise TallyError(
        sentence(
            "confusion", f"no threshold for group {key_name(key)!r}", expected="one for every group"
        )
    )


def _split(cells: NDArray[Number], cuts: NDArray[np.intp]) -> NDArray[Number]:
    """Sum of the bins below and from the cut on, shape (g, k, 2)."""
    positive = np.arange(cells.shape[2]) >= cuts[:, None, None]
    sides = [cells.sum(axis=2, dtype=cells.dtype, where=side) for side in (~positive, positive)]
    split: NDArray[Number] = np.stack(sides, axis=2)
    return split
