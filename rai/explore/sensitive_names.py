"""Which names of columns speak of something sensitive, word by word, in the languages of the table.

    "applicantDateOfBirth" ──▶ applicant · date · of · birth ──▶ age, by "date of birth" (English)
    "sexagesimal"          ──▶ sexagesimal                   ──▶ nothing: only whole words count

The categories are those of the General Data Protection Regulation (EU) 2016/679, Art. 9; of the Charter
of Fundamental Rights of the European Union, Art. 21 (sex, race, colour, ethnic or social origin, genetic
features, language, religion, opinion, property, birth, disability, age, sexual orientation,
nationality); of the Equal Credit Opportunity Act, 15 U.S.C. 1691, and Regulation B, 12 CFR 1002 (marital
status, public assistance); and circumstances that stand in for them: a person's name, where they live,
schooling, income.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rai.explore.characteristic_words import CHARACTERISTICS
from rai.explore.circumstance_words import CIRCUMSTANCES

Force = Literal["clear", "ambiguous", "with values"]
Tokens = tuple[str, ...]

LANGUAGES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "pt": "Portuguese", "nl": "Dutch", "pl": "Polish", "sv": "Swedish", "da": "Danish",
    "no": "Norwegian", "tr": "Turkish",
    "ru": "Russian", "ar": "Arabic", "zh": "Chinese", "ja": "Japanese", "hi": "Hindi",
}  # fmt: skip

WORDS: Mapping[str, Mapping[str, str]] = {**CHARACTERISTICS, **CIRCUMSTANCES}
CATEGORIES = tuple(WORDS)

# Beside one of these, a word alone is about something else: the time of a race, the age of an account.
ELSEWHERE: Mapping[str, str] = {
    "age": "account car vehicle house home building property loan credit policy engine "
    "device machine battery file message company firm domain equipment asset "
    "inventory invoice debt tree wine cache cookie session job "
    "customer_relationship contract model dataset index image listing stone",
    "sex_or_gender": "neutral connector adapter",
    "race_or_ethnicity": "time times condition conditions number result results track horse horses "
    "lap laps distance course winner position car cars driver drivers bike "
    "marathon running pace arms report detected",
    "religion": "good_faith",
    "origin": "request url http cross coordinate coordinates axis",
    "location": "ip email mail mac memory file url web http path storage disk solid machine "
    "process thread app application ui order session compressed archive wallet "
    "register pointer shard cache bucket server transition",
    "language": "programming query markup script modeling model compiler",
    "dialect_or_accent": "color colour sql theme",
    "health_or_disability": "check checks server node service system disk battery pipeline endpoint "
    "plan store web computer cluster economic",
    "biometrics": "image screen page row frame box bar window ceiling roof building tree "
    "sample class product vehicle curb shipping net gross edge final package "
    "wheel table cell line item parcel browser device hash font file type value "
    "amount sum loss decay mail plane",
    "family_status": "column table entity font product process node model sql data database "
    "variable feature map task thread window",
    "education": "angle angles temperature celsius polynomial graph bus old school_bus node",
    "income": "statement",
    "wealth": "object css key class",
    "socioeconomic_status": "id batch cron queue run name_of_job",
    "political_opinion": "third counter size birthday up down count counts average upvote",
    "union_membership": "all sql query set credit european western type",
    "name_of_person": "file class product column table brand company host domain path feature "
    "variable model event item store user server function module method project "
    "dataset data bucket job task field short package app service group category "
    "team school business display common scientific species plan street city",
}
MOST_CHARACTERS = 200  # of a name that is read

_FORCES: Mapping[str, Force] = {"?": "ambiguous", "!": "with values"}
_LINKS = frozenset({"of", "the", "in", "for", "de", "du", "der", "des", "la", "at", "to"})
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ъ": "", "ь": ""}
)
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_WORD = re.compile(
    "(?:[^\\W\\d_]|[\u0900-\u0903\u093a-\u094f\u0962\u0963])+"
)  # with Hindi's vowel signs
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u0652]")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SHORTEST_PLURAL = 4


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A word of a name that speaks of something sensitive.

    Args:
        category: What it speaks of.
        word: The word or phrase of the table.
        languages: The languages that have it, as ISO 639-1 codes.
        force: `clear`, `ambiguous` where it has other meanings, or `with values` where it counts only
            if the values agree.
    """

    category: str
    word: str
    languages: tuple[str, ...]
    force: Force

    def __str__(self) -> str:
        return f"{self.word!r} ({', '.join(LANGUAGES[code] for code in self.languages)})"


