"""The bundled data sets: published figures from the shipped rows, and what is refused."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from rai import datasets
from rai.dataset_cards import dataset_card
from rai.datasets import load_dataset
from rai.ground.errors import ArgumentError, DataError
from rai.values import Roles

FOLDER = Path(__file__).parents[1] / "datasets"
WORDS = str(pd.Series(["a"]).dtype)  # str, or object before pandas 3

COMPAS = """id,name,sex,dob,age,race,decile_score,days_b_screening_arrest,decile_score,two_year_recid
1,ann lee,Female,1990-01-01,30,Caucasian,4,-1,4,0
2,bo day,Male,1980-01-01,40,African-American,5,,5,1
3,cy roe,Male,1970-01-01,50,Other,10,2,10,1
"""


@pytest.fixture(scope="module")
def adult():
    return load_dataset("adult").frame


@pytest.fixture(scope="module")
def german():
    return load_dataset("german_credit").frame


@pytest.fixture(scope="module")
def heart():
    return load_dataset("heart_disease").frame


@pytest.fixture(scope="module")
def acs():
    return load_dataset("acs_employment").frame


def rates(frame, of, *by):
    return of.groupby([frame[name] for name in by]).mean().round(6).to_dict()


class TestAdult:
    def test_published_rates(self, adult):
        rich = adult["income"] == ">50K"
        whole = adult.notna().all(axis=1)
        assert round(rich.mean(), 6) == 0.239282
        assert round(rich[whole].mean(), 6) == 0.247844
        assert adult[whole].groupby("split").size().to_dict() == {"train": 30_162, "test": 15_060}

    def test_rates_by_sex_and_split(self, adult):
        rich = adult["income"] == ">50K"
        assert rates(adult, rich, "sex") == {"Female": 0.109251, "Male": 0.303767}
        assert rates(adult, rich, "split", "sex") == {
            ("train", "Female"): 0.109461,
            ("train", "Male"): 0.305737,
            ("test", "Female"): 0.108836,
            ("test", "Male"): 0.299816,
        }

    def test_rates_by_race(self, adult):
        assert rates(adult, adult["income"] == ">50K", "race") == {
            "Amer-Indian-Eskimo": 0.117021,
            "Asian-Pac-Islander": 0.269256,
            "Black": 0.120811,
            "Other": 0.123153,
            "White": 0.253987,
        }

    def test_rates_by_sex_weighted_by_the_survey(self, adult):
        rich = adult["fnlwgt"] * (adult["income"] == ">50K")
        total = adult.groupby("sex")["fnlwgt"].sum()
        weighted = (rich.groupby(adult["sex"]).sum() / total).round(6)
        assert weighted.to_dict() == {"Female": 0.108359, "Male": 0.299874}

    def test_missing_and_repeated_rows(self, adult):
        gaps = adult.isna().groupby(adult["split"]).sum().sum(axis=1)
        assert gaps.to_dict() == {"train": 4_262, "test": 2_203}
        assert adult.isna().sum()[lambda n: n > 0].to_dict() == {
            "workclass": 2_799,
            "occupation": 2_809,
            "native_country": 857,
        }
        assert adult.drop(columns="split").duplicated().sum() == 52
        assert not (adult == "?").any().any()

    def test_splits_are_canonical_and_come_without_the_added_column(self, adult):
        train, test = load_dataset("adult", "train").frame, load_dataset("adult", split="test").frame
        assert (train.shape, test.shape) == ((32_561, 15), (16_281, 15))
        assert train.iloc[0].tolist()[:4] == [39, "State-gov", 77_516, "Bachelors"]
        assert test.iloc[0].tolist()[:4] == [25, "Private", 226_802, "11th"]
        assert test.iloc[-1]["income"] == ">50K"
        assert list(adult.columns) == [*train.columns, "split"]
        assert test.index.tolist() == list(range(16_281))

    def test_types(self, adult):
        numbers = ["age", "fnlwgt", "education_num", "capital_gain", "capital_loss", "hours_per_week"]
        assert {str(adult[name].dtype) for name in numbers} == {"int64"}
        assert {str(kind) for kind in adult.drop(columns=numbers).dtypes} == {WORDS}
        assert adult["workclass"].isna().iloc[27]

    def test_the_frame_can_be_changed(self):
        frame = load_dataset("german_credit").frame
        frame.loc[0, "age"] = 99
        assert (frame["age"].iloc[0], load_dataset("german_credit").frame["age"].iloc[0]) == (99, 67)


class TestGermanCredit:
    def test_good_loans_by_age_and_sex(self, german):
        good = german["credit_risk"] == "good"
        cells = good.groupby([german["age"] > 25, german["sex"]]).agg(["sum", "size"])
        assert cells.to_dict("index") == {
            (False, "female"): {"sum": 58, "size": 105},
            (False, "male"): {"sum": 52, "size": 85},
            (True, "female"): {"sum": 143, "size": 205},
            (True, "male"): {"sum": 447, "size": 605},
        }

    @pytest.mark.parametrize(
        ("edge", "younger", "older"), [(26, 0.578947, 0.728395), (25, 0.590604, 0.719154)]
    )
    def test_the_boundary_of_age_matters(self, german, edge, younger, older):
        good = german["credit_risk"] == "good"
        found = good.groupby(german["age"] >= edge).mean().round(6).tolist()
        assert found == [younger, older]

    def test_no_gaps_and_sex_is_read_off_personal_status(self, german):
        assert german.isna().sum().sum() == 0
        assert german.groupby(["sex", "personal_status"]).size().to_dict() == {
            ("female", "female, divorced, separated or married"): 310,
            ("male", "male, divorced or separated"): 50,
            ("male", "male, married or widowed"): 92,
            ("male", "male, single"): 548,
        }


class TestHeartDisease:
    def test_counts_by_site_and_sex(self, heart):
        assert len(heart) == 920
        assert heart["sex"].value_counts().to_dict() == {"Male": 726, "Female": 194}
        assert heart.groupby(["site", "disease"]).size().to_dict() == {
            ("Cleveland", "absent"): 164,
            ("Cleveland", "present"): 139,
            ("Hungary", "absent"): 188,
            ("Hungary", "present"): 106,
            ("Switzerland", "absent"): 8,
            ("Switzerland", "present"): 115,
            ("VA Long Beach", "absent"): 51,
            ("VA Long Beach", "present"): 149,
        }

    def test_missing_blocks_and_unmeasured_cholesterol(self, heart):
        missing = heart["major_vessels"].isna().groupby(heart["site"]).sum()
        assert missing.to_dict() == {
            "Cleveland": 4,
            "Hungary": 291,
            "Switzerland": 118,
            "VA Long Beach": 198,
        }
        zero = heart.loc[heart["cholesterol"] == 0, "site"].value_counts()
        assert zero.to_dict() == {"Switzerland": 123, "VA Long Beach": 49}
        assert heart.notna().all(axis=1).groupby(heart["site"]).sum()["Cleveland"] == 297

    def test_numbers_with_gaps_are_floats(self, heart):
        assert heart["major_vessels"].dtype == np.float64
        assert (heart["age"].dtype, heart["severity"].dtype) == (np.int64, np.int64)
        assert heart["exercise_angina"].value_counts().to_dict() == {"no": 528, "yes": 337}
        assert heart["exercise_angina"].isna().sum() == 55


class TestAcsEmployment:
    def test_accuracy_by_year(self, acs):
        right = acs["prediction"] == acs["employed"]
        found = right.groupby(acs["year"]).agg(["size", "mean"]).round(3)
        assert found["size"].to_dict() == {2015: 68_785, 2016: 69_126, 2017: 69_635, 2018: 70_131}
        assert found["mean"].to_dict() == {2015: 0.827, 2016: 0.825, 2017: 0.829, 2018: 0.828}

    def test_the_model_widens_the_gap_by_disability(self, acs):
        found = acs.groupby("disability")[["prediction", "employed"]].mean().round(4).to_dict()
        assert found == {
            "prediction": {"no": 0.6056, "yes": 0.0906},
            "employed": {"no": 0.5501, "yes": 0.1892},
        }

    def test_predictions_are_probabilities_cut_at_one_half(self, acs):
        assert ((acs["probability"] >= 0.5) == (acs["prediction"] == 1)).all()
        assert 0 < acs["probability"].min() < acs["probability"].max() < 1
        assert acs.isna().sum().sum() == 0

    def test_children_are_never_employed(self, acs):
        children = acs[acs["age"] < 16]
        assert (len(children), children["employed"].sum(), children["prediction"].sum()) == (
            44_269,
            0,
            0,
        )

    @pytest.mark.parametrize(
        ("split", "rows", "years"),
        [
            ("2015", 68_785, [2015]),
            ("2018", 70_131, [2018]),
            ("reference", 68_785, [2015]),
            ("analysis", 208_892, [2016, 2017, 2018]),
        ],
    )
    def test_splits_keep_the_year(self, split, rows, years):
        frame = load_dataset("acs_employment", split).frame
        assert (frame.shape, sorted(frame["year"].unique())) == ((rows, 20), years)


class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (
                ("adlut",),
                "dataset: 'adlut'; expected one of 'acs_employment', 'adult', 'compas', 'german_credit', "
                "'heart_disease'. Did you mean 'adult'?",
            ),
            (
                ("adult", "tset"),
                "split of 'adult': 'tset'; expected one of 'train', 'test'. Did you mean 'test'?",
            ),
            (
                ("acs_employment", "2014"),
                "split of 'acs_employment': '2014'; expected one of '2015', '2016', '2017', '2018', "
                "'reference', 'analysis'. Did you mean '2018'?",
            ),
            (
                ("heart_disease", "train"),
                "split: 'train'; expected none, for 'heart_disease' comes in one part.",
            ),
            (
                ("compas",),
                "load_dataset: 'compas' without a path; expected your own copy of "
                "compas-scores-two-years.csv. ProPublica's terms do not allow passing the file on, so it is "
                "not bundled. ProPublica publishes it in its compas-analysis repository; save it, then "
                "load_dataset('compas', path='compas-scores-two-years.csv').",
            ),
        ],
    )
    def test_names_splits_and_compas(self, arguments, message):
        with pytest.raises(ArgumentError) as caught:
            load_dataset(*arguments)
        assert str(caught.value) == message

    def test_a_path_for_a_bundled_set(self):
        with pytest.raises(ArgumentError) as caught:
            load_dataset("adult", path="adult.csv")
        assert str(caught.value) == (
            "load_dataset: path for 'adult', which is bundled; expected no path."
        )

    def test_a_changed_or_missing_file(self, tmp_path, monkeypatch):
        (tmp_path / "heart_disease").mkdir()
        raw = bytearray((FOLDER / "heart_disease" / "heart_disease.parquet").read_bytes())
        raw[100] ^= 1
        copy = tmp_path / "heart_disease" / "heart_disease.parquet"
        copy.write_bytes(raw)
        monkeypatch.setattr(datasets, "datasets_folder", lambda: tmp_path)
        with pytest.raises(DataError) as caught:
            load_dataset("heart_disease")
        assert str(caught.value) == (
            f"dataset 'heart_disease': heart_disease.parquet was changed (its sha256 starts "
            f"{sha256(raw).hexdigest()[:12]}); expected the file on its card (61dde283fea7). Install rai again."
        )
        copy.unlink()
        with pytest.raises(DataError) as caught:
            load_dataset("heart_disease")
        assert str(caught.value) == (
            "dataset 'heart_disease': heart_disease.parquet can't be read (No such file or directory); "
            "expected the bundled file. Install rai again."
        )


class TestCompas:
    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "mine.csv"
        path.write_text(COMPAS)
        return path

    def test_reads_a_copy_without_names_and_dates_of_birth(self, path):
        loaded = load_dataset("compas", path=path)
        assert list(loaded.frame.columns) == [
            "id",
            "sex",
            "age",
            "race",
            "decile_score",
            "days_b_screening_arrest",
            "two_year_recid",
            "high_risk",
        ]
        assert [column.name for column in loaded.card.columns] == list(loaded.frame.columns)
        assert loaded.frame["high_risk"].tolist() == [0, 1, 1]
        assert loaded.frame["days_b_screening_arrest"].isna().tolist() == [False, True, False]
        assert loaded.roles == Roles(
            y_true="two_year_recid",
            y_pred="high_risk",
            sensitive_features=("race", "sex"),
            positive_label=1,
        )

    def test_says_that_the_copy_differs(self, path):
        card = load_dataset("compas", path=str(path)).card
        note = (
            f"The file that was read is not the one this card describes (its sha256 starts "
            f"{sha256(COMPAS.encode()).hexdigest()[:12]}, not c451db85908b), so published figures may not "
            f"come out."
        )
        assert (card.rows, card.caveats[0]) == (3, note)
        assert str(card).endswith(f"## This copy\n\n{note}\n")

    def test_the_known_file_needs_no_note(self, path, monkeypatch):
        card = dataset_card("compas")
        found = datasets._compas_card(card, pl.read_csv(path), card.files[0].sha256)
        assert (found.caveats, found.body, found.rows) == (card.caveats, card.body, 3)

    @pytest.mark.parametrize(
        ("text", "seen"),
        [
            (b"id,sex,age\n1,Male,20\n", "has no column 'race', 'decile_score', 'two_year_recid'"),
            (b"", "has no column 'sex', 'race', 'age', 'decile_score', 'two_year_recid'"),
            (COMPAS.splitlines()[0].encode(), "has no rows"),
            (
                COMPAS.encode().replace(b"\n", b"," + b"c," * 40_000 + b"\n", 1),
                "has a first line of over",
            ),
            (b"PAR1\r\x00\xffsex,race\n", None),
            (COMPAS.replace(",4,-1,4,0", ",4,-1,4,x").encode(), None),
            (COMPAS.encode() + b"\xff\xfe,\x00", None),
        ],
    )
    def test_files_that_are_not_it(self, tmp_path, text, seen):
        path = tmp_path / "odd.csv"
        path.write_bytes(text)
        with pytest.raises(DataError) as caught:
            load_dataset("compas", path=path)
        message = str(caught.value)
        assert message.startswith("load_dataset: 'odd.csv' " + (seen or "can't be read as CSV ("))
        assert message.endswith("; expected ProPublica's compas-scores-two-years.csv.")
        assert "\n" not in message

    def test_a_path_that_is_not_there(self, tmp_path):
        with pytest.raises(DataError) as caught:
            load_dataset("compas", path=tmp_path / "none.csv")
        assert str(caught.value) == (
            "load_dataset: 'none.csv' can't be read (No such file or directory); expected ProPublica's "
            "compas-scores-two-years.csv."
        )


def test_works_without_pyarrow_and_imports_nothing_heavy():
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from rai.datasets import load_dataset\n"
        "assert not {'pandas', 'polars'} & set(sys.modules)\n"
        "frame = load_dataset('adult', 'test').frame\n"
        "print(frame.shape, frame['sex'].dtype, int(frame['workclass'].isna().sum()))\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=FOLDER.parent)
    assert (done.stdout, done.returncode) == (f"(16281, 15) {WORDS} 963\n", 0), done.stderr
