"""How often gates are wrong: at the limit itself, for fair models, and for models that are not.

One proportion and two groups are enumerated, table by table, so their errors are exact. More groups are
simulated with fixed seeds; what is allowed there is the error plus two standard errors of the simulation.
"""

import math
from collections import Counter
from functools import cache
from itertools import combinations
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln
from scipy.stats import binom

from rai.audits import Audit
from rai.gates.answers import Question
from rai.gates.asking import asked
from rai.gates.cases import Case
from rai.gates.judging import judged
from rai.gates.policy_files import load_policy
from rai.gates.rules.paired_rates import paired_bounds
from rai.measure.contrasts import Contrasts
from rai.measure.gaps import folded
from rai.measure.intervals import Critical, clopper_pearson, critical_value, mover_difference
from rai.measure.metrics import find_metric
from rai.measure.paired import metric_of_both, paired_gap_differences
from rai.values import Confusion, Roles, Tally
from rai.values.paired import Paired

ERROR = 0.05
ROUNDING = 1e-9
SMALL_PRINT = 0.0003  # of 5%: where the score interval of a ratio is the wider one, it may be so far off
KEYS = tuple((chr(65 + place),) for place in range(26))


def allowed(times, error=ERROR):
    """The error, and two standard errors of a simulation."""
    return error + 2 * math.sqrt(error * (1 - error) / times)


def of_rates(selected, rows):
    """An audit of groups in which so many rows are selected."""
    selected, rows = np.broadcast_arrays(selected, rows)
    n = np.zeros((len(selected), 2, 2), dtype=np.int64)
    n[:, 0, 1], n[:, 0, 0] = selected, rows - selected
    tally = Tally(("g",), KEYS[: len(n)], (0, 1), np.array([0.5]), (), n)
    roles = Roles(y_true="y", y_pred="p", sensitive_features=("g",), positive_label=1)
    return Audit(tally=tally, task="binary", roles=roles)


@cache
def policy(*rules):
    return load_policy({"version": 1, "rules": [{"along": "g", "min_n": 0, **dict(r)} for r in rules]})


def rule(kind, limit, **more):
    held = {"id": kind, "kind": kind, "metric": "selection_rate", "limit": limit, **more}
    return tuple(held.items())


def answers(audit, *rules, **given):
    """Judgements, and answers that need none."""
    case = Case(audit=audit, **given)
    found = [(a, r.error) for r in policy(*rules).policy.rules for a in asked(r, case).answers]
    open_ones = [(a, error) for a, error in found if isinstance(a, Question)]
    said = iter(judged([a for a, _ in open_ones], [error for _, error in open_ones]))
    return [next(said) if isinstance(a, Question) else a for a, _ in found]


def shares(rates, n, times, *rules, seed=0):
    """How often the first rule says what, over audits that are drawn."""
    rng = np.random.default_rng(seed)
    said = Counter(answers(of_rates(rng.binomial(n, rates), n), *rules)[0].status for _ in range(times))
    return {status: said[status] / times for status in ("pass", "fail", "inconclusive")}


# One proportion, exactly ----------------------------------------------------------------------------


