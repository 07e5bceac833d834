"""What is asked on the page: models, slices, prices and the cohort; and the answers to it.

asked(project) ─▶ Asked ── audit("boosting") · metrics_of · gaps_of · costs_of, by the thresholds set
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rai
from rai.ground.formatting import TIMES

from .. import answers, cohorts, cutoffs
from ..cutoffs import Key
from ..project import Project
from ..settings import Setting
from . import terms

FIRST = ("(first)",)

MODELS = Setting("performance models", default=FIRST, url="models")
ALONG = Setting("performance slices", default=FIRST, url="slices")
EDGES = Setting("performance edges", default={}, url="edges")
CRITERION = Setting("performance criterion", default="", url="criterion")
METRICS = Setting("performance metrics", default=FIRST, url="metrics")
COST_FP = Setting("performance cost_fp", default=1.0, url="cost_fp")
COST_FN = Setting("performance cost_fn", default=1.0, url="cost_fn")
BENEFIT_TP = Setting("performance benefit_tp", default=0.0, url="benefit_tp")
BENEFIT_TN = Setting("performance benefit_tn", default=0.0, url="benefit_tn")

SETTINGS = (MODELS, ALONG, EDGES, CRITERION, METRICS, COST_FP, COST_FN, BENEFIT_TP, BENEFIT_TN)

DECIDING = " (thresholds)"


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is asked.

    Args:
        project: The project.
        models: The models to show, at least one.
        along: The columns that make the slices.
        cuts: Column to its edges, for columns of numbers among them.
        where: The query of the cohort; None for all rows.
        criterion: What groups are compared by.
        metrics: What the table shows.
        prices: `cost_fp`, `cost_fn`, `benefit_tp`, `benefit_tn`.
    """

    project: Project
    models: tuple[str, ...]
    along: tuple[str, ...]
    cuts: Mapping[str, tuple[float, ...]]
    where: str | None
    criterion: str
    metrics: tuple[str, ...]
    prices: Mapping[str, float]

    @property
    def task(self) -> str:
        """`binary`, `multiclass` or `regression`."""
        return self.project.models[self.models[0]].task

    @property
    def split(self) -> answers.Split:
        """The slices alone."""
        return answers.Split(self.along, tuple(sorted(self.cuts.items())))

    def cut(self, model: str) -> cutoffs.Cut:
        """What decides for a model."""
        return cutoffs.cut(self.project, model)

    def audit(self, model: str, *, on: str | None = None) -> rai.Audit:
        """Counts by slice, and by what else the thresholds depend on."""
        split, _ = self._deciding(self.cut(model))
        return answers.audit(self.project, model, along=split, where=self.where, on=on)

    def sliced(self, model: str, *, on: str | None = None) -> rai.Audit:
        """Counts by slice alone, as curves and strategies take them."""
        return answers.audit(self.project, model, along=self.split, where=self.where, on=on)

    def threshold(self, model: str) -> float | dict[Key, float] | None:
        """What decides in each group of `audit`; None where nothing does."""
        if self.task != "binary":
            return None
        held = self.cut(model)
        if not held.groups:
            return counted_at(held.single, model=self.project.models[model])
        _, names = self._deciding(held)
        counted = self.audit(model).tally
        places = [counted.axes.index(name) for name in names]
        return {
            key: counted_at(
                held.groups.get(tuple(key[place] for place in places), held.single),
                model=self.project.models[model],
            )
            for key in counted.groups
        }

    def metrics_of(self, model: str, *names: str, by: Any = None) -> rai.Estimates:
        """Metrics of the slices; of everyone with `by=()`."""
        axes = self.along if by is None else by
        return self.audit(model).metrics(*names, by=axes, threshold=self.threshold(model))

    def gaps_of(self, model: str, *names: str, **options: Any) -> rai.Gaps:
        """Gaps between the slices."""
        along = options.pop("along", self.along)
        return self.audit(model).gaps(*names, along=along, threshold=self.threshold(model), **options)

    def costs_of(self, model: str, *, by: Any = None) -> rai.Estimates:
        """The cost per row of the slices; of everyone with `by=()`."""
        axes = self.along if by is None else by
        return self.audit(model).costs(axes, self.threshold(model), **self.prices)

    def confusion_of(self, model: str) -> rai.Confusion:
        """The confusion matrix of each slice."""
        return self.audit(model).confusion(by=self.along, threshold=self.threshold(model))

    def names(self, model: str) -> tuple[str, ...]:
        """All slices there are in all rows, for their colours."""
        whole = answers.audit(self.project, model, along=self.split)
        return tuple(map(name_of, whole.tally.by(*self.along).groups))

    def rows_of(self, key: Key) -> Any:
        """Whether each row of the project is in a slice and in the cohort, shape (n,)."""
        groups, place = cutoffs.groups_of(self.project, self.along, cuts=self.cuts)
        inside = place == groups.index(key)
        shown = cohorts.rows_shown(self.project)
        return inside if shown is None else inside & shown

    def _deciding(self, held: cutoffs.Cut) -> tuple[answers.Split, tuple[str, ...]]:
        """The slices and the groups that thresholds are for, and what the latter are called there."""
        own, added = dict(self.cuts), {}
        names = []
        for column in held.along if held.groups else ():
            edges = tuple(held.cuts.get(column, ()))
            same = column in self.along and tuple(self.cuts.get(column, ())) == edges
            names.append(column if same else column + DECIDING)
            if not same:
                added[names[-1]] = column
                own |= {names[-1]: edges} if edges else {}
        split = answers.Split(
            (*self.along, *added), tuple(sorted(own.items())), tuple(sorted(added.items()))
        )
        return split, tuple(names)


