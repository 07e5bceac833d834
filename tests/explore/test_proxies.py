from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

import rai
from rai import ArgumentError, DataError, RoleError
from rai.explore.proxies import find_proxies

RNG = np.random.default_rng(0)
N = 2_000
SEX = np.where(RNG.random(N) < 0.5, "F", "M")
WOMAN = SEX == "F"
PEOPLE = pd.DataFrame(
    {
        "sex": SEX,
        "age": RNG.integers(20, 70, N),
        "height": np.where(WOMAN, 165.0, 178.0) + RNG.normal(0, 7, N),
        "job": np.where(RNG.random(N) < 0.8, np.where(WOMAN, "nurse", "smith"), "clerk"),
        "luck": RNG.normal(size=N),
        "gaps": np.where(WOMAN & (RNG.random(N) < 0.5), np.nan, 1.0),
        "id": [f"person {i}" for i in range(N)],
        "constant": 7,
        "hired": np.where(RNG.random(N) < 0.5, 1, 0),
        "score": RNG.random(N),
    }
)

NEGATIVE, FIRST = int((PEOPLE["luck"] < 0).sum()), PEOPLE["luck"][PEOPLE["luck"] < 0].iloc[0]


@pytest.fixture(scope="module")
def found():
    return find_proxies(PEOPLE, sensitive_features="sex", y_true="hired", y_score="score")


def one(found, feature, **more):
    return found.where(feature=feature, **more)[0]


def test_features_are_ranked(found):
    assert [p.feature for p in found.where(kind="feature")][:3] == ["job", "height", "gaps"]


def test_values_are_what_was_planted(found):
    assert one(found, "job").value == pytest.approx(0.98, abs=0.01)  # a fifth are clerks, and tied
    assert one(found, "height").value == pytest.approx(0.905, abs=0.03)  # Φ(13 / 7√2)
    assert one(found, "gaps").value == pytest.approx(0.75, abs=0.02)
    assert one(found, "job").mutual_information == pytest.approx(0.8, abs=0.03)
    assert one(found, "job").cramers_v == pytest.approx(0.9, abs=0.02)


def test_what_tells_nothing_is_not_taken_for_a_proxy(found):
    for feature in ("luck", "age"):
        proxy = one(found, feature)
        assert proxy.low < 0.5 < proxy.high
        assert proxy.p_value > 0.05


def test_together_they_tell_more(found):
    together = one(found, "all together")
    assert together.low > one(found, "job").high
    assert one(found, "job").contribution > 0.02 > abs(one(found, "luck").contribution)


def test_what_can_not_be_asked_says_why(found):
    assert (one(found, "constant").value, one(found, "constant").note) == (None, "undefined: one value")
    assert one(found, "id").note == "undefined: nearly every row has a value of its own"


def test_a_score_that_knows_only_the_label_tells_nothing(found):
    pooled = one(found, "score given hired")
    assert (pooled.group, pooled.kind) == ("M", "score")
    assert pooled.low < 0.5 < pooled.high
    leaning = PEOPLE.assign(score=PEOPLE["score"] + 0.3 * WOMAN)
    again = find_proxies(
        leaning, sensitive_features="sex", features=[], y_true="hired", y_score="score", joint=False
    )
    assert one(again, "score given hired").high < 0.4
    assert one(again, "score given hired = 1").high < 0.4


def test_of_several_groups_the_mean_is_given():
    race = np.where(WOMAN, "a", np.where(PEOPLE["age"] < 45, "b", "c"))
    found = find_proxies(
        PEOPLE.assign(race=race), sensitive_features="race", features=["job", "age"], joint=False
    )
    assert one(found, "age").note.startswith("best told: b (0.8")
    assert 0.5 < one(found, "age").low < one(found, "age").value < one(found, "age").high


def test_a_quantity_is_explained():
    found = find_proxies(PEOPLE.assign(years=PEOPLE["age"] + RNG.normal(0, 5, N)), sensitive_features="age",
                         features=["years", "luck"], joint=False)  # fmt: skip
    assert one(found, "years").measure == "r2"
    assert one(found, "years").value == pytest.approx(208 / 233, abs=0.03)
    assert one(found, "luck").p_value > 0.05
    cut = find_proxies(PEOPLE, sensitive_features="age", features=["luck"], cuts={"age": 2}, joint=False)
    assert one(cut, "luck").measure == "auc"


def test_any_rows_give_the_same(tmp_path):
    few = PEOPLE[["sex", "height", "job", "gaps"]]
    few.to_csv(tmp_path / "rows.csv", index=False)
    expected = find_proxies(few, sensitive_features="sex", joint=False).to_dicts()
    for data in (pl.from_pandas(few), tmp_path / "rows.csv"):
        assert find_proxies(data, sensitive_features="sex", joint=False).to_dicts() == expected


