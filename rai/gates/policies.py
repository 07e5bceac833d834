"""A policy: rules, what they share, waivers, and which column of the data is what.

Every field is checked as it is read, names of metrics included, so that a policy that loads can be
asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from rai.gates.rules.fields import Axes, Claim, Frozen, Names, OnInconclusive, Share
from rai.gates.rules.table import BY_KIND, AnyRule
from rai.gates.waivers import Day, Number, Waiver
from rai.ground.errors import did_you_mean, in_short, sentence
from rai.values.levels import Level
from rai.values.verdict import Severity


class PlacedError(ValueError):
    """What is wrong with a policy as a whole, and where it stands."""

    def __init__(self, *place: str | int, seen: str, expected: str, hint: str = "") -> None:
        super().__init__(sentence(".".join(map(str, place)), seen, expected=expected, hint=hint))
        self.place, self.seen, self.expected, self.hint = place, seen, expected, hint


def _is_one(given: Any) -> Any:
    if isinstance(given, (bool, float)):  # which Python takes for the number 1
        raise ValueError(f"{given!r}; expected 1")  # noqa: TRY004  # pydantic takes no TypeError
    return given


def _well_typed(rule: Any) -> Any:
    """A rule whose numbers are numbers, and whose groups are names."""
    kind = BY_KIND.get(str(rule.get("kind"))) if isinstance(rule, Mapping) else None
    for name, held in rule.items() if kind is not None else ():
        field = kind.model_fields.get("limit" if name == "margin" else name)  # type: ignore[union-attr]
        if field is None:
            continue
        if isinstance(held, (bool, str)) and _is_number(field.annotation):
            raise ValueError(f"{name}: {in_short(held)}; expected a number")
        levels = held if isinstance(held, (list, tuple)) else (held,)
        if name in _GROUPS and any(isinstance(each, (Mapping, list, type(None))) for each in levels):
            raise ValueError(f"{name}: {in_short(held)}; expected names of groups")
    return rule


def _is_number(annotation: Any) -> bool:
    parts = {*_parts(annotation)}
    return bool(parts & {int, float}) and str not in parts


def _parts(annotation: Any) -> Iterator[Any]:
    parts = get_args(annotation)
    yield from (leaf for part in parts for leaf in _parts(part)) if parts else (annotation,)


_GROUPS = frozenset({"groups", "optional", "exclude"})

CheckedRule = Annotated[AnyRule, BeforeValidator(_well_typed)]


class Defaults(Frozen):
    """What a rule takes where it says nothing itself.

    They reach rules of what is extended, too, where these and the defaults beside them say nothing.
    """

    claim: Claim | None = None
    """See the rules."""
    level: Annotated[Share, Field(strict=True)] | None = None
    """See the rules."""
    min_n: Annotated[int, Field(ge=0, strict=True)] | None = None
    """See the rules; a kind that is about a number of rows itself does not take it."""
    min_share: Annotated[float, Field(ge=0, lt=1, strict=True)] | None = None
    """See the rules."""
    severity: Severity | None = None
    """See the rules."""
    on_inconclusive: OnInconclusive | None = None
    """See the rules."""
    on_new_group: Literal["judge", "error"] | None = None
    """See the rules."""
    on_missing_baseline: Literal["error", "skip"] | None = None
    """See the rules."""
    threshold: Number | None = None
    """See the rules."""


class Columns(Frozen):
    """Which column of the data is what, for a gate that reads rows; as `rai.audit` takes them."""

    y_true: str | None = None
    """The column of true labels."""
    y_pred: str | None = None
    """The column of predicted labels."""
    y_score: str | None = None
    """The column of scores."""
    baseline: str | None = None
    """The column of the baseline's scores, or predictions."""
    sensitive_features: Names = ()
    """Columns that name groups of people."""
    control_features: Names = ()
    """Columns held fixed when groups are compared."""
    sample_weight: str | None = None
    """The column of row weights."""
    positive_label: Level | None = None
    """The label that counts as positive."""
    thresholds: tuple[Number, ...] | None = None
    """Score cuts; those of the rules are added."""
    bins: Annotated[int, Field(strict=True)] | Literal["exact"] | None = None
    """Score bins between 0 and 1, or `exact`."""
    cuts: Mapping[str, tuple[Number, ...] | Annotated[int, Field(strict=True)]] = {}
    """Numeric column to edges, or to a number of quantile groups."""
    where: str | None = None
    """Which rows are counted, as a query."""
    cohorts: Mapping[str, str] = {}
    """Name to query: people in and out of it are compared."""
    task: Literal["binary", "multiclass", "regression"] | None = None
    """What the labels are, where they don't say."""


