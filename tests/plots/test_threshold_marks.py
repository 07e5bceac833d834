import rai
from rai import plots
from rai.measure.metrics import find_metric


def test_thresholds_stand_beside_the_rates_that_follow(scores):
    plan = rai.optimize_thresholds(scores, strategy="group_thresholds")
    ax = plots.thresholds(plan)
    assert [panel.get_title(loc="left").replace("\n", " ") for panel in ax.child_axes] == [
        *("threshold", "selection rate", "true positive rate"),
        *("false positive rate", "positive predictive value"),
    ]
    dots = {
        float(x.get_ydata()[0]): float(x.get_xdata()[0])
        for x in ax.child_axes[0].lines
        if x.get_marker() not in {"None", None, ""} and len(x.get_xdata())
    }
    finite = {p: rule.thresholds[0] for p, rule in enumerate(plan.rules) if rule.thresholds[0] < 2}
    assert dots == finite
    rates = find_metric("selection_rate").measure(plan.fitted.confusion).value
    shown = [
        float(x.get_xdata()[0])
        for x in ax.child_axes[1].lines
        if x.get_marker() not in {"None", None, ""}
    ]
    assert shown == rates.tolist()


def test_lots_are_told_with_their_shares(plan):
    ax = plots.thresholds(plan)
    told = [text.get_text() for text in ax.child_axes[0].texts]
    (drawn,) = [rule for rule in plan.rules if rule.drawn][:1]
    assert f"{100 * drawn.shares[0]:.3g}%" in told


def test_who_is_selected_by_no_threshold_is_written(scores):
    plan = rai.optimize_thresholds(scores, strategy="group_thresholds")
    ax = plots.thresholds(plan)
    written = [text.get_text() for text in ax.child_axes[0].texts]
    assert written == ["selects nobody"]
    assert "– undefined" in [text.get_text() for text in ax.child_axes[2].texts]


def test_other_rows_are_told_apart_from_the_rows_of_the_choice(scores):
    plan = rai.optimize_thresholds(scores, strategy="single_threshold")
    assert plots.thresholds(plan).child_axes[1].get_xlabel() == (
        "on the rows they were chosen on: optimistic"
    )
    others = rai.audit(
        y_true=[0, 1, 1, 0, 1, 0],
        y_score=[0.2, 0.9, 0.7, 0.3, 0.6, 0.4],
        sensitive_features={"site": [*"AABBCC"]},
        bins="exact",
    )
    assert plots.thresholds(plan.evaluate(others)).child_axes[1].get_xlabel() == "on other rows"
