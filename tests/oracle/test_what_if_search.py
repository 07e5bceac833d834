"""The What-If Tool's threshold search, done over from rows, and its faults, which ours must not have."""

import numpy as np
import pytest

import rai
from rai.measure.thresholds.strategies import STRATEGIES

GRID = [t / 100 for t in range(101)]


def rows(n, *, seed=0, groups=3):
    rng = np.random.default_rng(seed)
    group = rng.choice(list("abcd")[:groups], n, p=np.array([0.5, 0.3, 0.15, 0.05])[:groups] / sum([0.5, 0.3, 0.15, 0.05][:groups]))  # fmt: skip
    y = (rng.random(n) < np.where(group == "a", 0.5, 0.25)).astype(int)
    score = np.clip(0.35 + 0.25 * y - 0.05 * (group == "b") + rng.normal(0, 0.15, n), 0, 1)
    return y, np.round(score, 3), group


def table(y, s, t):
    selected = s >= t
    return ((selected & (y == 1)).sum(), (selected & (y == 0)).sum(), (~selected & (y == 1)).sum(), (~selected & (y == 0)).sum())  # fmt: skip


RATES = {
    "demographic_parity": lambda tp, fp, fn, tn: (tp + fp) / (tp + fp + fn + tn),
    "equal_opportunity": lambda tp, fp, fn, tn: tp / (tp + fn),
    "equal_accuracy": lambda tp, fp, fn, tn: (tp + tn) / (tp + fp + fn + tn),
}


def searched(y, s, g, strategy, *, cost_ratio):
    """The thresholds of the search, group by group and threshold by threshold, from the rows."""

    def cost(t, inside):
        _, fp, fn, _ = table(y[inside], s[inside], t)
        return fp * cost_ratio + fn

    def cheapest(costs):
        return max(t for t in GRID if costs[t] <= min(costs.values()) + 1e-12)

    groups = {name: g == name for name in sorted(set(g))}
    if strategy == "single_threshold":
        best = cheapest({t: sum(cost(t, inside) for inside in groups.values()) for t in GRID})
        return dict.fromkeys(groups, best)
    if strategy == "group_thresholds":
        return {name: cheapest({t: cost(t, inside) for t in GRID}) for name, inside in groups.items()}
    rate = {
        name: {t: RATES[strategy](*table(y[inside], s[inside], t)) for t in GRID}
        for name, inside in groups.items()
    }
    first = max(groups, key=lambda name: groups[name].sum())
    plans = {}
    for t in GRID:
        plans[t] = {first: t}
        for name in groups:
            if name != first:
                near = {u: abs(rate[name][u] - rate[first][t]) for u in GRID}
                plans[t][name] = max(u for u in GRID if near[u] <= min(near.values()) + 1e-12)
    return plans[
        cheapest({t: sum(cost(u, groups[n]) for n, u in plan.items()) for t, plan in plans.items()})
    ]


@pytest.mark.parametrize("cost_ratio", [1.0, 0.4, 3.0])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("strategy", ["single_threshold", "group_thresholds", *RATES])
def test_the_search_over_101_thresholds_is_that_of_the_tool(strategy, seed, cost_ratio):
    y, s, g = rows(400, seed=seed)
    audit = rai.audit(y_true=y, y_score=s, sensitive_features={"g": g}, bins="exact")
    plan = rai.optimize_thresholds(audit, strategy=strategy, cost_fp=cost_ratio, method="grid101")
    found = {key[0]: 0.0 if t == -np.inf else t for key, t in plan.thresholds.items()}
    assert found == searched(y, s, g, strategy, cost_ratio=cost_ratio)


@pytest.mark.parametrize("strategy", ["single_threshold", "group_thresholds"])
def test_the_exact_search_never_costs_more(strategy):
    for seed in range(5):
        y, s, g = rows(300, seed=seed)
        audit = rai.audit(y_true=y, y_score=s, sensitive_features={"g": g}, bins="exact")
        exact, grid = (
            rai.optimize_thresholds(audit, strategy=strategy, method=method)
            for method in ("exact", "grid101")
        )
        assert exact.fitted.cost.value <= grid.fitted.cost.value


# Its faults ----------------------------------------------------------------------------------------


def test_each_group_keeps_its_own_threshold_however_groups_are_ordered():
    """The tool writes group thresholds in one order and reads them in another (by count)."""
    y, s, g = rows(600, groups=4)
    names = {"a": "z small name, most rows", "b": "y", "c": "x", "d": "a, fewest rows"}
    renamed = np.array([names[key] for key in g])
    plans = [
        rai.optimize_thresholds(
            rai.audit(y_true=y, y_score=s, sensitive_features={"g": group}), strategy="group_thresholds"
        )
        for group in (g, renamed)
    ]
    for key, t in plans[0].thresholds.items():
        inside = g == key[0]
        costs = [sum(table(y[inside], s[inside], u)[1:3]) for u in (*np.unique(s[inside]), 2.0)]
        assert sum(table(y[inside], s[inside], t)[1:3]) == min(costs)
        assert plans[1].thresholds[names[key[0]],] == t


