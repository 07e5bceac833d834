"""The page of methods, written from the tables and docstrings in rai/measure/.

build_methods.py          write docs/methods.md again
build_methods.py --check  fail where the page differs from what would be written
"""

import argparse
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from pathlib import Path
from textwrap import dedent
from urllib.parse import quote

import numpy as np

from rai.explainers.questions import Explainer
from rai.explainers.table import AUTOMATIC, EXPLAINERS
from rai.gates.rules.fields import Grouped, Limited, Rule
from rai.gates.rules.table import RULES
from rai.ground.formatting import markdown_table, readable
from rai.ground.records import Row
from rai.measure import (
    abroca,
    area_intervals,
    average_precision,
    inequality,
    intervals,
    laws,
    pooled,
    regression,
    roc_auc,
    simultaneous,
)
from rai.measure.criteria import CRITERIA, DEFAULT_CRITERIA, Criterion
from rai.measure.metrics import DEFAULT_METRICS, METRICS, Metric
from rai.measure.multiclass import WHOLE_TABLE
from rai.measure.regression import DEFAULT_REGRESSION_METRICS, REGRESSION_METRICS, RegressionMetric
from rai.measure.score_metrics import SCORE_METRICS, ScoreMetric
from rai.measure.thresholds import limits, objectives
from rai.measure.thresholds.strategies import STRATEGIES, Strategy
from rai.values import Confusion, Moments, Tally
from rai.values.moments import TERMS

PAGE = Path(__file__).resolve().parent / "methods.md"

# What a result calls its interval, and the function that makes it.
INTERVALS: tuple[tuple[str, Callable[..., object]], ...] = (
    ("wilson", intervals.wilson),
    ("clopper-pearson", intervals.clopper_pearson),
    ("newcombe", intervals.newcombe),
    ("mover, of a difference", intervals.mover_difference),
    ("mover, of a weighted sum", intervals.mover_sum),
    ("mover, of a ratio", intervals.mover_ratio),
    ("koopman", intervals.koopman_ratio),
    ("linearised", laws.linearised),
    ("delong", roc_auc.roc_areas),
    ("influence", average_precision.precision_areas),
    ("score, of an area", area_intervals.ScoreInterval),
    ("effective n", laws.effective_trials),
    ("simultaneous", simultaneous.family_critical_value),
    ("holm", simultaneous.holm),
    ("noncentrality", inequality.noncentrality_bounds),
    ("area between curves", abroca.abroca_gap),
)
POOLED = (
    ("standardized", pooled.standardized_gap),
    ("mantel_haenszel", pooled.mantel_haenszel_gap),
    ("its p-value", pooled.cmh_test),
)

INTRODUCTION = """\
<!-- Written by docs/build_methods.py from the tables in rai/measure/. Change those, not this page. -->

# Methods

What every number means, how it is computed, and where the definition comes from. Any name in these
tables works wherever a metric or a criterion is named; so do the other names beside it.

For one group, and a positive label that you choose:

| | predicted negative | predicted positive |
| :--- | ---: | ---: |
| **labelled negative** | TN | FP |
| **labelled positive** | FN | TP |

Each is a number of rows, or the sum of their weights; n is their total. A row is predicted positive when
its score is at or above the threshold.
"""

METRICS_ABOVE = """\
A group's metric comes with an interval, its numerator and denominator, and its rows. Where a metric is
undefined its value is `None`, with the reason; it is never 0, 1 or NaN. Groups are at parity when
their values are equal: a difference of 0, a ratio of 1. Metrics marked ± can be negative and have no
ratio. "Better" is the direction that is better for the model's errors, not for a group of people.
"""

SCORES_ABOVE = """\
Of an audit of scores, before any threshold is chosen; s is the score and y the label, 0 or 1. They are
measured from the tally of scores: exactly with `bins="exact"`, else within a bound that the note states
and that widens the interval. Otherwise they are like other metrics: they have intervals, gaps and pairs.
"""

CRITERIA_ABOVE = """\
A criterion asks whether groups are equal in something. r is the metric, and i and j are groups. Any
metric is also a criterion, under its own name: that it be equal.
"""

