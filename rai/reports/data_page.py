"""A profile as one self-contained HTML page: problems first, then a block for each feature."""

from __future__ import annotations

from collections import Counter

from rai.ground.formatting import counted, number
from rai.measure.distances import MEASURES
from rai.reports.data_facts import DataFacts
from rai.reports.data_problems import MOST_SHOWN, checks_headline, grouped, passed, unchecked
from rai.reports.data_problems import found as found_checks
from rai.reports.data_tables import candidates, proxy_tables, questions, told_answers
from rai.reports.distance_rows import SURE, distance_table
from rai.reports.environment import environment
from rai.reports.feature_blocks import (
    MOST_FEATURES,
    BlockSection,
    anchors,
    block_sections,
    orders,
    told_marked,
    told_red,
)
from rai.reports.words import capital, clean, listed, name

_NAME = 60

READING = "Heights and bars are shares of all rows of a data set, so that data sets of any size compare."
STRIPS = (
    "Below a histogram are, on the same scale, all numbers (thin line), the middle 80%, the middle half "
    "(thick line) and the median."
)
EXACT = (
    "Counts, means, standard deviations (n − 1), least and greatest numbers are exact; so are quantiles "
    "and distinct values, unless a note says otherwise. Infinite numbers are counted, and left out of "
    "means and quantiles."
)
SHARED = (
    "All drawings of a feature share their bins over all data sets. Of categories the most frequent are "
    "shown, and all others are counted together. Bins with few rows are drawn high enough to be seen."
)


def data_page(facts: DataFacts, *, title: str | None = None) -> str:
    """The whole page."""
    links, sections = anchors(facts), block_sections(facts)
    asked = questions(facts.worksheet)
    return environment().get_template("profile.html.j2").render(
        title=title or data_title(facts),
        lead=data_lead(facts),
        key_facts=data_figures(facts),
        headline=checks_headline(facts.checks),
        cautions=data_cautions(facts),
        checked=facts.checks is not None,
        worst=grouped(facts.checks, "serious", "warning", anchors=links),
        notes=grouped(facts.checks, "note", anchors=links),
        unchecked=unchecked(facts.checks),
        passed=passed(facts.checks),
        most=MOST_SHOWN,
        sections=sections,
        orders=orders(facts),
        kinds=_kinds(sections),
        reading=f"{READING} {STRIPS} {told_red(facts)}",
        sets=data_sets(facts),
        several=facts.several,
        weighted=facts.profile.sample_weight is not None,
        several_pairs=len(facts.profile.tables) > 2,
        left_out=max(len(facts.profile.features) - MOST_FEATURES, 0),
        distances=distance_table(facts, links),
        distances_read=told_distances(facts),
        proxies=None if facts.proxies is None else proxy_tables(facts, links),
        candidates=None if facts.candidates is None else candidates(facts, links),
        worksheet=None if facts.worksheet is None else asked,
        answered=told_answers(asked),
        method=data_method(facts),
        version=facts.version,
    )  # fmt: skip


def data_title(facts: DataFacts) -> str:
    """A title from the data sets, as in `Data: train and test`."""
    names = [clean(name, most=_NAME) for name in facts.profile.datasets]
    return "The data" if names == ["data"] else f"Data: {listed(names)}"


def data_lead(facts: DataFacts) -> str:
    """One line: what was looked at."""
    profile = facts.profile
    sets = [
        f"{counted(table.rows, 'row')}{f' in {clean(name, most=_NAME)}' if facts.several else ''}"
        for name, table in profile.tables.items()
    ]
    text = f"{counted(len(profile.features), 'feature')} of {listed(sets)}."
    if profile.y_true is not None:
        text += f" The label is {clean(profile.y_true, most=_NAME)}."
    if profile.sensitive_features:
        names = [clean(name, most=_NAME) for name in profile.sensitive_features]
        text += f" Sensitive: {listed(names)}."
    if profile.sample_weight is not None:
        text += f" Rows are weighted by {clean(profile.sample_weight, most=_NAME)}."
    return text


def data_figures(facts: DataFacts) -> tuple[tuple[str, str], ...]:
    """The figures at the head of the page."""
    profile = facts.profile
    rows = sum(table.rows for table in profile.tables.values())
    found = [("rows", f"{rows:,}"), ("features", f"{len(profile.features):,}")]
    if facts.several:
        found.insert(0, ("data sets", f"{len(profile.tables):,}"))
    if facts.checks is not None:
        for severity, words in (("serious", "serious"), ("warning", "warnings")):
            found.append((words, f"{len(found_checks(facts.checks, severity)):,}"))
    return tuple(found)


def data_cautions(facts: DataFacts) -> tuple[str, ...]:
    """What stands out where no checks were run, and what could not be compared."""
    told = [told_marked(facts)] if facts.checks is None else []
    absent = [
        clean(feature, most=_NAME)
        for feature in facts.profile.features
        if len(facts.of(feature)) < len(facts.profile.tables)
    ]
    if absent:
        told.append(f"Not in every data set: {listed(absent)}.")
    return tuple(told)


def data_sets(facts: DataFacts) -> tuple[tuple[str, str, object], ...]:
    """Name, rows and mark of each data set."""
    return tuple(
        (clean(name, most=_NAME), counted(table.rows, "row"), facts.looks[name])
        for name, table in facts.profile.tables.items()
    )


def told_distances(facts: DataFacts) -> str:
    """How to read distances."""
    reference = clean(facts.profile.datasets[0], most=_NAME)
    return (
        f"How far the other data sets are from {reference}, the furthest first, with intervals. A "
        "diamond is what chance alone would show at these numbers of rows; a filled mark is beyond it "
        f"(p up to {number(SURE)})."
    )


def data_method(facts: DataFacts) -> tuple[str, ...]:
    """How the numbers were made, a sentence or two each."""
    told = [EXACT, SHARED]
    told += _measures(facts) if facts.distances else []
    if facts.profile.sample_weight is not None:
        told.append("Numbers in italics are by weight. Drawings count rows.")
    if facts.command is not None:
        told.append(f"Made by: {clean(facts.command, most=1000)}")
    return tuple(told)


def _measures(facts: DataFacts) -> list[str]:
    """What each distance is, a sentence each."""
    named = dict.fromkeys(str(row["measure"]) for row in facts.distances)
    told = [
        f"{capital(name(measure.name))}: {measure.meaning} ({measure.source})."
        for measure in MEASURES
        if measure.name in named
    ]
    unlike = any(row.get("p_value") != row.get("p_unadjusted") for row in facts.distances)
    adjusted = ["The p-values of distances are adjusted for the number of features."] if unlike else []
    return [*told, *adjusted]


def _kinds(sections: tuple[BlockSection, ...]) -> tuple[tuple[str, int], ...]:
    """The kinds of features, with how many there are."""
    return tuple(Counter(b.kind.split(" (")[0] for s in sections for b in s.blocks).items())
