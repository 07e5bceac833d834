"""Answers that were worked out before, so that nobody waits for them twice.

    memory.answer(("audit", "boosting", 0.5), make)     made once, also when many sessions ask at once

The key says all that the answer depends on. Nothing is hashed from samples of the data: a memory belongs
to one project, whose rows never change.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

Answer = TypeVar("Answer")

MOST = 256


class Memory:
    """The last answers, by what was asked. Safe for many threads; an answer must not be changed.

    Args:
        most: How many answers are kept; the one that was asked for longest ago goes first.

    Example:
        >>> memory = Memory()
        >>> memory.answer("sum", lambda: 1 + 1), memory.answer("sum", lambda: 3)
        (2, 2)
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def answer(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer to a question, worked out by `make` if it is not known.

        An error of `make` reaches all who wait, and is not remembered.
        """
        with self._lock:
            known = self._known.get(key)
            mine: Future[Any] | None = None
            if known is None:
                mine = known = self._known[key] = Future()
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        if mine is not None:
            self._settle(key, mine, make)
        found: Answer = known.result()
        return found

    def knows(self, key: Hashable) -> bool:
        """Whether an answer is there, so that asking takes no time."""
        with self._lock:
            known = self._known.get(key)
        return known is not None and known.done()

    def _settle(self, key: Hashable, mine: Future[Any], make: Callable[[], Any]) -> None:
        try:
            mine.set_result(make())
        except BaseException as error:  # noqa: BLE001 - whoever waits is told, also of an interruption
            with self._lock:
                if self._known.get(key) is mine:
                    del self._known[key]
            mine.set_exception(error)
