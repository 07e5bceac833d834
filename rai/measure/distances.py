"""Distances between two distributions: one literal table, and a formula for each row of it.

    shares of a data set    p  ▂▅█▅▂ ·      cells side by side; numbers in order,
    shares of a reference   q  ▅█▅▂▂ ·      the missing in a cell of their own

A formula takes shares, shape (..., k), so that a thousand draws are measured at once. The Wasserstein
distance and that of Kolmogorov and Smirnov go by the order of numbers and look only at rows that have
one; the others go by bins or categories, of which the missing are one, so that they see more of these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rai.ground.errors import ArgumentError, sentence

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
        fits: The families of columns that it fits; `number` holds dates, durations and lengths of lists.
        default: The families for which it is measured unless others are named.
        looks_at: `cells`, the bins or categories with the missing; `numbers`, in order; or `missing`.
        formula: How it is computed, from shares p of a data set and q of the reference.
        meaning: What it says.
        usual: From where on it is usually looked into, and who says so.
        threshold: The same as a number; None where it has to be set by who knows the column.
        source: Where it comes from.
        power: The power of it that behaves like a sum of squares.

    Example:
        >>> measure_of("psi").threshold
        0.1
    """

    name: str
    fits: tuple[Family, ...]
    default: tuple[Family, ...]
    looks_at: Literal["cells", "numbers", "missing"]
    formula: str
    meaning: str
    usual: str
    threshold: float | None
    source: str
    power: int = 2


def jensen_shannon(ours: ArrayLike, theirs: ArrayLike) -> float | None:
    """Jensen-Shannon distance of counts in the same cells, shape (k,): 0 if alike, 1 if nothing is shared.

    The square root of the divergence to base 2; None where a side is empty.

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
    from scipy.special import xlogy

    # The means are taken as m, so that equal shares are exactly 0 apart.
    middle = (p + q) / 2
    bits = (xlogy(p, p) + xlogy(q, q)) / 2 - xlogy(middle, middle)
    found = np.sqrt(np.maximum(bits.sum(axis=-1), 0.0) / np.log(2))
    return np.asarray(np.minimum(np.where(found < 1e-8, 0.0, found), 1.0))


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


def l_infinity(p: Array, q: Array) -> Array:
    """The largest difference of a share, shape (..., k) to (...).

    Source: Breck et al. (2019), Data validation for machine learning, SysML.
    """
    return np.asarray(np.abs(p - q).max(axis=-1))


def total_variation(p: Array, q: Array) -> Array:
    """Half the sum of the differences of shares: what part of the rows would have to change."""
    return np.asarray(np.abs(p - q).sum(axis=-1) / 2)


def kolmogorov_smirnov(p: Array, q: Array) -> Array:
    """The largest difference of cumulative shares of numbers in order, shape (..., k) to (...).

    Source: Smirnov (1939); Hodges (1958), doi:10.1007/BF02589501.
    """
    return np.asarray(np.abs(np.cumsum(p - q, axis=-1)).max(axis=-1))


def wasserstein(p: Array, q: Array, *, gaps: Array, trim: float = 0.0) -> Array:
    """How far a row has to move on average to turn one distribution into the other.

    The integral of |F⁻¹ − G⁻¹| from `trim` to 1 − `trim`, taken as that of cumulative shares cut off
    there. An outlier moves a thousandth of the rows by a million; without trimming it would decide alone.

    Args:
        p, q: Shares of numbers in rising order, shape (..., k).
        gaps: From each number to the next, shape (k - 1,).
        trim: Share of the rows left out at either end of each distribution.

    Example:
        >>> p, q = np.array([1.0, 0, 0]), np.array([0, 0.5, 0.5])
        >>> float(wasserstein(p, q, gaps=np.array([1.0, 2.0])))
        2.0

    Source: Vallender (1974), doi:10.1137/1118101; Munk and Czado (1998), doi:10.1111/1467-9868.00121.
    """
    return np.asarray(np.abs(held_in(p, trim) - held_in(q, trim)) @ gaps)


def held_in(shares: Array, trim: float) -> Array:
    """Cumulative shares before the last cell, cut off at `trim` and 1 − `trim`, shape (..., k - 1)."""
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
    for held in (np.clip(points, low, high), points):
        centre = np.average(held, weights=weight)
        variance = float(np.average((held - centre) ** 2, weights=weight))
        if variance > 0:
            fourth = float(np.average(((held - centre) / np.sqrt(variance)) ** 4, weights=weight))
            return float(np.sqrt(variance)), fourth
    return 0.0, 1.0


CELLS: dict[str, Callable[[Array, Array], Array]] = {
    "jensen_shannon": jensen_shannon_distance,
    "psi": population_stability_index,
    "l_infinity": l_infinity,
    "total_variation": total_variation,
}

MEASURES: tuple[DistanceMeasure, ...] = (
    DistanceMeasure(
        name="wasserstein",
        fits=("number",),
        default=("number",),
        looks_at="numbers",
        formula="∫ |F⁻¹(u) − G⁻¹(u)| du from 1% to 99%, over the reference's standard deviation",
        meaning="how far a row has moved on average, in standard deviations of the reference",
        usual="0.1 (Evidently, over 1,000 rows)",
        threshold=0.1,
        source="Vallender (1974), doi:10.1137/1118101; Munk and Czado (1998), doi:10.1111/1467-9868.00121",
    ),
    DistanceMeasure(
        name="kolmogorov_smirnov",
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
        fits=BOTH,
        default=BOTH,
        looks_at="cells",
        formula="√(½ Σ p log₂(p/m) + ½ Σ q log₂(q/m)), m = (p + q)/2",
        meaning="0 if alike, 1 if no value is shared; how well a row tells where it is from",
        usual="0.1 (Evidently, over 1,000 rows)",
        threshold=0.1,
        source="Lin (1991), doi:10.1109/18.61115; Endres and Schindelin (2003), "
        "doi:10.1109/TIT.2003.813506",
    ),
    DistanceMeasure(
        name="psi",
        fits=BOTH,
        default=BOTH,
        looks_at="cells",
        formula="Σ (p − q) ln(p/q), shares below 0.0001 taken as that in the logarithm",
        meaning="population stability index: relative changes of shares, rare ones included",
        usual="0.1 look, 0.25 act (credit scoring)",
        threshold=0.1,
        source="Yurdakul and Naranjo (2020), doi:10.21314/JRMV.2020.227",
        power=1,
    ),
    DistanceMeasure(
        name="l_infinity",
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
        fits=BOTH,
        default=BOTH,
        looks_at="missing",
        formula="share of rows without a value − the same of the reference",
        meaning="how many more rows lack a value; below 0 if fewer do",
        usual="0.1 (Evidently)",
        threshold=0.1,
        source="Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I",
    ),
)  # fmt: skip


def measure_of(name: str) -> DistanceMeasure:
    """The row of the table with a name.

    Raises:
        ArgumentError: If there is none.
    """
    from rai.ground.errors import did_you_mean, listing

    found = next((measure for measure in MEASURES if measure.name == name), None)
    if found is None:
        names = [measure.name for measure in MEASURES]
        hint = did_you_mean(name, names)
        raise ArgumentError(
            sentence("measure", repr(name), expected=f"one of {listing(names)}", hint=hint)
        )
    return found
