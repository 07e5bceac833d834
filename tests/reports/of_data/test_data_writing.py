"""Profiles as files: by their endings, whole or not at all, with everything found beside them."""

import json

import pytest

import rai
from rai.ground.errors import ArgumentError
from rai.reports.data_markdown import bars_of_letters, data_markdown


@pytest.fixture
def profile(two_sets):
    return two_sets[1]


def written(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize(
    ("name", "begins"),
    [("p.html", "<!doctype html>"), ("p.md", "# Data: train and test"), ("p.json", "{\n")],
)
def test_an_ending_says_which_one(profile, found_beside, tmp_path, name, begins):
    assert rai.report(profile, tmp_path / name, **found_beside) == tmp_path / name
    assert written(tmp_path) == [name]
    assert (tmp_path / name).read_text("utf-8").startswith(begins)


def test_a_folder_gets_all_three(profile, found_beside, tmp_path):
    rai.report(profile, tmp_path / "out", title="Look <here>", command="rai profile x", **found_beside)
    assert written(tmp_path / "out") == ["profile.html", "profile.json", "profile.md"]
    page = (tmp_path / "out" / "profile.html").read_text("utf-8")
    assert "<h1>Look &lt;here&gt;</h1>" in page
    assert "Made by: rai profile x" in page
    assert (tmp_path / "out" / "profile.md").read_text("utf-8").startswith("# Look &lt;here>")


def test_distances_are_asked_of_the_profile_where_none_are_given(profile, tmp_path):
    plain = json.loads(rai.report(profile, tmp_path / "p.json").read_text("utf-8"))
    assert plain["distances"] == profile.distances().to_dicts()


def test_the_json_holds_everything(profile, found_beside, tmp_path):
    plain = json.loads(rai.report(profile, tmp_path / "p.json", **found_beside).read_text("utf-8"))
    assert plain["format"] == "rai-profile"
    assert plain["datasets"] == [
        {"dataset": "train", "rows": 240, "weight": 240.0},
        {"dataset": "test", "rows": 120, "weight": 120.0},
    ]
    assert plain["features"] == profile.to_dicts()
    assert plain["histograms"] == profile.histograms().to_dicts()
    assert plain["summary"].startswith("1 serious problem, 6 warnings and 1 note.")
    for part, found in found_beside.items():
        assert plain[part] == found.to_dicts()


WRONG = {
    "neither": (
        lambda: {"result": {"a": 1}},
        "report: dict {'a': 1}; expected an Audit or a Profile.",
    ),
    "a part that is something else": (
        lambda: {"checks": {"missing": 3}},
        "checks: dict; expected the result of rai.check_data.",
    ),
    "rows of another part": (
        lambda: {"proxies": rai.profile({"a": [1]})},
        "proxies: Profile; expected the result of rai.find_proxies.",
    ),
    "no such limit": (
        lambda: {"highlight": {"mising": 0.1}},
        "highlight: 'mising'; expected one of 'missing', 'zeros', 'infinite'. Did you mean 'missing'?",
    ),
    "no share": (
        lambda: {"highlight": {"missing": 2}},
        "highlight: 2 for 'missing'; expected a share from 0 to 1.",
    ),
    "what is for audits": (
        lambda: {"profile": rai.profile({"a": [1]})},
        "report of a profile: profile=; expected it left out.",
    ),
    "another kind of file": (
        lambda: {"path": "p.csv"},
        "report: 'p.csv'; expected a folder, or a file ending in .html, .md or .json.",
    ),
}


@pytest.mark.parametrize(("given", "says"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_call_says_what_to_do(profile, tmp_path, given, says):
    options = {"result": profile, "path": "p.html", **given()}
    with pytest.raises(ArgumentError) as error:
        rai.report(options.pop("result"), tmp_path / options.pop("path"), **options)
    assert str(error.value) == says
    assert written(tmp_path) == []


def test_an_audit_takes_no_proxies(found_beside, tmp_path):
    audit = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
    with pytest.raises(ArgumentError) as error:
        rai.report(audit, tmp_path, proxies=found_beside["proxies"])
    assert str(error.value) == "report of an audit: proxies=; expected it left out."


def test_the_markdown_has_the_numbers_and_what_stands_out(data_facts, two_sets):
    text, frame = data_markdown(data_facts), two_sets[0]["train"]
    gone = f"{100 * frame['income'].isna().mean():.3g}% (!)"
    assert f"| {frame['income'].count()} | {gone} | {frame['income'].mean():.3g} |" in text
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    assert heads == [
        *("## Problems", "## Numeric features", "## Dates and times", "## Categorical features"),
        *("## Lists and other features", "## Differences between data sets"),
        *("## Proxies of sensitive features", "## Columns that may be sensitive", "## Worksheet"),
        "## Method",
    ]
    assert (
        "- **serious: Missing by group.** Income is missing more often for F. (income, train, " in text
    )
    assert "- Overlap, shared ids: No ids were named." in text


def test_the_markdown_is_straight_and_no_markup(hostile_facts):
    text = data_markdown(hostile_facts)
    assert "<script" not in text
    assert "\x1b" not in text
    for block in text.split("\n\n"):
        if block.startswith("|"):
            assert len({line.replace("\\|", "").count("|") for line in block.splitlines()}) == 1


def test_bars_of_letters_are_as_tall_as_shares():
    assert bars_of_letters([0.0, 0.05, 0.4, 0.2]) == "·▂█▅"
    assert bars_of_letters([]) == ""
