"""The fields that rules share, by what they are about: a rule, a limit, groups of people."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rai.gates.answers import Worse
from rai.ground.checks import as_names
from rai.ground.formatting import TIMES
from rai.values.levels import Level
from rai.values.verdict import Severity

EVERY_FEATURE = "sensitive_features"  # as `along`: every comparison of the audit

OnInconclusive = Literal["stop", "fail", "warn"]
Claim = Literal["demonstrate", "detect"]


def _axes(given: Any) -> Any:
    """One name, several, or names joined by ` × `."""
    if (
        given is None
        or isinstance(given, str)
        or (isinstance(given, (list, tuple)) and all(isinstance(name, str) for name in given))
    ):
        return tuple(part.strip() for name in as_names(given) for part in name.split(TIMES.strip()))
    return given


def _several(given: Any) -> Any:
    """One value or several, as a tuple."""
    return tuple(given) if isinstance(given, (list, tuple)) else (given,)


Names = Annotated[tuple[str, ...], BeforeValidator(_several, json_schema_input_type=str | list[str])]
Axes = Annotated[tuple[str, ...], BeforeValidator(_axes, json_schema_input_type=str | list[str])]
Groups = Annotated[
    tuple[str, ...],
    BeforeValidator(
        lambda given: tuple(str(level) for level in _several(given)),
        json_schema_input_type=Level | list[Level],
    ),
]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0.5, lt=1)]


class Frozen(BaseModel):
    """A part of a policy: frozen, and with no field that isn't known."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Rule(Frozen):
    """What every rule has."""

    reads_rows: ClassVar[bool] = False
    """Whether it reads rows, so that evidence keeps what it said: it can't be asked again without."""
    id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")]
    """The rule's name: letters, digits, `-`, `_`, `.` and `/`. Waivers and reports refer to it."""
    title: str = ""
    """What the rule is for, in words."""
    severity: Severity = "error"
    """`error` stops the gate, `warning` and `note` are shown."""
    on_inconclusive: OnInconclusive = "stop"
    """What an inconclusive verdict does: `stop` (exit code 3), `fail` (exit code 1) or `warn`."""
    tags: Names = ()
    """Tags, such as the ids of controls that the rule is evidence for."""

    @property
    def words(self) -> str:
        """What the rule asks, in one sentence."""
        raise NotImplementedError


class Limited(Rule):
    """A rule that holds an estimate against a limit."""

    claim: Claim = "demonstrate"
    """`demonstrate`: passes only if the limit is shown to be kept. `detect`: fails only if the limit is
    shown to be broken, and passes only if more than `unacceptable` would have been noticed."""
    level: Share = 0.95
    """1 minus the chance of a wrong fail over the whole policy, and of a wrong pass."""
    limit: Finite
    """The last value that is allowed."""
    unacceptable: Finite | None = None
    """For `detect`: the value that must not go unnoticed; by default twice the limit (of a ratio its
    square, of a share twice its odds)."""

    @property
    def error(self) -> float:
        """The chance of a wrong verdict."""
        return round(1 - self.level, 12)

    @property
    def loose(self) -> float | None:
        """The limit that a pass has to keep, where that is another one."""
        if self.claim == "demonstrate":
            return None
        return self.doubled(self.limit) if self.unacceptable is None else self.unacceptable

    @property
    def kept(self) -> float:
        """The limit that a pass has to keep."""
        return self.limit if self.loose is None else self.loose

    @property
    def worse(self) -> Worse:
        """Which way is worse."""
        return "higher"

    def doubled(self, limit: float) -> float:
        """Twice as bad as the limit."""
        return 2 * limit

    @model_validator(mode="after")
    def _unacceptable_is_worse(self) -> Limited:
        beyond = 0.0 if self.unacceptable is None else self.unacceptable - self.limit
        if beyond * (1 if self.worse == "higher" else -1) < 0:
            raise ValueError(
                f"unacceptable: {self.unacceptable:g} is better than the limit {self.limit:g}"
            )
        return self


class Grouped(Rule):
    """A rule about groups of people."""

    along: Axes
    """The columns that make up a group: one, several, or names joined by ` × `."""
    within: Axes = ()
    """Columns held fixed: the rule is asked once for each of their levels."""
    threshold: Finite | None = None
    """The score from which on a row is predicted positive; the audit's first one if not given."""
    plan: str | None = None
    """A file with a plan of thresholds, relative to the policy, in place of `threshold`."""
    min_n: Annotated[int, Field(ge=0)] = 30
    """Rows that a group needs; a smaller one is inconclusive, whatever it shows."""
    groups: Groups = ()
    """Groups that must be there: one that is absent is an error."""
    optional: Groups = ()
    """Groups of these that may be absent."""
    exclude: Groups = ()
    """Groups that are not judged, also as a level of a crossing; they are listed, with their rows."""
    min_share: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of rows below which a group is not judged; it is listed, with its rows."""
    on_new_group: Literal["judge", "error"] = "judge"
    """What a group does that `groups` doesn't name."""


def of_axes(rule: Grouped) -> str:
    """The axes of a rule, for reading."""
    if rule.along == (EVERY_FEATURE,):
        return "each sensitive feature, and all of them together"
    return TIMES.join(rule.along) or "everyone"


__all__ = [
    "Axes",
    "Claim",
    "Finite",
    "Frozen",
    "Grouped",
    "Groups",
    "Limited",
    "Names",
    "OnInconclusive",
    "Rule",
    "Share",
    "of_axes",
]
