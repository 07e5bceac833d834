"""Names of columns: whole words in many languages, in any style, and never parts of other words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rai.explore.sensitive_names import (
    CATEGORIES,
    ELSEWHERE,
    LANGUAGES,
    MOST_CHARACTERS,
    WORDS,
    match_name,
    words_of,
)

ENTRIES = [
    (category, language, word.rstrip("?!"))
    for category, languages in WORDS.items()
    for language, words in languages.items()
    for word in words.split()
]


def categories(name):
    return [match.category for match in match_name(name)]


def test_every_word_of_the_table_is_found_as_it_is_written_and_in_other_styles():
    for category, _, word in ENTRIES:
        camel = "".join(part.capitalize() for part in word.split("_"))
        styles = [word, word.upper(), word.replace("_", "-"), word.replace("_", "."), f"{word}_2", camel]
        styles += [unicodedata.normalize("NFD", word), word.replace("_", "")]
        assert [style for style in styles if category not in categories(style)] == []


def test_every_category_has_words_in_all_seventeen_languages():
    assert len(LANGUAGES) == 17
    assert [name for name, words in WORDS.items() if set(words) != set(LANGUAGES)] == []
    assert tuple(WORDS) == CATEGORIES
    assert set(ELSEWHERE) <= set(CATEGORIES)


@pytest.mark.parametrize("category", CATEGORIES)
def test_no_word_stands_twice_in_a_row_of_the_table(category):
    for words in WORDS[category].values():
        held = [word.rstrip("?!") for word in words.split()]
        assert sorted(set(held)) == sorted(held)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dob", ["age"]),
        ("dateOfBirth", ["age"]),
        ("dateofbirth", ["age"]),
        ("applicant-date-of-birth", ["age"]),
        ("APPLICANT_DOB_2", ["age"]),
        ("applicantDOBYear", ["age"]),
        ("age_at_onset", ["age"]),
        ("loan_applicant_age", ["age"]),
        ("SeniorCitizen", ["age"]),
        ("gndr", ["sex_or_gender"]),
        ("sx", ["sex_or_gender"]),
        ("SEX_CD", ["sex_or_gender"]),
        ("genders", ["sex_or_gender"]),
        ("eth", ["race_or_ethnicity"]),
        ("RAC1P", ["race_or_ethnicity"]),
        ("skin.tone", ["skin_colour"]),
        ("nat", ["nationality"]),
        ("Staatsangehoerigkeit", ["nationality"]),
        ("staatsangehörigkeit", ["nationality"]),
        ("country_code", ["origin"]),
        ("country_name", ["origin"]),
        ("native_country", ["origin"]),
        ("countryOfBirth", ["origin"]),
        ("zip", ["location"]),
        ("zip5", ["location"]),
        ("kunde_plz", ["location"]),
        ("cp", ["location"]),
        ("language", ["language"]),
        ("motherTongue", ["language"]),
        ("wages", ["income"]),
        ("fam_inc", ["income"]),
        ("NAME_INCOME_TYPE", ["income"]),
        ("net_worth", ["wealth"]),
        ("maritalStatus", ["family_status"]),
        ("trade_union", ["union_membership"]),
        ("sexual_orientation", ["sexual_orientation"]),
        ("is_pregnant", ["health_or_disability"]),
        ("first_name", ["name_of_person"]),
        ("genotype", ["genetic_data"]),
        ("faceImage", ["biometrics"]),
        ("political_party", ["political_opinion"]),
        ("dialect", ["dialect_or_accent"]),
        ("age_sex_race", ["age", "sex_or_gender", "race_or_ethnicity"]),
        ("возраст_клиента", ["age"]),
        ("vozrast", ["age"]),
        ("КлиентВозраст", ["age"]),
        ("NiveauÂge", ["age"]),
        ("お客様の性別", ["sex_or_gender"]),
        ("客户出生日期", ["age"]),
        ("आयु", ["age"]),
        ("आय", ["income"]),
        ("الجنس", ["sex_or_gender"]),
        ("doğumTarihi", ["age"]),
        ("dogum_tarihi", ["age"]),
        ("Koen", ["sex_or_gender"]),
        ("płeć", ["sex_or_gender"]),
    ],
)
def test_what_is_found(name, expected):
    assert categories(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        *("sexagesimal", "trace", "image", "message", "passenger_class", "average", "stage", "coverage"),
        *("race_time", "time_of_race", "horse_race", "programming_language", "account_age", "HouseAge"),
        *(
            "age_of_account",
            "http_request_origin",
            "file_name",
            "productName",
            "union_all",
            "third_party",
        ),
        *(
            "server_health",
            "email_address",
            "ip_address",
            "sample_weight",
            "class_weight",
            "image_height",
        ),
        *(
            "hours_per_week",
            "fnlwgt",
            "capital_gain",
            "capital_loss",
            "credit_amount",
            "tracing",
            "imageId",
        ),
        *(
            "mileage",
            "storage",
            "usage",
            "voltage",
            "package",
            "island",
            "landscape",
            "network",
            "grade",
        ),
        *("user_id", "created_at", "is_active", "score", "y", "feature_1", "", "123", "___", "\N{BELL}"),
        *("sepal length (cm)", "mean radius", "alcalinity_of_ash", "pixel_0_1", "accent_color"),
    ],
)
def test_what_is_not(name):
    assert categories(name) == []


def test_a_match_names_its_word_and_languages():
    (match,) = match_name("sexo_cliente")
    assert str(match) == "'sexo' (Spanish, Portuguese)"
    assert match.languages == ("es", "pt")
    assert [str(match) for match in match_name("kundeDateOfBirth")] == ["'date of birth' (English)"]
    assert [match.force for match in match_name("sex")] == ["clear"]
    assert [match.force for match in match_name("language")] == ["ambiguous"]
    assert [match.force for match in match_name("cp")] == ["with values"]


def test_the_longest_phrase_wins_and_is_used_up():
    assert categories("place_of_birth") == ["origin"]
    assert categories("year_of_birth") == ["age"]
    assert categories("birth") == ["age"]
    assert categories("sexual_orientation_sex") == ["sexual_orientation", "sex_or_gender"]


def test_an_ambiguous_word_gives_way_to_a_clear_one():
    assert categories("name") == ["name_of_person"]
    assert categories("name_education") == ["education"]
    assert categories("city_name") == ["location"]  # no person's name, and ambiguous both


def test_words_are_split_by_style_and_folded():
    assert words_of("HTTPServerName2x") == ("http", "server", "name", "x")
    assert words_of("Größe-Straße Łódź") == ("grosse", "strasse", "lodz")
    assert words_of("x" * 10_000) == ("x" * MOST_CHARACTERS,)


@given(st.text())
def test_any_text_can_be_a_name(name):
    found = match_name(name)
    assert len({match.category for match in found}) == len(found)
    assert all(match.category in CATEGORIES for match in found)


@given(st.sampled_from(ENTRIES), st.from_regex(r"[bcdfghjklmnpqrstvwxz]{3,8}", fullmatch=True))
def test_letters_grown_onto_a_word_make_another_word(entry, letters):
    _, language, word = entry
    if language in {"zh", "ja"}:
        return  # there a word counts within others
    grown = f"{word.replace('_', '')}{letters}"
    known = {"".join(words_of(other)) for _, _, other in ENTRIES}
    if not {"".join(words_of(grown)), "".join(words_of(grown)).removesuffix("s")} & known:
        assert match_name(grown) == ()
