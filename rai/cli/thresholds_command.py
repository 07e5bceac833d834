"""`rai thresholds`: the best thresholds under a fairness constraint, or a saved plan judged."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rai.cli.choosing import USUAL_THRESHOLD, audited, chosen, judged, like
from rai.cli.options import (
    AsJson,
    Bins,
    Coverage,
    Cut,
    Data,
    PositiveLabel,
    Quiet,
    SampleWeight,
    Seed,
    Sensitive,
    Text,
    Texts,
    YScore,
    YTrue,
    column,
    counting,
    read_bins,
    read_cuts,
    showing,
)
from rai.cli.plan_answers import as_text, comparison_answer, plan_answer
from rai.cli.screen import console
from rai.ground.errors import ArgumentError, listing, sentence
from rai.measure.thresholds.objectives import OBJECTIVES
from rai.measure.thresholds.strategies import STRATEGIES

if TYPE_CHECKING:
    from rai import Audit, PlanEvaluation, ThresholdPlan

NAMES = tuple(strategy.name for strategy in STRATEGIES)

_choosing = partial(typer.Option, rich_help_panel="Choosing")
_price = partial(_choosing, metavar="PRICE")


def thresholds_command(
    *,
    data: Data,
    y_true: YTrue = None,
    y_score: YScore = None,
    sensitive: Sensitive = None,
    along: Annotated[
        Texts, column(help="Makes up a group; all sensitive columns if not given. Repeatable.")
    ] = None,
    sample_weight: SampleWeight = None,
    strategy: Annotated[
        Text,
        _choosing(metavar="NAME", help=f"One of {', '.join(NAMES)}; without it, all are compared."),
    ] = None,
    objective: Annotated[
        Text, _choosing(metavar="NAME", help=f"What is to be small: {', '.join(OBJECTIVES)}.")
    ] = None,
    cost_fp: Annotated[float | None, _price(help="Of a false positive; 1 if not given.")] = None,
    cost_fn: Annotated[float | None, _price(help="Of a false negative; 1 if not given.")] = None,
    benefit_tp: Annotated[float | None, _price(help="What a true positive brings; 0.")] = None,
    benefit_tn: Annotated[float | None, _price(help="What a true negative brings; 0.")] = None,
    tolerance: Annotated[
        float | None, _choosing(metavar="SHARE", help="How far apart equal rates may be; 0.")
    ] = None,
    randomized: Annotated[
        bool, _choosing("--randomized", help="Decisions may be drawn by lot between thresholds.")
    ] = False,
    max_selected: Annotated[
        float | None, _choosing(metavar="N", help="The most rows that may be selected in all.")
    ] = None,
    max_selection_rate: Annotated[
        float | None, _choosing(metavar="SHARE", help="The largest share that may be selected.")
    ] = None,
    min_precision: Annotated[
        float | None, _choosing(metavar="SHARE", help="The least share of positives among selected.")
    ] = None,
    method: Annotated[
        Text,
        _choosing(metavar="NAME", help="exact, or grid101: the What-If Tool's search over 0, 0.01 … 1."),
    ] = None,
    held_out: Annotated[
        Text, _choosing(metavar="DATA", help="Judge the thresholds on these rows, too.")
    ] = None,
    plan: Annotated[
        Path | None, _choosing(metavar="PATH", help="Choose nothing: judge this saved plan on DATA.")
    ] = None,
    unseen: Annotated[
        Literal["error", "single_threshold"],
        _choosing(metavar="HOW", help="What decides for groups unknown: error, or single_threshold."),
    ] = "error",
    positive_label: PositiveLabel = None,
    threshold: Annotated[
        float | None,
        counting(metavar="SCORE", help="One that scores are cut at, too; needed beyond 0 to 1."),
    ] = None,
    bins: Bins = "1000",
    cut: Cut = None,
    level: Coverage = 0.95,
    seed: Seed = 0,
    out: Annotated[Path | None, showing(metavar="PATH", help="Write the plan, as JSON.")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Choose thresholds that cost least under a fairness constraint; or compare all strategies.

    Thresholds that differ by group may be unlawful, in lending and hiring for instance.
    """
    prices = {
        "cost_fp": cost_fp,
        "cost_fn": cost_fn,
        "benefit_tp": benefit_tp,
        "benefit_tn": benefit_tn,
    }
    limits = {
        "max_selected": max_selected,
        "max_selection_rate": max_selection_rate,
        "min_precision": min_precision,
    }
    asked = {
        "along": along,
        "objective": objective,
        **prices,
        "tolerance": tolerance,
        "randomized": randomized or None,
        **limits,
        "method": method,
    }
    given = {
        "y_true": y_true,
        "y_score": y_score,
        "sensitive_features": tuple(sensitive or along or ()),
        "sample_weight": sample_weight,
        "positive_label": positive_label,
        "cuts": read_cuts(cut or ()),
        "thresholds": (USUAL_THRESHOLD if threshold is None else threshold,),
        "bins": read_bins(bins),
        "level": level,
        "seed": seed,
    }
    wanted = {name: value for name, value in asked.items() if value is not None}
    _check_together(plan, {**wanted, "strategy": strategy, "held_out": held_out, "out": out})
    audits: dict[str, Audit] = {}
    if plan is None:
        audits["chosen_on"] = found = audited(data, given, quiet=quiet)
        plans, refused = chosen(found, [strategy] if strategy else NAMES, wanted)
        given, other = like(found, given), held_out
    else:
        plans, refused, other = [_loaded(plan)], {}, data
        given["sensitive_features"] = given["sensitive_features"] or plans[0].along
    judgements: list[PlanEvaluation] = []
    if other:
        audits["held_out"], judgements = judged(other, plans, given, unseen=unseen, quiet=quiet)
    if out is not None:
        plans[0].save(out)
    if not quiet:
        one = strategy is not None or plan is not None
        _show(plans, judgements, None if one else refused, audits, as_json=as_json)
    if out is not None and not quiet:
        print(f"Plan: {out}", file=sys.stderr)


