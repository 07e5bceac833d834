"""What is remembered: made once for many, errors never, the oldest forgotten first."""

import threading
import time

import pytest

from apps.memory import Memory


def test_an_answer_is_made_once_for_many_threads():
    memory, made, found = Memory(), [], []

    def make():
        made.append(1)
        time.sleep(0.05)
        return object()

    threads = [
        threading.Thread(target=lambda: found.append(memory.answer("key", make))) for _ in range(20)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(made) == 1
    assert len(found) == 20
    assert len(set(map(id, found))) == 1


def test_an_error_reaches_those_who_ask_and_is_not_remembered():
    memory = Memory()

    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        memory.answer("key", fail)
    assert not memory.knows("key")
    assert memory.answer("key", lambda: 3) == 3


def test_what_was_asked_for_longest_ago_is_forgotten_first():
    memory = Memory(most=2)
    memory.answer("a", lambda: 1)
    memory.answer("b", lambda: 1)
    memory.answer("a", lambda: 2)
    memory.answer("c", lambda: 1)
    assert [memory.knows(key) for key in "abc"] == [True, False, True]
    assert memory.answer("b", lambda: 5) == 5