CLASSES_ABOVE = """\
With more than two classes, every metric of two classes is taken of each class against the rest; its
rows carry the class as their `label`. `(macro)` is the plain mean over the classes, and undefined where
the metric is undefined for one of them. `(micro)` is the metric of all those tables added up. These
metrics are instead taken of the whole k × k table, and their label is `(all)`: """

GAPS = """\
`gaps` takes the groups along an axis, such as `sex` or `sex × race`, and says how far apart they are.

| option | value | what is compared |
| :--- | :--- | :--- |
| `kind` | `difference` | r_i − r_j, without its sign; parity is 0 |
| | `ratio` | r_i / r_j, folded so that it is at most 1; parity is 1 |
| `versus` | `between_groups` | every group with every other |
| | `to_overall` | every group with all rows together, itself included |
| | a group's name | every other group with this one, the reference group |
| `aggregate` | `worst_case` | the largest difference, or the smallest ratio |
| | `mean` | the mean over the comparisons |
| `within` | axes | one gap for each of their levels |

**Interval.** The worst of many noisy comparisons looks bad even if all groups are equal, so its
interval can't be that of the pair which happens to be the worst. All comparisons instead get intervals
from one larger critical value, at which they hold together (max-T). The worst gap then lies between
the largest of their lower and the largest of their upper bounds. So far out in the tails Wilson's
interval is too short for small counts; there each side is the wider of Wilson's and Jeffreys'.
[Simulations](coverage.md) show what this achieves.

**Chance.** `null` is the mean gap in 1,000 draws in which all groups share one true value, at these
group sizes. `Gap.p_value` is the share of those draws in which some comparison is at least as many
standard errors from parity as the farthest one seen, so that small groups, whose rates scatter most, do
not decide alone. The draws follow from the audit's `seed`.

**Pairs.** `pairs` gives every comparison with its sign, its simultaneous interval, and a p-value, also
adjusted by Holm's method for the size of the family. Two proportions are tested by the score test, or
by Fisher's exact test where an expected count is below 5.
"""

CURVES = """\
Of an audit of scores; a row is predicted positive when its score is at or above the threshold.

| name | drawn | points |
| :--- | :--- | :--- |
| `roc` | true against false positive rate | every score at which the curve turns |
| `precision_recall` | precision against recall | where recall rises, and both ends of a fall |
| any metric of decisions | the metric against the threshold | at most 201 thresholds |

`gap_curves` gives the gap of any metric or criterion of decisions at up to 41 thresholds, and always at
those of the audit. `score_distributions` gives the shares of scores in bins, by group and label.

Bands are pointwise: each interval holds at its own threshold, not all of them together, and that of a
gap holds for all groups at that threshold. No point is made up: where nobody is selected, precision is
undefined. With `bins="exact"` curves are exact. Otherwise every point is, and a note says how large the
area between the curve and the exact one may be.
"""

POOLED_ABOVE = """\
`pooled_gaps` holds other axes fixed and pools over their levels, so that a gap which comes only from
who is where disappears (and one that was hidden shows).
"""

INTERVALS_ABOVE = """\
All of these take rows as independent. How a metric's own interval follows from its formula:

```text
{laws}
```

The first word of a row is what an estimate states as its `method`.
"""

STRATEGIES_ABOVE = """\
`optimize_thresholds` takes one of these strategies, and gives the thresholds that cost least among
those at which the rates in the table are equal between groups. With lots, decisions near a threshold
may be drawn between two (or three) thresholds of a group, so that rates can be equal to the last digit;
without, they are equal within `tolerance`. The thresholds are judged by the criterion of the same name.
"""

