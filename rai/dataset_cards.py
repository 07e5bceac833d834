"""Cards: what a data set is, where it comes from and what to mind, read from its `card.md`.

    datasets/adult/
      card.md          +++ facts in TOML +++, then words: a summary, columns, caveats, how it was made
      adult.parquet    the rows, with the sha256 that the card states
      build.py         how the rows were derived

In a checkout the folders stand in `datasets/`; an installed package keeps them in `rai/_datasets/`.
"""

from __future__ import annotations

import html
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rai.ground.checks import check_choice
from rai.ground.errors import DataError, sentence
from rai.ground.formatting import counted
from rai.ground.records import RecordTuple, Row, html_table
from rai.values import Roles


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a data set.

    Args:
        name: Its name in the frame.
        kind: `number`, `category` or `text`.
        use: What it may be used for: `feature` (known when the model decides), `label`, `score`,
            `weight`, `split`, `derived` (made from a feature), or `outcome` (known only later).
        meaning: What it says, in one line.
    """

    name: str
    kind: str
    use: str
    meaning: str

    def to_dict(self) -> Row:
        """A flat row."""
        return {"column": self.name, "kind": self.kind, "use": self.use, "meaning": self.meaning}


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of a data set, with what it must hash to."""

    path: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Split:
    """A named part of a data set: the rows where the split column holds one of these values."""

    name: str
    values: tuple[str | int, ...]
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a data set is, where it comes from, what it may be used for and what to mind.

    Args:
        name: The name to load it by.
        title: Its name for reading.
        source: Who made and who published it.
        doi: Its DOI, or that of the paper that defines it; empty where there is none.
        licence, licence_url: On what terms the rows may be used.
        citation: How to cite it.
        bundled: Whether the rows come with rai.
        files: The files, with row counts and checksums.
        rows: Rows in all.
        split_column: The column that tells the splits apart, or None.
        split_added: Whether that column is rai's own; it is left out when one split is loaded.
        splits: The named splits.
        roles: Which column is what, ready for an audit.
        columns: Every column, in the order of the frame.
        caveats: What to mind.
        body: The words of the card, as Markdown.
    """

    name: str
    title: str
    source: str
    doi: str
    licence: str
    licence_url: str
    citation: str
    bundled: bool
    files: tuple[DataFile, ...]
    rows: int
    split_column: str | None
    split_added: bool
    splits: tuple[Split, ...]
    roles: Roles
    columns: tuple[Column, ...]
    caveats: tuple[str, ...]
    body: str

    @property
    def summary(self) -> str:
        """The first paragraph."""
        return " ".join(self.body.strip().split("\n\n", 1)[0].split())

    @property
    def features(self) -> tuple[str, ...]:
        """The columns that a model may learn from: no label, score, weight, split or later outcome."""
        return tuple(column.name for column in self.columns if column.use == "feature")

    @property
    def facts(self) -> dict[str, str]:
        """The facts for reading, in order."""
        splits = "; ".join(f"{split.name} {split.rows:,}" for split in self.splits)
        doi = {"DOI": f"https://doi.org/{self.doi}"} if self.doi else {}
        return {
            "Name": self.name,
            "Rows": f"{self.rows:,}" + (f" ({splits})" if splits else ""),
            "Columns": f"{len(self.columns)}",
            "Source": self.source,
            **doi,
            "Licence": f"{self.licence} ({self.licence_url})",
            "Cite as": self.citation,
        }

    @property
    def text(self) -> str:
        """The whole card as Markdown."""
        facts = "\n".join(f"- **{fact}:** {value}" for fact, value in self.facts.items())
        return f"# {self.title}\n\n{facts}\n\n{self.body.strip()}\n"

    def to_dict(self) -> Row:
        """A flat row for a list of data sets."""
        return {
            "name": self.name,
            "title": self.title,
            "rows": self.rows,
            "columns": len(self.columns),
            "splits": ", ".join(split.name for split in self.splits),
            "label": self.roles.y_true,
            "sensitive_features": ", ".join(self.roles.sensitive_features),
            "licence": self.licence,
            "doi": self.doi,
        }

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        facts: list[Row] = [{"fact": fact, "value": value} for fact, value in self.facts.items()]
        caveats = "".join(f"<li>{html.escape(caveat)}</li>" for caveat in self.caveats)
        return (
            f"<h3>{html.escape(self.title)}</h3><p>{html.escape(self.summary)}</p>{html_table(facts)}"
            f"{html_table([column.to_dict() for column in self.columns])}<ul>{caveats}</ul>"
        )

    def __repr__(self) -> str:
        return f"Card({self.name!r}, {counted(self.rows, 'row')}, {self.licence})"


class Cards(RecordTuple[Card]):
    """Cards, one per data set."""

    __slots__ = ()


def dataset_cards() -> Cards:
    """The cards of all bundled data sets, by name.

    Example:
        >>> from rai.dataset_cards import dataset_cards
        >>> [(card.name, card.rows) for card in dataset_cards()][:2]
        [('acs_employment', 277677), ('adult', 48842)]
    """
    return Cards(card for card in map(_read_card, _card_paths().values()) if card.bundled)


def dataset_card(name: str) -> Card:
    """The card of one data set, bundled or not.

    Raises:
        ArgumentError: There is no data set of this name.

    Example:
        >>> from rai.dataset_cards import dataset_card
        >>> dataset_card("adult").licence
        'CC BY 4.0'
    """
    paths = _card_paths()
    return _read_card(paths[check_choice(name, paths, where="dataset")])


def datasets_folder() -> Path:
    """The folder that holds the data sets: the package's own, or that of the checkout."""
    package = Path(__file__).parent
    for folder in (package / "_datasets", package.parent / "datasets"):
        if any(folder.glob("*/card.md")):
            return folder
    raise DataError(
        sentence(
            "datasets",
            "no cards beside the package",
            expected="the bundled data sets",
            hint="Install rai again.",
        )
    )


