"""A profile: what is known of every column of one or several data sets, ready for questions.

    Profile ── to_dicts()    one row per data set and feature
            ├─ histograms · quantiles · top_values     shared edges over all data sets
            ├─ distances · distance_gaps · share_shifts      between data sets, and within groups
            └─ ordered · search · of_kind              with other features, or in another order

Every answer is arithmetic on counts; the rows are no longer needed, and profiles of pieces add up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from rai.engines.score_bins import is_finite
from rai.explore.associations import Associations, associations_of
from rai.explore.binning import BINS, Bins, binning_of, counted_in
from rai.explore.drift import distances_of, question_of
from rai.explore.drift_gaps import distance_gaps_of
from rai.explore.drift_rows import DistanceGaps, Distances, ShareShifts
from rai.explore.feature_order import ORDERS, places_in_order
from rai.explore.profile_rows import (
    HistogramBin,
    Histograms,
    Quantiles,
    TopValues,
    histogram,
    profile_row,
    quantile_rows,
    top_values,
)
from rai.explore.profile_text import profile_html, profile_text
from rai.explore.share_shifts import share_shifts_of
from rai.ground.checks import check_choice, check_count
from rai.ground.errors import ArgumentError, DataError, did_you_mean, listing, sentence
from rai.ground.records import Records, Row
from rai.measure.distance_intervals import DRAWS
from rai.values.binning import Binning
from rai.values.column_summary import KINDS, ColumnSummary
from rai.values.table_summary import TableSummary

DECILES = tuple(tenth / 10 for tenth in range(11))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Profile(Records):
    """What is known of data sets.

    Args:
        tables: Name of a data set to what is known of it; the first is the reference.
        features: The features, in the order shown.
        y_true: The column of labels, if one was named.
        sensitive_features: The columns that name groups of people.
        cohorts: Names of the cohorts that rows were split by.
        where: The query that chose the rows, if one did.
        sample_weight: The column of row weights.

    Example:
        >>> import rai
        >>> found = rai.profile({"age": [20, 30, 30, None], "sex": ["F", "M", "F", "F"]})
        >>> [(row["feature"], row["count"], row["median"], row["top"]) for row in found.to_dicts()]
        [('age', 3, 30.0, 30), ('sex', 4, None, 'F')]
    """

    tables: Mapping[str, TableSummary]
    features: tuple[str, ...]
    y_true: str | None = None
    sensitive_features: tuple[str, ...] = ()
    cohorts: tuple[str, ...] = ()
    where: str | None = None
    sample_weight: str | None = None

    @property
    def datasets(self) -> tuple[str, ...]:
        """Names of the data sets."""
        return tuple(self.tables)

    def to_dicts(self) -> list[Row]:
        """One row per feature and data set that has it."""
        return [
            profile_row(name, feature, table.columns[feature])
            for feature in self.features
            for name, table in self.tables.items()
            if feature in table.columns
        ]

    def __str__(self) -> str:
        return profile_text(self.to_dicts(), datasets=len(self.tables))

    def _repr_html_(self) -> str:
        return profile_html(self.to_dicts(), datasets=len(self.tables))

    def column(self, feature: str, dataset: str | None = None) -> ColumnSummary:
        """What is known of a feature, in one data set or in all of them together.

        Raises:
            ArgumentError: If there is no such feature, or no such data set.
        """
        tables = self.tables.values() if dataset is None else [self.table(dataset)]
        held = [table.columns[feature] for table in tables if feature in table.columns]
        if not held:
            raise _unknown("feature", feature, self.features)
        whole = held[0]
        for other in held[1:]:
            whole = whole + other
        return whole

    def table(self, dataset: str) -> TableSummary:
        """What is known of a data set.

        Raises:
            ArgumentError: If there is none of this name.
        """
        if dataset not in self.tables:
            raise _unknown("data set", dataset, self.datasets)
        return self.tables[dataset]

    def binning(self, feature: str, *, bins: Bins = BINS, method: str = "equal_width") -> Binning:
        """The bins of a feature, the same for every data set; see `rai.explore.binning_of`."""
        return binning_of(self.column(feature), bins, method=method, where=f"bins of {feature!r}")

    def histograms(self, *features: str, bins: Bins = BINS, method: str = "equal_width") -> Histograms:
        """Rows in each bin of each data set, with shared edges; the missing in a bin of their own.

        Args:
            *features: Features; all of them if none is named.
            bins: The most bins, or edges between them.
            method: `equal_width`, `quantile` or `freedman_diaconis`.
        """
        found: list[HistogramBin] = []
        for feature in self._named(features):
            binning = self.binning(feature, bins=bins, method=method)
            for name, summary in self._of(feature):
                found.extend(histogram(name, feature, binning, *counted_in(summary, binning)))
        return Histograms(found)

    def quantiles(self, *features: str, shares: Iterable[float] = DECILES) -> Quantiles:
        """Quantiles of numbers and dates; deciles unless other shares are named."""
        wanted = tuple(shares)
        bad = next((s for s in wanted if not is_finite(s) or not 0 <= s <= 1), None)
        if bad is not None:
            raise ArgumentError(sentence("shares", repr(bad), expected="numbers from 0 to 1"))
        return Quantiles(
            row
            for feature in self._named(features)
            for name, summary in self._of(feature)
            for row in quantile_rows(name, feature, summary, wanted)
        )

    def top_values(self, *features: str, most: int = 10) -> TopValues:
        """The most frequent values of each feature and data set."""
        check_count(most, where="most")
        return TopValues(
            row
            for feature in self._named(features)
            for name, summary in self._of(feature)
            for row in top_values(name, feature, summary, most)
        )

    def distances(
        self,
        *features: str,
        measures: str | Iterable[str] | None = None,
        reference: str | None = None,
        by: str | Iterable[str] | None = None,
        level: float = 0.95,
        adjust: str = "holm",
        draws: int = DRAWS,
        rng: int | np.random.Generator = 0,
    ) -> Distances:
        """How far each feature of each data set is from that of the reference.

        Numbers get Wasserstein, Kolmogorov-Smirnov, Jensen-Shannon and PSI; categories Jensen-Shannon,
        PSI and L-infinity; both the difference of the missing share. Formulas and usual thresholds are
        in `rai.measure.distances.MEASURES`; the page "Read a distance" says how to read a row.

        Args:
            *features: Features; all of them if none is named.
            measures: Names of measures; those that are usual for a column if None.
            reference: The data set that the others are compared with; the first if None.
            by: Columns that split rows: distances within each of their groups.
            level: Coverage of each interval.
            adjust: How p-values are adjusted for the number of columns and groups, within each measure
                and data set: `holm`, `benjamini_hochberg` or `none`.
            draws: How often rows are dealt again.
            rng: Source of the draws.

        Raises:
            ArgumentError: If there is only one data set, or something named is not there.

        Example:
            >>> import rai
            >>> train, test = {"pay": list(range(100))}, {"pay": list(range(50, 150))}
            >>> found = rai.profile({"train": train, "test": test}).distances("pay")
            >>> [(row.measure, round(row.value, 2)) for row in found][:2]
            [('wasserstein', 1.7), ('kolmogorov_smirnov', 0.5)]
        """
        asked = question_of(
            self, features, measures=measures, reference=reference, level=level, adjust=adjust,
            draws=draws, rng=rng,
        )  # fmt: skip
        return distances_of(self, asked, by=by)

    def distance_gaps(
        self,
        *features: str,
        by: str | Iterable[str],
        measures: str | Iterable[str] | None = None,
        reference: str | None = None,
        level: float = 0.95,
        adjust: str = "holm",
        draws: int = DRAWS,
        rng: int | np.random.Generator = 0,
    ) -> DistanceGaps:
        """How much further each feature drifted in one group than in another.

        Args:
            *features: Features; all of them if none is named.
            by: Columns that split rows, such as sensitive features.
            measures, reference, level, adjust, draws, rng: As for `distances`.

        Raises:
            ArgumentError: If there is only one data set, or something named is not there.

        Example:
            >>> import rai
            >>> train = {"sex": ["F", "M"] * 200, "pay": [x // 2 for x in range(400)]}
            >>> test = {"sex": ["F", "M"] * 200, "pay": [x // 2 + 99 * (x % 2) for x in range(400)]}
            >>> both = rai.profile({"train": train, "test": test}, sensitive_features="sex")
            >>> gap = both.distance_gaps("pay", by="sex", measures="kolmogorov_smirnov")[0]
            >>> gap.highest, gap.lowest, gap.p_value < 0.001
            ('M', 'F', True)
        """
        asked = question_of(
            self, features, measures=measures, reference=reference, level=level, adjust=adjust,
            draws=draws, rng=rng,
        )  # fmt: skip
        return distance_gaps_of(self, asked, by=by)

    def share_shifts(
        self,
        *,
        by: str | Iterable[str] | None = None,
        reference: str | None = None,
        level: float = 0.95,
        adjust: str = "holm",
        draws: int = DRAWS,
        rng: int | np.random.Generator = 0,
    ) -> ShareShifts:
        """How much the share of each group changed, with intervals that hold for all groups at once.

        Args:
            by: Columns that name groups; the sensitive features if None.
            reference, level, adjust, draws, rng: As for `distances`.

        Raises:
            ArgumentError: If there is only one data set, or no groups.

        Example:
            >>> import rai
            >>> train, test = {"sex": ["F", "M"] * 100}, {"sex": ["F", "M", "M", "M"] * 50}
            >>> both = rai.profile({"train": train, "test": test}, sensitive_features="sex")
            >>> [(row.group, row.value) for row in both.share_shifts()]
            [('F', -0.25), ('M', 0.25)]
        """
        asked = question_of(
            self,
            (),
            measures=None,
            reference=reference,
            level=level,
            adjust=adjust,
            draws=draws,
            rng=rng,
        )
        return share_shifts_of(self, asked, by=by)

    def associations(self, *features: str, bins: int = BINS) -> Associations:
        """How strongly features go together with the label, sensitive features and cohorts.

        Args:
            *features: Features; all of them if none is named.
            bins: The most bins of a feature, at quantiles.
        """
        return Associations(associations_of(self, self._named(features), bins=bins))

    def ordered(self, by: str = "given", *, reverse: bool = False) -> Profile:
        """The profile with its features in another order.

        Args:
            by: `given`, `alphabetical`, `non_uniformity` (the most uneven first), `missing_or_zero` (the
                emptiest first), or `distance` (the most different between data sets first).
            reverse: The other way round.
        """
        check_choice(by, ORDERS, where="by")
        return replace(self, features=places_in_order(self, by, reverse=reverse))

    def search(self, pattern: str) -> Profile:
        """The features whose name a regular expression matches anywhere, in any case.

        Raises:
            ArgumentError: If it is no regular expression.
        """
        try:
            found = re.compile(pattern, re.IGNORECASE)
        except (re.error, TypeError, OverflowError, RecursionError) as error:
            seen = f"{str(pattern)[:60]!r} ({error})"
            raise ArgumentError(sentence("pattern", seen, expected="a regular expression")) from None
        return replace(self, features=tuple(name for name in self.features if found.search(name)))

    def of_kind(self, *kinds: str) -> Profile:
        """The features of some kinds, such as `number`, `integer`, `category` or `date`."""
        for kind in kinds:
            check_choice(kind, KINDS, where="kind")
        return replace(self, features=tuple(f for f in self.features if self.column(f).kind in kinds))

    def select(self, features: Iterable[str]) -> Profile:
        """Only these features, in this order."""
        wanted = tuple(features)
        return replace(self, features=self._named(wanted) if wanted else ())

    def __add__(self, other: Profile) -> Profile:
        if not isinstance(other, Profile):
            return NotImplemented
        roles = ("y_true", "sensitive_features", "cohorts", "where", "sample_weight")
        unlike = next((role for role in roles if getattr(self, role) != getattr(other, role)), None)
        if unlike is not None:
            seen = f"{getattr(self, unlike)!r} and {getattr(other, unlike)!r}"
            raise DataError(sentence(f"adding profiles, {unlike}", seen, expected="the same in both"))
        tables = dict(self.tables)
        for name, table in other.tables.items():
            tables[name] = tables[name] + table if name in tables else table
        features = tuple(dict.fromkeys((*self.features, *other.features)))
        return replace(self, tables=tables, features=features)

    def _of(self, feature: str) -> list[tuple[str, ColumnSummary]]:
        """The data sets that have a feature."""
        return [(n, t.columns[feature]) for n, t in self.tables.items() if feature in t.columns]

    def _named(self, features: tuple[str, ...]) -> tuple[str, ...]:
        for feature in features:
            if not any(feature in table.columns for table in self.tables.values()):
                raise _unknown("feature", feature, self.features)
        return features or self.features


def _unknown(what: str, name: object, names: Iterable[str]) -> ArgumentError:
    known = tuple(names)
    expected = f"one of {listing(known)}" if known else "one, but there are none"
    return ArgumentError(sentence(what, repr(name), expected=expected, hint=did_you_mean(name, known)))