@pytest.mark.parametrize("t", [0.29, 0.57, 0.58])
def test_a_hundredth_is_where_it_is(t):
    """In the tool 100 · score is compared with 100 · t, and a score of 0.29 is below 0.29."""
    assert 100 * t < round(100 * t) or 100 * t > round(100 * t)  # what goes wrong there
    audit = rai.audit(
        y_true=[1, 1, 0, 0], y_score=[t, t, t - 0.01, t - 0.01], sensitive_features={"g": list("abab")}
    )
    for method in ("exact", "grid101"):
        plan = rai.optimize_thresholds(audit, strategy="group_thresholds", method=method)
        assert plan.thresholds == {("a",): t, ("b",): t}
        assert plan.fitted.cost.value == 0
        assert plan.apply([t, t - 1e-12], ["a", "b"]).tolist() == [True, False]


def test_labels_may_be_text():
    y, s, g = rows(300)
    plans = [
        rai.optimize_thresholds(
            rai.audit(y_true=labels, y_score=s, sensitive_features={"g": g}, positive_label=positive),
            strategy="equal_opportunity",
            tolerance=0.05,
        )
        for labels, positive in ((y, 1), (np.where(y == 1, "yes", "no"), "yes"))
    ]
    assert plans[0].thresholds == plans[1].thresholds
    assert plans[0].fitted.cost == plans[1].fitted.cost


@pytest.mark.parametrize("method", ["exact", "grid101"])
def test_a_group_without_positives_is_not_decided_by_a_number_that_is_none(method):
    """In the tool its true positive rate is NaN, and everyone in it is selected, silently."""
    y, s, g = rows(300)
    y = np.where(g == "c", 0, y)
    audit = rai.audit(y_true=y, y_score=s, sensitive_features={"g": g})
    plan, single = (
        rai.optimize_thresholds(audit, strategy=strategy, method=method)
        for strategy in ("equal_opportunity", "single_threshold")
    )
    assert plan.thresholds["c",] == single.thresholds["c",]
    assert (
        "c: no positive labels, so nothing can be made equal; it has the best single threshold"
        in plan.notes
    )
    assert "left out c: no rows with a positive label" in plan.fitted.residual.note


def test_a_slash_in_a_name_joins_nothing():
    """In the tool `a/b` of one column and `a` with `b` of two are one key."""
    y, s, _ = rows(80)
    first, second = np.tile(["a/b", "a"], 40), np.repeat(["c", "b/c"], 40)
    audit = rai.audit(y_true=y, y_score=s, sensitive_features={"f": first, "g": second})
    plan = rai.optimize_thresholds(audit, strategy="group_thresholds")
    assert len(plan.rules) == 4
    assert {rule.group for rule in plan.rules} == {(f, g) for f in ("a", "a/b") for g in ("b/c", "c")}


def test_ranges_are_the_same_where_rows_are_counted_and_where_they_are_decided():
    """In the tool two pages cut numbers at different places."""
    y, s, _ = rows(400)
    age = np.random.default_rng(2).integers(18, 90, 400)
    audit = rai.audit(y_true=y, y_score=s, sensitive_features={"age": age}, cuts={"age": 4})
    plan = rai.optimize_thresholds(audit, strategy="group_thresholds", cost_fn=1.5)
    selected = plan.apply(s, age)
    assert selected.sum() == plan.fitted.confusion.tp.sum() + plan.fitted.confusion.fp.sum()
    assert (y[selected] == 1).sum() == plan.fitted.confusion.tp.sum()


@pytest.mark.parametrize("strategy", [s.name for s in STRATEGIES if len(s.rates) == 1])
def test_the_gap_that_the_search_leaves_is_told(strategy):
    """The tool shows no gap; on a grid it is whatever the grid leaves."""
    y, s, g = rows(400)
    audit = rai.audit(y_true=y, y_score=s, sensitive_features={"g": g})
    plan = rai.optimize_thresholds(audit, strategy=strategy, method="grid101")
    assert 0 < plan.fitted.residual.value < 0.2
    assert plan.fitted.residual.low is not None


def test_the_search_needs_hundredths():
    y, s, g = rows(100)
    audit = rai.audit(y_true=y, y_score=s, sensitive_features={"g": g}, bins=64)
    with pytest.raises(rai.ArgumentError) as error:
        rai.optimize_thresholds(audit, strategy="single_threshold", method="grid101")
    assert str(error.value) == (
        "optimize_thresholds: bins that are not cut at every hundredth; expected those of 'grid101'. "
        'Audit with bins=1000 or bins="exact".'
    )
    with pytest.raises(rai.ArgumentError) as error:
        rai.optimize_thresholds(audit, strategy="equalized_odds", method="grid101")
    assert str(error.value) == (
        "optimize_thresholds: a limit, randomized=True or equalized_odds with method 'grid101'; "
        "expected method 'exact' for these."
    )
