"""Optimal thresholds against other optimisers: never a worse objective, and the constraint kept.

fairlearn's `ThresholdOptimizer` runs here. It looks at 1,000 rates (`grid_size`) and always draws
lots, so its objective may lie below ours by what its grid leaves out, and never above.

error-parity's `RelaxedThresholdOptimizer` needs NumPy below 2, so its answers are kept below. They
are what version 0.3.12 (NumPy 1.26, cvxpy 1.3.4, ECOS 2.0.14) gave for `cost()`, on the rows of
`made_rows`, with `constraint`, `tolerance`, `false_pos_cost` and `false_neg_cost` as in the table.
With at most 1,000 scores a group it is exact, too, so both must find the same cost.
"""

import numpy as np
import pandas as pd
import pytest
from fairlearn.postprocessing import ThresholdOptimizer
from sklearn.base import BaseEstimator, ClassifierMixin

import rai

STRATEGIES = {
    "demographic_parity": "demographic_parity",
    "true_positive_rate_parity": "equal_opportunity",
    "false_positive_rate_parity": "predictive_equality",
    "equalized_odds": "equalized_odds",
}
OBJECTIVES = {"accuracy_score": "accuracy", "balanced_accuracy_score": "balanced_accuracy"}
FINE = 50_000

# (seed, groups, rows, cost of a false positive, of a false negative): tolerance to least cost.
TOLERANCES = (0.0, 0.02, 0.05, 0.1)
ERROR_PARITY = {
    (1, 2, 800, 1, 1): {
        "demographic_parity": (0.180824265, 0.174975349, 0.1675, 0.1675),
        "true_positive_rate_parity": (0.169517857, 0.167905357, 0.1675, 0.1675),
        "false_positive_rate_parity": (0.1675, 0.1675, 0.1675, 0.1675),
        "equalized_odds": (0.169689922, 0.167905357, 0.1675, 0.1675),
    },
    (2, 3, 1500, 1, 2): {
        "demographic_parity": (0.412610268, 0.408881752, 0.403288978, 0.393967688),
        "true_positive_rate_parity": (0.379070023, 0.375289501, 0.37008069, 0.361513224),
        "false_positive_rate_parity": (0.392588627, 0.389096506, 0.383858325, 0.375128021),
        "equalized_odds": (0.401182163, 0.389128705, 0.383858324, 0.375128021),
    },
    (3, 5, 2500, 3, 1): {
        "demographic_parity": (0.406984718, 0.395080718, 0.379038072, 0.358245627),
        "true_positive_rate_parity": (0.332066864, 0.326196864, 0.320442105, 0.316579048),
        "false_positive_rate_parity": (0.32, 0.31728, 0.31411, 0.311469091),
        "equalized_odds": (0.340650769, 0.326196864, 0.320442105, 0.316579048),
    },
}


class Scores(ClassifierMixin, BaseEstimator):
    """A fitted classifier whose score is its only column."""

    def fit(self, x, y):
        return self

    def predict(self, x):
        return np.asarray(x)[:, 0]

    def __sklearn_is_fitted__(self):
        return True