def _loaded(path: Path) -> ThresholdPlan:
    from rai import ThresholdPlan

    return ThresholdPlan.load(path)


def _show(
    plans: Sequence[ThresholdPlan],
    held_out: Sequence[PlanEvaluation],
    refused: Mapping[str, str] | None,
    audits: Mapping[str, Audit],
    *,
    as_json: bool,
) -> None:
    """One plan, where `refused` is None; else all of them side by side."""
    if as_json:
        parts = list(zip_longest(plans, held_out))
        dropped = {place: found.dropped for place, found in audits.items()}
        one = plan_answer(*parts[0]) if refused is None else None
        print(as_text({**(one or comparison_answer(parts, refused or {})), "dropped": dropped}))
        return
    from rai.reports.plan_terminal import print_comparison, print_plan
    from rai.reports.summary import left_out

    if refused is None:
        print_plan(plans[0], held_out=held_out[0] if held_out else None, console=console())
    else:
        print_comparison(plans, held_out=held_out, refused=refused, console=console())
    for place, found in audits.items():
        if found.dropped:
            print(f"\n{place.replace('_', ' ').capitalize()}: {left_out(found)}")
    if not held_out:
        print("\nPass --held-out DATA to judge the thresholds on other rows.")


def _check_together(plan: Path | None, given: Mapping[str, Any]) -> None:
    """Options that exclude one another."""
    options = [f"--{name.replace('_', '-')}" for name, value in given.items() if value is not None]
    if plan is not None and options:
        expected = "it without options that choose: nothing is chosen"
        raise ArgumentError(sentence("--plan", f"together with {listing(options)}", expected=expected))
    if given["out"] is not None and given["strategy"] is None:
        expected = "the strategy whose plan is to be written"
        raise ArgumentError(sentence("--out", "no --strategy", expected=expected))