@pytest.mark.parametrize("n", [5, 20, 100, 500])
@pytest.mark.parametrize("kind", ["max_metric", "min_metric"])
def test_one_rate_at_the_limit_itself(n, kind):
    hits = np.arange(n + 1)
    worst = Counter()
    for limit in (0.01, 0.05, 0.1, 0.3, 0.5, 0.8, 0.99):
        low, high = clopper_pearson(hits, n, z=NormalDist().inv_cdf(1 - ERROR))
        over, under = low > limit + 1e-12, high < limit - 1e-12
        passes, fails = (high <= limit + 1e-12, over) if kind == "max_metric" else (low >= limit, under)
        chance = binom.pmf(hits, n, limit)
        worst["pass"] = max(worst["pass"], chance[passes].sum())
        worst["fail"] = max(worst["fail"], chance[fails].sum())
        for k in sorted({0, n // 3, int(n * limit), n}):  # and that is what the rule says
            said = answers(of_rates([k], [n]), rule(kind, limit))[0].status
            assert said == ("fail" if fails[k] else "pass" if passes[k] else "inconclusive")
    assert worst["pass"] <= ERROR + ROUNDING
    assert worst["fail"] <= ERROR + ROUNDING
    if n >= 100:
        assert min(worst.values()) > 0.03  # nor is it far too careful


def test_a_claim_to_detect_is_wrong_no_more_often_at_either_limit():
    n, limit, loose = 60, 0.1, 0.25
    hits = np.arange(n + 1)
    said = [
        answers(of_rates([k], [n]), rule("max_metric", limit, claim="detect", unacceptable=loose))[0]
        for k in hits
    ]
    fails, passes = (np.array([each.status == status for each in said]) for status in ("fail", "pass"))
    assert 0.01 < binom.pmf(hits, n, limit)[fails].sum() <= ERROR
    assert 0.01 < binom.pmf(hits, n, loose)[passes].sum() <= ERROR
    assert binom.pmf(hits, n, limit)[passes].sum() > 0.8  # what keeps the limit gets through


# Two groups, exactly --------------------------------------------------------------------------------


def pairs_of(x, n, y, m):
    """Comparisons of two rates, one for each place of x and y."""
    hits, rows = np.concatenate([x, y]), np.concatenate([np.full(len(x), n), np.full(len(y), m)])
    cells = np.zeros((len(hits), 2, 2), dtype=np.int64)
    cells[:, 0, 1], cells[:, 0, 0] = hits, rows - hits
    keys = tuple((place,) for place in range(len(hits)))
    confusion = Confusion(("g",), keys, cells, cells.astype(float), cells.astype(float))
    rates = find_metric("selection_rate").measure(confusion)
    at = np.arange(len(x))
    nothing = np.zeros(len(x))
    right = rates.take(at + len(x))
    return Contrasts(rates, at, right, ("",) * len(x), at + len(x), nothing, nothing)


def every_table(n, m, kind, *, error=ERROR):
    """Value, near bound and far bound of the gap of every table, shape (n + 1, m + 1)."""
    x, y = (part.ravel() for part in np.meshgrid(np.arange(n + 1), np.arange(m + 1), indexing="ij"))
    family = pairs_of(x, n, y, m)
    near = folded(family, kind, Critical(critical_value(1 - error), exact=True))
    far = folded(family, kind, Critical(NormalDist().inv_cdf(1 - error), exact=True))
    sides = (near.low, far.high) if kind == "difference" else (near.high, far.low)
    return [part.reshape(n + 1, m + 1) for part in (near.value, *sides)]


def verdicts(value, near, far, *, kind, limit):
    """Which tables fail, and which pass."""
    known = ~np.isnan(value)
    if kind == "difference":
        return known & (near > limit + 1e-12), known & (far <= limit + 1e-12)
    return known & (near < limit - 1e-12), known & (far >= limit - 1e-12)


@pytest.mark.parametrize("kind", ["difference", "ratio"])
def test_every_table_at_once_is_what_the_rule_says(kind):
    named, limit = ("max_gap", 0.2) if kind == "difference" else ("min_ratio", 0.6)
    value, near, far = every_table(12, 30, kind)
    fails, passes = verdicts(value, near, far, kind=kind, limit=limit)
    for x, y in [(0, 0), (0, 9), (3, 8), (6, 15), (12, 2), (12, 30), (1, 25), (6, 14), (11, 9)]:
        (said,) = answers(of_rates([x, y], [12, 30]), rule(named, limit))
        expected = "fail" if fails[x, y] else "pass" if passes[x, y] else "inconclusive"
        assert said.status == expected
        if said.value is not None:
            low, high = (near, far) if kind == "difference" else (far, near)
            assert [said.value, said.low, said.high] == pytest.approx(
                [value[x, y], low[x, y], high[x, y]], abs=1e-6
            )


@pytest.mark.parametrize(("n", "m"), [(20, 20), (20, 60), (100, 100), (40, 200)])
@pytest.mark.parametrize(("kind", "limit"), [("difference", 0.1), ("difference", 0.2), ("ratio", 0.8)])
def test_two_groups_at_the_limit_itself(n, m, kind, limit):
    fails, passes = verdicts(*every_table(n, m, kind), kind=kind, limit=limit)
    worst = Counter()
    for p in np.arange(0.02, 1, 0.02):
        for q in (p + limit, p - limit) if kind == "difference" else (p * limit, p / limit):
            if 0 <= q <= 1:
                chance = np.outer(binom.pmf(np.arange(n + 1), n, p), binom.pmf(np.arange(m + 1), m, q))
                worst["fail"] = max(worst["fail"], chance[fails].sum())
                worst["pass"] = max(worst["pass"], chance[passes].sum())
    assert worst["pass"] <= ERROR + SMALL_PRINT
    assert worst["fail"] <= ERROR / 2 + SMALL_PRINT  # either group may be the lower one


@pytest.mark.parametrize("error", [0.005, 0.0005])
def test_two_groups_far_out_where_holm_asks(error):
    for kind, limit in (("difference", 0.0), ("difference", 0.1), ("ratio", 0.8)):
        fails, _ = verdicts(*every_table(40, 100, kind, error=error), kind=kind, limit=limit)
        for p in np.arange(0.02, 1, 0.04):
            for q in (p + limit, p - limit) if kind == "difference" else (p * limit, p / limit):
                if 0 <= q <= 1:
                    one, two = binom.pmf(np.arange(41), 40, p), binom.pmf(np.arange(101), 100, q)
                    assert np.outer(one, two)[fails].sum() <= error


@pytest.mark.parametrize("n", [20, 100])
def test_a_ratio_of_six_tenths_hardly_ever_passes_at_eight_tenths(n):
    _, passes = verdicts(*every_table(n, n, "ratio"), kind="ratio", limit=0.8)
    for p in (0.1, 0.3, 0.5, 0.9):
        chance = np.outer(binom.pmf(np.arange(n + 1), n, p), binom.pmf(np.arange(n + 1), n, 0.6 * p))
        assert chance[passes].sum() <= ERROR
        assert chance[passes].sum() < 0.01


# Baselines, exactly ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "m"), [(20, 20), (40, 200), (200, 40)])
def test_independent_samples_at_the_margin(n, m):
    x, y = (part.ravel() for part in np.meshgrid(np.arange(n + 1), np.arange(m + 1), indexing="ij"))
    z = NormalDist().inv_cdf(1 - ERROR)
    low, high = mover_difference(
        x / n, clopper_pearson(x, n, z=z), other=y / m, other_bounds=clopper_pearson(y, m, z=z)
    )
    for margin in (0.02, 0.1):
        passes, fails = low >= -margin, high < -margin
        for q in np.arange(margin, 1.0, 0.02):
            chance = np.outer(
                binom.pmf(np.arange(n + 1), n, q - margin), binom.pmf(np.arange(m + 1), m, q)
            ).ravel()
            assert chance[passes].sum() <= ERROR
            assert chance[fails].sum() <= ERROR


def every_change(n):
    """Bounds of the true positive rate, second minus first, for rows gained and lost of n."""
    gained, lost = (
        part.ravel() for part in np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    )
    kept = gained + lost <= n
    gained, lost = gained[kept], lost[kept]
    cells = np.zeros((len(gained), 2, 2, 2), dtype=np.int64)
    cells[:, 1, 0, 1], cells[:, 1, 1, 0], cells[:, 1, 1, 1] = gained, lost, n - gained - lost
    keys = tuple((place,) for place in range(len(gained)))
    pairs = Paired.of_counts(cells, axes=("g",), groups=keys, classes=(0, 1))
    ((_, both),) = metric_of_both(pairs, "true_positive_rate")
    return gained, lost, both


def chance_of_changes(gained, lost, n, *, gain, lose):
    """The multinomial probability of each table."""
    ways = gammaln(n + 1) - gammaln(gained + 1) - gammaln(lost + 1) - gammaln(n - gained - lost + 1)
    with np.errstate(divide="ignore"):
        log = [np.log(share) if share > 0 else -1e6 for share in (gain, lose, 1 - gain - lose)]
    return np.exp(ways + gained * log[0] + lost * log[1] + (n - gained - lost) * log[2])


TANGO = 1.15  # measured: passes of paired rates are wrong up to 5.75% of the time with 20 rows


@pytest.mark.parametrize(
    ("n", "passing", "failing"), [(20, TANGO, 1.12), (40, 1.06, 1.05), (100, 1.04, 1.03)]
)
def test_paired_rates_at_the_margin(n, passing, failing):
    gained, lost, both = every_change(n)
    low, high = paired_bounds(both, z=NormalDist().inv_cdf(1 - ERROR))
    worst = Counter()
    for margin in (0.02, 0.05, 0.1):
        for gain in (0, 0.005, *np.arange(0.01, 0.44, 0.03)):
            chance = chance_of_changes(gained, lost, n, gain=gain, lose=gain + margin)
            worst["pass"] = max(worst["pass"], chance[low >= -margin - 1e-12].sum())
            worst["fail"] = max(worst["fail"], chance[high < -margin - 1e-12].sum())
    assert worst["pass"] <= passing * ERROR
    assert worst["fail"] <= failing * ERROR


def test_tango_alone_fails_too_often_where_few_rows_differ():
    """Why bounds of paired rates are the wider of two."""
    n, margin, error = 200, 0.1, 0.0005
    gained, lost, both = every_change(n)
    z = NormalDist().inv_cdf(1 - error)
    chance = chance_of_changes(gained, lost, n, gain=0.0, lose=margin)
    tango, ours = both.difference.bounds(z), paired_bounds(both, z=z)
    assert chance[tango.high < -margin].sum() > 2.5 * error
    assert chance[ours.high < -margin].sum() <= error


def changes(sizes, first, second, agree):
    """Shares of both decisions by group, and how much larger the second's gap is."""
    p, q = np.array(first), np.array(second)
    both = agree * np.minimum(p, q) + (1 - agree) * p * q
    return sizes, np.stack([1 - p - q + both, q - both, p - both, both], axis=1), np.ptp(q) - np.ptp(p)


@pytest.mark.parametrize(
    "drawn",
    [
        changes((500, 500), (0.3, 0.5), (0.3, 0.55), 0.9),
        changes((40, 40), (0.3, 0.5), (0.25, 0.55), 0.9),
        changes((200, 200, 200), (0.3, 0.3, 0.3), (0.3, 0.3, 0.35), 0.9),
        changes((200, 200), (0.05, 0.05), (0.05, 0.08), 0.95),
    ],
    ids=["clear", "small", "equal before", "rare"],
)
def test_paired_gaps_at_the_margin(drawn):
    from rai.gates.rules.baselines import SPENT

    sizes, cells, margin = drawn
    rng = np.random.default_rng(1)
    times, said = 120, Counter()
    for _ in range(times):
        n = np.zeros((len(sizes), 2, 2, 2), dtype=np.int64)
        n[:, 0] = [rng.multinomial(*each).reshape(2, 2) for each in zip(sizes, cells, strict=True)]
        pairs = Paired.of_counts(
            n, axes=("g",), groups=KEYS[: len(sizes)], classes=(0, 1), labelled=False
        )
        (gap,) = paired_gap_differences(pairs, level=1 - 2 * ERROR / SPENT)
        said["pass"] += gap.high <= margin + 1e-12
        said["fail"] += gap.low > margin + 1e-12
    assert said["pass"] / times <= allowed(times)
    assert said["fail"] / times <= allowed(times)


# Several groups -------------------------------------------------------------------------------------


def test_a_fair_model_with_seven_groups_hardly_ever_fails():
    """A comparison of what was seen fails it 99 times of 100."""
    fair = [0.1] * 7
    found = shares(fair, 200, 120, rule("min_ratio", 0.8))
    assert found["fail"] <= 0.05
    rng = np.random.default_rng(0)
    seen = rng.binomial(200, fair, (2_000, 7))
    assert np.mean(seen.min(axis=1) / seen.max(axis=1) < 0.8) > 0.97


def test_seven_equal_groups_with_no_tolerance_fail_within_the_error():
    """At the limit itself, where all groups are equal: the most that a fair model can be failed."""
    found = shares([0.3] * 7, 100, 400, rule("max_gap", 0.0))
    assert found["fail"] <= allowed(400)
    assert found["fail"] > 0.005


def test_two_rules_over_fair_groups_are_one_family():
    """A rule for each of ten groups at its limit, and one for the gap, fail together within the error."""
    rng, times, failed = np.random.default_rng(2), 150, 0
    for _ in range(times):
        said = answers(
            of_rates(rng.binomial(150, [0.2] * 10), 150), rule("max_metric", 0.2), rule("max_gap", 0.0)
        )
        failed += any(each.status == "fail" for each in said)
    assert failed / times <= allowed(times)


@pytest.mark.parametrize(
    ("kind", "rates", "limit"),
    [
        ("difference", (0.4, 0.4, 0.4, 0.4, 0.3), 0.1),
        ("difference", (0.4, 0.35, 0.33, 0.3, 0.3), 0.1),
        ("ratio", (0.4, 0.4, 0.4, 0.4, 0.32), 0.8),
    ],
)
def test_five_groups_at_the_limit_hardly_ever_pass(kind, rates, limit):
    """Each pair at the whole error is enough: all of them have to keep the limit."""
    n, times = 400, 3_000
    drawn = np.random.default_rng(4).binomial(n, rates, (times, 5))
    kept = np.ones(times, dtype=bool)
    for i, j in combinations(range(5), 2):
        alone = Critical(NormalDist().inv_cdf(1 - ERROR), exact=True)
        far = folded(pairs_of(drawn[:, i], n, drawn[:, j], n), kind, alone)
        kept &= far.high <= limit if kind == "difference" else far.low >= limit
    assert kept.mean() <= allowed(times)
    held = rule("max_gap" if kind == "difference" else "min_ratio", limit)
    some = [*np.flatnonzero(kept)[:5], *np.flatnonzero(~kept)[:15]]
    assert [answers(of_rates(drawn[at], n), held)[0].status == "pass" for at in some] == [
        bool(kept[at]) for at in some
    ]


# Power ----------------------------------------------------------------------------------------------

ABOUT = {"low": 0.70, "high": 0.90}


@pytest.mark.parametrize(
    ("kind", "limit", "rate", "groups", "n"),
    [
        ("max_gap", 0.1, 0.3, 2, 80),
        ("max_gap", 0.1, 0.3, 5, 80),
        ("min_ratio", 0.8, 0.3, 2, 200),
        ("min_ratio", 0.8, 0.3, 5, 200),
    ],
)
def test_rows_and_gaps_that_are_told_give_a_verdict_four_times_in_five(kind, limit, rate, groups, n):
    """About: of a ratio the error is a little larger where groups differ than where they are equal."""
    held = rule(kind, limit)
    fair = [rate] * groups
    (told,) = answers(of_rates(np.rint(np.array(fair) * n).astype(int), n), held)
    assert told.status == "inconclusive"
    assert ABOUT["low"] < shares(fair, told.rows_needed, 100, held)["pass"] < ABOUT["high"]
    if kind == "max_gap":
        ends = rate - told.detectable / 2, rate + told.detectable / 2
    else:
        ends = (2 * rate * part / (1 + told.detectable) for part in (told.detectable, 1))
    low, high = ends
    unfair = [low, *fair[2:], high]
    assert 0.62 < shares(unfair, n, 100, held)["fail"] < ABOUT["high"]


def test_rows_that_a_rate_needs_give_a_verdict_four_times_in_five():
    n, limit, rate = 100, 0.2, 0.15
    (told,) = answers(of_rates([15], [n]), rule("max_metric", limit))
    needed = told.rows_needed
    hits = np.arange(needed + 1)
    _, high = clopper_pearson(hits, needed, z=NormalDist().inv_cdf(0.95))
    assert 0.75 < binom.pmf(hits, needed, rate)[high <= limit].sum() < 0.85
    low, _ = clopper_pearson(np.arange(n + 1), n, z=NormalDist().inv_cdf(0.95))
    fails = low > limit
    assert 0.67 < binom.pmf(np.arange(n + 1), n, told.detectable)[fails].sum() < 0.85


# Worse data -----------------------------------------------------------------------------------------

RANK = {"pass": 0, "inconclusive": 1, "fail": 2}
GROUPS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=5)


@settings(max_examples=60)
@given(GROUPS, st.integers(0, 4), st.integers(1, 20), st.sampled_from([0.2, 0.5, 0.8]))
def test_fewer_successes_never_make_a_verdict_better(groups, at, fewer, limit):
    hits, misses = (np.array(side) for side in zip(*groups, strict=True))
    at %= len(groups)
    step = min(fewer, int(hits[at]))
    rows = hits + misses + 1
    worse = hits - step * (np.arange(len(groups)) == at)
    for kind, one, two in (("min_metric", hits, worse), ("max_metric", rows - hits, rows - worse)):
        held = rule(kind, limit if kind == "min_metric" else 1 - limit)
        before, after = (answers(of_rates(each, rows), held) for each in (one, two))
        assert all(RANK[b.status] <= RANK[a.status] for b, a in zip(before, after, strict=True)), (
            hits,
            worse,
        )


@settings(max_examples=40)
@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 10))
def test_groups_further_apart_never_make_a_verdict_better(one, more, step):
    low, high = min(one, more), max(one, more)
    for held in (rule("max_gap", 0.1), rule("min_ratio", 0.8)):
        near, far = (
            answers(of_rates([max(low - d, 0), min(high + d, 50)], 50), held)[0] for d in (0, step)
        )
        assert RANK[near.status] <= RANK[far.status]
