"""What a metric, or a gap, loses when a column no longer says anything of its row.

    rows with one column dealt out anew ──model──▶ scores ──audit──▶ metric, gap
    value  =  that of the rows as they are  −  its mean over the permutations

A permuted column is seen with others that it never goes with. Permuting `within` groups keeps what the
column has to do with them. Values don't add up to the gap: for parts that do, attribute the gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows, open_rows
from rai.explainers.players import Given, Players, players_of
from rai.explainers.summaries.importances import Importance, Importances
from rai.explainers.summaries.measuring import Key, Measuring, default_metrics, labels_of
from rai.ground.checks import as_names, check_count, check_level
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.measure.intervals import critical_value
from rai.measure.score_points import student
from rai.models.batches import BATCH_ROWS, Progress, scores_of
from rai.models.model import as_model, check_answers_edits
from rai.values.generators import generator_of
from rai.whatif.row_groups import Cuts, groups_of

WHERE = "permutation_importance"


def permutation_importance(
    model: Any,
    rows: Any,
    *,
    y_true: Any,
    metrics: str | Sequence[str] | None = None,
    gaps: str | Sequence[str] = (),
    sensitive_features: Any = None,
    players: Given = "raw",
    within: Any = None,
    cuts: Cuts | None = None,
    repeats: int = 10,
    threshold: float | None = None,
    level: float = 0.95,
    rng: int | np.random.Generator = 0,
    progress: Progress | None = None,
) -> Importances:
    """How much of a metric, and of a gap between groups, goes away when a column is permuted.

    Groups and labels stay those of the rows; only what the model reads is dealt out anew. Intervals are
    Student's over the repeats: they say how far more permutations might move the value, and nothing of
    how other rows would have come out. A gap has no sign, so that a column which holds it down has a
    value below 0.

    Args:
        model: Anything that `rai.load_model` takes.
        rows: The rows, n of them.
        y_true: True labels or values: a column's name, or an array, shape (n,).
        metrics: Metrics of an audit; accuracy if None, and R² of a regression.
        gaps: Metrics or criteria whose gaps between groups are measured.
        sensitive_features: The groups, for gaps: names of columns, or a dict of name to array.
        players: `raw` for each column that the model reads; or a dict of a name to columns that are
            permuted together.
        within: Columns or arrays whose groups a permutation does not leave.
        cuts: Numeric columns of the groups to edges, or to a number of quantile groups.
        repeats: Permutations of each player, at least 2.
        threshold: The score from which on a row is decided positive; the model's own if None.
        level: Coverage.
        rng: Seed, or source of randomness.
        progress: Called with the rows done and in all.

    Returns:
        A row for each player and number, the largest fall first.

    Raises:
        ArgumentError: Gaps without groups, a metric that the model has no use for, or another argument
            outside what is allowed.
        DataError: Labels or rows that can't be used.
        RoleError: A column that is not there.

    Example:
        >>> import rai
        >>> rows = {"x": [0.1, 0.2, 0.8, 0.9] * 5, "z": [1.0, 2.0] * 10, "y": [0, 0, 1, 1] * 5}
        >>> found = permutation_importance(lambda f: f["x"], rows, y_true="y")
        >>> [(each.feature, each.baseline, each.value > 0.3) for each in found]
        [('x', 1.0, True), ('z', 1.0, False)]

    Source: Breiman (2001), doi:10.1023/A:1010933404324; Fisher, Rudin and Dominici (2019),
    arXiv:1801.01489, for any model and measure.
    """
    known, held = as_model(model), open_rows(rows)
    check_answers_edits(known, where=WHERE)
    if not len(held):
        raise DataError(sentence("rows", "no rows", expected="at least one"))
    named = isinstance(y_true, str)
    if named:
        held.check(y_true, where="y_true")
    read = known.features or tuple(name for name in held.names if not (named and name == y_true))
    groups = groups_of(held, sensitive_features, cuts=cuts, along=within)
    measuring = Measuring(
        model=known,
        y_true=labels_of(held.column(y_true) if named else y_true, known, rows=len(held)),
        groups=groups,
        metrics=tuple(default_metrics(known)) if metrics is None else as_names(metrics),
        gaps=_gaps(gaps, groups.axes),
        cut=_cut(threshold, known.threshold, known.task),
    )
    dealing = _Dealing(
        rows=held.select(read),
        players=players_of(players, read),
        strata=groups_of(held, within, cuts=cuts, along=sensitive_features, where="within").place,
        repeats=check_count(repeats, where="repeats", least=2),
        rng=generator_of(rng),
    )
    level = check_level(level)
    baseline = measuring.numbers(scores_of(known, dealing.rows))
    permuted = [
        [measuring.numbers(scores) for scores in dealt] for dealt in dealing.scores(known, progress)
    ]
    return Importances(_rows(dealing.players.names, baseline, permuted, level=level))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Dealing:
    """What deals columns out anew."""

    rows: Rows
    players: Players
    strata: Ints
    repeats: int
    rng: np.random.Generator

    def scores(self, model: Any, progress: Progress | None) -> Iterator[list[Floats]]:
        """For each player the scores of the rows in each permutation."""
        n, done = len(self.rows), 0
        total = n * self.repeats * len(self.players)
        together = max(1, BATCH_ROWS // n)
        for columns in self.players.columns:
            dealt: list[Floats] = []
            while len(dealt) < self.repeats:
                times = min(together, self.repeats - len(dealt))
                moved = np.concatenate([self._dealt() for _ in range(times)])
                own = np.tile(np.arange(n), times)
                places = {name: moved if name in columns else own for name in self.rows.names}
                dealt += np.split(scores_of(model, self.rows.gathered(places)), times)
                done += n * times
                if progress is not None:
                    progress(done, total)
            yield dealt

    def _dealt(self) -> Ints:
        """From which row each row takes the column, shape (n,): one of its own stratum."""
        order = np.lexsort((self.rng.random(len(self.rows)), self.strata))
        found = np.empty(len(self.rows), dtype=np.intp)
        found[np.argsort(self.strata, kind="stable")] = order
        return found


def _gaps(gaps: str | Sequence[str], axes: tuple[str, ...]) -> tuple[str, ...]:
    names = as_names(gaps)
    if names and not axes:
        expected = "sensitive_features= to compare"
        raise ArgumentError(sentence("gaps", "gaps without groups", expected=expected))
    return names


def _cut(threshold: Any, own: float, task: str) -> float:
    if threshold is None:
        return own
    real = isinstance(threshold, int | float | np.number) and not isinstance(threshold, bool)
    if task != "binary" or not real or not np.isfinite(threshold):
        expected = "a finite number" if task == "binary" else f"none for a {task} model"
        raise ArgumentError(sentence("threshold", repr(threshold), expected=expected))
    return float(threshold)


def _rows(
    names: Sequence[str],
    baseline: Mapping[Key, float | None],
    permuted: Sequence[Sequence[Mapping[Key, float | None]]],
    *,
    level: float,
) -> Iterator[Importance]:
    for key, whole in baseline.items():
        found = [
            _row(name, key, whole, [numbers.get(key) for numbers in dealt], level=level)
            for name, dealt in zip(names, permuted, strict=True)
        ]
        yield from sorted(found, key=lambda row: -abs(row.value or 0.0))


def _row(
    name: str, key: Key, baseline: float | None, permuted: Sequence[float | None], *, level: float
) -> Importance:
    known = np.array([value for value in permuted if value is not None])
    missing = len(permuted) - len(known)
    shared: dict[str, Any] = {**key._asdict(), "feature": name, "level": level, "repeats": len(permuted)}
    if baseline is None or missing:
        where = "of the rows as they are" if baseline is None else f"in {missing} of the permutations"
        note = f"undefined: the {key.kind} has no value {where}"
        return Importance(baseline=baseline, permuted=None, value=None, note=note, **shared)
    fell = baseline - known
    value, error = float(fell.mean()), float(fell.std(ddof=1) / np.sqrt(len(fell)))
    low, high = student(np.array([value, error, len(known) - 1.0]), critical_value(level))
    return Importance(
        baseline=baseline,
        permuted=float(known.mean()),
        value=value,
        standard_error=error,
        low=float(low),
        high=float(high),
        **shared,
    )
