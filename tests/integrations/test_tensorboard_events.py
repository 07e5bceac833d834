"""TensorBoard: what is read back from the event files is what the audit says."""

import sys
import warnings

import numpy as np
import pytest

import rai
from rai.integrations.tensorboard_events import log_audit_to_tensorboard, log_gate_to_tensorboard
from rai.integrations.tracked_numbers import safe_part

HOSTILE = ["a/b", "🦊", "two\nlines", "x" * 300, "![x](http://evil.test/y.png)", "low"]
RULE = {"id": "tpr", "kind": "max_gap", "metric": "equal_opportunity", "along": "sex", "limit": 0.05}


def audited(groups=("Female", "Male"), *, rows=400):
    rng = np.random.default_rng(0)
    truth, decided = rng.integers(0, 2, rows), rng.integers(0, 2, rows)
    return rai.audit(y_true=truth, y_pred=decided, sensitive_features={"sex": rng.choice(groups, rows)})


def read(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # TensorBoard's own imports
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    events = EventAccumulator(str(folder), size_guidance={"tensors": 0})
    events.Reload()
    return events


def scalars(folder, *, step=0):
    """Tag to value, of everything that is a scalar."""
    events = read(folder)
    found = {}
    for tag in events.PluginTagToContent("scalars"):
        (point,) = events.Tensors(tag)
        assert point.step == step
        (found[tag],) = point.tensor_proto.double_val
    return found


def text(folder, tag):
    (point,) = read(folder).Tensors(tag)
    return point.tensor_proto.string_val[0].decode()


def test_scalars_are_the_numbers_of_the_audit_with_their_intervals(tmp_path):
    found = audited()
    assert log_audit_to_tensorboard(found, tmp_path / "run", step=7) == tmp_path / "run"
    seen = scalars(tmp_path / "run", step=7)
    expected = {}
    for estimate in (*found.metrics(by=()), *found.metrics(by="sex")):
        (level,) = [level for _, level in estimate.group] or [None]
        name = f"{estimate.metric}/sex/{level}" if level else f"{estimate.metric}/everyone"
        expected |= {name: estimate.value, f"{name}/low": estimate.low, f"{name}/high": estimate.high}
    for gap in found.gaps():
        name = f"gaps/{gap.metric}/sex"
        expected |= {name: gap.value, f"{name}/low": gap.low, f"{name}/high": gap.high}
    assert seen == {name: value for name, value in expected.items() if value is not None}
    assert "true_positive_rate/sex/Female/low" in seen


def test_an_undefined_number_is_no_point_and_its_reason_is_in_the_table(tmp_path):
    found = rai.audit(y_true=[1, 0, 0, 0], y_pred=[1, 0, 0, 1], sensitive_features={"sex": list("FFMM")})
    (undefined,) = found.metrics("true_positive_rate", by="sex").where(sex="M")
    assert undefined.value is None
    log_audit_to_tensorboard(found, tmp_path)
    seen = scalars(tmp_path)
    assert seen["true_positive_rate/sex/F"] == 1.0
    assert not [tag for tag in seen if tag.startswith("true_positive_rate/sex/M")]
    assert undefined.note in text(tmp_path, "tables/groups")


def test_hostile_names_keep_apart_and_stay_text(tmp_path):
    found = audited(HOSTILE, rows=1200)
    log_audit_to_tensorboard(found, tmp_path)
    seen, table = scalars(tmp_path), text(tmp_path, "tables/groups")
    for estimate in found.metrics("accuracy", by="sex"):
        assert seen[f"accuracy/sex/{safe_part(str(estimate.group[0][1]))}"] == estimate.value
    assert len({tag for tag in seen if tag.startswith("accuracy/sex/")}) == 3 * len(HOSTILE)
    assert "🦊" in table
    assert "](http" not in table.replace("\\](", "")
    lines = table.splitlines()
    assert len(lines) == 2 + (1 + len(HOSTILE)) * len(found.metrics(by=()))


def test_pictures_are_png_of_the_size_they_say(tmp_path):
    import io

    from PIL import Image

    log_audit_to_tensorboard(audited(), tmp_path)
    events = read(tmp_path)
    assert sorted(events.PluginTagToContent("images")) == ["plots/gaps", "plots/metrics"]
    for tag in ("plots/gaps", "plots/metrics"):
        width, height, png = events.Tensors(tag)[0].tensor_proto.string_val
        picture = Image.open(io.BytesIO(png))
        assert (picture.format, picture.size) == ("PNG", (int(width), int(height)))


def test_without_matplotlib_there_are_numbers_and_no_pictures(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    log_audit_to_tensorboard(audited(), tmp_path)
    tags = read(tmp_path).Tags()["tensors"]
    assert "tables/gaps" in tags
    assert not [tag for tag in tags if tag.startswith("plots/")]


def test_a_gate_is_its_verdicts_and_its_exit_code(tmp_path):
    result = rai.gate(audited(), {"version": 1, "rules": [RULE]})
    log_gate_to_tensorboard(result, tmp_path, step=2)
    (verdict,) = result.verdicts
    assert verdict.value is not None
    seen = scalars(tmp_path, step=2)
    assert seen["gate/exit_code"] == result.exit_code == 3
    assert (seen["gate/tpr/sex"], seen["gate/tpr/sex/high"]) == (verdict.value, verdict.high)
    words = text(tmp_path, "tables/verdicts")
    assert words.startswith(result.headline)
    assert "| tpr[sex] | inconclusive |" in words


def test_the_packs_of_a_gate_stand_below_its_verdicts(tmp_path):
    rows = {"y": [0, 1] * 200, "p": [0, 1] * 200, "sex": ["F", "F", "M", "M"] * 100}
    found = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="sex")
    result = rai.gate(found, {"version": 1, "extends": "four-fifths"})
    (pack,) = result.source.extended
    log_gate_to_tensorboard(result, tmp_path)
    words = text(tmp_path, "tables/verdicts")
    assert pack.disclaimer
    assert all(part.split("\n")[0] in words for part in (pack.title, pack.date, pack.clause) if part)
    assert " ".join(pack.disclaimer.split()) in words


def test_no_tensorboard_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard.summary.writer.event_file_writer", None)
    with pytest.raises(rai.RaiError) as caught:
        log_audit_to_tensorboard(audited(), tmp_path / "run")
    assert str(caught.value) == (
        "writing for TensorBoard: tensorboard is not installed; expected the extra 'tensorboard'. "
        'Run: pip install "rai[tensorboard]".'
    )
    assert not (tmp_path / "run").exists()


def test_a_folder_that_is_a_file_is_one_sentence(tmp_path):
    (tmp_path / "run").write_text("")
    with pytest.raises(rai.DataError, match="expected a place that can be written"):
        log_audit_to_tensorboard(audited(), tmp_path / "run")
