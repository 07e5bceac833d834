"""in-toto: a statement as the specification has it, with each verdict in one list."""

import json
from hashlib import sha256

import pytest

from rai.gates.outputs.in_toto import in_toto
from rai.gates.sources import Extended
from rai.ground.errors import ArgumentError

DIGEST = "0123456789abcdef" * 4


def statement(result):
    return json.loads(in_toto(result, evidence_digest=DIGEST, evidence_name="evidence.json"))


def test_the_statement_is_about_the_evidence(made, verdict):
    told = statement(made([verdict("pass")]))
    assert set(told) == {"_type", "subject", "predicateType", "predicate"}
    assert told["_type"] == "https://in-toto.io/Statement/v1"
    assert told["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    assert told["subject"] == [{"name": "evidence.json", "digest": {"sha256": DIGEST}}]


def test_each_verdict_is_in_one_list(made, each):
    told = statement(made(each))["predicate"]
    lists = {name: [each_[7:-1] for each_ in told[name]] for name in told if name.endswith("Tests")}
    assert lists == {
        "passedTests": ["sex=g0"],
        "failedTests": ["sex=g1", "sex=g4", "sex=g5", "sex=g9", "sex=g10"],
        "warnedTests": ["sex=g2", "sex=g3", "sex=g6", "sex=g7", "sex=g8", "sex=g11", "sex=g12"],
    }


def test_it_failed_exactly_where_the_exit_code_is_not_0(made, one):
    result = made([one])
    found = statement(result)["predicate"]["result"]
    assert (found == "FAILED") == (result.exit_code != 0)
    assert (found == "PASSED") == (one.status == "pass")


def test_a_warning_beside_a_failure_is_a_failure(made, verdict):
    found = [verdict("fail", "warn"), verdict("pass"), verdict("inconclusive")]
    assert statement(made(found))["predicate"]["result"] == "FAILED"
    assert statement(made(found[:2]))["predicate"]["result"] == "WARNED"
    assert statement(made([]))["predicate"]["result"] == "PASSED"


def test_the_configuration_is_the_policy_and_what_it_extends(made, verdict):
    pack = Extended(name="four-fifths", text="version: 1\n")
    result = made([verdict()], extended=(pack,), plans={"plan.json": "{}"})
    assert statement(result)["predicate"]["configuration"] == [
        {
            "name": "policy.yaml",
            "digest": {"sha256": sha256(b"version: 1").hexdigest()},
            "annotations": {"policy_digest": result.source.digest},
        },
        {"name": "four-fifths", "digest": {"sha256": sha256(b"version: 1\n").hexdigest()}},
        {"name": "plan.json", "digest": {"sha256": sha256(b"{}").hexdigest()}},
    ]
    assert statement(made([], path=""))["predicate"]["configuration"][0]["name"] == "policy"


def test_it_is_canonical(made, each):
    text = in_toto(made(each), evidence_digest=DIGEST, evidence_name="evidence.json")
    again = json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, indent=1) + "\n"
    assert text == again
    assert text == in_toto(made(each), evidence_digest=DIGEST, evidence_name="evidence.json")


def test_names_from_data_come_back_as_they_were(made, verdict, hostile):
    found = verdict(group=hostile)
    assert statement(made([found]))["predicate"]["failedTests"] == [found.name]


def test_half_a_pair_does_not_stop_the_file_from_being_written(made, verdict):
    text = in_toto(made([verdict(group="a\ud800")]), evidence_digest=DIGEST, evidence_name="e")
    assert '"recall[sex=a?]"' in text
    assert text.encode()


@pytest.mark.parametrize("digest", ["", "abc", DIGEST.upper(), f"{DIGEST}\n", f"sha256:{DIGEST}", None])
def test_a_digest_that_is_none_is_refused(made, digest):
    with pytest.raises(
        ArgumentError, match=r"^evidence_digest: .*; expected SHA-256 as 64 digits, 0 to 9"
    ):
        in_toto(made([]), evidence_digest=digest, evidence_name="evidence.json")
