"""Parts that a machine may lack: what the tests then do, and that the browser is a real one."""

import pytest


def test_a_part_that_is_there_changes_nothing(needs):
    assert needs(True, "no such part") is None


def test_a_part_that_is_not_there_skips(needs, monkeypatch):
    monkeypatch.delenv("RAI_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"^no such part$"):
        needs(False, "no such part")


def test_a_part_that_is_not_there_fails_where_everything_is_asked_for(needs, monkeypatch):
    monkeypatch.setenv("RAI_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match=r"^no such part, and RAI_REQUIRE_ALL=1 asks"):
        needs(False, "no such part")


@pytest.mark.browser
def test_the_browser_lays_out_a_page(browser):
    page = browser.new_page(viewport={"width": 800, "height": 600})
    page.set_content("<p style='width: 50vw'>Half as wide as the window</p>")
    assert page.evaluate("document.querySelector('p').offsetWidth") == 400
    page.close()
