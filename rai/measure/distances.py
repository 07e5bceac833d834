"""Distances between two distributions: one literal table, and the formulas that need a function.

    shares of a data set    p  ▂▅█▅▂ ·      cells side by side; numbers in order,
    shares of a reference   q  ▅█▅▂▂ ·      the missing in a cell of their own

The Wasserstein distance and that of Kolmogorov and Smirnov go by the order of numbers and look only at
rows that have one; the others go by bins or categories, of which the missing are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence
from rai.measure.distance_laws import Divergence, Hilbertian, Law, Norm

Array = NDArray[np.float64]

BINS = 10  # of numbers, between quantiles of the reference
FLOOR = 1e-4  # share that an emptier cell counts as in the population stability index
TRIM = 0.01  # of the rows at either end that the Wasserstein distance leaves out

Family = Literal["number", "category"]
BOTH: tuple[Family, ...] = ("number", "category")


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceMeasure:
    """One way to say how far two distributions are apart.

    Args:
        name: What it is called.
        law: How it is computed, and how large its noise is.
        fits: The families of columns that it fits; `number` holds dates, durations, lengths of lists.
        default: The families for which it is measured unless others are named.
        looks_at: `cells`, the bins or categories with the missing; `numbers`, in order; or `missing`.
        formula: The formula, for shares p of a data set and q of the reference.
        meaning: What it says.
        usual: From where on it is usually looked into, and by whom.
        threshold: The same as a number; None where it has to be set by who knows the column.
        source: Where it comes from.

    Example:
        >>> measure_of("psi").threshold
        0.1
    """

    name: str
    law: Law
    fits: tuple[Family, ...]
    default: tuple[Family, ...]
    looks_at: Literal["cells", "numbers", "missing"]
    formula: str
    meaning: str
    usual: str
    threshold: float | None
    source: str


def jensen_shannon(ours: ArrayLike, theirs: ArrayLike) -> float | None:
    """Jensen-Shannon distance of counts in the same cells, shape (k,).

    The square root of the divergence to base 2: 0 if alike, 1 if no cell is shared; None where a side is
    empty.

    Example:
        >>> jensen_shannon([3, 1, 0], [3, 1, 0]), jensen_shannon([4, 0], [0, 9])
        (0.0, 1.0)

    Source: Lin (1991), doi:10.1109/18.61115; Endres and Schindelin (2003), doi:10.1109/TIT.2003.813506.
    """
    a, b = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    if not (a.sum() > 0 and b.sum() > 0):
        return None
    return float(jensen_shannon_distance(a / a.sum(), b / b.sum()))


def jensen_shannon_distance(p: Array, q: Array) -> Array:
    """The same of shares, shape (..., k) to (...)."""
    from scipy.special import rel_entr

    middle = (p + q) / 2
    nats = (rel_entr(p, middle) + rel_entr(q, middle)).sum(axis=-1) / 2
    return np.asarray(np.sqrt(np.clip(nats / np.log(2), 0.0, 1.0)))


def population_stability_index(p: Array, q: Array) -> Array:
    """Σ (p − q) ln(p / q) with shares below the floor taken as the floor in the logarithm.

    Example:
        >>> even, uneven = np.array([0.5, 0.5]), np.array([0.6, 0.4])
        >>> float(population_stability_index(uneven, even).round(4))
        0.0405

    Source: Kullback and Leibler (1951), doi:10.1214/aoms/1177729694, as a sum over both directions;
    Yurdakul and Naranjo (2020), doi:10.21314/JRMV.2020.227, for its use and its law.
    """
    return np.asarray(((p - q) * np.log(np.maximum(p, FLOOR) / np.maximum(q, FLOOR))).sum(axis=-1))


def held_in(shares: Array, trim: float) -> Array:
    """Cumulative shares before the last cell, cut off at `trim` and 1 − `trim`, shape (..., k - 1).

    The area between two of them is how far a row moves on average, ∫ |F⁻¹ − G⁻¹| from `trim` to
    1 − `trim`. An outlier moves a thousandth of the rows by a million; untrimmed it would decide alone.

    Source: Vallender (1974), doi:10.1137/1118101; Munk and Czado (1998), doi:10.1111/1467-9868.00121.
    """
    return np.asarray(np.clip(np.cumsum(shares, axis=-1)[..., :-1], trim, 1 - trim))


def scale_of(points: Array, weight: Array, *, trim: float) -> tuple[float, float]:
    """Standard deviation of numbers with their tails drawn in, and its kurtosis.

    Rows beyond the quantiles at `trim` and 1 − `trim` count as these quantiles (winsorised), so that an
    outlier in the reference doesn't stretch the unit. Without spread in between it is the plain one.

    Args:
        points: Distinct numbers, rising, shape (k,).
        weight: Their weights, shape (k,).
        trim: Share drawn in at either end.

    Example:
        >>> scale_of(np.array([0.0, 1.0, 1e9]), np.array([50, 50, 1]), trim=0.02)[0].__round__(2)
        0.5

    Source: Tukey (1962), doi:10.1214/aoms/1177704711.
    """
    cumulative = np.cumsum(weight) / weight.sum()
    ends = np.searchsorted(cumulative, [trim + 1e-12, 1 - trim - 1e-12])
    low, high = points[np.minimum(ends, len(points) - 1)]
    reach = float(2.0 ** (np.frexp(np.abs(points).max(initial=1.0))[1] - 1))  # no square overflows
    for held in (np.clip(points, low, high) / reach, points / reach):
        centre = np.average(held, weights=weight)
        variance = float(np.average((held - centre) ** 2, weights=weight))
        if variance > 0:
            fourth = float(np.average(((held - centre) / np.sqrt(variance)) ** 4, weights=weight))
            return reach * float(np.sqrt(variance)), fourth
    return 0.0, 1.0


L_INFINITY = Norm(image=lambda p, _: p, size=lambda d, _: np.abs(d).max(axis=-1))

MEASURES: tuple[DistanceMeasure, ...] = (
    DistanceMeasure(
        name="wasserstein",
        law=Norm(
            image=lambda p, scale: held_in(p, scale.trim),
            size=lambda d, scale: np.abs(d) @ scale.gaps,
            most=None,
        ),
        fits=("number",),
        default=("number",),
        looks_at="numbers",
        formula="∫ |F⁻¹(u) − G⁻¹(u)| du from 1% to 99%, over the reference's standard deviation",
        meaning="how far a row has moved on average, in standard deviations of the reference",
        usual="0.1 (Evidently, over 1,000 rows)",
        threshold=0.1,
        source="Vallender (1974), doi:10.1137/1118101; "
        "Munk and Czado (1998), doi:10.1111/1467-9868.00121",
    ),
    DistanceMeasure(
        name="kolmogorov_smirnov",
        law=Norm(image=lambda p, _: np.cumsum(p, axis=-1), size=lambda d, _: np.abs(d).max(axis=-1)),
        fits=("number",),
        default=("number",),
        looks_at="numbers",
        formula="max |F(x) − G(x)|",
        meaning="the largest difference of the shares of rows below one and the same number",
        usual="0.2 (Deepchecks)",
        threshold=0.2,
        source="Hodges (1958), doi:10.1007/BF02589501",
    ),
    DistanceMeasure(
        name="jensen_shannon",
        law=Hilbertian(jensen_shannon_distance),
        fits=BOTH,
        default=BOTH,
        looks_at="cells",
        formula="√(½ Σ p log₂(p/m) + ½ Σ q log₂(q/m)), m = (p + q)/2",
        meaning="0 if alike, 1 if no value is shared; how well a row tells where it is from",
        usual="0.1 (Evidently, over 1,000 rows)",
        threshold=0.1,
        source="Lin (1991), doi:10.1109/18.61115; "
        "Endres and Schindelin (2003), doi:10.1109/TIT.2003.813506",
    ),
    DistanceMeasure(
        name="psi",
        law=Divergence(population_stability_index),
        fits=BOTH,
        default=BOTH,
        looks_at="cells",
        formula="Σ (p − q) ln(p/q), shares below 0.0001 taken as that in the logarithm",
        meaning="population stability index: relative changes of shares, rare ones included",
        usual="0.1 look, 0.25 act (credit scoring)",
        threshold=0.1,
        source="Yurdakul and Naranjo (2020), doi:10.21314/JRMV.2020.227",
    ),
    DistanceMeasure(
        name="l_infinity",
        law=L_INFINITY,
        fits=("category",),
        default=("category",),
        looks_at="cells",
        formula="max |p − q|",
        meaning="the largest change of the share of one category",
        usual="set by who knows the column (TensorFlow Data Validation)",
        threshold=None,
        source="Breck et al. (2019), Data validation for machine learning, SysML",
    ),
    DistanceMeasure(
        name="total_variation",
        law=Norm(image=lambda p, _: p, size=lambda d, _: np.abs(d).sum(axis=-1) / 2),
        fits=BOTH,
        default=(),
        looks_at="cells",
        formula="½ Σ |p − q|",
        meaning="the part of the rows that would have to change their value",
        usual="0.1 (Evidently)",
        threshold=0.1,
        source="Gibbs and Su (2002), doi:10.1111/j.1751-5823.2002.tb00178.x",
    ),
    DistanceMeasure(
        name="missing_share",
        law=L_INFINITY,
        fits=BOTH,
        default=BOTH,
        looks_at="missing",
        formula="share of rows without a value − the same of the reference",
        meaning="how many more rows lack a value; below 0 if fewer do",
        usual="0.1 (Evidently)",
        threshold=0.1,
        source="Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I",
    ),
)


def measure_of(name: str) -> DistanceMeasure:
    """The row of the table with a name.

    Raises:
        ArgumentError: If there is none.
    """
    found = next((measure for measure in MEASURES if measure.name == name), None)
    if found is None:
        names = [measure.name for measure in MEASURES]
        hint = did_you_mean(name, names)
        expected = f"one of {listing(names)}"
        raise ArgumentError(sentence("measure", repr(name), expected=expected, hint=hint))
    return found
