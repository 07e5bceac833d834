"""Numbers and tables as text: three significant digits, readable names, one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Cell = str | int | float | bool | None

UNDEFINED = "–"
TIMES = " × "

# Metrics whose symbol, or the people in it, read better than their name.
_SYMBOLS = {
    "r2": "R²", "f1": "F1", "f2": "F2", "f_half": "F½", "roc_auc": "ROC AUC", "abroca": "ABROCA",
    "brier_score": "Brier score", "jensen_shannon": "Jensen-Shannon", "wasserstein": "Wasserstein",
    "kolmogorov_smirnov": "Kolmogorov-Smirnov", "psi": "PSI", "l_infinity": "L∞", "auc": "AUC",
    "cramers_v": "Cramér's V",
}  # fmt: skip


def number(value: Cell, *, digits: int = 3) -> str:
    """A value for reading: three significant digits, thousands separated, `–` for undefined.

    Example:
        >>> [number(v) for v in (0.123456, 1234567, 1234.5678, 0.0, None, True, 12.0)]
        ['0.123', '1,234,567', '1,235', '0', '–', 'yes', '12']
    """
    if value is None:
        return UNDEFINED
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if value == 0:
        return "0"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    if abs(value) < 1e-4:
        return f"{value:.{digits - 1}e}"
    text = f"{value:.{digits}g}"
    return text if "e" not in text else f"{value:,.0f}"


def figure(value: Cell) -> str:
    """A number with its three significant digits written out, so that columns of them line up.

    Example:
        >>> [figure(v) for v in (0.1, 0.0123, 1.0, 0.0, 1234.5, None, 12)]
        ['0.100', '0.0123', '1.00', '0', '1,234', '–', '12']
    """
    if isinstance(value, float) and 1e-4 <= abs(value) < 100:
        text = f"{value:#.3g}"
        if not text.endswith("."):
            return text
    return number(value)


def interval(low: float | None, high: float | None) -> str:
    """Bounds in brackets, or `–` where there are none.

    Example:
        >>> interval(0.1234, 0.5), interval(None, None)
        ('[0.123, 0.5]', '–')
    """
    if low is None and high is None:
        return UNDEFINED
    return f"[{number(low)}, {number(high)}]"


def readable(name: str) -> str:
    """A name from the code as words.

    Example:
        >>> readable("true_positive_rate")
        'true positive rate'
    """
    return name.replace("_", " ")


def metric_name(name: str) -> str:
    """The name of a metric or criterion for reading.

    Example:
        >>> metric_name("true_positive_rate"), metric_name("r2")
        ('true positive rate', 'R²')
    """
    return _SYMBOLS.get(name, readable(name))


def one_line(text: object, *, most: int = 4000) -> str:
    """Text from data on one line, without control characters, cut where it is very long.

    Example:
        >>> one_line("two\\nlines"), one_line("x" * 20, most=5)
        ('two lines', 'xxxx…')
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def counted(count: int, noun: str) -> str:
    """A count with its noun in the right number.

    Example:
        >>> counted(1, "row"), counted(2000, "row")
        ('1 row', '2,000 rows')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def text_table(rows: Sequence[Mapping[str, Cell]]) -> str:
    """Flat rows as aligned plain text; numbers to the right.

    Example:
        >>> print(text_table([{"sex": "F", "n": 1200}, {"sex": "M", "n": 7}]))
        sex      n
        F    1,200
        M        7
    """
    if not rows:
        return "(no rows)"
    heads = list(rows[0])
    body = [[number(row[head]) for head in heads] for row in rows]
    widths = [max(len(head), *(len(line[i]) for line in body)) for i, head in enumerate(heads)]
    right = [_is_numeric(rows, head) for head in heads]
    lines = [
        "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(line, widths, right, strict=True))
        for line in [heads, *body]
    ]
    return "\n".join(line.rstrip() for line in lines)


def markdown_table(rows: Sequence[Mapping[str, Cell]]) -> str:
    """Flat rows as a Markdown table; numbers to the right.

    Example:
        >>> print(markdown_table([{"sex": "F", "n": 1200}]))
        | sex | n |
        | :--- | ---: |
        | F | 1,200 |
    """
    if not rows:
        return "(no rows)"
    heads = list(rows[0])
    rule = ["---:" if _is_numeric(rows, head) else ":---" for head in heads]
    body = [[_cell(number(row[head])) for head in heads] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in [[_cell(h) for h in heads], rule, *body])


def _is_numeric(rows: Sequence[Mapping[str, Cell]], head: str) -> bool:
    return all(not isinstance(row[head], (str, bool)) for row in rows)


def _cell(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return escaped.replace("\r", " ").replace("\n", " ")
