"""The area between ROC curves as a gap: by hand, compared with whom, undefined, and with what note."""

import numpy as np
import pytest

import rai
from rai import ArgumentError
from rai.measure import abroca as module

# A ranks its rows 1 0 1 0 (best first): corners (0, 0) (0, ½) (½, ½) (½, 1) (1, 1), area ¾
# B ranks them 1 1 0 0: area 1; C 0 0 1 1: area 0
ROWS = {"A": [1, 0, 1, 0], "B": [1, 1, 0, 0], "C": [0, 0, 1, 1], "only": [1, 1, 1]}
SCORES = [0.8, 0.6, 0.4, 0.2]


def audit_of(*names, times=1, **options):
    y = [label for name in names for label in ROWS[name] * times]
    s = [score for name in names for score in SCORES[: len(ROWS[name])] * times]
    g = [name for name in names for _ in ROWS[name] * times]
    return rai.audit(
        y_true=y, y_score=s, sensitive_features={"g": g}, positive_label=1,
        **{"bins": "exact", **options},
    )  # fmt: skip


def gap_of(*names, times=1, options=None, **asked):
    (found,) = audit_of(*names, times=times, **(options or {})).gaps("abroca", **asked)
    return found


@pytest.mark.parametrize(
    ("names", "value", "pair"),
    [
        (("A", "B"), 0.25, ("B", "A")),
        (("A", "C"), 0.75, ("A", "C")),
        (("A", "B", "C"), 1.0, ("B", "C")),
    ],
)
def test_by_hand(names, value, pair):
    found = gap_of(*names)
    assert found.value == pytest.approx(value)
    assert (found.highest, found.lowest) == pair
    assert (found.metric, found.kind, found.n, found.note) == (
        "abroca",
        "difference",
        4 * len(names),
        "",
    )
    assert found.low <= value <= found.high <= 1


def test_many_rows_tell_a_gap_from_chance_and_few_do_not():
    few, many = (gap_of("A", "C", times=times) for times in (1, 100))
    assert few.p_value > 0.05 > many.p_value
    assert few.low == 0.0
    assert many.low > 0.5
    assert many.null < 0.1 < few.null


def test_perfect_groups_of_few_rows_leave_room_for_a_gap():
    y, s = [1, 1, 0, 0] * 2, [0.9, 0.8, 0.2, 0.1] * 2
    audit = rai.audit(y_true=y, y_score=s, sensitive_features={"g": list("AAAABBBB")}, bins="exact")
    (both,) = audit.gaps("abroca")
    assert (both.value, both.low) == (0.0, 0.0)
    assert both.high > 0.1
    assert both.p_value == 1.0


def test_curves_that_cross_are_said_to():
    """D is better at the top and worse below: equal areas, yet apart."""
    y = [1, 0, 0, 1] * 50 + [0, 1, 1, 0] * 50
    s = [0.8, 0.6, 0.4, 0.2] * 100
    audit = rai.audit(
        y_true=y, y_score=s, sensitive_features={"g": ["D"] * 200 + ["E"] * 200}, bins="exact"
    )
    between, area = audit.gaps("abroca", "auc")
    assert area.value == pytest.approx(0.0)
    # |ROC_D − ROC_E| is ½ on each half
    assert between.value == pytest.approx(0.5)
    assert between.note == "the curves cross: their areas differ by 0"
    assert between.low > 0.3


def test_compared_with_a_reference_and_with_everyone_else():
    reference = gap_of("A", "B", "C", versus="A")
    assert reference.value == pytest.approx(0.75)
    assert (reference.highest, reference.lowest, reference.versus) == ("A", "C", "A")
    whole = gap_of("A", "B", "C", versus="to_overall")
    assert "overall is everyone outside the group" in whole.note
    assert "overall" in {whole.highest, whole.lowest}
    two = gap_of("A", "B", versus="to_overall")
    assert two.value == pytest.approx(0.25)


def test_groups_without_a_curve_are_left_out():
    found = gap_of("A", "B", "only")
    assert found.value == pytest.approx(0.25)
    assert found.note == "left out only: no rows with a negative label (n=3)"
    assert found.n == 8


