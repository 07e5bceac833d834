"""Evidence: the same inputs give the same bytes, and whatever is changed in it is found."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import rai
from rai.gates.evidence import digest_of, evidence_json, read_evidence, verify_evidence, write_evidence
from rai.gates.revisions import Revision
from rai.ground.errors import DataError

RNG = np.random.default_rng(3)
N = 1200
ROWS = {
    "y": RNG.integers(0, 2, N), "s": RNG.random(N).round(2), "o": RNG.random(N).round(2),
    "sex": RNG.choice(["F", "M"], N), "race": RNG.choice(["A", "B", 'C "é" 🙂\n'], N, p=[0.6, 0.39, 0.01]),
}  # fmt: skip
GAP = {
    "id": "gap",
    "kind": "max_gap",
    "metric": "equal_opportunity",
    "along": "sensitive_features",
    "limit": 0.2,
}
READING = [
    {"id": "flip", "kind": "flip_rate", "change": "sex", "limit": 0.1},
    {"id": "drift", "kind": "drift", "features": ["race", "s"], "limit": 0.1},
    {"id": "shares", "kind": "max_attribution", "features": "sex", "limit": 0.9, "along": "race"},
    {"id": "reasons", "kind": "attribution_drift", "features": ["s", "sex"], "limit": 0.3},
    {"id": "check", "kind": "data_check", "checks": ["missing", "duplicate_rows"]},
]
WAIVER = {
    "rule": "gap",
    "owner": "Ann",
    "reason": "known",
    "created": "2026-01-01",
    "expires": "2026-06-01",
    "tolerated": 1,
}


def audit(**more):
    return rai.audit(ROWS, y_true="y", y_score="s", sensitive_features=["sex", "race"], **more)


def policy(*rules, **more):
    return {"version": 1, "rules": list(rules), **more}


def everything():
    """A result that has all there is: pairs, read rows, a waiver, a pack, notes."""
    rules = [
        GAP,
        {"id": "nw", "kind": "no_worse_than", "metric": "recall", "along": "sex", "margin": 0.05},
        *READING,
    ]
    model = rai.load_model(lambda frame: frame["s"], classes=[0, 1])
    return rai.gate(audit(), policy(*rules, extends=["four-fifths"], waivers=[WAIVER]), baseline="o", data=ROWS,
                    reference=ROWS, model=model, as_of=date(2026, 3, 1))  # fmt: skip


RESULT = everything()
TEXT = evidence_json(RESULT)


def signed(content):
    """The content with a digest that fits, as somebody would make who means to deceive."""
    plain = {name: held for name, held in content.items() if name != "sha256"}
    return json.dumps({**plain, "sha256": digest_of(plain)})


def verified(folder, text):
    path = folder / "evidence.json"
    path.write_text(text, encoding="utf-8")
    return verify_evidence(path)


def held(folder, result):
    """The evidence of a result, after a look at whether it holds and gives itself again."""
    path = write_evidence(folder / "evidence.json", result)
    found = verify_evidence(path)
    assert (found.problems, found.other_versions) == ((), {})
    assert evidence_json(read_evidence(path)) == path.read_text("utf-8")
    return found.result


def test_it_holds_after_it_is_written_and_gives_the_same_result(tmp_path):
    again = held(tmp_path, RESULT)
    assert again.verdicts == RESULT.verdicts
    assert (again.headline, again.notes, dict(again.facts)) == (
        RESULT.headline,
        RESULT.notes,
        dict(RESULT.facts),
    )
    assert again.flips == RESULT.flips
    assert {verdict.kind for verdict in again.verdicts} == {
        "max_gap",
        "no_worse_than",
        "flip_rate",
        "max_attribution",
        "attribution_drift",
        "drift",
        "data_check",
        "min_ratio",
    }


def test_it_is_canonical():
    content = json.loads(TEXT)
    assert json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1) + "\n" == TEXT
    assert content["sha256"] == digest_of(
        {name: part for name, part in content.items() if name != "sha256"}
    )
    assert content["digests"]["policy"] == RESULT.source.digest


PROGRAM = """
import sys
sys.path.insert(0, {folder!r})
import test_evidence
sys.stdout.reconfigure(encoding="utf-8", newline="")
sys.stdout.write(test_evidence.TEXT)
"""


def test_the_same_inputs_give_the_same_bytes_in_another_process():
    program = PROGRAM.format(folder=str(Path(__file__).parent))
    other = {**os.environ, "PYTHONHASHSEED": "4242"}
    done = subprocess.run([sys.executable, "-c", program], env=other, capture_output=True, check=True)
    assert done.stdout.decode("utf-8") == TEXT


def test_there_is_no_path_and_no_time_of_day_in_it(tmp_path):
    path = tmp_path / "policies" / "fair.yaml"
    path.parent.mkdir()
    path.write_text(json.dumps(policy(GAP)))
    saved = audit().save(tmp_path / "audit.json")
    text = evidence_json(rai.gate(saved, path))
    assert str(tmp_path) not in text
    assert json.loads(text)["policy"]["path"] == "fair.yaml"
    assert str(date.today().year) + "-" not in text.replace(json.loads(text)["policy"]["text"], "")  # noqa: DTZ011
    assert text == evidence_json(rai.gate(audit(), path))


def edited(change):
    content = json.loads(TEXT)
    change(content)
    return content


def first(content, status):
    return next(row for row in content["verdicts"] if row["status"] == status)


TAMPERED = {
    "a verdict": lambda c: first(c, "inconclusive").update(status="pass", effect="none", code="kept"),
    "a value": lambda c: first(c, "pass").update(value=0.0),
    "a reason": lambda c: c["verdicts"][0].update(reason="all is well"),
    "a verdict removed": lambda c: c["verdicts"].pop(0),
    "a verdict added": lambda c: c["verdicts"].append(dict(c["verdicts"][0])),
    "two verdicts swapped": lambda c: c["verdicts"].insert(0, c["verdicts"].pop()),
    "the status": lambda c: c["gate"].update(status="pass", exit_code=0),
    "the headline": lambda c: c["gate"].update(headline="Gate passed: 1 verdict, 1 pass"),
    "a limit of the policy": lambda c: c["policy"].update(text=c["policy"]["text"].replace('"limit": 0.2', '"limit": 0.9')),
    "a waiver's day": lambda c: c["policy"].update(text=c["policy"]["text"].replace("2026-06-01", "2026-02-01")),
    "the disclaimer of a pack": lambda c: c["policy"]["extends"][0].update(disclaimer=""),
    "the text of a pack": lambda c: c["policy"]["extends"][0].update(text=c["policy"]["extends"][0]["text"].replace("0.8", "0.1")),
    "a digest": lambda c: c["digests"].update(predictions="0" * 64),
    "the digest of the policy": lambda c: c["policy"].update(digest="0" * 64),
    "the day": lambda c: c["facts"].update({"as of": "2026-07-01"}),
    "the notes": lambda c: c["notes"].append("nothing to mind"),
    "a note removed": lambda c: c["notes"].pop(),
    "the flips": lambda c: c["flips"][0].update(numerator=0),
    "an answer of a rule that counts": lambda c: c["answers"].append({**c["answers"][0], "rule": "gap"}),
    "an answer of no rule": lambda c: c["answers"].append({**c["answers"][0], "rule": "none"}),
    "the seed": lambda c: c.update(seed=99),
    "the counts": lambda c: c["audit"]["tally"].update(n=changed_counts(c["audit"]["tally"]["n"])),
    "the baseline": lambda c: c["baseline"]["tally"].update(n=changed_counts(c["baseline"]["tally"]["n"])),
    "the groups": lambda c: c["audit"]["tally"].update(groups=list(reversed(c["audit"]["tally"]["groups"]))),
    "something more": lambda c: c.update(approved=True),
    "something more in the policy": lambda c: c["policy"].update(approved=True),
}  # fmt: skip


def changed_counts(plain):
    """Sparse counts with the first number that is above 1 made one smaller."""
    numbers = list(plain["is"])
    numbers[next(place for place, number in enumerate(numbers) if number > 1)] -= 1
    return {**plain, "is": numbers}


@pytest.mark.parametrize("name", ["a verdict", "the notes", "the counts", "something more"])
def test_whatever_is_changed_is_found_by_the_digest(tmp_path, name):
    found = verified(tmp_path, json.dumps(edited(TAMPERED[name])))
    assert "its content is not what its digest was made of" in found.problems
    with pytest.raises(DataError, match="expected evidence as the gate wrote it"):
        read_evidence(tmp_path / "evidence.json")


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED)
def test_whatever_is_changed_is_found_though_the_digest_was_made_again(tmp_path, change):
    try:
        found = verified(tmp_path, signed(edited(change)))
    except DataError:  # it does not even fit together
        return
    assert found.problems
    assert not any("digest was made of" in problem for problem in found.problems)


@pytest.mark.parametrize("name", ["revision", "facts", "answers"])
def test_what_the_counts_say_nothing_about_is_found_by_the_digest(tmp_path, name):
    content = json.loads(TEXT)
    if name == "answers":  # at another error than the one that the verdict shows
        content[name][0]["asked"][0]["value"] = 0.99
    else:
        content[name] = {"commit": "0" * 40, "model": "0" * 64, "as of": "2026-03-01"}
    assert verified(tmp_path, json.dumps(content)).problems == (
        "its content is not what its digest was made of",
    )


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", "no JSON"), ("not JSON", "no JSON"), ("{", "no JSON"), ("[" * 100_000, "no JSON"), ("9" * 10_000, "no JSON"),
        ("[]", "no saved evidence file"), ("null", "no saved evidence file"), ("{}", "no saved evidence file"),
        ('{"format": "rai-audit", "version": 1}', "no saved evidence file"),
        ('{"format": "rai-evidence", "version": 2}', "version 2"),
        ('{"format": "rai-evidence"}', "version None"),
        ('{"format": "rai-evidence", "version": 1}', "parts that don't fit together"),
        (TEXT.replace('"seed": ', '"seed": NaN, "was": '), "parts that don't fit together"),
        (TEXT.replace('"seed": ', '"seed": 1e999, "was": '), "parts that don't fit together"),
        (TEXT.replace('"seed": ', '"more": "\\ud800", "seed": '), "parts that don't fit together"),
        (TEXT.replace('"seed": ', '"more": ' + "[" * 400 + "]" * 400 + ', "seed": '), ""),
    ],
)  # fmt: skip
def test_what_is_no_evidence_is_one_clear_error(tmp_path, text, seen):
    path = tmp_path / "evidence.json"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    if not seen:
        assert verify_evidence(path).problems
        return
    with pytest.raises(DataError) as caught:
        verify_evidence(path)
    assert str(caught.value).startswith(f"reading {path}: {seen}")
    assert str(caught.value).endswith("Run the gate again.")


@pytest.fixture(scope="module")
def small():
    """A result that is judged again in no time, and still has every part."""
    rows = {name: held[:60] for name, held in ROWS.items()}
    found = rai.audit(rows, y_true="y", y_score="s", sensitive_features="sex")
    rules = [
        {**GAP, "along": "sex"},
        {"id": "n", "kind": "min_n", "along": "sex", "limit": 5},
        READING[2],
    ]
    return evidence_json(rai.gate(found, policy(*rules, waivers=[WAIVER]), baseline="o", data=rows))


@pytest.mark.parametrize("value", [None, -1, 1e300, "x", [], {"a": [1]}])
def test_any_part_may_be_anything_and_nothing_crashes(tmp_path, small, value):
    whole = json.loads(small)
    places = [(name,) for name in whole if name not in {"format", "version"}]
    places += [(name, part) for name in ("policy", "audit", "baseline", "facts") for part in whole[name]]
    places += [("audit", "tally", part) for part in whole["audit"]["tally"]]
    for *way, last in places:
        content = json.loads(small)
        target = content
        for step in way:
            target = target[step]
        if target[last] == value:
            continue
        target[last] = value
        try:
            found = verified(tmp_path, json.dumps(content))
        except DataError:
            continue
        assert found.problems, (way, last)


def test_files_that_cannot_be_read_or_written_are_one_sentence(tmp_path):
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(DataError, match="expected an evidence file saved by this version of rai"):
            verify_evidence(path)
    blocked = tmp_path / "file"
    blocked.write_text("x")
    for path in (blocked / "evidence.json", tmp_path):
        with pytest.raises(DataError, match="Nothing was changed"):
            write_evidence(path, RESULT)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_other_versions_are_told_apart_from_what_is_wrong(tmp_path):
    def older(content):
        content["versions"] |= {"numpy": "1.0"}

    found = verified(tmp_path, signed(edited(older)))
    assert found.holds
    assert found.other_versions == {"numpy": ("1.0", np.__version__)}


def test_a_revision_is_kept(tmp_path):
    path = write_evidence(tmp_path / "e.json", RESULT, revision=Revision("abc", changed=True))
    assert json.loads(path.read_text("utf-8"))["revision"] == {"commit": "abc", "changed": True}
    assert verify_evidence(path).holds


def test_it_holds_for_a_baseline_of_other_rows(tmp_path):
    rules = [
        {"id": f"nw-{metric}", "kind": "no_worse_than", "metric": metric, "along": "sex", "margin": 0.05}
        for metric in ("recall", "equalized_odds")
    ]
    old = rai.audit(ROWS, y_true="y", y_score="o", sensitive_features=["sex", "race"])
    again = held(tmp_path, rai.gate(audit(), policy(*rules), baseline=old))
    assert (again.paired, len(again.verdicts)) == (None, 3)


def test_it_holds_where_rows_could_not_be_read(tmp_path):
    rules = [
        {"id": "drift", "kind": "drift", "features": "nowhere", "limit": 0.1},
        READING[0],
        READING[-1],
    ]
    again = held(tmp_path, rai.gate(audit(), policy(*rules), data=ROWS, reference=ROWS))
    assert [(verdict.rule, verdict.code) for verdict in again.verdicts if verdict.status == "error"] == [
        ("drift", "refused"),
        ("flip", "not_given"),
    ]


def test_it_holds_for_other_tasks(tmp_path):
    rows = {
        "y": RNG.choice(["a", "b", "c"], 300),
        "p": RNG.choice(["a", "b", "c"], 300),
        "g": RNG.integers(0, 2, 300),
    }
    classes = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="g")
    numbers = rai.audit({"y": RNG.normal(size=300), "p": RNG.normal(size=300), "g": rows["g"]}, y_true="y", y_pred="p",
                        sensitive_features="g", task="regression")  # fmt: skip
    for found, metric in ((classes, "equal_accuracy"), (numbers, "mean_error")):
        held(tmp_path, rai.gate(found, policy({**GAP, "metric": metric, "groups": [0, 1]})))


def test_it_holds_with_names_from_anywhere(tmp_path):
    rule = {**GAP, "along": "race", "groups": ["\x7f", "A", "\u2028", "🙂"], "title": "<b>\u202e"}
    again = held(tmp_path, rai.gate(audit(), policy(rule)))
    assert [verdict.group for verdict in again.verdicts if verdict.code == "group_absent"] == [
        "\x7f",
        "\u2028",
        "🙂",
    ]


def test_files_that_a_policy_names_are_not_needed_again(tmp_path):
    files = tmp_path / "files"
    (files / "sub").mkdir(parents=True)
    binned = audit(bins=20)
    rai.optimize_thresholds(binned, strategy="equal_opportunity", along="sex").save(
        files / "sub" / "plan.json"
    )
    (files / "base.yaml").write_text(json.dumps(policy({**GAP, "id": "base"})))
    top = files / "top.yaml"
    top.write_text(
        json.dumps(policy({**GAP, "along": "sex", "plan": "sub/plan.json"}, extends=["base.yaml"]))
    )
    result = rai.gate(binned, top)
    path = write_evidence(tmp_path / "evidence.json", result)
    for file in files.rglob("*.*"):
        file.unlink()
    found = verify_evidence(path)
    assert found.holds
    assert found.result.verdicts == result.verdicts
    assert (
        result.verdicts[0].value != rai.gate(binned, policy({**GAP, "along": "sex"})).verdicts[0].value
    )
    assert evidence_json(found.result) == path.read_text("utf-8")
    plan = json.loads(path.read_text("utf-8"))["policy"]["plans"]["sub/plan.json"]
    content = json.loads(path.read_text("utf-8"))
    content["policy"]["plans"]["sub/plan.json"] = plan.replace('"single"', '"once"')
    assert not verified(tmp_path, json.dumps(content)).holds
