"""How a command ends: its errors as one sentence on stderr, and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

import typer

from rai.ground.errors import RaiError


def answering(command: Callable[..., None]) -> Callable[..., None]:
    """The command, its errors turned into one sentence and an exit code."""

    @wraps(command)
    def answering(**options: Any) -> None:
        try:
            command(**options)
            sys.stdout.flush()
        except typer.Exit:
            raise
        except RaiError as error:
            raise _stopped(str(error)) from error
        except BrokenPipeError as error:  # whoever read our output has had enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(141) from error
        except KeyboardInterrupt as error:
            raise _stopped("Interrupted.", code=130) from error
        except Exception as error:
            if os.environ.get("RAI_TRACEBACK") == "1":
                traceback.print_exc()
            raise _stopped(_fault(error)) from error

    return answering


def _stopped(message: str, *, code: int = 2) -> typer.Exit:
    """The end of the command, its reason on stderr."""
    print(message, file=sys.stderr)
    return typer.Exit(code)


def _fault(error: Exception) -> str:
    said = " ".join(str(error).split())
    return (
        f"rai: {type(error).__name__}{f' ({said})' if said else ''}; this is a fault of rai, not of "
        "your call. Set RAI_TRACEBACK=1 to see where it happened."
    )