@pytest.mark.parametrize(
    ("names", "versus", "note"),
    [
        (("A", "only"), "between_groups", "undefined: fewer than two groups have a ROC curve; "
         "left out only: no rows with a negative label (n=3)"),
        (("A", "B", "only"), "only", "undefined: the reference group has no ROC curve (no rows with a "
         "negative label (n=3)); left out only: no rows with a negative label (n=3)"),
    ],
)  # fmt: skip
def test_undefined_is_none_with_a_reason(names, versus, note):
    found = gap_of(*names, versus=versus)
    assert (found.value, found.low, found.high, found.null, found.p_value) == (None,) * 5
    assert found.note == note


def test_a_reference_that_is_not_within_a_level():
    y = [1, 0, 1, 0, 1, 0]
    audit = rai.audit(
        y_true=y, y_score=[0.9, 0.1, 0.3, 0.6, 0.8, 0.2], bins="exact",
        sensitive_features={"g": list("AABBAA")}, control_features={"c": list("xxxxyy")},
    )  # fmt: skip
    here, there = audit.gaps("abroca", within="c", versus="B")
    assert here.value == 1.0
    assert there.note == "undefined: no rows of the reference group B"


def test_bins_widen_the_interval_and_are_noted():
    found = gap_of("A", "C", times=50, options={"bins": 2})
    # each group shares a bin in half of its pairs: ½ · ½ for A, and nothing for C's whole halves
    assert found.note.startswith("binned: within ")
    exact = gap_of("A", "C", times=50)
    stated = float(found.note.split()[2])
    assert abs(found.value - exact.value) <= stated
    assert found.low <= exact.value <= found.high


def test_scores_on_other_scales_are_no_gap():
    """Only ranks count: B's scores lie above all of A's, and both rank alike."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 400)
    s = rng.random(400) * 0.3 + 0.2 * y
    audit = rai.audit(
        y_true=np.tile(y, 2), y_score=np.concatenate((s, s + 0.5)), bins="exact",
        sensitive_features={"g": ["A"] * 400 + ["B"] * 400}, thresholds=[0.4],
    )  # fmt: skip
    (found,) = audit.gaps("abroca")
    assert found.value == pytest.approx(0.0, abs=1e-12)
    # what chance shows is that of the shared curve, not of both scales thrown together
    (one,) = audit.metrics("auc", by=())
    assert one.value < 0.75
    assert found.null < 0.05


def test_weights_count_as_often_as_they_weigh():
    rng = np.random.default_rng(3)
    y, s, g = rng.integers(0, 2, 200), rng.random(200).round(1), np.repeat(["A", "B"], 100)
    w = rng.integers(1, 4, 200)
    options = {"bins": "exact", "positive_label": 1}
    weighted = rai.audit(
        y_true=y, y_score=s, sensitive_features={"g": g}, sample_weight=w.astype(float), **options
    )
    repeated = rai.audit(
        y_true=y.repeat(w), y_score=s.repeat(w), sensitive_features={"g": g.repeat(w)}, **options
    )
    ours, theirs = weighted.gaps("abroca")[0], repeated.gaps("abroca")[0]
    assert ours.value == pytest.approx(theirs.value)
    assert ours.high - ours.low > theirs.high - theirs.low


def test_the_same_seed_gives_the_same_answer_and_another_seed_another_draw():
    audits = [audit_of("A", "C", times=30, seed=seed) for seed in (1, 1, 2)]
    first, again, other = (audit.gaps("abroca")[0] for audit in audits)
    assert first == again
    assert (first.value, first.null) != (other.value, other.null)
    assert first.value == other.value


def test_many_comparisons_get_fewer_draws(monkeypatch):
    monkeypatch.setattr(module, "_CELLS", 1)
    found = gap_of("A", "B", "C", times=20)
    assert found.p_value == pytest.approx(1 / 201)


def test_it_is_always_a_difference_of_the_worst_pair():
    assert gap_of("A", "B", kind="ratio").kind == "difference"
    with pytest.raises(ArgumentError) as error:
        gap_of("A", "B", aggregate="mean")
    assert str(error.value) == (
        "aggregate: 'mean' of the area between ROC curves; expected 'worst_case'."
    )


def test_predictions_have_no_curves():
    audit = rai.audit(y_true=[0, 1], y_pred=[0, 1], sensitive_features={"g": ["A", "B"]})
    with pytest.raises(
        ArgumentError, match="metric 'abroca': no scores; expected scores of two classes"
    ):
        audit.gaps("abroca")
