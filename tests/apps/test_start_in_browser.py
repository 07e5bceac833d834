"""Files of one's own in a real browser: opened, seen by nobody else, saved, and never markup."""

import json

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    import skops.io
    from sklearn.linear_model import LogisticRegression

    folder = tmp_path_factory.mktemp("files")
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 80, 200),
            "sex": rng.choice(["Female", MARKUP], 200),
            MARKUP: rng.choice(["$x$", "**b**"], 200),
            "label": rng.integers(0, 2, 200),
        }
    )
    frame.to_csv(folder / "loans.csv", index=False)
    skops.io.dump(LogisticRegression().fit(frame[["age"]], frame["label"]), folder / "model.skops")
    (folder / "model.pkl").write_bytes(b"cos\nsystem\n")
    return folder


def test_own_files_open_for_one_session_and_are_saved_as_one(serve, tab, still, files, tmp_path):
    address = serve()
    page = tab(address)
    dialogs = []
    page.on("dialog", lambda each: (dialogs.append(each.message), each.dismiss()))
    page.get_by_text("Your own files").click()
    uploads = page.locator("input[type=file]")
    uploads.nth(0).set_input_files(files / "loans.csv")
    expect(page.get_by_text("loans.csv: 200 rows")).to_be_visible()
    uploads.nth(1).set_input_files(files / "model.pkl")
    expect(page.get_by_text("a pickle, which can run any code")).to_be_visible()
    page.get_by_role("button", name="Remove model.pkl").click()
    expect(page.get_by_text("a pickle, which can run any code")).to_have_count(0)
    still(page)
    uploads.nth(1).set_input_files(files / "model.skops")
    page.get_by_role("button", name="Open with 1 model").click()
    expect(page.get_by_text("200 rows · 1 model")).to_be_visible(timeout=60_000)
    other = tab(address)
    expect(other.get_by_text("Your own files")).to_be_visible()
    expect(other.get_by_text("200 rows")).to_have_count(0)
    still(page)
    page.get_by_role("button", name="Session").click()
    still(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as a file").click()
    saved = json.loads(waiting.value.path().read_text("utf-8"))
    assert (saved["format"], saved["data"]["rows"]) == ("rai-session", 200)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert dialogs == []
