"""What every test may ask for: a browser, and a way to say that a part is not there."""

import os
import shutil
from collections.abc import Iterator

import hypothesis
import pytest

os.environ.setdefault("MPLBACKEND", "Agg")

# The same examples on every machine, however slow.
hypothesis.settings.register_profile("rai", deadline=None, derandomize=True)
hypothesis.settings.load_profile("rai")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_ARGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def require_or_skip(found, reason):
    """Skip the test where a part is not there; fail it where RAI_REQUIRE_ALL=1 says all must be."""
    if found:
        return
    if os.environ.get("RAI_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}, and RAI_REQUIRE_ALL=1 asks for everything")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def needs():
    """`needs(found, reason)`: the test goes on only where a part is there."""
    return require_or_skip


@pytest.fixture(scope="session")
def browser(needs) -> Iterator[object]:
    """A browser that is already on the machine, started once, when a test first asks for it."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    needs(path is not None, f"no browser on this machine (looked for {', '.join(BROWSERS)})")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGS))
        yield browser
        browser.close()