def test_small_groups_and_missing_ones_are_left_out():
    sex = PEOPLE["sex"].mask(PEOPLE["age"] == 20).where(PEOPLE.index > 4, "X")
    found = find_proxies(PEOPLE.assign(sex=sex), sensitive_features="sex", features=["job"], joint=False)
    left = int(sex.isna().sum() + 5)
    assert found[0].n == N - left
    assert found[0].note == f"{left} rows without a group, or of a group of fewer than 10, left out"


def test_one_group_has_no_proxies():
    found = find_proxies(PEOPLE.assign(sex="F"), sensitive_features="sex", features=["job"])
    assert {p.note for p in found} == {"undefined: 1 group of at least 10 rows"}
    assert {p.value for p in found} == {None}


def test_without_scikit_learn_single_features_are_still_asked(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn.ensemble", None)
    found = find_proxies(PEOPLE, sensitive_features="sex", features=["job"])
    assert one(found, "job").value > 0.8
    assert one(found, "all together").note == (
        "undefined: proxies, all together: scikit-learn is not installed; expected the extra 'models'. "
        'Run: pip install "rai[models]".'
    )


@pytest.mark.parametrize("sensitive", ["sex", "age"])
def test_the_order_of_rows_makes_no_difference(sensitive):
    few = PEOPLE[:600].assign(weight=np.random.default_rng(1).integers(1, 4, 600) / 2)
    asked = {"sensitive_features": sensitive, "features": ["height", "job", "gaps"], "y_true": "hired",
             "y_score": "score", "sample_weight": "weight"}  # fmt: skip
    expected = find_proxies(few, **asked)
    again = find_proxies(few.sample(frac=1, random_state=2), **asked)
    assert [p.feature for p in again] == [p.feature for p in expected]
    for one, other in zip(expected, again, strict=True):
        for name in ("value", "low", "high", "p_value", "mutual_information", "contribution"):
            assert getattr(other, name) == pytest.approx(getattr(one, name), abs=1e-9)
        assert (one.n, one.note) == (other.n, other.note)


def test_what_a_feature_tells_does_not_depend_on_the_others():
    alone = find_proxies(PEOPLE, sensitive_features="sex", features="height", joint=False)
    assert replace(alone[0], p_value=None) == replace(
        one(find_proxies(PEOPLE, sensitive_features="sex", joint=False), "height"), p_value=None
    )


def test_weights_count_as_repetition():
    times = np.random.default_rng(3).integers(0, 4, N)
    asked = {"sensitive_features": "sex", "features": ["height", "job", "gaps"], "joint": False}
    scored = {**asked, "y_true": "hired", "y_score": "score"}
    once = find_proxies(PEOPLE.assign(times=times), **scored, sample_weight="times")
    repeated = find_proxies(PEOPLE.loc[PEOPLE.index.repeat(times)], **scored)
    for found, other in zip(once, repeated, strict=True):
        near = 1e-9 if found.kind == "score" else 0.02  # other folds, other quantiles
        assert found.value == pytest.approx(other.value, abs=near)
        assert found.cramers_v == (other.cramers_v and pytest.approx(other.cramers_v, abs=0.02))
    assert once[0].n == int((times > 0).sum())
    some = find_proxies(PEOPLE[times > 0], **asked)
    alike = find_proxies(PEOPLE.assign(w=2.5 * (times > 0)), **asked, sample_weight="w")
    assert [p.cramers_v for p in alike] == pytest.approx([p.cramers_v for p in some])
    assert [p.value for p in alike] == pytest.approx([p.value for p in some])


def test_together_they_tell_what_a_regression_finds():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(3_000, 3))
    member = rng.random(3_000) < 1 / (1 + np.exp(-(x[:, 0] + x[:, 1] - 1)))
    frame = pd.DataFrame(x, columns=["a", "b", "c"]).assign(group=np.where(member, "in", "out"))
    found = one(find_proxies(frame, sensitive_features="group"), "all together")
    scores = cross_val_predict(LogisticRegression(), x, member, cv=5, method="predict_proba")[:, 1]
    assert found.value == pytest.approx(roc_auc_score(member, scores), abs=0.02)
    assert found.low < roc_auc_score(member, scores) < found.high


def test_many_groups_do_not_confuse_what_is_told_together():
    rng = np.random.default_rng(5)
    towns = rng.choice(15, size=3_000, p=np.array([100, *range(15, 1, -1)]) / 219)
    frame = pd.DataFrame({"town": [f"town {t}" for t in towns], "north": towns + rng.normal(0, 1, 3_000),
                          "west": towns % 4 + rng.normal(0, 0.5, 3_000)})  # fmt: skip
    found = find_proxies(frame, sensitive_features="town")
    assert one(found, "all together").value > one(found, "north").value + 0.02 > 0.85
    assert {p.contribution for p in found} == {None}


