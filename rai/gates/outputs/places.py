"""Where a policy stands, as programs point at it: from the top of its repository, never a whole path."""

from __future__ import annotations

from pathlib import Path, PurePath


def policy_place(path: str) -> str:
    """The path of a policy file, relative to its repository, else to the working directory.

    Args:
        path: The path as it was given; empty for a policy that is no file.

    Returns:
        The path with `/`; of a file elsewhere its name alone, so that no directory of this machine is
        told; empty for a policy that is no file.

    Example:
        >>> [policy_place(path) for path in ("policies/hiring.yaml", "/elsewhere/hiring.yaml", "")]
        ['policies/hiring.yaml', 'hiring.yaml', '']
    """
    given = Path(path)
    if not path or not _is_there(given):
        return _unseen(path)
    whole = given.parent.resolve() / given.name
    top = next((folder for folder in whole.parents if (folder / ".git").exists()), Path.cwd().resolve())
    return whole.relative_to(top).as_posix() if whole.is_relative_to(top) else given.name


def _unseen(path: str) -> str:
    """The same for a file that is not here, such as the policy of evidence from another machine."""
    plain = PurePath(path)
    inside = not plain.is_absolute() and ".." not in plain.parts
    return (plain.as_posix() if inside else plain.name) if path else ""


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False
