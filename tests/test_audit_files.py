"""Saved audits: what comes back, and what is refused."""

from __future__ import annotations

import json

import pytest

import rai
from rai import Audit, DataError


@pytest.fixture
def audit():
    return rai.audit(
        y_true=[1, 0, 1, 0, 1, 1],
        y_score=[0.9, 0.2, 0.4, 0.6, 0.8, None],
        sensitive_features={"sex": ["F", "F", "M", "M", None, "F"], "age": [20, 30, 40, 50, 60, 70]},
        cuts={"age": [40]},
        thresholds=[0.5, 0.3],
        sample_weight=[1.0, 2.0, 0.5, 1.0, 1.0, 3.0],
        level=0.9,
        seed=7,
    )


def test_what_is_saved_comes_back(audit, tmp_path):
    back = Audit.load(audit.save(tmp_path / "audit.json"))
    assert back.roles == audit.roles
    assert (back.task, back.thresholds, back.level, back.seed) == ("binary", (0.5, 0.3), 0.9, 7)
    assert back.dropped == {"missing y_score": 1}
    assert back.provenance == audit.provenance
    assert back.metrics().to_dicts() == audit.metrics().to_dicts()
    assert back.gaps(threshold=0.3).to_dicts() == audit.gaps(threshold=0.3).to_dicts()


@pytest.mark.parametrize(
    ("y_true", "y_pred"),
    [(["a", "b", "c", "a"], ["a", "c", "c", "b"]), ([0.5, 1.5, 2.0, 3.0], [1.0, 1.0, 2.5, 2.0])],
)
def test_other_tasks_come_back(y_true, y_pred, tmp_path):
    audit = rai.audit(y_true=y_true, y_pred=y_pred, sensitive_features={"g": [0, 0, 1, 1]})
    back = Audit.load(audit.save(tmp_path / "a.json"))
    assert back.gaps().to_dicts() == audit.gaps().to_dicts()
    assert back.tally.groups == ((0,), (1,))


@pytest.fixture
def regression():
    return rai.audit(
        y_true=[0.5, 1.5, 2.0, 3.0], y_pred=[1.0, 1.0, 2.5, -2.0], sensitive_features={"g": [*"AABB"]},
        sample_weight=[1.0, 0.5, 2.0, 1.0],
    )  # fmt: skip


def test_histograms_of_a_regression_come_back(regression, tmp_path):
    back = Audit.load(regression.save(tmp_path / "a.json"))
    assert back.residuals().to_dicts() == regression.residuals().to_dicts()
    assert back.calibration(bins=2).to_dicts() == regression.calibration(bins=2).to_dicts()
    assert back.tally.predictions.keys.tolist() == regression.tally.predictions.keys.tolist()
    assert (back + regression).residuals()[0].n == 4


def test_a_regression_saved_before_there_were_histograms(regression, tmp_path):
    path = regression.save(tmp_path / "a.json")
    plain = json.loads(path.read_text("utf-8"))
    for name in ("predictions", "by_prediction", "errors", "by_error"):
        del plain["tally"][name]
    path.write_text(json.dumps(plain), "utf-8")
    back = Audit.load(path)
    assert back.metrics().to_dicts() == regression.metrics().to_dicts()
    assert back.residuals()[0].note == "no quantiles: this audit kept no histograms"
    assert (back + regression).tally.by_error is None


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("predictions", {"keys": [3, 2, 1]}),
        ("predictions", {"keys": [1]}),
        ("errors", {"shift": 64}),
        ("errors", {"shift": -1}),
        ("errors", {"keys": [1, 2, 0x7FF8_0000_0000_0000], "shift": 0}),
        ("by_error", {"at": [99]}),
    ],
)
def test_histograms_that_do_not_fit_are_refused(regression, tmp_path, name, changes):
    path = regression.save(tmp_path / "a.json")
    plain = json.loads(path.read_text("utf-8"))
    plain["tally"][name].update(changes)
    path.write_text(json.dumps(plain), "utf-8")
    with pytest.raises(DataError, match="counts that don't fit together"):
        Audit.load(path)


def test_a_negative_label_that_is_falsy_comes_back(tmp_path):
    audit = rai.audit(
        y_true=[1, 0], y_pred=[1, 1], sensitive_features={"g": ["x", "y"]}, positive_label=0
    )
    assert Audit.load(audit.save(tmp_path / "a.json")).roles.positive_label == 0


def test_saving_twice_gives_the_same_bytes(audit, tmp_path):
    first, second = (audit.save(tmp_path / name).read_bytes() for name in ("a.json", "b.json"))
    assert first == second


def test_exact_scores_come_back(tmp_path):
    audit = rai.audit(
        y_true=[1, 0, 1], y_score=[8.25, 1.1, 7.0], sensitive_features={"g": ["x", "x", "y"]},
        bins="exact", thresholds=5,
    )  # fmt: skip
    back = Audit.load(audit.save(tmp_path / "a.json"))
    assert back.tally.edges.tolist() == [1.1, 5.0, 7.0, 8.25]
    assert back.confusion().to_dicts() == audit.confusion().to_dicts()


def changed(audit, tmp_path, change):
    path = audit.save(tmp_path / "audit.json")
    plain = json.loads(path.read_text("utf-8"))
    change(plain)
    path.write_text(json.dumps(plain), "utf-8")
    return path


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p["tally"]["n"]["at"].append(10**9),
        lambda p: p["tally"]["n"]["at"].pop(),
        lambda p: p["tally"]["n"].update({"is": [-1] * len(p["tally"]["n"]["at"])}),
        lambda p: p["tally"]["groups"].append(["F"]),
        lambda p: p["tally"]["groups"].append(p["tally"]["groups"][0]),
        lambda p: p["tally"].update(edges=[0.5, 0.5]),
        lambda p: p["tally"].update(edges="many"),
        lambda p: p["tally"].update(axes=None),
        lambda p: p.pop("roles"),
        lambda p: p["roles"].update(nonsense=1),
        lambda p: p.update(level="high"),
    ],
)
def test_counts_that_do_not_fit_together_are_refused(audit, tmp_path, change):
    path = changed(audit, tmp_path, change)
    with pytest.raises(DataError) as error:
        Audit.load(path)
    assert str(error.value) == (
        f"reading {path}: counts that don't fit together; expected an audit saved by this version of rai. "
        "Run the audit again."
    )


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[1, 2]", "no saved audit"),
        ('{"format": "other"}', "no saved audit"),
        ('{"format": "rai-audit", "version": 99}', "version 99"),
    ],
)
def test_other_files_are_refused(tmp_path, text, seen):
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError) as error:
        Audit.load(path)
    assert str(error.value) == (
        f"reading {path}: {seen}; expected an audit saved by this version of rai. Run the audit again."
    )


def test_a_file_that_is_not_there(tmp_path):
    path = tmp_path / "a.json"
    with pytest.raises(DataError, match=r"no such file or directory; expected an audit"):
        Audit.load(path)


def test_nothing_is_lost_where_nothing_can_be_written(audit, tmp_path):
    target = tmp_path / "audit.json"
    target.mkdir()
    with pytest.raises(DataError) as error:
        audit.save(target)
    assert str(error.value) == (
        f"writing {target}: it is a folder; expected a place that can be written. Nothing was changed."
    )
    assert list(tmp_path.iterdir()) == [target]