class Policy(Frozen):
    """A fairness policy.

    Example:
        >>> policy = Policy.model_validate({"version": 1, "rules": [{"id": "tpr", "kind": "max_gap",
        ...     "metric": "equal_opportunity", "along": "sex", "limit": 0.05}]})
        >>> policy.rules[0].words
        'gap in equal opportunity by sex is at most 0.05'
    """

    version: Annotated[Literal[1], BeforeValidator(_is_one, json_schema_input_type=Literal[1])]
    """The version of the format."""
    title: str = ""
    """What the policy is for."""
    date: Day | None = None
    """The day of this version."""
    clause: str = ""
    """The clause or standard that the rules are evidence for."""
    disclaimer: str = ""
    """What the policy does not say."""
    extends: Names = ()
    """Packs by name, or policy files: an own rule replaces theirs of the same id; theirs come last."""
    audit: Columns = Columns()
    """Which column of the data is what."""
    defaults: Defaults = Defaults()
    """What a rule takes where it says nothing itself."""
    rules: tuple[CheckedRule, ...] = ()
    """The rules; at least one, here or in what is extended."""
    waivers: tuple[Waiver, ...] = ()
    """Failures that someone answers for."""

    @model_validator(mode="before")
    @classmethod
    def _defaults_reach_rules(cls, given: Any) -> Any:
        """Rules with the defaults that they know and don't say otherwise."""
        if not (isinstance(given, Mapping) and isinstance(given.get("defaults"), Mapping)):
            return given
        rules = given.get("rules")
        if not isinstance(rules, (list, tuple)):
            return given
        return {**given, "rules": [filled(rule, given["defaults"]) for rule in rules]}

    @model_validator(mode="after")
    def _parts_fit(self, info: ValidationInfo) -> Policy:
        ids = [rule.id for rule in self.rules]
        for place, name in enumerate(ids):
            if name in ids[:place]:
                expected = "ids that tell rules apart"
                raise PlacedError("rules", place, seen="the same id as another", expected=expected)
        about = [(waiver.rule, waiver.group) for waiver in self.waivers]
        for place, (name, group) in enumerate(about):
            if name not in ids and (info.context or not self.extends):
                seen, hint = f"{name!r} is the id of no rule", did_you_mean(name, ids)
                raise PlacedError("waivers", place, "rule", seen=seen, expected="one", hint=hint)
            if (name, group) in about[:place]:
                seen = "the same rule and group as another"
                raise PlacedError("waivers", place, seen=seen, expected="one waiver of each")
        return self

    def rule(self, name: str) -> AnyRule:
        """The rule of an id."""
        return next(rule for rule in self.rules if rule.id == name)


def filled(rule: Any, defaults: Mapping[str, Any]) -> Any:
    """A rule, as data, with the defaults that its kind knows and it doesn't say otherwise."""
    kind = BY_KIND.get(str(rule.get("kind"))) if isinstance(rule, Mapping) else None
    if kind is None:
        return rule
    known = {
        name: held
        for name, held in defaults.items()
        if name in kind.model_fields and not (name == "min_n" and kind is BY_KIND["min_n"])
    }
    return {**known, **rule}


__all__ = ["Axes", "Columns", "Defaults", "PlacedError", "Policy"]