STRATEGIES_BELOW = """\
**What is to be small**, the objective:

```text
{objectives}
```

**What may not be exceeded**, by all groups together and one at a time:

```text
{limits}
```

**How it is exact.** A threshold matters only where it selects other rows than its neighbour, so each
group has finitely many *cuts*: one for each score with `bins="exact"`, and one for each bin otherwise.
What a cut selects is a cumulative sum of the tally. The objective is a sum over groups. No other choice
of cuts that keeps the constraint costs less; brute force over all combinations says the same in the
tests.

- *Windows* (one threshold a group). Take any rate that some group attains as the lowest of a plan.
  Every other rate then lies in a window from it to it plus the tolerance, and within the window each
  group is free to take the cut that costs least. The best plan is that of the best window, so
  combinations need not be tried. With two rates each window of the first is narrowed by what the second
  allows, and is opened only if its bound can still win. A limit gets a price; plans that the price
  leaves open are settled by merging what the groups offer.
- *Hulls* (lots). Drawing between two cuts gives every point between them, so a group reaches the convex
  hull of its cuts in true and false positives. Pooling adjacent violators, which is isotonic
  regression, gives the corners (Fawcett and Niculescu-Mizil, 2007,
  [doi](https://doi.org/10.1007/s10994-007-5011-0)), and they serve every linear rate and objective.
  With one rate, the least cost of a group is a convex function of it; all groups are clipped into the
  window whose ends cost least.
- *A linear program* (lots, with two rates or a limit). Shares of corners are unknowns, rates, costs and
  the limit are linear in them, and the solution has few corners for each group (Hardt, Price and
  Srebro, 2016, [arXiv](https://arxiv.org/abs/1610.02413)). It is solved by HiGHS.
- *The frontier*, least cost against tolerance with lots, is convex and straight between corners. For
  one rate its corners follow from shrinking the window, always at the end where that costs less.
  Otherwise they are found from tangents: two of them cross on the line, or below a corner that is
  looked at next.

**A tolerance of 0 without lots** is taken as the step in which rates move, at most 0.05: half of a
group's range lies in steps of at most this size, and the largest over groups counts. The plan says what
it was.

**Costs** are means over rows, and their intervals come from the variance of a row's cost; for the price
of a constraint, from that of the difference to the cost of the best threshold for each group. With
lots, the variance of the lot is part of it.
"""


GATES_ABOVE = """\
`rai.gate` holds an audit against a policy. A rule asks whether a quantity θ keeps a limit L, where
larger is worse (or the other way round), and the bounds of θ decide:

| verdict | when |
| :--- | :--- |
| fail | the near bound breaks L: θ is shown to be worse |
| pass | the far bound keeps L: θ is shown to be no worse |
| inconclusive | neither, or there is no bound |

Of a claim to `detect`, a pass is that the far bound keeps the value that must not go unnoticed instead:
twice L, of a ratio its square, of a share twice its odds, unless the policy says otherwise. Where only
many questions at once keep a limit from being shown broken, that is inconclusive, and no pass.

**Bounds.** Each may be wrong by itself. Of a proportion they are Clopper and Pearson's, which keep
their error at any n; of a difference or ratio of groups, MOVER's and Koopman's from such bounds. The
near bound of a worst gap holds for all pairs of groups together (max-T), since one pair is enough to
break a limit. Its far bound takes each pair by itself: the limit is kept only if every pair keeps it,
an intersection-union test, so that each pair may use the whole error (Berger 1982). Of paired rates
they are the wider of Tango's and of MOVER's from exact bounds of the rows gained and lost. Weighted
rows count as their effective n.

**All rules together.** Near bounds are at error / m, where m counts the questions that have not failed
yet (Holm), so that the chance of any wrong fail over all rules and groups is within the error. Far
bounds are at the whole error: a gate passes only if every rule passes, so that the chance that it
passes although a limit is broken is within it as well.

**Rows needed.** With standard error s at n rows of the smallest group (s₀ at the limit), distance d
from parity (of a metric, from the value seen) to what a pass must keep, and q the 80% point of how far
the estimate may stray (of the largest of all pairs of g equal groups: of the range of g normals), n ·
((z · s₀ + q · s) / d)² rows would pass four times in five. `detectable` is the value that would have
been shown to break the limit as often, by the critical value of all pairs.

The kinds of rules:
"""


EXPLAINERS_ABOVE = """\
`rai.explain` takes one number of a row apart, in a space that is always named: base + parts. Shapley's
part of a player is its mean contribution over all orders in which players could be set; a coalition is
worth the mean number with the row's values inside it and a background row's outside. `auto` takes the
first of {automatic} that can answer. What comes out is held against the model itself.

A gap of means is the sum of differences of mean parts; precision, areas and ratios are played for
themselves. Intervals hold for all parts and pairs together (max-T), from the spread of rows' own parts;
bands of chance are those of groups dealt at random. [A guide](guide/explain-a-gap.md) goes through it.
"""


