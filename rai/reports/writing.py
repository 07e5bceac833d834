"""Reports as files: one page, Markdown, JSON, or all three in a folder; whole or not at all.

audit    ──▶ Facts     ──┐
profile  ──▶ DataFacts ──┴▶ .html · .md · .json
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from rai.audit_files import audit_json
from rai.audits import Audit
from rai.explore.profiles import Profile
from rai.ground.checks import as_names, check_choice
from rai.ground.errors import ArgumentError, in_short, listing, sentence
from rai.ground.files import write_texts
from rai.reports.attribution_facts import attribution_facts
from rai.reports.attribution_json import attribution_results
from rai.reports.data_facts import DataFacts, collect_beside, collect_data
from rai.reports.data_json import data_json
from rai.reports.data_markdown import data_markdown
from rai.reports.data_page import data_page
from rai.reports.facts import Facts, collect_all
from rai.reports.markdown import markdown
from rai.reports.page import page
from rai.reports.score_json import score_estimates, score_gaps, score_results
from rai.reports.summary import paragraphs
from rai.thresholds import ThresholdPlan

FORMATS = ("html", "json", "md")

# Endings that name another kind of file: a folder of that name would be a surprise.
_OTHER_FILES = {".csv", ".docx", ".htm", ".ipynb", ".parquet", ".pdf", ".png", ".txt", ".xml", ".yaml"}


def report(
    result: Audit | Profile,
    path: str | Path,
    *,
    title: str | None = None,
    command: str | None = None,
    formats: str | Iterable[str] | None = None,
    plans: Iterable[ThresholdPlan] = (),
    attributions: Any = None,
    gap_attributions: Any = None,
    profile: Profile | None = None,
    checks: Any = None,
    distances: Any = None,
    proxies: Any = None,
    candidates: Any = None,
    worksheet: Any = None,
    highlight: Mapping[str, float] | None = None,
) -> Path:
    """Write an audit or a profile as a page, as Markdown and as JSON; the same gives the same bytes.

    The page is one file without anything to load, in words, drawings and tables. Nothing is written
    unless everything can be.

    Of an audit, `Audit.load` reads the JSON back. An audit with scores also shows curves, calibration,
    and the best thresholds under each strategy: chosen and judged on the same rows, hence optimistic.
    Of a profile, problems come first and then every feature, all data sets drawn over one another.

    Args:
        result: What to show.
        path: A file ending in .html, .md or .json, or a folder for `audit.html`, `audit.json` and
            `audit.md` (`profile.html` … for a profile).
        title: Title of the page; by default the names of the columns, or of the data sets.
        command: How it was made.
        formats: Which of `html`, `json` and `md` to write into a folder; all if None.
        plans: For an audit: plans of thresholds, best chosen on other rows, to be judged on this audit:
            what they did there stands beside what they do here.
        attributions: For an audit: what `rai.explain` returned, one or several. Means are taken over its
            rows, and over the groups of those sensitive features that are columns of them.
        gap_attributions: For an audit: what `rai.attribute_gap` returned, one or several.
        profile: For an audit: the profile of its data.
        checks: What `rai.check_data` found in the data.
        distances: For a profile: what `Profile.distances` returned; asked of it if None.
        proxies: For a profile: what `rai.find_proxies` returned.
        candidates: For a profile: what `rai.suggest_sensitive_features` returned.
        worksheet: The questions that people answer, a `rai.Worksheet`.
        highlight: For a profile: the shares of `missing`, `zeros` and `infinite` above which numbers
            are marked; 0.02, 0.1 and 0 where not given.

    Returns:
        The path of the file, or of the folder.

    Raises:
        ArgumentError: If there is nothing to show, the path names another kind of file, a format is
            unknown, an argument is for another kind of report, or a plan does not fit the audit.
        TallyError: If the bins of the audit are not cut at a plan's thresholds.
        DataError: If a plan doesn't know a group, or the files can't be written; nothing is then left
            behind.

    Example:
        >>> import rai, tempfile
        >>> found = rai.audit(y_true=[1, 0, 1, 0], y_pred=[1, 0, 0, 0],
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     made = rai.report(found, folder)
        ...     sorted(file.name for file in made.iterdir())
        ['audit.html', 'audit.json', 'audit.md']
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     made = rai.report(rai.profile({"age": [20, 30]}), f"{folder}/ages.md")
        ...     made.read_text("utf-8").splitlines()[0]
        '# The data'
    """
    target = Path(path)
    data = {"distances": distances, "proxies": proxies, "candidates": candidates, "highlight": highlight}
    explained = {"attributions": attributions, "gap_attributions": gap_attributions}
    if isinstance(result, Profile):
        _refuse("a profile", plans=tuple(plans) or None, profile=profile, **explained)
        files = files_of(target, formats, name="profile")
        facts = collect_data(result, checks=checks, worksheet=worksheet, command=command, **data)
        texts = {file: _OF_PROFILES[kind](facts, title) for kind, file in files.items()}
    elif isinstance(result, Audit):
        _refuse("an audit", **data)
        files = files_of(target, formats, name="audit")
        beside = collect_beside(profile, checks=checks, worksheet=worksheet)
        added = attribution_facts(result, **explained)
        audited = replace(
            collect_all(_made_by(result, command), plans), beside=beside, attributions=added
        )
        texts = {file: _OF_AUDITS[kind](audited, title) for kind, file in files.items()}
    else:
        seen = f"{type(result).__name__} {in_short(result)}"
        raise ArgumentError(sentence("report", seen, expected="an Audit or a Profile"))
    write_texts(texts)
    return target


def files_of(target: Path, formats: str | Iterable[str] | None, *, name: str) -> dict[str, Path]:
    """Which file each format goes into; in a folder, files of that name.

    Raises:
        ArgumentError: If the path names another kind of file, or a format is unknown.
    """
    asked = (
        None
        if formats is None
        else [check_choice(f, FORMATS, where="formats") for f in as_names(formats)]
    )
    ending = target.suffix.lower()
    if ending.removeprefix(".") in FORMATS and not target.is_dir():
        kind = ending.removeprefix(".")
        if asked not in (None, [kind]):
            raise ArgumentError(
                sentence(
                    "formats",
                    listing(asked or ()) or "none",
                    expected=f"{kind!r}, as {target.name!r} says",
                )
            )
        return {kind: target}
    if ending in _OTHER_FILES and not target.is_dir():
        raise ArgumentError(
            sentence(
                "report",
                repr(target.name),
                expected="a folder, or a file ending in .html, .md or .json",
                hint="A browser prints the page as PDF." if ending == ".pdf" else "",
            )
        )
    return {
        kind: target / f"{name}.{kind}" for kind in (FORMATS if asked is None else dict.fromkeys(asked))
    }


def _refuse(kind: str, **given: object) -> None:
    """Arguments that are for another kind of report."""
    stray = next((name for name, value in given.items() if value is not None), None)
    if stray is not None:
        raise ArgumentError(sentence(f"report of {kind}", f"{stray}=", expected="it left out"))


def _made_by(audit: Audit, command: str | None) -> Audit:
    if command is None:
        return audit
    return replace(audit, provenance={**audit.provenance, "command": command})


def _json(facts: Facts) -> str:
    """The counts, which `Audit.load` reads, with the answers for other readers."""
    estimates = (facts.overall, *facts.groups.values(), *score_estimates(facts))
    metrics = [estimate.to_dict() for found in estimates for estimate in found]
    differences = chain(facts.gaps, facts.ratios, *score_gaps(facts))
    gaps = [{**gap.to_dict(), "p_value": gap.p_value, "n": gap.n} for gap in differences]
    answers = {"summary": paragraphs(facts), "metrics": metrics, "gaps": gaps, **score_results(facts)}
    answers |= attribution_results(facts)
    beside = {"checks": facts.beside.checks, "worksheet": facts.beside.worksheet}
    known = {name: rows for name, rows in beside.items() if rows is not None}
    return audit_json(facts.audit.to_plain(), **answers, **known)


_OF_AUDITS: dict[str, Callable[[Facts, str | None], str]] = {
    "html": lambda facts, title: page(facts, title=title),
    "json": lambda facts, title: _json(facts),
    "md": lambda facts, title: markdown(facts, title=title),
}
_OF_PROFILES: dict[str, Callable[[DataFacts, str | None], str]] = {
    "html": lambda facts, title: data_page(facts, title=title),
    "json": lambda facts, title: data_json(facts),
    "md": lambda facts, title: data_markdown(facts, title=title),
}
