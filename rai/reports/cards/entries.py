"""Numbers and texts of a card as programs read them: what several formats write in the same way."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rai.reports.cards.contents import Apart, Card, Measured
from rai.reports.cards.human_words import ASKED, DataSet, absent
from rai.reports.words import clean

UNDEFINED = "undefined"
LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One number, as text.

    Args:
        type: The metric.
        value: The number in full; `undefined` and why, where there is none.
        slice: The rows that it is about; empty for everyone.
        low, high: Bounds of its interval; empty where there is none.
    """

    type: str
    value: str
    slice: str
    low: str = ""
    high: str = ""

    def named(self, *, low: str, high: str, interval: str) -> dict[str, Any]:
        """The number under the names that a format has for its bounds and its interval.

        Example:
            >>> one = Entry(type="accuracy", value="0.5", slice="", low="0.4", high="0.6")
            >>> one.named(low="from", high="to", interval="ci")["ci"]
            {'from': '0.4', 'to': '0.6'}
        """
        bounds = {name: text for name, text in ((low, self.low), (high, self.high)) if text}
        return {
            "type": self.type,
            "value": self.value,
            **({"slice": self.slice} if self.slice else {}),
            **({interval: bounds} if bounds else {}),
        }


def entries(card: Card) -> Iterator[Entry]:
    """All numbers of a card: rows and metrics of everyone and of each group, then the gaps.

    Example:
        >>> import rai
        >>> from rai.reports.cards import card
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> next(entries(card(rai.gate(found, {"version": 1, "rules": [rule]}))))
        Entry(type='rows', value='2', slice='', low='', high='')
    """
    for part in card.slices:
        yield Entry(type="rows", value=str(part.n), slice=part.name)
        yield from (_entry(found, kind(found), part.name) for found in part.measured)
    for gap in card.gaps:
        found = gap.measured
        yield _entry(found, f"{found.metric}_difference{_class(found)}", between(gap))


def kind(found: Measured) -> str:
    """The metric, with the class that it is about."""
    return f"{found.metric}{_class(found)}"


def between(gap: Apart) -> str:
    """Which groups a gap lies between.

    Example:
        >>> none = Measured(metric="accuracy", label="", value=None, low=None, high=None, note="")
        >>> between(Apart(along="sex", highest="F", lowest="M", n=9, measured=none))
        'sex: F over M'
    """
    return f"{gap.along}: {gap.highest} over {gap.lowest}" if gap.highest and gap.lowest else gap.along


def _class(found: Measured) -> str:
    return f" (class {found.label})" if found.label else ""


def _entry(found: Measured, kind: str, part: str) -> Entry:
    told = found.note.removeprefix(f"{UNDEFINED}: ")
    reason = f"{UNDEFINED}: {told}" if told else UNDEFINED
    return Entry(
        type=kind,
        value=reason if found.value is None else digits(found.value),
        slice=part,
        low="" if found.low is None else digits(found.low),
        high="" if found.high is None else digits(found.high),
    )


def digits(value: float) -> str:
    """A number in full, so that it can be read back as it was.

    Example:
        >>> digits(0.1), digits(2)
        ('0.1', '2.0')
    """
    return repr(float(value))


def written(field: str, texts: Sequence[str]) -> list[str]:
    """What people wrote in a field, or that it is missing.

    Example:
        >>> written("limitations", ["Few rows."]), written("limitations", [])
        (['Few rows.'], ['MISSING: limitations. A person has to write this.'])
    """
    return [plain(text) for text in texts] or [absent(ASKED[field])]


def plain(text: str) -> str:
    """Text without control characters, on one line."""
    return clean(text, most=LONGEST_TEXT)


def limits(card: Card) -> list[str]:
    """Limitations, and what the model is not for, which no format has a place for."""
    outside = [f"Out of scope: {text}" for text in written("out_of_scope", card.words.out_of_scope)]
    return [*written("limitations", card.words.limitations), *outside]


def evaluated(card: Card) -> str:
    """What the model was measured on: where the rows come from, and how many were counted."""
    (origin,) = written("evaluation_data", _texts(card.words.evaluation_data))
    dropped = [f"{rows:,} not counted ({reason})" for reason, rows in card.dropped.items()]
    counted = ", ".join([f"{card.rows:,} rows counted", *dropped])
    return f"{origin} {counted}. {card.lead}"


def trained(card: Card) -> str:
    """What the model was trained on."""
    (origin,) = written("training_data", _texts(card.words.training_data))
    return origin


def _texts(held: DataSet) -> list[str]:
    return [held.description or held.link] if not held.empty else []


def lacking(card: Card) -> list[str]:
    """What is missing that has no place of its own, a sentence each."""
    return [absent(what) for what in card.missing]


def as_json(data: Any) -> str:
    """Data as JSON for people and programs: indented, in the order that it was made in.

    Example:
        >>> as_json({"a": 1})
        '{\\n  "a": 1\\n}\\n'
    """
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