def page() -> str:
    """The whole page."""
    parts = [
        INTRODUCTION,
        _part("Metrics", METRICS_ABOVE, map(metric_row, METRICS), usual=DEFAULT_METRICS),
        _part("Metrics of scores", SCORES_ABOVE, map(score_row, SCORE_METRICS)),
        _part("Criteria", CRITERIA_ABOVE, map(criterion_row, CRITERIA), usual=DEFAULT_CRITERIA),
        f"## Several classes\n\n{CLASSES_ABOVE}{_names(WHOLE_TABLE)}.\n",
        _part(
            "Regressions",
            f"{_paragraphs(regression)[1]}\n",
            map(regression_row, REGRESSION_METRICS),
            usual=DEFAULT_REGRESSION_METRICS,
        ),
        f"## Gaps\n\n{GAPS}",
        f"## Curves\n\n{CURVES}",
        _part("Gaps with something held fixed", POOLED_ABOVE, [function_row(*row) for row in POOLED]),
        _part("Thresholds", STRATEGIES_ABOVE, map(strategy_row, STRATEGIES)),
        STRATEGIES_BELOW.format(objectives=_picture(objectives), limits=_picture(limits)),
        _part(
            "Intervals",
            INTERVALS_ABOVE.format(laws=dedent(_paragraphs(laws)[1])),
            [function_row(*row) for row in INTERVALS],
        ),
        _part(
            "Explanations",
            EXPLAINERS_ABOVE.format(automatic=_names(each.name for each in AUTOMATIC)),
            map(explainer_row, EXPLAINERS),
        ),
        _part("Gates", GATES_ABOVE, map(rule_row, RULES)),
    ]
    return "\n".join(parts)


def metric_row(metric: Metric) -> Row:
    """A metric of two classes, with what its law says of its interval and of empty groups."""
    n = np.array(list(product((0, 10), repeat=4)), dtype=np.int64).reshape(-1, 2, 2)
    weight = n.astype(np.float64)
    keys = tuple((place,) for place in range(len(n)))
    measured = metric.measure(Confusion(("group",), keys, n, weight, weight))
    short = f" ({metric.short})" if metric.short else ""
    return {
        "metric": f"`{metric.name}`{short}{' ±' if metric.signed else ''}",
        "formula": metric.formula,
        "better": metric.better,
        "undefined if": _reasons(measured.notes),
        "interval": "none" if measured.method == "count" else measured.method,
        "other names": _names(metric.aliases),
        "source": _linked(metric.source),
    }


def score_row(metric: ScoreMetric) -> Row:
    """A metric of scores, seen in groups that lack a label, a score, or everything."""
    cells = np.array(list(product((0, 10), repeat=4)), dtype=np.int64).reshape(-1, 2, 2)
    n = np.concatenate((np.zeros((len(cells), 2, 1), dtype=np.int64), cells), axis=2)
    keys = tuple((place,) for place in range(len(n)))
    tally = Tally(("group",), keys, (0, 1), np.array([0.25, 0.75]), (), n, exact=True)
    measured = metric.measure(tally)
    return {
        "metric": f"`{metric.name}` ({metric.short}){' ±' if metric.signed else ''}",
        "formula": metric.formula,
        "better": metric.better,
        "undefined if": _reasons(note for note in measured.notes if note.startswith("undefined: ")),
        "interval": measured.method,
        "other names": _names(metric.aliases),
        "source": _linked(metric.source),
    }


def criterion_row(criterion: Criterion) -> Row:
    """A criterion, with the metrics it looks at and the value that means parity."""
    return {
        "criterion": f"`{criterion.name}`",
        "gap": criterion.formula,
        "metrics": _names(criterion.metrics),
        "kind": readable(criterion.kind) if criterion.kind else "as asked",
        "parity": criterion.parity,
        "other names": _names(criterion.aliases),
        "source": _linked(criterion.source),
    }


def regression_row(metric: RegressionMetric) -> Row:
    """A metric of a regression, seen in a group without rows and in one whose labels are all equal."""
    n = np.array([0, 3])
    weight = n.astype(np.float64)
    sums = np.zeros((2, len(TERMS)))
    measured = metric.measure(Moments(("group",), ((0,), (1,)), 0.0, n, weight, weight, sums))
    return {
        "metric": f"`{metric.name}`{' ±' if metric.signed else ''}",
        "formula": metric.formula,
        "better": metric.better,
        "undefined if": _reasons(measured.notes),
        "interval": measured.method,
        "other names": _names(metric.aliases),
        "source": _linked(metric.source),
    }