def made_rows(seed, *, groups, rows):
    """Labels, scores in thousandths, groups: base rates and scores differ by group."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, groups, rows)
    y = (rng.random(rows) < 0.2 + 0.15 * group).astype(np.int64)
    score = rng.integers(0, 700, rows) + 250 * y + rng.integers(-40, 40, groups)[group]
    return y, np.clip(score, 0, 999) / 1000, group


def audited(y, score, group):
    return rai.audit(y_true=y, y_score=score, sensitive_features={"group": group}, bins="exact")


def fairlearn_chances(rows, constraint, objective, *, grid_size=1000, tol=None):
    """How likely each row is to be selected, from what the fitted optimiser stores."""
    y, score, group = rows
    fitted = ThresholdOptimizer(
        estimator=Scores(),
        constraints=constraint,
        objective=objective,
        grid_size=grid_size,
        prefit=True,
        predict_method="predict",
        tol=tol,
    ).fit(score[:, None], y, sensitive_features=group)
    rules = fitted.interpolated_thresholder_.interpolation_dict
    chance = np.zeros(len(y))
    for name, rule in rules.items():
        at = group == name
        for share, operation in ((rule.p0, rule.operation0), (rule.p1, rule.operation1)):
            chance[at] += share * operation(score[at])
        if "p_ignore" in rule:
            chance[at] = (1 - rule.p_ignore) * chance[at] + rule.p_ignore * rule.prediction_constant
    drawn = fitted._pmf_predict(score[:, None], sensitive_features=group)[:, 1]
    np.testing.assert_allclose(chance, drawn, atol=1e-12)
    return chance


def value(rows, chance, objective):
    """The expected objective over all rows."""
    y, _, _ = rows
    right = np.where(y == 1, chance, 1 - chance)
    if objective == "accuracy_score":
        return right.mean()
    return (right[y == 1].mean() + right[y == 0].mean()) / 2


def spread(rows, chance, constraint):
    """How far the groups are apart in the expected rates that are to be equal."""
    y, _, group = rows
    frame = pd.DataFrame({"chance": chance, "y": y, "group": group})
    rates = {
        "demographic_parity": [frame],
        "true_positive_rate_parity": [frame[y == 1]],
        "false_positive_rate_parity": [frame[y == 0]],
        "equalized_odds": [frame[y == 1], frame[y == 0]],
    }[constraint]
    return max(np.ptp(part.groupby("group")["chance"].mean()) for part in rates)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("constraint", STRATEGIES)
@pytest.mark.parametrize(("seed", "groups", "rows"), [(11, 2, 300), (12, 3, 700), (13, 6, 1500)])
def test_fairlearn_never_has_a_better_objective(seed, groups, rows, constraint, objective):
    made = made_rows(seed, groups=groups, rows=rows)
    plan = rai.optimize_thresholds(
        audited(*made),
        strategy=STRATEGIES[constraint],
        objective=OBJECTIVES[objective],
        randomized=True,
    )
    ours = plan.probabilities(made[1], made[2])
    theirs = fairlearn_chances(made, constraint, objective)
    assert spread(made, ours, constraint) < 1e-9
    assert spread(made, theirs, constraint) < 1e-9
    lead = value(made, ours, objective) - value(made, theirs, objective)
    assert lead > -1e-9
    assert plan.fitted.cost.value == pytest.approx(1 - value(made, ours, objective), abs=1e-9)


@pytest.mark.parametrize("constraint", STRATEGIES)
@pytest.mark.parametrize(("seed", "groups", "rows"), [(11, 2, 300), (12, 3, 700), (13, 6, 1500)])
def test_a_finer_grid_brings_fairlearn_to_our_objective(seed, groups, rows, constraint):
    made = made_rows(seed, groups=groups, rows=rows)
    plan = rai.optimize_thresholds(audited(*made), strategy=STRATEGIES[constraint], randomized=True)
    best = 1 - plan.fitted.cost.value
    coarse, fine = (
        best
        - value(
            made, fairlearn_chances(made, constraint, "accuracy_score", grid_size=size), "accuracy_score"
        )
        for size in (100, FINE)
    )
    assert -1e-9 < fine < 5e-6
    assert fine <= coarse
    if coarse > 1e-4:
        assert fine < coarse / 50


@pytest.mark.parametrize("tolerance", [0.02, 0.1])
@pytest.mark.parametrize("constraint", [name for name in STRATEGIES if name != "equalized_odds"])
def test_neither_has_fairlearn_with_its_tolerance(constraint, tolerance):
    made = made_rows(14, groups=4, rows=1000)
    plan = rai.optimize_thresholds(
        audited(*made), strategy=STRATEGIES[constraint], tolerance=tolerance, randomized=True
    )
    ours = plan.probabilities(made[1], made[2])
    theirs = fairlearn_chances(made, constraint, "accuracy_score", tol=tolerance)
    assert spread(made, ours, constraint) < tolerance + 1e-9
    assert spread(made, theirs, constraint) < tolerance + 1e-3
    lead = value(made, ours, "accuracy_score") - value(made, theirs, "accuracy_score")
    assert -1e-9 < lead < 2e-3


def test_fairlearn_means_another_balanced_accuracy():
    """Under one rate it takes the mean of the groups' own, ours is that of everyone."""
    rows = made_rows(32, groups=4, rows=600)
    y, score, group = rows
    plan = rai.optimize_thresholds(
        audited(*rows), strategy="predictive_equality", objective="balanced_accuracy", randomized=True
    )
    ours = plan.probabilities(score, group)
    theirs = fairlearn_chances(
        rows, "false_positive_rate_parity", "balanced_accuracy_score", grid_size=FINE
    )

    def mean_of_groups(chance):
        each = [
            value((y[group == g], None, None), chance[group == g], "balanced_accuracy_score")
            for g in range(4)
        ]
        return np.average(each, weights=np.bincount(group))

    everyone = [value(rows, chance, "balanced_accuracy_score") for chance in (ours, theirs)]
    assert everyone[0] > everyone[1] + 0.004
    assert mean_of_groups(theirs) > mean_of_groups(ours) + 0.005


@pytest.mark.parametrize("constraint", STRATEGIES)
@pytest.mark.parametrize("key", ERROR_PARITY, ids=lambda key: f"{key[1]} groups")
def test_error_parity_finds_the_same_cost(key, constraint):
    seed, groups, rows, cost_fp, cost_fn = key
    y, score, group = made_rows(seed, groups=groups, rows=rows)
    audit = audited(y, score, group)
    for tolerance, theirs in zip(TOLERANCES, ERROR_PARITY[key][constraint], strict=True):
        plan = rai.optimize_thresholds(
            audit,
            strategy=STRATEGIES[constraint],
            tolerance=tolerance,
            randomized=True,
            cost_fp=cost_fp,
            cost_fn=cost_fn,
        )
        ours = plan.probabilities(score, group)
        assert spread((y, score, group), ours, constraint) < tolerance + 1e-9
        cost = cost_fp * np.where(y == 0, ours, 0) + cost_fn * np.where(y == 1, 1 - ours, 0)
        assert cost.mean() == pytest.approx(plan.fitted.cost.value, abs=1e-9)
        assert cost.mean() <= theirs + 1e-6
        assert cost.mean() >= theirs - 1e-6
