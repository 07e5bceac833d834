"""MLflow: what a run holds is what the audit and the gate say."""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import rai
from rai.integrations.mlflow_tracking import log_audit_to_mlflow, log_gate_to_mlflow
from rai.integrations.tracked_numbers import safe_part

HOSTILE = ["a/b", "a:b", "🦊", "two\nlines", "x" * 300, "x" * 301, "..", "é" * 70, "value", "F", "f"]
RULE = {"id": "tpr", "kind": "max_gap", "metric": "equal_opportunity", "along": "sex", "limit": 0.05}


@pytest.fixture
def client(tmp_path, monkeypatch):
    """A client of a store in a folder; nothing leaves the machine."""
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("DO_NOT_TRACK", "true")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "store").as_uri())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # MLflow's own imports
        warnings.filterwarnings("ignore", ".*filesystem tracking backend.*", FutureWarning)
        import mlflow

        yield mlflow.MlflowClient()
        mlflow.end_run()


def new_run(client):
    return client.create_run(client.create_experiment("fairness")).info.run_id


def audited(groups=("Female", "Male"), *, rows=400):
    rng = np.random.default_rng(0)
    truth, decided = rng.integers(0, 2, rows), rng.integers(0, 2, rows)
    return rai.audit(y_true=truth, y_pred=decided, sensitive_features={"sex": rng.choice(groups, rows)})


def artifact(client, run_id, name):
    return Path(client.download_artifacts(run_id, name)).read_text("utf-8")


def test_metrics_are_the_numbers_of_the_audit_with_interval_and_rows(client):
    found, run_id = audited(), new_run(client)
    logged = log_audit_to_mlflow(found, run_id=run_id)
    expected = {}
    for estimate in (*found.metrics(by=()), *found.metrics(by="sex")):
        (level,) = [level for _, level in estimate.group] or [None]
        name = f"{estimate.metric}/sex/{level}" if level else f"{estimate.metric}/everyone"
        expected |= parts(name, estimate)
    for gap in found.gaps():
        expected |= parts(f"gaps/{gap.metric}/sex", gap)
    seen = client.get_run(run_id).data.metrics
    assert seen == {f"rai/{name}": value for name, value in expected.items() if value is not None}
    assert seen == logged.metrics
    assert seen["rai/accuracy/sex/Female/n"] + seen["rai/accuracy/sex/Male/n"] == 400


def parts(name, one):
    return {f"{name}/{what}": getattr(one, what) for what in ("value", "low", "high", "n")}


def test_tags_say_where_the_numbers_come_from_and_artifacts_read_back(client):
    found, run_id = audited(), new_run(client)
    logged = log_audit_to_mlflow(found, run_id=run_id, prefix="fairness")
    tags = client.get_run(run_id).data.tags
    assert tags["fairness.version"] == rai.__version__
    assert tags["fairness.data_fingerprint"] == found.provenance["fingerprint"]
    assert (tags["fairness.rows"], tags["fairness.undefined"]) == ("400", "0")
    names = ["audit.html", "audit.json", "audit.md", "names.json", "undefined.json"]
    assert sorted(file.path for file in client.list_artifacts(run_id, "fairness")) == [
        f"fairness/{name}" for name in names
    ]
    assert list(logged.artifacts) == [f"fairness/{name}" for name in names]
    again = rai.Audit.load(client.download_artifacts(run_id, "fairness/audit.json"))
    assert again.gaps().to_dicts() == found.gaps().to_dicts()


def test_an_undefined_number_is_no_metric_and_is_listed(client):
    found = rai.audit(y_true=[1, 0, 0, 0], y_pred=[1, 0, 0, 1], sensitive_features={"sex": list("FFMM")})
    run_id = new_run(client)
    log_audit_to_mlflow(found, run_id=run_id)
    run = client.get_run(run_id).data
    assert run.metrics["rai/true_positive_rate/sex/F/value"] == 1.0
    assert not any(np.isnan(value) for value in run.metrics.values())
    mine = {name for name in run.metrics if name.startswith("rai/true_positive_rate/sex/M/")}
    assert mine == {"rai/true_positive_rate/sex/M/n"}
    assert "true_positive_rate/sex/M" in run.tags["rai.undefined"]
    listed = {each["name"]: each for each in json.loads(artifact(client, run_id, "rai/undefined.json"))}
    (undefined,) = found.metrics("true_positive_rate", by="sex").where(sex="M")
    assert listed["true_positive_rate/sex/M"]["why"] == undefined.note != ""


