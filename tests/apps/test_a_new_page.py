"""The page that the how-to adds, as it stands there."""

import re
from pathlib import Path

import rai

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = (ROOT / "docs" / "how-to" / "add-an-app-page.md").read_text("utf-8")
(SOURCE,) = re.findall(r"^```py\n(.*?)^```$", HOW_TO, re.MULTILINE | re.DOTALL)

SCRIPT = f"""
from apps.opening import Opening, opened

page = {{"__package__": "apps.views", "__name__": "apps.views.gaps"}}
exec({SOURCE!r}, page)
page["render"](opened(Opening(data="dataset:acs_employment/2018")))
"""


def test_the_page_of_the_how_to_shows_what_rai_says():
    from streamlit.testing.v1 import AppTest

    at = AppTest.from_string(SCRIPT, default_timeout=60).run()
    assert not at.exception
    rows = rai.load_dataset("acs_employment", "2018").frame
    said = rai.audit(
        rows,
        y_true="employed",
        y_score="probability",
        sensitive_features=["disability", "sex", "race"],
    ).gaps("equal_opportunity")
    shown = at.dataframe[0].value
    assert shown["along"].tolist() == [gap.along for gap in said]
    assert shown["value"].tolist() == [gap.value for gap in said]
    at.selectbox[0].select("demographic_parity").run()
    assert at.dataframe[0].value["metric"].unique().tolist() == ["demographic_parity"]
