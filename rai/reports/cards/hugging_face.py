"""A card as the README of a repository on the Hugging Face Hub: numbers as YAML, then the Markdown.

---
model-index: name, results ─▶ task · dataset, with the slice in its args · metrics
---
# Model card: …
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rai.ground.formatting import metric_name
from rai.reports.cards.card_markdown import card_markdown
from rai.reports.cards.contents import Card, Measured
from rai.reports.cards.entries import plain
from rai.reports.cards.licenses import on_the_hub

# Metric to what the Hub calls it; the others keep their names.
METRIC_IDS: Mapping[str, str] = {
    "true_positive_rate": "recall",
    "positive_predictive_value": "precision",
    "mean_absolute_error": "mae",
}
TASKS: Mapping[str, str] = {
    "binary": "tabular-classification",
    "multiclass": "tabular-classification",
    "regression": "tabular-regression",
}
EVALUATION = "evaluation data"
WIDE = 1 << 30  # letters in a line of YAML, so that none is broken


def hugging_face_readme(card: Card) -> str:
    """The README; numbers that are undefined stand in its Markdown alone, with the reason.

    Args:
        card: The card.

    Example:
        >>> import rai
        >>> from rai.reports.cards import card
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> made = card(rai.gate(found, {"version": 1, "rules": [rule]}), model_name="loans")
        >>> print("\\n".join(hugging_face_readme(made).splitlines()[:7]))
        ---
        model-index:
        - name: loans
          results:
          - task:
              type: tabular-classification
              name: binary
    """
    import yaml

    text = yaml.safe_dump(_metadata(card), sort_keys=False, allow_unicode=True, width=WIDE)
    return f"---\n{text}---\n\n{card_markdown(card)}"


def _metadata(card: Card) -> dict[str, Any]:
    index = {"name": card.name, "results": list(_results(card))}
    return {**_license(plain(card.words.license)), "model-index": [index]}


def _license(text: str) -> dict[str, str]:
    if not text:
        return {}
    known = on_the_hub(text)
    return {"license": known, **({"license_name": _slug(text)} if known == "other" else {})}


def _results(card: Card) -> Iterator[dict[str, Any]]:
    for part in card.slices:
        metrics = [
            _metric(found, type_=METRIC_IDS.get(found.metric, found.metric), card=card, rows=part.n)
            for found in part.measured
            if found.value is not None
        ]
        args = {"slice": dict(part.group)} if part.group else {}
        if metrics:
            yield _result(card, {**args, "rows": part.n}, metrics)
    for along in dict.fromkeys(gap.along for gap in card.gaps):
        found = [gap for gap in card.gaps if gap.along == along and gap.measured.value is not None]
        metrics = [
            _metric(
                gap.measured, type_=f"{gap.measured.metric}_difference", card=card, rows=gap.n,
                highest=gap.highest, lowest=gap.lowest,
            )
            for gap in found
        ]  # fmt: skip
        if metrics:
            yield _result(card, {"along": along}, metrics)


def _result(card: Card, args: dict[str, Any], metrics: list[dict[str, Any]]) -> dict[str, Any]:
    name = plain(card.words.evaluation_data.name) or EVALUATION
    fingerprint = {"fingerprint": card.fingerprint} if card.fingerprint else {}
    return {
        "task": {"type": plain(card.words.task) or TASKS[card.task], "name": card.task},
        "dataset": {"type": _slug(name), "name": name, "args": {**args, **fingerprint}},
        "metrics": metrics,
    }


def _metric(found: Measured, *, type_: str, card: Card, rows: int, **more: str) -> dict[str, Any]:
    assert found.value is not None
    bounds = (("low", found.low), ("high", found.high))
    args: dict[str, Any] = {name: float(bound) for name, bound in bounds if bound is not None}
    named = metric_name(found.metric) + (f" ({found.label})" if found.label else "")
    return {
        "type": type_,
        "value": float(found.value),
        "name": named,
        "args": {
            **({"class": found.label} if found.label else {}),
            **args,
            **({"level": card.level} if args else {}),
            "rows": rows,
            **more,
        },
    }


def _slug(text: str) -> str:
    """A name of small letters, digits and `-`.

    Example:
        >>> _slug("Loans 2020 (all)")
        'loans-2020-all'
    """
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.") or "other"
