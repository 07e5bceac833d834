"""How the numbers were made: definitions, intervals, cuts, versions. Read off the tables of measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from rai.audits import Audit
from rai.ground.formatting import counted, number
from rai.measure.criteria import find_criterion
from rai.measure.metrics import find_metric
from rai.measure.regression import find_regression_metric
from rai.measure.score_metrics import find_score_metric
from rai.reports.facts import Facts
from rai.reports.score_json import score_estimates, score_gaps
from rai.reports.words import clean, name, percent
from rai.values.levels import cut_names

# Method of an interval to how it is made, and where it comes from.
INTERVALS = {
    "wilson": "Wilson's score interval, for proportions (doi:10.1080/01621459.1927.10502953)",
    "newcombe": "Newcombe's hybrid score interval, for differences of rates (1998, method 10)",
    "mover": "MOVER, for ratios and means of rates (doi:10.1177/0962280210383498)",
    "linearised": "the delta method on a scale without bounds, for other functions of the counts",
    "student": "Student's interval, for means",
    "delong": "a score interval with DeLong's variance, for ROC curves (doi:10.2307/2531595)",
    "influence": "a score interval with the variance of influences, for average precision",
    "sandwich": "standard errors that hold without the model, for calibration slopes and intercepts",
    "triangle inequality": "the triangle inequality over bins, for the expected calibration error",
    "standardized": "MOVER, for weighted means of rates (doi:10.1002/sim.3095)",
}


GAPS = (
    "The interval of a largest gap holds at {level} for all comparisons of its groups at once (max-T; "
    "Hothorn, Bretz and Westfall, doi:10.1002/bimj.200810425): its ends are the largest lower and the "
    "largest upper bound. A bootstrap percentile interval would miss the truth when groups are equal."
)
VERDICTS = (
    "A gap counts as beyond chance when its whole interval lies off parity. Each gap is judged by "
    "itself: of many gaps between groups that are equal, about {missed} would still come out as beyond "
    "chance."
)
CHANCE = (
    "By chance stands the mean gap in 1,000 draws in which all groups of these sizes share one true "
    "value (seed {seed}); p is the share of those draws, and of what was seen, in which groups are at "
    "least as many standard errors apart."
)
STRATEGIES = (
    "The best thresholds are exact: no others that these counts can tell apart cost less under the same "
    "constraint (Hardt, Price and Srebro 2016, arXiv:1610.02413)."
)
WEIGHTS = "Rows carry weights ({column}). Intervals use Kish's effective number of rows, (Σw)² / Σw²."


@dataclass(frozen=True, slots=True)
class Definition:
    """One metric or criterion: its name, formula and source."""

    name: str
    formula: str
    source: str


def definitions(facts: Facts) -> tuple[Definition, ...]:
    """What the metrics and criteria shown are, metrics first."""
    metrics = dict.fromkeys(estimate.metric for estimate in facts.overall)
    scores = dict.fromkeys(estimate.metric for found in score_estimates(facts) for estimate in found)
    gaps = chain(facts.gaps, *score_gaps(facts))
    criteria = dict.fromkeys(
        g.metric for g in gaps if g.metric not in metrics and g.metric not in scores
    )
    return (*_metrics(metrics, facts.audit), *_score_metrics(scores), *_criteria(criteria))


def method(facts: Facts) -> tuple[str, ...]:
    """How intervals and chance gaps were made, a sentence or two each."""
    audit, level = facts.audit, percent(facts.audit.level)
    estimates = (facts.overall, *facts.groups.values(), *score_estimates(facts))
    used = dict.fromkeys(e.method for found in estimates for e in found)
    told = [INTERVALS[how] for how in used if how in INTERVALS]
    return (
        f"Intervals of groups hold at {level} each: {'; '.join(told)}.",
        GAPS.format(level=level),
        VERDICTS.format(missed=percent(1 - audit.level)),
        CHANCE.format(seed=audit.seed),
        *_of_this_audit(audit),
        *([STRATEGIES] if facts.scores is not None and facts.scores.choices else []),
    )


def _of_this_audit(audit: Audit) -> Iterable[str]:
    if audit.roles.sample_weight is not None:
        yield WEIGHTS.format(column=clean(audit.roles.sample_weight))
    for axis, edges in audit.roles.cuts.items():
        if isinstance(edges, int):
            yield f"{clean(axis)} was cut into {counted(edges, 'quantile group')}."
        else:
            ranges = ", ".join(cut_names(edges))
            yield f"{clean(axis)} was cut into {ranges}: a range holds its lower edge."
    if audit.thresholds:
        cuts = ", ".join(number(t) for t in audit.thresholds[:12])
        yield f"A row is predicted positive when its score is at least the threshold ({cuts})."


def provenance(audit: Audit) -> tuple[tuple[str, str], ...]:
    """Where the numbers come from: data, roles, settings, versions, command."""
    known = audit.provenance
    fields = {
        "data fingerprint": known.get("fingerprint", ""),
        "rows read": f"{known['rows_read']:,}" if "rows_read" in known else "",
        "rows counted": f"{audit.rows:,}",
        "task": audit.task,
        **{row["role"]: row["column"] for row in audit.roles.to_dicts() if row["role"] != "cuts"},
        "thresholds": ", ".join(number(t) for t in audit.thresholds),
        "level": percent(audit.level),
        "seed": audit.seed,
        "versions": ", ".join(
            f"{part} {known[part]}" for part in ("rai", "numpy", "python") if part in known
        ),
        "command": known.get("command", ""),
    }
    return tuple((str(field), _text(held)) for field, held in fields.items() if held not in ("", None))


def _text(held: object) -> str:
    return clean(held, most=2000)


def _metrics(names: Iterable[str], audit: Audit) -> Iterable[Definition]:
    for metric in names:
        if audit.task == "regression":
            row = find_regression_metric(metric)
            yield Definition(name(metric), row.formula, row.source)
        else:
            found = find_metric(metric)
            yield Definition(name(metric), found.formula, found.source)


def _score_metrics(names: Iterable[str]) -> Iterable[Definition]:
    for metric in names:
        found = find_score_metric(metric)
        if found is not None:
            yield Definition(name(metric), found.formula, found.source)


def _criteria(names: Iterable[str]) -> Iterable[Definition]:
    for criterion in names:
        if criterion == "total_variation":
            source = "Putzel and Lee (2022), arXiv:2203.12568"
            yield Definition(name(criterion), "largest ½ Σ |P_i(ŷ=c) − P_j(ŷ=c)| over classes c", source)
        else:
            row = find_criterion(criterion)
            yield Definition(name(criterion), row.formula, row.source)
