"""What a flip test found: how many decisions hang on the attribute alone."""

from __future__ import annotations

from dataclasses import dataclass

from rai.ground.formatting import counted, interval, number
from rai.ground.records import Records, Row
from rai.values import Level
from rai.whatif.change_rates import ChangeRate, ChangeRates
from rai.whatif.edit_marks import EditMarks
from rai.whatif.score_changes import ChangeCases

ANY = "(any other)"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FlipTest(Records):
    """How often changing an attribute, and nothing else, changes the decision.

    Args:
        change: The columns that were changed, jointly.
        task: The model's task.
        positive_label: The positive one of two classes.
        pairs: For each original and each new value: how many decisions change, which way, and how far
            scores move. Where groups were asked for, each of them by itself.
        any_value: For each original value: rows that at least one other value would decide otherwise.
            Mean changes are over all other values.
        overall: The same for all rows.
        largest: The rows whose scores moved furthest.
        marks: Values that never occur, and columns that the model doesn't read.
        rows: Rows tested.
        decide_as: Whose threshold decides about a changed row: the `edited` group's, or the `original`.
        tolerance: Of a regression: how far a value may move without counting as changed.
        level: Coverage of each interval by itself.

    Example:
        >>> import rai
        >>> rows = {"income": [40, 60, 30], "sex": ["F", "M", "M"]}
        >>> found = rai.whatif.flip_test(
        ...     lambda frame: (frame["income"] > 50) | (frame["sex"] == "M"), rows, change="sex")
        >>> found.overall.changed, found.overall.n, [rate.name for rate in found.pairs]
        (2, 3, ['F → M', 'M → F'])
    """

    change: tuple[str, ...]
    task: str
    positive_label: Level | None
    pairs: ChangeRates
    any_value: ChangeRates
    overall: ChangeRate
    largest: ChangeCases
    marks: EditMarks
    rows: int
    decide_as: str
    tolerance: float = 0.0
    level: float = 0.95

    def to_dicts(self) -> list[Row]:
        """Rows for each pair of values, then for any other value, then for everyone."""
        return [rate.to_dict() for rate in (*self.pairs, *self.any_value, self.overall)]

    def __repr__(self) -> str:
        what = "values" if self.task == "regression" else "decisions"
        rate = self.overall
        share = f"{number(rate.share)} {interval(rate.low, rate.high)}"
        return (
            f"FlipTest({' × '.join(self.change)}, {counted(self.rows, 'row')}, "
            f"{rate.changed:,} {what} change: {share})"
        )