def asked(project: Project) -> Asked:
    """What the settings say, once the controls are drawn."""
    along = tuple(name for name in ALONG.value if name in project.features)
    return Asked(
        project=project,
        models=MODELS.value,
        along=along,
        cuts={column: edges for column in along if (edges := edges_shown(project, column))},
        where=cohorts.shown(),
        criterion=CRITERION.value,
        metrics=METRICS.value,
        prices={
            "cost_fp": float(COST_FP.value),
            "cost_fn": float(COST_FN.value),
            "benefit_tp": float(BENEFIT_TP.value),
            "benefit_tn": float(BENEFIT_TN.value),
        },
    )


def edges_shown(project: Project, column: str) -> tuple[float, ...]:
    """Where a column is cut on this page."""
    held = EDGES.value.get(column)
    if isinstance(held, list | tuple) and held and all(isinstance(e, int | float) for e in held):
        return tuple(sorted({float(edge) for edge in held}))
    return cutoffs.edges_of(project, column)


def counted_at(threshold: float, *, model: rai.Model) -> float:
    """A threshold as an audit counts it: beyond the scores, everybody and nobody."""
    if not model.probabilities:
        return threshold
    if threshold <= 0:
        return float("-inf")
    return float("inf") if threshold > 1 else threshold


def set_at(threshold: float, *, model: rai.Model) -> float:
    """The other way round: what a slider can show."""
    return min(max(threshold, 0.0), cutoffs.NOBODY) if model.probabilities else threshold


def name_of(key: Key) -> str:
    """A slice for reading."""
    return TIMES.join(map(str, key)) if key else "everyone"


def offered(task: str | None) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The criteria, the metrics and the usual metrics of a task."""
    if task == "multiclass":
        return tuple(terms.CLASS_CRITERIA), terms.CLASS_METRICS, ("accuracy",)
    if task == "regression":
        numbers = tuple(terms.NUMBER_METRICS)
        return numbers, numbers, terms.USUAL_NUMBER_METRICS
    return tuple(terms.CRITERIA), tuple(terms.METRICS), terms.USUAL_METRICS


def explained(name: str) -> str:
    """What a metric or a criterion is, in words."""
    said = {**terms.NUMBER_METRICS, **terms.CLASS_CRITERIA, **terms.CRITERIA, **terms.METRICS}
    return said.get(name, "")
