"""`rai card`: a model card from evidence."""

import json

import pytest

import rai


@pytest.fixture
def evidence(tmp_path, monkeypatch):
    """The evidence of a gate that passed, in the current folder."""
    monkeypatch.chdir(tmp_path)
    found = rai.audit(
        y_true=[1, 0] * 200, y_pred=[1, 0] * 200, sensitive_features={"sex": ["F", "F", "M", "M"] * 100}
    )
    rule = {"id": "accuracy", "kind": "min_metric", "metric": "accuracy", "along": "sex", "limit": 0.9}
    rai.gate(found, {"version": 1, "rules": [rule]}).save("evidence.json")
    return "evidence.json"


def test_a_card_goes_to_the_screen_and_says_what_is_missing(run, evidence):
    done = run("card", evidence, "--name", "loans")
    assert done.exit_code == 0
    assert done.stdout.startswith("# Model card: loans\n")
    assert "Missing, and for people to write: overview, owners," in done.stderr


def test_every_format_goes_to_its_file(run, evidence, tmp_path):
    wanted = "markdown=card.md,html=card.html,huggingface=hub.md,model-card-toolkit=mct.json,cyclonedx=bom.json"
    done = run("card", evidence, "--format", wanted, "--quiet")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "card.html").read_text().startswith("<!doctype html>")
    assert "model-index:" in (tmp_path / "hub.md").read_text()
    assert json.loads((tmp_path / "bom.json").read_text())["specVersion"] == "1.6"
    assert "quantitative_analysis" in json.loads((tmp_path / "mct.json").read_text())


def test_words_of_people_are_taken_and_numbers_are_not(run, evidence, tmp_path):
    (tmp_path / "card.yaml").write_text("overview: Ranks applications for loans.\n")
    assert "Ranks applications for loans." in run("card", evidence, "--words", "card.yaml").stdout
    (tmp_path / "card.yaml").write_text("metrics: {accuracy: 0.99}\n")
    done = run("card", evidence, "--words", "card.yaml")
    assert done.exit_code == 2
    assert "card.yaml" in done.stderr
    assert "metrics" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["none.json"], "reading none.json: no such file or directory"),
        (["evidence.json", "--format", "pdf"], "--format: 'pdf'; expected one of 'markdown', 'html'"),
        (["evidence.json", "--words", "none.yaml"], "none.yaml"),
    ],
)
def test_a_wrong_call_is_one_sentence(run, evidence, options, said):
    done = run("card", *options)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_evidence_that_was_changed_makes_no_card(run, evidence, tmp_path):
    path = tmp_path / evidence
    path.write_text(path.read_text().replace('"status": "pass"', '"status": "fail"'))
    done = run("card", evidence)
    assert done.exit_code == 2
    assert "evidence" in done.stderr