def test_hostile_names_keep_apart_and_are_told_in_an_artifact(client):
    found, run_id = audited(HOSTILE, rows=2200), new_run(client)
    log_audit_to_mlflow(found, run_id=run_id)
    seen = client.get_run(run_id).data.metrics
    values = {str(each.group[0][1]): each.value for each in found.metrics("accuracy", by="sex")}
    names = json.loads(artifact(client, run_id, "rai/names.json"))
    told = {each: name for name, each in names.items()}
    assert set(values) == set(HOSTILE)
    for level, value in values.items():
        assert seen[f"rai/{told[f'accuracy, sex={level}']}/value"] == value
    logged = [n for n in seen if n.startswith("rai/accuracy/sex/") and n.endswith("/value")]
    assert len({name.casefold() for name in logged}) == len(HOSTILE)
    assert max(map(len, seen)) <= 250


def test_a_hundred_long_names_crossed_fit_the_limit_of_a_name(client):
    rng, rows = np.random.default_rng(1), 300
    axes = {"q" * 200 + str(i): rng.choice(["x" * 300, "y" * 300], rows) for i in range(3)}
    truth, decided = rng.integers(0, 2, rows), rng.integers(0, 2, rows)
    found, run_id = rai.audit(y_true=truth, y_pred=decided, sensitive_features=axes), new_run(client)
    log_audit_to_mlflow(found, run_id=run_id, prefix="p" * 40)
    values = [
        n for n in client.get_run(run_id).data.metrics if n.endswith("/value") and "/accuracy/" in n
    ]
    assert len(values) == 1 + 3 * 2 + 8


@pytest.mark.parametrize(
    ("one", "other"),
    [("a/b", "a:b"), ("a_b", "a/b"), ("x" * 300, "x" * 301), ("a x b", "a_b"), ("🦊", "🐻"), ("", " ")],
)
def test_other_texts_are_other_parts(one, other):
    assert safe_part(one) != safe_part(other)


def test_what_looks_like_a_made_part_is_none():
    assert safe_part(safe_part("a/b")) != safe_part("a/b")


def test_a_gate_is_tags_metrics_and_evidence(client):
    result, run_id = rai.gate(audited(), {"version": 1, "rules": [RULE]}), new_run(client)
    log_gate_to_mlflow(result, run_id=run_id)
    run, (verdict,) = client.get_run(run_id).data, result.verdicts
    assert verdict.value is not None
    assert run.metrics["rai/gate/exit_code"] == 3
    assert run.metrics["rai/gate/tpr/sex/value"] == verdict.value
    assert run.metrics["rai/gate/tpr/sex/high"] == verdict.high
    assert (run.tags["rai.gate_status"], run.tags["rai.gate_exit_code"]) == ("inconclusive", "3")
    assert run.tags["rai.policy_digest"] == result.source.digest
    again = rai.GateResult.load(client.download_artifacts(run_id, "rai/evidence.json"))
    assert again.headline == result.headline == run.tags["rai.gate"]
    assert json.loads(artifact(client, run_id, "rai/verdicts.json")) == result.to_dicts()


def test_the_packs_of_a_gate_are_named_with_date_clause_and_disclaimer(client):
    rows = {"y": [0, 1] * 200, "p": [0, 1] * 200, "sex": ["F", "F", "M", "M"] * 100}
    found = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="sex")
    result, run_id = rai.gate(found, {"version": 1, "extends": "four-fifths"}), new_run(client)
    log_gate_to_mlflow(result, run_id=run_id)
    (pack,) = result.source.extended
    tag = client.get_run(run_id).data.tags["rai.policies"]
    assert pack.disclaimer
    assert all(part in tag for part in (pack.title, pack.date, pack.clause, pack.disclaimer))


def test_without_a_run_the_active_one_takes_it(client):
    import mlflow

    with mlflow.start_run() as run:
        logged = log_audit_to_mlflow(audited())
    assert logged.run_id == run.info.run_id
    assert client.get_run(logged.run_id).data.metrics == logged.metrics


def test_a_run_that_is_not_there_is_one_sentence(client):
    with pytest.raises(rai.DataError, match=r"^logging to MLflow: .*expected a store that takes it"):
        log_audit_to_mlflow(audited(), run_id="0" * 32)


@pytest.mark.parametrize("prefix", ["", "a/b", "..", "two words", "x" * 41, 3])
def test_a_prefix_is_one_plain_name(prefix):
    with pytest.raises(rai.ArgumentError, match=r"^prefix: "):
        log_audit_to_mlflow(audited(), prefix=prefix)


def test_no_mlflow_is_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(rai.RaiError) as caught:
        log_audit_to_mlflow(audited())
    assert str(caught.value) == (
        "logging to MLflow: mlflow-skinny is not installed; expected the extra 'mlflow'. "
        'Run: pip install "rai[mlflow]".'
    )