def test_a_quantity_is_told_in_bits_too():
    frame = pd.DataFrame({"years": np.arange(2_000) % 100, "decade": np.arange(2_000) % 100 // 10})
    found = one(find_proxies(frame, sensitive_features="years", joint=False), "decade")
    assert found.cramers_v == pytest.approx(1.0, abs=1e-3)
    assert found.mutual_information == pytest.approx(np.log2(10), abs=0.05)
    assert found.value == pytest.approx(1 - 8.25 / 833.25, abs=1e-3)  # the variance within decades


def test_numbers_that_name_rows_are_pointed_out():
    found = find_proxies(
        PEOPLE.assign(row=np.arange(N) * 3 + 7), sensitive_features="sex", features="row"
    )
    assert one(found, "row").note == "each row has a number of its own"
    assert one(found, "row").p_value > 0.01


def test_few_rows_have_few_buckets():
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        pay = rng.random(100)
        sex = np.where(rng.random(100) < 1 / (1 + np.exp(2 - 4 * pay)), "F", "M")
        proxy = find_proxies({"sex": sex, "pay": pay}, sensitive_features="sex", joint=False)[0]
        found += proxy.p_value < 0.05
    assert found >= 16  # 20 buckets would find it 11 times


def test_columns_of_any_kind_are_features():
    n = 60
    frame = pl.DataFrame({
        "sex": ["F", "M"] * 30,
        "day": [date(2000, 1, 1) + timedelta(days=i) for i in range(n)],
        "list": [[1, 2]] * n,
        "nothing": pl.Series([None] * n),
        "ends": [np.inf, -np.inf] * 30,
        "wide": pl.Series(range(n), dtype=pl.Int128),
        "rare": [1.0, *[None] * (n - 2), 0.0],
    })  # fmt: skip
    found = find_proxies(frame, sensitive_features=["sex", "day"])
    assert one(found, "list", sensitive_feature="sex").note == (
        "undefined: values that can't be put into buckets"
    )
    assert one(found, "nothing", sensitive_feature="sex").note == "undefined: one value"
    assert one(found, "ends", sensitive_feature="sex").value == 1.0
    assert one(found, "all together", sensitive_feature="sex").value == 1.0
    assert one(found, "wide", sensitive_feature="day").value > 0.9


def test_a_generator_draws_the_folds():
    asked = {"sensitive_features": "sex", "features": "height", "joint": False}
    values = {
        find_proxies(PEOPLE, **asked, rng=rng)[0].value for rng in (0, 1, np.random.default_rng(0))
    }
    assert len(values) == 3
    again = find_proxies(PEOPLE, **asked, rng=np.random.default_rng(0))[0].value
    assert again in values


def test_false_alarms_are_rare():
    alarms = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame({f"x{i}": rng.normal(size=300) for i in range(10)})
        frame["sex"] = np.where(rng.random(300) < 0.4, "F", "M")
        found = find_proxies(frame, sensitive_features="sex", joint=False)
        alarms += any(p.p_value < 0.05 for p in found)
    assert alarms <= 5


@pytest.mark.parametrize(
    ("asked", "error", "text"),
    [
        ({"sensitive_features": "sxe"}, RoleError, "find_proxies: no column 'sxe'; expected one of 'sex', 'age', 'height', 'job', 'luck', 'gaps', 'id', 'constant', 'hired', 'score'. Did you mean 'sex'?"),
        ({"sensitive_features": ()}, ArgumentError, "sensitive_features: none; expected at least one column."),
        ({"sensitive_features": "sex", "folds": 1}, ArgumentError, "folds: 1; expected a whole number of at least 2."),
        ({"sensitive_features": "sex", "cuts": {"age": 3}}, RoleError, "cuts: 'age', which splits nothing; expected names of sensitive features."),
        ({"sensitive_features": "sex", "rng": "x"}, ArgumentError, "rng: 'x'; expected a whole number of at least 0."),
        ({"sensitive_features": "sex", "sample_weight": "luck"}, DataError, f"sample_weight 'luck': {NEGATIVE:,} rows with {FIRST:g}; expected a weight of at least 0 for every row."),
        ({"sensitive_features": "sex", "sample_weight": "none"}, DataError, "sample_weight 'none': no row with a weight above 0; expected at least one."),
        ({"sensitive_features": "sex", "cuts": {"sex": 3}}, RoleError, "cuts['sex']: a column without numbers; expected numbers to cut."),
        ({"sensitive_features": "sex", "y_true": "hired", "y_score": "job"}, RoleError, "y_score 'job': text such as 'nurse'; expected scores."),
    ],
)  # fmt: skip
def test_errors_say_what_to_do(asked, error, text):
    with pytest.raises(error) as raised:
        find_proxies(PEOPLE.assign(none=0) if "none" in asked.values() else PEOPLE, **asked, joint=False)
    assert str(raised.value).replace("'smith'", "'nurse'").replace("'clerk'", "'nurse'") == text


def test_adult_has_the_proxies_that_are_known():
    frame = rai.load_dataset("adult").frame
    found = find_proxies(
        frame,
        sensitive_features="sex",
        features=["relationship", "occupation", "education"],
        joint=False,
    )
    assert [p.feature for p in found] == ["relationship", "occupation", "education"]
    assert [round(p.value, 2) for p in found] == [0.86, 0.75, 0.55]
