"""Which revision of a repository something was made in."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from rai.ground.records import FlatRow

# Where a pipeline says which commit it runs, for a checkout without its history.
_VARIABLES = ("GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "GIT_COMMIT")
_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Revision(FlatRow):
    """A commit.

    Args:
        commit: Its hash.
        changed: Whether files differ from it; None where that is unknown.

    Example:
        >>> Revision("5f59af7", changed=False).to_dict()
        {'commit': '5f59af7', 'changed': False}
    """

    commit: str
    changed: bool | None = None


def revision_of(folder: str | Path = ".") -> Revision | None:
    """The commit that is checked out in a folder; None where there is none, or no git.

    Files that are not tracked, such as the evidence itself, don't count as a change.
    """
    commit = _git(folder, "rev-parse", "HEAD")
    if commit:
        changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
        return Revision(commit, changed=None if changed is None else bool(changed))
    named = next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), None)
    return None if named is None else Revision(named)


def _git(folder: str | Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603  # fixed words
            ["git", "--no-optional-locks", "-C", str(folder), *arguments],  # noqa: S607  # the user's own git
            capture_output=True, text=True, check=False, timeout=_SECONDS,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
