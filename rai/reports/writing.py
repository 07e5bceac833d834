"""Reports as files: one page, Markdown, JSON, or all three in a folder; whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path

from rai.audit_files import audit_json
from rai.audits import Audit
from rai.ground.checks import as_names, check_choice
from rai.ground.errors import ArgumentError, listing, sentence
from rai.ground.files import write_texts
from rai.reports.facts import Facts, collect_all
from rai.reports.markdown import markdown
from rai.reports.page import page
from rai.reports.score_json import score_estimates, score_gaps, score_results
from rai.reports.summary import paragraphs
from rai.thresholds import ThresholdPlan

FORMATS = ("html", "json", "md")
NAME = "audit"

# Endings that name another kind of file: a folder of that name would be a surprise.
_OTHER_FILES = {".csv", ".docx", ".htm", ".ipynb", ".parquet", ".pdf", ".png", ".txt", ".xml", ".yaml"}


def report(
    audit: Audit,
    path: str | Path,
    *,
    title: str | None = None,
    command: str | None = None,
    formats: str | Iterable[str] | None = None,
    plans: Iterable[ThresholdPlan] = (),
) -> Path:
    """Write an audit as a page, as Markdown and as JSON; the same audit gives the same bytes.

    The page is one file without anything to load, in words, drawings and tables. `Audit.load` reads
    the JSON back. Nothing is written unless everything can be.

    An audit with scores also shows curves, calibration, and the best thresholds under each strategy:
    chosen and judged on the same rows, hence optimistic.

    Args:
        audit: What to show.
        path: A file ending in .html, .md or .json, or a folder for `audit.html`, `audit.json` and
            `audit.md`.
        title: Title of the page; by default the names of the columns.
        command: How the audit was made, for its provenance.
        formats: Which of `html`, `json` and `md` to write into a folder; all if None.
        plans: Plans of thresholds, best chosen on other rows, to be judged on this audit: what they did
            there stands beside what they do here.

    Returns:
        The path of the file, or of the folder.

    Raises:
        ArgumentError: If the path names another kind of file, a format is unknown, or a plan does not
            fit the audit.
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
    """
    target = Path(path)
    files = _files(target, formats)
    if command is not None:
        audit = replace(audit, provenance={**audit.provenance, "command": command})
    facts = collect_all(audit, plans)
    write_texts({file: _WRITERS[kind](facts, title) for kind, file in files.items()})
    return target


def _files(target: Path, formats: str | Iterable[str] | None) -> dict[str, Path]:
    """Which file each format goes into."""
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
        kind: target / f"{NAME}.{kind}" for kind in (FORMATS if asked is None else dict.fromkeys(asked))
    }


def _json(facts: Facts) -> str:
    """The counts, which `Audit.load` reads, with the answers for other readers."""
    estimates = (facts.overall, *facts.groups.values(), *score_estimates(facts))
    metrics = [estimate.to_dict() for found in estimates for estimate in found]
    differences = chain(facts.gaps, facts.ratios, *score_gaps(facts))
    gaps = [{**gap.to_dict(), "p_value": gap.p_value, "n": gap.n} for gap in differences]
    answers = {"summary": paragraphs(facts), "metrics": metrics, "gaps": gaps, **score_results(facts)}
    return audit_json(facts.audit.to_plain(), **answers)


_WRITERS: dict[str, Callable[[Facts, str | None], str]] = {
    "html": lambda facts, title: page(facts, title=title),
    "json": lambda facts, title: _json(facts),
    "md": lambda facts, title: markdown(facts, title=title),
}
