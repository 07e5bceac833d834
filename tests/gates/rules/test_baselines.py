"""No worse than a baseline: on the same rows, on other rows, groups and gaps."""

from statistics import NormalDist

import numpy as np
import pytest
import yaml

import rai
from rai.ground.errors import PolicyError
from rai.measure.intervals import clopper_pearson, mover_difference
from rai.measure.paired import paired_counts, paired_differences, paired_gap_differences
from rai.measure.paired_intervals import tango

Z = NormalDist().inv_cdf


def rows_of(n=1_200, *, seed=0, better=0.9, worse=0.8, groups="AB"):
    """Labels, the scores and decisions of a good model (new) and of one that is worse (old)."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    draw = rng.random(n)
    new, old = (np.where(draw < share, y, 1 - y) for share in (better, worse))
    jitter = rng.uniform(0, 0.4, n)
    return {
        "y": y,
        "new": new,
        "old": old,
        "new_score": new * 0.5 + jitter,
        "old_score": old * 0.5 + jitter,
        "g": rng.choice(list(groups), n),
        "w": rng.choice([1.0, 2.0], n),
    }


def audit_of(rows, column="new", **more):
    role = {"y_score" if column.endswith("score") else "y_pred": column}
    return rai.audit(rows, y_true="y", **role, **{"sensitive_features": "g", **more})


def rule(make, metric="recall", margin=0.05, **more):
    held = make.rule("no_worse_than", metric, **more)
    return {**held, "margin": margin}


def verdicts(make, audit, rows, *rules, baseline="old"):
    return make.gate(audit, *rules, baseline=baseline, data=rows).verdicts


def test_a_better_model_passes_and_a_worse_one_fails(make):
    rows = rows_of()
    better = verdicts(make, audit_of(rows), rows, rule(make))
    assert [v.status for v in better] == ["pass", "pass"]
    assert all(v.value > 0 for v in better)
    worse = verdicts(make, audit_of(rows, "old"), rows, rule(make, margin=0.03), baseline="new")
    assert [v.status for v in worse] == ["fail", "fail"]
    assert [v.limit for v in worse] == [-0.03, -0.03]


def test_a_metric_of_which_less_is_better(make):
    rows = rows_of()
    (everyone,) = verdicts(make, audit_of(rows), rows, rule(make, "error_rate", along=()))
    assert (everyone.status, everyone.limit, everyone.name) == ("pass", 0.05, "r")
    assert everyone.value == pytest.approx(
        np.mean(rows["new"] != rows["y"]) - np.mean(rows["old"] != rows["y"])
    )
    (worse,) = verdicts(
        make, audit_of(rows, "old"), rows, rule(make, "error_rate", along=()), baseline="new"
    )
    assert (worse.status, worse.value) == ("fail", pytest.approx(-everyone.value))


def test_paired_by_predictions_it_is_the_difference_on_the_same_rows(make):
    rows = rows_of(400)
    found = verdicts(make, audit_of(rows), rows, rule(make))
    for verdict in found:
        here = (rows["g"] == verdict.group) & (rows["y"] == 1)
        new, old = rows["new"][here], rows["old"][here]
        gained, lost, n = (new & ~old & 1).sum(), (old & ~new & 1).sum(), here.sum()
        assert verdict.value == pytest.approx((gained - lost) / n)
        bounds = [
            (
                tango([gained], [lost], n=[n], z=z),
                mover_difference(
                    np.array([gained / n]), clopper_pearson([gained], [n], z=z),
                    other=np.array([lost / n]), other_bounds=clopper_pearson([lost], [n], z=z),
                ),
            )
            for z in (Z(0.95), Z(0.975))
        ]  # fmt: skip
        assert verdict.low == pytest.approx(min(float(each.low[0]) for each in bounds[0]), abs=1e-6)
        assert verdict.high == pytest.approx(max(float(each.high[0]) for each in bounds[1]), abs=1e-6)


@pytest.mark.parametrize("threshold", [None, 0.5, 0.7])
def test_paired_by_scores_both_are_cut_at_the_threshold(make, threshold):
    rows = rows_of(600)
    audit = audit_of(rows, "new_score", thresholds=[0.5, 0.7])
    found = verdicts(
        make, audit, rows, rule(make, "selection_rate", better="higher", threshold=threshold),
        baseline="old_score",
    )  # fmt: skip
    cut = 0.5 if threshold is None else threshold
    for verdict in found:
        here = rows["g"] == verdict.group
        assert verdict.value == pytest.approx(
            (rows["new_score"][here] >= cut).mean() - (rows["old_score"][here] >= cut).mean()
        )


def test_paired_gaps_are_held_at_half_the_error_of_both_sides(make):
    rows = rows_of(900, groups="ABC")
    (verdict,) = verdicts(make, audit_of(rows), rows, rule(make, "equal_opportunity", 0.2))
    pairs = paired_counts(
        rows["old"], rows["new"], classes=(0, 1), label=rows["y"], group=np.searchsorted(["A", "B", "C"], rows["g"]),
        axes=("g",), groups=(("A",), ("B",), ("C",)),
    )  # fmt: skip
    (gap,) = paired_gap_differences(pairs, ["equal_opportunity"], level=1 - 2 * 0.05 / 1.1)
    assert (verdict.name, verdict.limit) == ("r[g]", 0.2)
    assert (verdict.value, verdict.low, verdict.high) == pytest.approx((gap.value, gap.low, gap.high))


def test_the_gap_of_a_metric_is_compared_where_it_is_asked_for(make):
    rows = rows_of(900)
    (gap,) = verdicts(make, audit_of(rows), rows, rule(make, "recall", 0.3, compare="gap"))
    recall = {
        (model, g): rows[model][(rows["g"] == g) & (rows["y"] == 1)].mean()
        for model in ("new", "old")
        for g in "AB"
    }
    sizes = [abs(recall[model, "A"] - recall[model, "B"]) for model in ("new", "old")]
    assert gap.value == pytest.approx(sizes[0] - sizes[1])
    assert gap.status == "pass"


def test_a_gap_needs_groups_and_a_metric_a_direction(make):
    rows = rows_of(100)
    with pytest.raises(PolicyError, match="along"):
        verdicts(make, audit_of(rows), rows, rule(make, "equal_opportunity", along=()))
    with pytest.raises(PolicyError, match="better"):
        verdicts(make, audit_of(rows), rows, rule(make, "selection_rate"))
    with pytest.raises(PolicyError, match=r"margin|limit"):
        verdicts(make, audit_of(rows), rows, rule(make, margin=-0.1))


def test_several_classes_are_paired_one_by_one(make):
    rng = np.random.default_rng(4)
    y = rng.choice(["a", "b", "c"], 900)
    new, old = (np.where(rng.random(900) < share, y, "a") for share in (0.9, 0.7))
    rows = {"y": y, "new": new, "old": old, "g": rng.choice(["A", "B"], 900)}
    found = verdicts(make, audit_of(rows), rows, rule(make, "recall"))
    codes = {name: np.searchsorted(["a", "b", "c"], rows[name]) for name in ("y", "new", "old")}
    pairs = paired_counts(
        codes["old"], codes["new"], classes=("a", "b", "c"), label=codes["y"],
        group=np.searchsorted(["A", "B"], rows["g"]), axes=("g",), groups=(("A",), ("B",)),
    )  # fmt: skip
    direct = {
        (dict(d.group)["label"], dict(d.group)["g"]): d.value
        for d in paired_differences(pairs, ["recall"])
    }
    assert {(dict(v.within)["label"], v.group): v.value for v in found} == pytest.approx(direct)
    assert {v.status for v in found if dict(v.within)["label"] in {"b", "c"}} == {"pass"}


def test_weights_count_on_both_sides(make):
    rows = rows_of(600)
    audit = audit_of(rows, sample_weight="w")
    for verdict in verdicts(make, audit, rows, rule(make, "accuracy")):
        here = rows["g"] == verdict.group
        right = [
            np.average((rows[m] == rows["y"])[here], weights=rows["w"][here]) for m in ("new", "old")
        ]
        assert verdict.value == pytest.approx(right[0] - right[1])


def test_independent_audits_are_compared_by_exact_sides(make):
    ours, theirs = (
        make.audit((40, 0, 10, 50), (30, 0, 30, 40)),
        make.audit((90, 0, 10, 0), (60, 0, 40, 0)),
    )
    a, b = make.gate(ours, rule(make), baseline=theirs).verdicts
    assert (a.value, b.value) == pytest.approx((-0.1, -0.1))

    def sides(z):
        return mover_difference(
            np.array([0.8]), clopper_pearson([40], [50], z=z),
            other=np.array([0.9]), other_bounds=clopper_pearson([90], [100], z=z),
        )  # fmt: skip

    assert a.low == pytest.approx(sides(Z(0.95)).low[0])
    assert a.high == pytest.approx(sides(Z(0.975)).high[0])
    assert {a.status, b.status} == {"inconclusive"}
    assert a.n == 100


def test_gaps_of_independent_audits_share_the_error(make):
    ours, theirs = make.rates((80, 400), (100, 400)), make.rates((120, 400), (80, 400))
    (verdict,) = make.gate(ours, rule(make, "demographic_parity"), baseline=theirs).verdicts
    one, other = (
        make.verdict(audit, "max_gap", "demographic_parity", 0.5, level=0.975)
        for audit in (ours, theirs)
    )
    assert verdict.value == pytest.approx(0.05 - 0.1)
    assert verdict.low == pytest.approx(one.low - other.high)
    assert verdict.high == pytest.approx(one.high - other.low)
    assert verdict.status == "inconclusive"


def test_a_group_that_the_baseline_lacks_is_inconclusive(make):
    ours, theirs = make.audit(*[(90, 0, 10, 0)] * 3), make.audit(*[(80, 0, 20, 0)] * 2)
    found = make.gate(ours, rule(make), baseline=theirs).verdicts
    assert {v.name: v.status for v in found} == {
        "r[g=C]": "inconclusive",
        "r[g=A]": "pass",
        "r[g=B]": "pass",
    }
    lacking = next(v for v in found if v.group == "C")
    assert (lacking.code, lacking.reason) == ("undefined", "the baseline has no such group")
    gap = make.gate(ours, rule(make, "equal_opportunity", 0.3), baseline=theirs).verdicts
    assert [v.status for v in gap] == ["inconclusive", "pass"]


def test_classes_of_independent_audits_are_matched_by_name(make):
    """Never the second class of one against the second of the other."""
    rng = np.random.default_rng(5)

    def audit(labels, share):
        y = rng.choice(labels, 600)
        p = np.where(rng.random(600) < share, y, labels[0])
        rows = {"y": y, "p": p, "g": ["A", "B"] * 300}
        return rai.audit(rows, y_true="y", y_pred="p", sensitive_features="g")

    ours, theirs = audit(["a", "b", "c"], 0.95), audit(["a", "c", "d"], 0.6)
    for metric in ("recall", "equal_opportunity"):
        found = make.gate(ours, rule(make, metric, 0.3), baseline=theirs).verdicts
        by_label = {dict(v.within).get("label"): v for v in found}
        assert (by_label["b"].status, by_label["b"].code) == ("inconclusive", "undefined")
        assert by_label["b"].reason == "the baseline has no such label"
        assert by_label["d"].reason == "the candidate has no such label"
        assert by_label["c"].value is not None
    (one,) = (v for v in make.gate(ours, rule(make, "recall"), baseline=theirs).verdicts
              if v.group == "A" and dict(v.within)["label"] == "c")  # fmt: skip
    recall = [
        next(e.value for e in each.metrics("recall") if dict(e.group) == {"label": "c", "g": "A"})
        for each in (ours, theirs)
    ]
    assert one.value == pytest.approx(recall[0] - recall[1])


def test_an_undefined_metric_is_inconclusive(make):
    ours, theirs = make.audit((0, 5, 0, 95), (90, 0, 10, 0)), make.audit((90, 0, 10, 0), (90, 0, 10, 0))
    for one, other in ((ours, theirs), (theirs, ours)):
        a, b = make.gate(one, rule(make, margin=0.2), baseline=other).verdicts
        assert (a.status, a.code) == ("inconclusive", "undefined")
        assert "no rows with a positive label" in a.reason
        assert b.status == "pass"


def test_groups_are_chosen_as_in_other_rules(make):
    rows = rows_of(600, groups="AAAAAAAAAB")
    result = make.gate(
        audit_of(rows),
        rule(make, min_share=0.5, groups=["A", "Z"]),
        baseline="old",
        data=rows,
    )
    assert {v.name: v.status for v in result.verdicts} == {"r[g=Z]": "error", "r[g=A]": "pass"}
    assert len(result.notes) == 2  # B is left out, and was not named
    small = verdicts(make, audit_of(rows), rows, rule(make, min_n=200))
    assert {v.group: v.code for v in small} == {"A": "kept", "B": "too_few_rows"}


def test_within_compares_at_each_level(make):
    rows = rows_of(1_000)
    rows["site"] = ["north", "south"] * 500
    audit = audit_of(rows, control_features="site")
    found = verdicts(make, audit, rows, rule(make, "accuracy", within="site"))
    for verdict in found:
        here = (rows["g"] == verdict.group) & (np.array(rows["site"]) == dict(verdict.within)["site"])
        right = [np.mean((rows[m] == rows["y"])[here]) for m in ("new", "old")]
        assert verdict.value == pytest.approx(right[0] - right[1])
    assert len({v.name for v in found}) == 4


def test_a_plan_is_refused_for_pairs(make, tmp_path):
    rows = rows_of(400)
    audit = audit_of(rows, "new_score")
    plan = tmp_path / "plan.json"
    rai.optimize_thresholds(audit, strategy="equal_opportunity", along="g").save(plan)
    policy = tmp_path / "fairness.yaml"
    policy.write_text(
        yaml.safe_dump({"version": 1, "rules": [rule(make, plan="plan.json")]}), encoding="utf-8"
    )
    (verdict,) = rai.gate(audit, policy, baseline="old_score", data=rows).verdicts
    assert (verdict.status, verdict.code) == ("error", "refused")
    assert "one threshold" in verdict.reason


def test_without_a_baseline_it_is_an_error_or_skipped(make):
    rows = rows_of(400)
    (verdict,) = make.gate(audit_of(rows), rule(make)).verdicts
    assert (verdict.status, verdict.code) == ("error", "no_baseline")
    skipped = make.gate(audit_of(rows), rule(make, on_missing_baseline="skip"))
    assert (len(skipped.verdicts), skipped.exit_code) == (0, 0)
    assert skipped.notes == ("r: not asked, as no baseline was given",)


def test_rows_needed_are_those_of_equal_models(make):
    rows = rows_of(300, better=0.9, worse=0.9)
    found = verdicts(make, audit_of(rows), rows, rule(make, margin=0.005))
    for verdict in found:
        assert verdict.status == "inconclusive"
        assert verdict.rows_needed > verdict.n
        assert verdict.detectable < -0.005


def test_a_claim_to_detect(make):
    rows = rows_of(300, better=0.9, worse=0.9, seed=3)
    strict = verdicts(make, audit_of(rows), rows, rule(make, margin=0.01))
    lenient = verdicts(
        make, audit_of(rows), rows, rule(make, margin=0.01, claim="detect", unacceptable=0.1)
    )
    assert {v.status for v in strict} == {"inconclusive"}
    assert {v.status for v in lenient} == {"pass"}
