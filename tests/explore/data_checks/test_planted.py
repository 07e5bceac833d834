"""Problems planted in Adult: each is found, where it is, and as large as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

import rai

N = 5000
WHOLE = rai.load_dataset("adult").frame.drop(columns="fnlwgt")
TRAIN, TEST = (
    WHOLE[WHOLE.split == name].drop(columns="split").sample(N, random_state=0).reset_index(drop=True)
    for name in ("train", "test")
)
ORDER = np.random.default_rng(0).permutation(N)
NOISE = np.random.default_rng(1).standard_normal(2 * N)
DAYS = pd.Series(pd.to_datetime("2020-01-01") + pd.to_timedelta(ORDER % 1000, unit="D"))
HEIGHTS = np.round(170 + 7 * NOISE[:N], 1)
RICH, WOMEN, BLACK = TRAIN.income == ">50K", TRAIN.sex == "Female", TRAIN.race == "Black"
SEX_AND_RACE = {"sensitive_features": ["sex", "race"]}
INCOME = {"y_true": "income"}


def put(column: str, value: Any, rows: Any, frame: pd.DataFrame = TRAIN) -> pd.DataFrame:
    """A copy with a value in some rows of a column: so many at random, or those of a mask."""
    held = frame[column] if column in frame else pd.Series(np.nan, index=frame.index)
    at = np.isin(np.arange(len(frame)), ORDER[:rows]) if isinstance(rows, int) else np.asarray(rows)
    values = value if isinstance(value, (pd.Series, np.ndarray)) else pd.Series([value] * len(frame))
    return frame.assign(**{column: held.astype(object).where(~at, values).infer_objects()})


def part(mask: pd.Series, share: float) -> pd.Series:
    """A share of the rows of a mask."""
    kept = mask & pd.Series(NOISE[: len(mask)] < stats.norm.ppf(share))
    return kept.fillna(value=False)


def both(test: pd.DataFrame, train: pd.DataFrame = TRAIN) -> dict[str, pd.DataFrame]:
    return {"train": train, "test": test.reset_index(drop=True)}


def without(frame: pd.DataFrame, mask: pd.Series, *, keep: int = 0) -> pd.DataFrame:
    """All rows but those of a mask, of which a few are kept."""
    return frame.drop(index=frame.index[mask][keep:]).reset_index(drop=True)


def apart(hit: pd.Series, inside: pd.Series) -> float:
    """How much larger a share is inside than outside."""
    return float(hit[inside].mean() - hit[~inside].mean())


def whipple(numbers: pd.Series, step: int) -> float:
    inner = numbers[(numbers > numbers.min()) & (numbers < numbers.max())]
    return float((inner % step == 0).mean() * step)


class Planted(NamedTuple):
    """What is planted, and what must be said of it."""

    what: str
    check: str
    severity: str
    value: float
    data: Callable[[], Any]
    feature: str | None = None
    group: str | None = None
    asked: Mapping[str, Any] = MappingProxyType({})
    within: float = 1e-9


numbered = TRAIN.assign(case=ORDER + 10_000)
unique, unique_test = TRAIN.assign(noise=NOISE[:N]), TEST.assign(noise=NOISE[N:])
rounded = put("age", (TRAIN.age / 10).round().mul(10).astype(int), 3000)
cm = pd.Series(np.where(np.isin(np.arange(N), ORDER[:400]), np.round(HEIGHTS / 2.54, 1), HEIGHTS))
skewed = pd.Series(np.exp(2 * NOISE[:N]))
women_later = put("age", TEST.age + 10, TEST.sex == "Female", TEST)
poorer = without(TEST, part(TEST.income == ">50K", 0.5))
fewer_women = without(TEST, part(TEST.sex == "Female", 0.5))
few_rich = without(TRAIN, RICH, keep=100)
twice_black = pd.concat([unique, unique[part(BLACK, 0.5)]], ignore_index=True)
scores = pd.Series(np.random.default_rng(2).beta(0.15, 0.15, N))
truth = pd.Series((np.random.default_rng(3).random(N) < scores).astype(int))
flipped = truth ^ part(BLACK, 0.2)
sure = np.maximum(scores, 1 - scores) >= 0.9
wrong = (((scores >= 0.5) != flipped) - np.minimum(scores, 1 - scores))[sure & BLACK].mean()
leak = RICH ^ np.isin(np.arange(N), ORDER[:25])
copied = pd.concat([unique, unique.iloc[:500]], ignore_index=True)
other_label = unique.iloc[:200].assign(income=np.where(RICH[:200], "<=50K", ">50K"))
conflicts = pd.concat([unique, other_label], ignore_index=True)
overlapping = pd.concat([unique_test.iloc[500:], unique.iloc[:500]])
kilos = pd.Series(np.where(BLACK, np.round(70 + 9 * NOISE[:N]), np.round(70 + 9 * NOISE[:N], 1)))
by_income = TRAIN.sort_values("income", kind="stable").reset_index(drop=True)
gaps = {
    "hours of the Black": part(BLACK, 0.2),
    "hours of the rich": part(RICH, 0.2),
}

PLANTED = [
    Planted("-1 for an age", "placeholders", "serious", 0.1, lambda: put("age", -1, 500), "age"),
    Planted("999 for hours", "placeholders", "warning", 0.008, lambda: put("hours_per_week", 999, 40),
            "hours_per_week"),
    Planted("? for a class of work", "placeholders", "warning", 0.012, lambda: put("workclass", "?", 60),
            "workclass"),
    Planted("ages cut off at 65", "top_coded", "warning", float((TRAIN.age >= 65).mean()),
            lambda: TRAIN.assign(age=TRAIN.age.clip(upper=65)), "age"),
    Planted("ages rounded", "heaped", "note", whipple(rounded.age, 5), lambda: rounded, "age"),
    Planted("inches among centimetres", "mixed_units", "warning", 0.08, lambda: TRAIN.assign(height=cm),
            "height"),
    Planted("infinite hours", "infinite", "serious", 3 / N, lambda: put("hours_per_week", np.inf, 3),
            "hours_per_week"),
    Planted("lost signs", "negative", "warning", 0.002, lambda: put("age", -TRAIN.age, 10), "age"),
    Planted("ages of 150", "implausible_ages", "warning", 3 / N, lambda: put("age", 150, 3), "age"),
    Planted("dates to come", "implausible_dates", "warning", 4 / N,
            lambda: put("seen", pd.Timestamp("2150-03-04"), 4, TRAIN.assign(seen=DAYS)), "seen"),
    Planted("ages as text", "numbers_as_text", "warning", 1.0,
            lambda: TRAIN.assign(age=TRAIN.age.astype(str)), "age"),
    Planted("numbers among words", "mixed_types", "warning", 0.01,
            lambda: put("workclass", 7, 50), "workclass"),
    Planted("spelled in two ways", "spellings", "warning", 0.004,
            lambda: put("education", " bachelors", 20), "education"),
    Planted("slips", "near_misses", "warning", 0.001, lambda: put("education", "HS-gard", 5),
            "education"),
    Planted("broken letters", "broken_letters", "warning", 0.0016,
            lambda: put("native_country", "MÃ©xico", 8), "native_country"),
    Planted("missing in most rows", "missing", "serious", 0.6,
            lambda: put("hours_per_week", np.nan, 3000), "hours_per_week"),
    Planted("missing in one row of ten", "missing", "warning", 0.1,
            lambda: put("hours_per_week", np.nan, 500), "hours_per_week"),
    Planted("missing in one group", "missing_by_group", "serious",
            apart(gaps["hours of the Black"], BLACK),
            lambda: put("hours_per_week", np.nan, gaps["hours of the Black"]), "hours_per_week", "Black",
            SEX_AND_RACE),
    Planted("missing with a label", "missing_with_label", "serious",
            apart(gaps["hours of the rich"], RICH),
            lambda: put("hours_per_week", np.nan, gaps["hours of the rich"]), "hours_per_week", ">50K",
            INCOME),
    Planted("race not known", "missing_sensitive", "serious", 0.1, lambda: put("race", None, 500), "race",
            None, SEX_AND_RACE),
    Planted("labels not known", "missing_labels", "serious", 0.1, lambda: put("income", None, 500),
            "income", None, INCOME),
    Planted("40 rows", "small_data", "warning", 40.0, lambda: TRAIN.head(40)),
    Planted("a rare label", "label_balance", "warning", 100 / int((~RICH).sum()), lambda: few_rich,
            "income", ">50K", INCOME),
    Planted("a constant", "near_constant", "warning", 1.0, lambda: TRAIN.assign(country=1), "country"),
    Planted("nearly a constant", "near_constant", "warning", 0.998,
            lambda: TRAIN.assign(country=np.where(np.isin(np.arange(N), ORDER[:10]), "a", "b")),
            "country"),
    Planted("rare categories", "rare_categories", "note", 0.2,
            lambda: put("job", pd.Series(ORDER % 500).map("job {}".format), 1000,
                        TRAIN.assign(job="other")), "job"),
    Planted("a few large numbers", "skewed", "note", float(stats.skew(skewed)),
            lambda: TRAIN.assign(fee=skewed), "fee", within=0.02),
    Planted("a column lacks", "lacking_columns", "serious", 1.0,
            lambda: both(TEST.drop(columns="age")), "age"),
    Planted("ages became text", "unlike_kinds", "serious", 1.0,
            lambda: both(TEST.assign(age=TEST.age.astype(str))), "age"),
    Planted("a new category", "new_categories", "serious", 0.04,
            lambda: both(put("workclass", "Gig", 200, TEST)), "workclass"),
    Planted("ages out of range", "out_of_range", "warning", 0.04,
            lambda: both(put("age", 95, 200, TEST)), "age"),
    Planted("ages shifted", "shifted", "serious", 3 / TRAIN.age.std(),
            lambda: both(TEST.assign(age=TEST.age + 3)), "age", within=0.03),
    Planted("hours rescaled", "shifted", "serious",
            stats.wasserstein_distance(TRAIN.hours_per_week, TEST.hours_per_week * 1.3)
            / TRAIN.hours_per_week.std(),
            lambda: both(TEST.assign(hours_per_week=TEST.hours_per_week * 1.3)), "hours_per_week",
            within=0.05),
    Planted("gaps came", "missing_shifted", "serious", 0.1,
            lambda: both(put("hours_per_week", np.nan, 500, TEST)), "hours_per_week"),
    Planted("a label became rare", "label_shifted", "serious",
            RICH.mean() - (poorer.income == ">50K").mean(), lambda: both(poorer), None, ">50K", INCOME),
    Planted("women became rare", "groups_shifted", "serious",
            WOMEN.mean() - (fewer_women.sex == "Female").mean(), lambda: both(fewer_women), None, "Male",
            SEX_AND_RACE),
    Planted("only women grew older", "uneven_shift", "serious", 10 / TRAIN.age.std(),
            lambda: both(women_later), "age", "Female",
            {"sensitive_features": "sex"}, within=0.1),
    Planted("rows twice", "duplicate_rows", "serious", 500 / (N + 500), lambda: copied),
    Planted("rows of a group twice", "duplicates_by_group", "serious",
            apart(twice_black.duplicated(), twice_black.race == "Black"), lambda: twice_black, None,
            "Black", SEX_AND_RACE),
    Planted("equal rows, other label", "conflicting_labels", "warning", 400 / (N + 200),
            lambda: conflicts, "income", None, INCOME),
    Planted("an id twice", "duplicate_ids", "warning", 1 / N,
            lambda: numbered.assign(case=numbered.case.replace(10_000, 10_001)), "case", None,
            {"ids": "case"}),
    Planted("rows in both", "overlap", "serious", 0.1, lambda: both(overlapping, unique)),
    Planted("people in both", "shared_ids", "serious", 0.02,
            lambda: both(TEST.assign(case=ORDER + 14_900), numbered), "case", None, {"ids": "case"}),
    Planted("a copy of the label", "label_leak", "serious", 1.0,
            lambda: TRAIN.assign(paid=RICH.astype(int)), "paid", None, INCOME),
    Planted("a noisy copy of the label", "label_leak", "serious", roc_auc_score(RICH, leak),
            lambda: TRAIN.assign(paid=leak.map({True: "yes", False: "no"})), "paid", None, INCOME,
            within=0.002),
    Planted("constant with one label", "constant_in_label", "serious", 1.0,
            lambda: put("relationship", "Husband", RICH), "relationship", ">50K", INCOME),
    Planted("a copy of sex", "sensitive_copy", "warning", 1.0,
            lambda: TRAIN.assign(title=np.where(WOMEN, "Ms", "Mr")), "title", None, SEX_AND_RACE),
    Planted("a number of the row", "identifiers", "warning", 1.0, lambda: numbered, "case"),
    Planted("a weight", "unnamed_roles", "note", 1.0, lambda: TRAIN.assign(fnlwgt=NOISE[:N] ** 2),
            "fnlwgt"),
    Planted("sorted by the label", "ordered", "warning", 1.0, lambda: by_income, None, ">50K", INCOME),
    Planted("known too late", "afterwards", "serious", 0.01,
            lambda: put("letter", DAYS + pd.Timedelta(days=40), 50,
                        TRAIN.assign(letter=DAYS, due=DAYS + pd.Timedelta(days=9))), "letter", None,
            {"outcome_time": "due"}),
    Planted("a small group", "small_groups", "warning", 30.0, lambda: without(TRAIN, BLACK, keep=30),
            None, "Black", SEX_AND_RACE),
    Planted("few labels in a group", "few_labels", "warning",
            1.959963984540054 / (2 * np.sqrt(5 + 1.959963984540054**2)),
            lambda: without(TRAIN, BLACK & RICH, keep=5), "income", "Black", SEX_AND_RACE | INCOME),
    Planted("a group is absent", "absent_groups", "serious", float(BLACK.mean()),
            lambda: both(without(TEST, TEST.race == "Black")), None, "Black", SEX_AND_RACE),
    Planted("women are rare", "representation", "serious", WOMEN.mean() / 0.51, lambda: TRAIN, None,
            "Female", SEX_AND_RACE | {"population": {"sex": {"Female": 0.51, "Male": 0.49}}}),
    Planted("Adult as it is", "base_rate_gap", "serious", RICH[~WOMEN].mean() - RICH[WOMEN].mean(),
            lambda: TRAIN, "income", "Male", SEX_AND_RACE | INCOME),
    Planted("hours as a label", "base_rate_gap", "serious",
            (TRAIN.hours_per_week[~WOMEN].mean() - TRAIN.hours_per_week[WOMEN].mean())
            / TRAIN.hours_per_week.std(), lambda: TRAIN, "hours_per_week", "Male",
            {"sensitive_features": "sex", "y_true": "hours_per_week"}, within=1e-3),
    Planted("labels of one group flipped", "label_noise", "warning", float(wrong),
            lambda: TRAIN.assign(truth=flipped, score=scores), "truth", "Black",
            SEX_AND_RACE | {"y_true": "truth", "y_score": "score"}),
    Planted("one group not measured", "constant_in_group", "warning", 1.0,
            lambda: put("education_num", 9, BLACK), "education_num", "Black", SEX_AND_RACE),
    Planted("one group weighed in whole kilos", "precision_by_group", "serious",
            apart(kilos % 1 == 0, BLACK), lambda: TRAIN.assign(kilos=kilos), "kilos", "Black",
            SEX_AND_RACE, within=0.01),
]  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.what)
def test_what_is_planted_is_found(planted):
    found = rai.check_data(planted.data(), checks=planted.check, **planted.asked)
    held = [f for f in found if f.feature == planted.feature and planted.group in (None, f.group)]
    worst = held[0]
    assert (worst.check, worst.severity) == (planted.check, planted.severity), str(found)
    assert worst.value == pytest.approx(planted.value, abs=planted.within), worst.sentence
    if worst.low is not None:
        assert worst.low <= worst.value <= worst.high


@pytest.mark.parametrize(
    ("check", "data", "asked", "affected"),
    [
        ("placeholders", put("age", -1, 500), {}, ORDER[:500]),
        ("infinite", put("hours_per_week", np.inf, 3), {}, ORDER[:3]),
        ("spellings", put("education", " bachelors", 20), {},
         np.flatnonzero((TRAIN.education == "Bachelors") | np.isin(np.arange(N), ORDER[:20]))),
        ("missing_by_group", put("hours_per_week", np.nan, gaps["hours of the Black"]), SEX_AND_RACE,
         np.flatnonzero(gaps["hours of the Black"])),
        ("duplicate_rows", copied, {}, np.arange(N, N + 500)),
        ("label_noise", TRAIN.assign(truth=flipped, score=scores),
         SEX_AND_RACE | {"y_true": "truth", "y_score": "score"},
         np.flatnonzero(sure & BLACK & ((scores >= 0.5) != flipped))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_rows_to_look_at_are_affected_ones(check, data, asked, affected):
    worst = rai.check_data(data, checks=check, **asked)[0]
    assert 0 < len(worst.rows) == min(20, len(affected))
    assert set(worst.rows) <= set(affected.tolist())


def test_every_check_has_something_planted_for_it():
    assert {planted.check for planted in PLANTED} == {check.kind for check in rai.explore.CHECKS}


@pytest.mark.parametrize(
    ("check", "data", "asked"),
    [
        ("duplicate_rows", pd.concat([TRAIN, TRAIN.head(500)], ignore_index=True), {}),
        ("overlap", both(pd.concat([TEST, TRAIN.head(500)])), {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_rows_of_few_values_do_by_chance_is_noted_and_no_more(check, data, asked):
    found = rai.check_data(data, checks=check, **asked)
    assert {finding.severity for finding in found} == {"note"} | (
        {"passed"} & {f.severity for f in found}
    )
    assert "some rows agree by chance" in found[0].sentence
