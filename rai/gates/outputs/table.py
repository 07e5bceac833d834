"""The outputs that take only a result, by name. To add one, add a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from rai.gates.outputs.github import github
from rai.gates.outputs.junit import junit
from rai.gates.outputs.sarif import sarif
from rai.gates.results import GateResult

OUTPUTS: Mapping[str, Callable[[GateResult], str]] = MappingProxyType(
    {"junit": junit, "sarif": sarif, "github": github}
)
