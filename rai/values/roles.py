"""Which column is what: written once, checked at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rai.ground.errors import RoleError, sentence
from rai.ground.formatting import TIMES
from rai.ground.records import Row
from rai.values.levels import Level

# Columns of the tables of results: a column of groups with such a name would be overwritten.
_TAKEN = {
    *("metric", "value", "low", "high", "numerator", "denominator", "n", "note", "label"),
    *("along", "kind", "versus", "highest", "lowest", "null", "tp", "fp", "fn", "tn"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Which column is what.

    Args:
        y_true: The column of true labels (or true values, for a regression).
        y_pred: The column of predicted labels or values.
        y_score: The column of scores; higher means more likely positive.
        sensitive_features: Columns that name groups of people.
        control_features: Columns held fixed when groups are compared.
        sample_weight: The column of non-negative row weights.
        positive_label: The label that counts as positive.
        where: Which rows are counted, as a query; all of them if None.
        cohorts: Name of a cohort to the query that says who is in it; each is a column of its own.
        cuts: Column to edges (a range holds its lower edge), or to a number of quantile groups.

    Example:
        >>> Roles(y_true="income", y_score="score", sensitive_features=("sex",)).columns
        ('income', 'score', 'sex')
    """

    y_true: str
    y_pred: str | None = None
    y_score: str | None = None
    sensitive_features: tuple[str, ...] = ()
    control_features: tuple[str, ...] = ()
    sample_weight: str | None = None
    positive_label: Level | None = None
    where: str | None = None
    cohorts: Mapping[str, str] = field(default_factory=dict)
    cuts: Mapping[str, tuple[float, ...] | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = self.columns
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise RoleError(
                sentence(
                    "roles",
                    f"column {twice[0]!r} in two roles",
                    expected="each column in one role",
                    hint="Copy the column under another name if you need it twice.",
                )
            )
        unfit = next((name for name in self.axes if name in _TAKEN or TIMES in name), None)
        if unfit is not None:
            raise RoleError(
                sentence(
                    "roles",
                    f"rows split by {unfit!r}",
                    expected=f"a name without {TIMES!r} that no table of results uses",
                    hint="Give the cohort another name."
                    if unfit in self.cohorts
                    else "Copy the column under another name.",
                )
            )
        stray = sorted(set(self.cuts) - {*self.sensitive_features, *self.control_features})
        if stray:
            raise RoleError(
                sentence(
                    "cuts",
                    f"{stray[0]!r}, which splits nothing",
                    expected="names of sensitive or control features",
                )
            )

    @property
    def axes(self) -> tuple[str, ...]:
        """The columns that split rows: sensitive features, control features, cohorts."""
        return (*self.sensitive_features, *self.control_features, *self.cohorts)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that has a role, in a fixed order."""
        optional = (self.y_pred, self.y_score, *self.axes, self.sample_weight)
        return (self.y_true, *(name for name in optional if name is not None))

    def replace(self, **changes: object) -> Roles:
        """The same roles with some changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, object]:
        """The roles as plain data; `Roles(**roles.to_dict())` gives them back."""
        held = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in held.items() if value not in (None, (), {})}

    def to_dicts(self) -> list[Row]:
        """One row for each role that is filled."""
        held = self.to_dict()
        if self.cohorts:
            held["cohorts"] = tuple(f"{name} ({where})" for name, where in self.cohorts.items())
        return [
            {"role": role, "column": ", ".join(map(str, part)) if isinstance(part, tuple) else str(part)}
            for role, part in held.items()
        ]
