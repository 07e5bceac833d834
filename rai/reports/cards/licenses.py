"""Licences that registries know by a name of their own; any other is told in words."""

from __future__ import annotations

from collections.abc import Mapping

# SPDX identifiers of licences that the Hugging Face Hub takes too, there in small letters.
SPDX = (
    "AFL-3.0", "AGPL-3.0", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause", "BSD-3-Clause",
    "BSD-3-Clause-Clear", "BSL-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0",
    "CC-BY-NC-2.0", "CC-BY-NC-3.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0",
    "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC-BY-SA-3.0",
    "CC-BY-SA-4.0", "CC0-1.0", "ECL-2.0", "EPL-1.0", "EPL-2.0", "EUPL-1.1", "GPL-2.0", "GPL-3.0", "ISC",
    "LGPL-2.1", "LGPL-3.0", "LPPL-1.3c", "MIT", "MPL-2.0", "MS-PL", "NCSA", "ODC-By-1.0", "OFL-1.1",
    "ODbL-1.0", "OSL-3.0", "PDDL-1.0", "PostgreSQL", "Unlicense", "WTFPL", "Zlib",
)  # fmt: skip

_BY_LOWER: Mapping[str, str] = {name.lower(): name for name in SPDX}
_ON_THE_HUB: Mapping[str, str] = {"ODC-By-1.0": "odc-by", "ODbL-1.0": "odbl", "PDDL-1.0": "pddl"}


def spdx(text: str) -> str | None:
    """The SPDX identifier that a text is, or None.

    Example:
        >>> spdx("apache-2.0"), spdx("Ask the credit team")
        ('Apache-2.0', None)
    """
    return _BY_LOWER.get(text.strip().lower())


def on_the_hub(text: str) -> str:
    """The identifier under which the Hugging Face Hub knows a licence; `other` if it does not.

    Example:
        >>> on_the_hub("Apache-2.0"), on_the_hub("Ask the credit team")
        ('apache-2.0', 'other')
    """
    known = spdx(text)
    return "other" if known is None else _ON_THE_HUB.get(known, known.lower())
