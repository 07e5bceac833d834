"""Where the What-If Tool was wrong: each fault of its published source has a test that ours is right.

Thresholds between hundredths · labels that are words · curves on a hundred thresholds
"""

import math

import numpy as np
import pytest
from sklearn import metrics as sk

import rai

# Thresholds between hundredths ----------------------------------------------------------------------
#
# It looked counts up at floor(threshold · 100), and 0.29 · 100 is 28.999999999999996.

HUNDREDTHS = [step / 100 for step in range(1, 100)]


def counted(scores, labels, threshold):
    chosen = np.asarray(scores) >= threshold
    labels = np.asarray(labels, bool)
    return [int((chosen & labels).sum()), int((chosen & ~labels).sum()),
            int((~chosen & labels).sum()), int((~chosen & ~labels).sum())]  # fmt: skip


@pytest.mark.parametrize("bins", [1000, 100, "exact"])
@pytest.mark.parametrize("threshold", [0.29, 0.57, 0.58])
def test_counts_at_a_threshold_are_those_of_that_threshold(threshold, bins):
    """A row just below each hundredth and one at it, so that a neighbouring threshold counts others."""
    assert math.floor(threshold * 100) != round(threshold * 100)
    scores = [side for step in HUNDREDTHS for side in (math.nextafter(step, 0), step)]
    labels = [place % 3 == 0 for place in range(len(scores))]
    audit = rai.audit(
        y_true=labels,
        y_score=scores,
        sensitive_features={"g": ["a"] * len(scores)},
        thresholds=[threshold],
        bins=bins,
    )
    (row,) = audit.confusion().to_dicts()
    assert [row[cell] for cell in ("tp", "fp", "fn", "tn")] == counted(scores, labels, threshold)
    assert counted(scores, labels, threshold) != counted(scores, labels, threshold - 0.01)


def test_every_hundredth_of_a_curve_counts_its_own_rows():
    scores = [side for step in HUNDREDTHS for side in (math.nextafter(step, 0), step)]
    labels = [place % 3 == 0 for place in range(len(scores))]
    audit = rai.audit(
        y_true=labels, y_score=scores, sensitive_features={"g": ["a"] * len(scores)}, bins=100
    )
    (curve,) = audit.curves("true_positives", points=HUNDREDTHS)
    assert curve.threshold.tolist() == HUNDREDTHS
    assert curve.y.tolist() == [counted(scores, labels, t)[0] for t in HUNDREDTHS]


# Labels that are words ------------------------------------------------------------------------------
#
# It read labels as numbers, and words are none: every count was wrong, and nothing said so.

WORDS = ["denied", "granted", "granted", "denied", "granted", "denied"]
SCORES = [0.1, 0.4, 0.35, 0.8, 0.9, 0.2]


def test_labels_that_are_words_give_what_numbers_give():
    options = {"y_score": SCORES, "sensitive_features": {"g": list("aabbab")}, "bins": "exact"}
    words = rai.audit(y_true=WORDS, positive_label="granted", **options)
    numbers = rai.audit(y_true=[int(word == "granted") for word in WORDS], **options)
    for ours, theirs in (
        (words.metrics("tpr", "fpr", "auc"), numbers.metrics("tpr", "fpr", "auc")),
        (words.curves(), numbers.curves()),
    ):
        assert ours.to_dicts() == theirs.to_dicts()
    assert {row["label"] for row in words.score_distributions().to_dicts()} == {"denied", "granted"}


def test_which_word_is_positive_is_asked_not_guessed():
    with pytest.raises(rai.RoleError, match="positive_label"):
        rai.audit(y_true=WORDS, y_score=SCORES, sensitive_features={"g": list("aabbab")})


# Curves on a hundred thresholds ---------------------------------------------------------------------
#
# It drew curves at 101 thresholds, and began the one of precision at a point (0, 0) of its own.


@pytest.fixture(scope="module")
def rare():
    """One row in fifty is positive, and every score is below 0.03."""
    rng = np.random.default_rng(4)
    y = rng.random(5000) < 0.02
    score = rng.beta(np.where(y, 6.0, 2.0), 400.0)
    audit = rai.audit(y_true=y, y_score=score, sensitive_features={"g": ["a"] * 5000}, bins="exact")
    return y, score, audit


def trapezoids(y, score, thresholds):
    """Areas under the curves drawn at these thresholds alone, as the tool drew them."""
    tp, fp = (np.array([(score[side] >= t).sum() for t in thresholds[::-1]]) for side in (y, ~y))
    tp, fp = tp[tp + fp > 0], fp[tp + fp > 0]
    roc = np.trapezoid(np.r_[0, tp, y.sum()] / y.sum(), np.r_[0, fp, (~y).sum()] / (~y).sum())
    precision = np.trapezoid(np.r_[0, tp / (tp + fp)], np.r_[0, tp / y.sum()])
    return float(roc), float(precision)


def test_curves_of_rare_events_are_not_cut_to_hundredths(rare):
    y, score, audit = rare
    (roc,) = audit.curves("roc")
    (area,) = audit.metrics("auc")
    assert area.value == pytest.approx(sk.roc_auc_score(y, score), abs=1e-12)
    assert len(roc.x) > 150
    assert trapezoids(y, score, np.arange(101) / 100)[0] < area.value - 0.05


def test_precision_starts_where_rows_do(rare):
    """The first point is the highest score, not precision 0 at recall 0, which lowers the area."""
    y, score, audit = rare
    (curve,) = audit.curves("precision_recall")
    (area,) = audit.metrics("average_precision")
    assert curve.threshold[0] == score.max()
    assert (curve.x[0], curve.y[0]) == (y[score.argmax()] / y.sum(), float(y[score.argmax()]))
    assert area.value == pytest.approx(sk.average_precision_score(y, score), abs=1e-12)


def test_a_perfect_ranking_has_a_precision_of_one():
    """With the made-up point (0, 0) a perfect ranking would have an area below 1."""
    y, score = np.array([False, False, True, True]), np.array([0.1, 0.2, 0.8, 0.9])
    assert trapezoids(y, score, np.arange(101) / 100)[1] == 0.75
    audit = rai.audit(y_true=y, y_score=score, sensitive_features={"g": ["a"] * 4}, bins="exact")
    assert audit.metrics("average_precision")[0].value == 1.0
    assert audit.curves("precision_recall")[0].y[:2].tolist() == [1.0, 1.0]
