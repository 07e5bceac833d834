"""Digests of what a model is."""

import hashlib
import pickle
import threading

import numpy as np

from rai.models.digests import digest_of_bytes, digest_of_object


def test_bytes_are_hashed_as_by_sha256sum():
    assert digest_of_bytes(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_an_object_is_hashed_as_its_pickle():
    for thing in ({"weights": np.arange(100_000)}, "text", [1, [2, [3]]]):
        assert digest_of_object(thing) == hashlib.sha256(pickle.dumps(thing, protocol=5)).hexdigest()


def test_what_has_no_pickle_has_no_digest():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    for thing in (lambda: 0, threading.Lock(), deep):
        assert digest_of_object(thing) == ""


def test_nothing_is_read_back():
    class Trap:
        def __reduce__(self):
            return (list, ("never",))

        def __setstate__(self, state):
            raise AssertionError

    assert len(digest_of_object(Trap())) == 64
