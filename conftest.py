"""What every test and every example in a docstring shares: one thread, and figures that are closed."""

import os
import sys
from collections.abc import Iterator

import pytest

# Threads of a library wait for one another by spinning: beside other work on the same cores that takes
# up to thirty times as long as one thread does.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def _figures_closed() -> Iterator[None]:
    yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")