def match_name(name: str) -> tuple[NameMatch, ...]:
    """What the name of a column speaks of, the first match of each category, in the order of the name.

    An ambiguous word counts only where no other is clear: the name in `education_name` is no person's.

    Args:
        name: In any style: `dateOfBirth`, `date_of_birth`, `date-of-birth`, `DateOfBirth2`.

    Example:
        >>> [(match.category, str(match)) for match in match_name("kundeGeburtsdatum")]
        [('age', "'geburtsdatum' (German)")]
        >>> match_name("passenger_class"), match_name("race_time")
        ((), ())
    """
    tokens = words_of(name)
    found: dict[str, NameMatch] = {}
    for start, stop in _spans(tokens):
        for match in _matches(tokens[start:stop]):
            if stop - start > 1 or not _elsewhere(match.category, tokens, start):
                found.setdefault(match.category, match)
    for token in tokens:
        for match in _inside(token):
            found.setdefault(match.category, match)
    clear = any(match.force == "clear" for match in found.values())
    return tuple(match for match in found.values() if not clear or match.force != "ambiguous")


def words_of(text: str) -> Tokens:
    """The words of a text in lower case, without accents and digits, split where their style says so.

    Example:
        >>> words_of("applicantDOBYear_2"), words_of("Staatsangehörigkeit"), words_of("skin-tone")
        (('applicant', 'dob', 'year'), ('staatsangehorigkeit',), ('skin', 'tone'))
    """
    whole = unicodedata.normalize("NFC", text[:MOST_CHARACTERS])
    return tuple(_WORD.findall(_plain("".join(_parted(whole)))))


def _parted(text: str) -> Iterator[str]:
    """The letters, with a blank where a word begins: `aB` is `a B`, `ABc` is `A Bc`."""
    for before, letter, after in zip(f" {text}", text, f"{text[1:]} ", strict=False):
        begins = before.islower() or (before.isupper() and after.islower())
        yield f" {letter}" if letter.isupper() and begins else letter


def _plain(text: str) -> str:
    """Lower case, accents folded."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart)).translate(_LETTERS)


@cache
def _index() -> Mapping[str, tuple[NameMatch, ...]]:
    """Words of a phrase joined by a blank, or by nothing, to what they speak of."""
    held: dict[str, dict[str, NameMatch]] = {}
    for category, language, word, force in _entries():
        for key in _spellings(word):
            known = held.setdefault(key, {}).get(category)
            languages = (*(known.languages if known else ()), language)
            first = known or NameMatch(category, word.replace("_", " "), (), force)
            merged = NameMatch(category, first.word, tuple(dict.fromkeys(languages)), first.force)
            held[key][category] = merged
    return {key: tuple(found.values()) for key, found in held.items()}


def _entries() -> Iterator[tuple[str, str, str, Force]]:
    """Category, language, word and force of everything in the table."""
    for category, languages in WORDS.items():
        for language, words in languages.items():
            for word in words.split():
                yield category, language, word.rstrip("?!"), _FORCES.get(word[-1], "clear")


def _spellings(word: str) -> set[str]:
    """How a word or phrase of the table may be written in a name."""
    spelt = {word, unicodedata.normalize("NFC", word).translate(_SPELT_OUT)}
    apart = {" ".join(words_of(each)) for each in spelt}
    return apart | {each.replace(" ", "") for each in apart}


@cache
def _longest() -> int:
    return max(key.count(" ") for key in _index()) + 1


def _spans(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Where words and phrases of the table stand, the longest first, without overlap."""
    start = 0
    while start < len(tokens):
        stops = range(min(len(tokens), start + _longest()), start, -1)
        stop = next((stop for stop in stops if _matches(tokens[start:stop])), None)
        if stop is not None:
            yield start, stop
        start = start + 1 if stop is None else stop


def _matches(tokens: Tokens) -> tuple[NameMatch, ...]:
    """What words say together; an English plural says what its singular does."""
    key = " ".join(tokens)
    found = _index().get(key, ())
    if found or not key.endswith("s") or len(key) <= _SHORTEST_PLURAL:
        return found
    return tuple(match for match in _index().get(key[:-1], ()) if "en" in match.languages)


def _elsewhere(category: str, tokens: Tokens, place: int) -> bool:
    """Whether a word's neighbours say that it is about something else."""
    others = ELSEWHERE.get(category, "").split()
    before = next((token for token in reversed(tokens[:place]) if token not in _LINKS), "")
    after = next((token for token in tokens[place + 1 :] if token not in _LINKS), "")
    return before in others or after in others


def _inside(token: str) -> Iterator[NameMatch]:
    """Chinese and Japanese don't part their words, so there a word counts within others."""
    if _UNSPACED.search(token) and token not in _index():
        for key in sorted(_unspaced(), key=len, reverse=True):
            if key in token:
                yield from _index()[key]
                token = token.replace(key, " ")


@cache
def _unspaced() -> tuple[str, ...]:
    return tuple(key for key in _index() if len(key) > 1 and _UNSPACED.search(key))