def _card_paths() -> dict[str, Path]:
    return {path.parent.name: path for path in sorted(datasets_folder().glob("*/card.md"))}


def _read_card(path: Path) -> Card:
    try:
        return parse_card(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            sentence(
                f"card of {path.parent.name!r}",
                f"{type(error).__name__} {error}",
                expected="TOML facts between +++ lines, then Markdown",
            )
        ) from error


def parse_card(text: str) -> Card:
    """A card from the text of its `card.md`."""
    _, front, body = text.split("+++\n", 2)
    facts = tomllib.loads(front)
    files = tuple(DataFile(**entry) for entry in facts["files"])
    splits = facts.get("splits", {})
    named = {key: facts[key] for key in ("name", "title", "source", "doi", "licence", "licence_url")}
    return Card(
        **named,
        citation=facts["citation"],
        bundled=facts["bundled"],
        files=files,
        rows=sum(file.rows for file in files),
        split_column=splits.get("column"),
        split_added=splits.get("added", False),
        splits=tuple(
            Split(name, tuple(part["values"]), part["rows"])
            for name, part in splits.get("parts", {}).items()
        ),
        roles=_roles(facts["roles"]),
        columns=_columns(_section(body, "Columns")),
        caveats=_bullets(_section(body, "Caveats")),
        body=body,
    )


def _roles(facts: dict[str, Any]) -> Roles:
    return Roles(**_tuples({**facts, "cuts": _tuples(facts.get("cuts", {}))}))


def _tuples(held: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in held.items()}


def _section(body: str, head: str) -> str:
    return body.partition(f"\n## {head}\n")[2].partition("\n## ")[0]


def _columns(section: str) -> tuple[Column, ...]:
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return tuple(Column(name.strip("`"), *rest) for name, *rest in cells)


def _bullets(section: str) -> tuple[str, ...]:
    return tuple(" ".join(item.split()) for item in f"\n{section}".split("\n- ")[1:])