def strategy_row(strategy: Strategy) -> Row:
    """A way to choose thresholds, and whether rates can be made equal by lot."""
    return {
        "strategy": f"`{strategy.name}`",
        "what it is": strategy.words,
        "made equal": _names(rate.name for rate in strategy.rates) or "nothing",
        "with lots": _lots(strategy),
        "source": _linked(strategy.source),
    }


def rule_row(rule: type[Rule]) -> Row:
    """A kind of rule of a policy."""
    fields = [name for name in rule.model_fields if name not in Rule.model_fields]
    own = [name for name in fields if name not in {"kind", *Limited.model_fields, *Grouped.model_fields}]
    kind = rule.model_fields["kind"].annotation
    (name,) = getattr(kind, "__args__", ("",))
    return {
        "kind": f"`{name}`",
        "asks that": inspect.cleandoc(rule.__doc__ or "").splitlines()[0].rstrip("."),
        "its own fields": _names(own) or "–",
    }


def explainer_row(explainer: Explainer) -> Row:
    """A way to explain."""
    return {
        "method": f"`{explainer.name}`",
        "what it is": explainer.what,
        "without error of sampling": "yes" if explainer.exact else "no",
        "adds up": "yes" if explainer.complete else "not always",
        "source": _linked(explainer.source),
    }


def _lots(strategy: Strategy) -> str:
    """Whether lots serve the strategy; with nothing made equal only a limit gives them a use."""
    if not strategy.rates:
        return "with a limit"
    return "yes" if strategy.linear else "no"


def function_row(name: str, function: Callable[..., object]) -> Row:
    """A method, with what its docstring says in its first sentence and gives as its source."""
    return {"method": name, "what it is": _said(function), "source": _source(function)}


def _part(head: str, above: str, rows: Iterable[Row], *, usual: Sequence[str] = ()) -> str:
    shown = f"\nShown when none is named: {_names(usual)}.\n" if usual else ""
    return f"## {head}\n\n{above}{shown}\n{markdown_table(list(rows))}\n"


def _said(function: Callable[..., object]) -> str:
    """The first paragraph of a docstring, without its full stop."""
    return " ".join(_paragraphs(function)[0].split()).removesuffix(", shape (g,).").rstrip(".")


def _picture(module: object) -> str:
    """The first paragraph of a docstring that is indented, without its indent."""
    return next(dedent(words) for words in _paragraphs(module) if words.startswith(" "))


def _paragraphs(thing: object) -> list[str]:
    return (inspect.getdoc(thing) or "").split("\n\n")


def _source(function: Callable[..., object]) -> str:
    """The `Source:` of a docstring, or of its module's."""
    for words in (inspect.getdoc(function), inspect.getdoc(inspect.getmodule(function))):
        found = re.search(r"^Source: (.+?)\Z|^Source: (.+?)\n\n", words or "", re.MULTILINE | re.DOTALL)
        if found:
            return _linked(" ".join((found[1] or found[2]).split()).rstrip("."))
    return ""


def _linked(source: str) -> str:
    """A source whose DOI or arXiv number leads there."""
    doi = re.sub(
        r"doi:(\S+?)(?=[,;]? |[;.]?$)",
        lambda found: f"[doi](https://doi.org/{quote(found[1], safe='/:.-')})",
        source,
    )
    return re.sub(r"arXiv:(\d+\.\d+)", r"[arXiv](https://arxiv.org/abs/\1)", doi)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _reasons(notes: Iterable[str]) -> str:
    """Every reason that occurs, once."""
    said = [re.sub(r" \(n=\d+\)$", "", note.removeprefix("undefined: ")) for note in notes]
    return "; ".join(dict.fromkeys(reason for reason in said if reason))


def main(arguments: list[str] | None = None) -> int:
    """Check or write; the number is the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    chosen = parser.parse_args(arguments)
    if not chosen.check:
        PAGE.write_text(page(), encoding="utf-8", newline="\n")
        return 0
    if PAGE.exists() and PAGE.read_text("utf-8") == page():
        print("docs/methods.md follows rai/measure/")
        return 0
    print("docs/methods.md differs from rai/measure/\nRun: python docs/build_methods.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
