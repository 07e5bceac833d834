import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai import ArgumentError, RoleError
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
        ({"sensitive_features": "sex", "cuts": {"sex": 3}}, RoleError, "cuts['sex']: a column without numbers; expected numbers to cut."),
        ({"sensitive_features": "sex", "y_true": "hired", "y_score": "job"}, RoleError, "y_score 'job': text such as 'nurse'; expected scores."),
    ],
)  # fmt: skip
def test_errors_say_what_to_do(asked, error, text):
    with pytest.raises(error) as raised:
        find_proxies(PEOPLE, **asked, joint=False)
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
