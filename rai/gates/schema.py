"""The JSON Schema of policies, for editors and checkers; what fields mean is read off the source."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from rai.gates.policies import Columns, Defaults, Policy
from rai.gates.rules.table import RULES
from rai.gates.waivers import Waiver

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "rai fairness policy"


def policy_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a policy file.

    Example:
        >>> schema = policy_schema()
        >>> schema["title"], schema["properties"]["rules"]["description"][:9]
        ('rai fairness policy', 'The rules')
    """
    made = Policy.model_json_schema(mode="validation")
    models: tuple[type[BaseModel], ...] = (*RULES, Columns, Defaults, Waiver)
    parts = {model.__name__: model for model in models}
    for name, part in made["$defs"].items():
        if name in parts:
            _describe(part, parts[name])
    _describe(made, Policy)
    return {**made, "$schema": DIALECT, "title": TITLE}


@cache
def described(model: type[BaseModel]) -> Mapping[str, str]:
    """What each field of a part of a policy means, inherited ones included.

    Example:
        >>> described(Waiver)["owner"]
        'Who answers for it.'
    """
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if each is not BaseModel and issubclass(each, BaseModel):
            found |= dict(_documented(each))
    return {name: found[name] for name in model.model_fields if name in found}


def _documented(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Fields of a class with the text that stands below them."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(tree, ast.ClassDef)
    for field, below in pairwise(tree.body):
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        text = below.value if isinstance(below, ast.Expr) else None
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield field.target.id, " ".join(text.value.split())


def _describe(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Write what fields mean into their schemas."""
    for name, text in described(model).items():
        for key in (name, "margin" if name == "limit" else name):
            if key in schema["properties"]:
                schema["properties"][key]["description"] = text
    schema["description"] = (inspect.getdoc(model) or "").split("\n\n")[0]
