"""YAML as plain data: what is read as what, what is refused, and the line on which everything stands."""

from datetime import date
from pathlib import Path

import pytest

from rai.gates.yaml_files import parse, read_text
from rai.ground.errors import PolicyError


def data(text):
    return parse(text, where="policy").data


def wrong(text):
    with pytest.raises(PolicyError) as caught:
        parse(text, where="policy")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("NO", "NO"),
        ("true", True), ("False", False), ("~", None), ("null", None), ("", None),
        ("1", 1), ("-1", -1), ("0", 0), ("007", "007"), ("01234", "01234"), ("0o7", "0o7"), ("0x1F", "0x1F"),
        ("1_000", "1_000"), ("1:30", "1:30"), ("0.05", 0.05), (".5", 0.5), ("5.", 5.0), ("1e-5", 1e-5),
        ("00.5", "00.5"), (".nan", ".nan"), (".inf", ".inf"), ("nan", "nan"), ("0.05%", "0.05%"),
        ("2026-11-26", date(2026, 11, 26)), ("2026-11-26 10:00:00", "2026-11-26 10:00:00"),
        ("'1'", "1"), ('"yes"', "yes"), ("=", "="), ("<<", "<<"),
    ],
)  # fmt: skip
def test_a_scalar_is_what_a_reader_takes_it_for(text, value):
    found = data(f"a: {text}")["a"]
    assert found == value
    assert type(found) is type(value)


def test_every_part_has_its_line():
    written = parse("a: 1\n\nb:\n  - c: 2\n    d: [3,\n      4]\n", where="policy")
    assert written.lines == {
        (): 1, ("a",): 1, ("b",): 3, ("b", 0): 4, ("b", 0, "c"): 4, ("b", 0, "d"): 5, ("b", 0, "d", 0): 5,
        ("b", 0, "d", 1): 6,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1", "policy, line 1: an anchor; expected the value itself."),
        ("a: 1\nb: *x", "policy, line 2: an alias; expected the value itself."),
        ("a: &x [1]\nb: &y [*x, *x]", "policy, line 1: an anchor; expected the value itself."),
        ("a: !!python/object/apply:os.system ['x']", "policy, line 1: the tag '!!python/object/apply:os.system'"),
        ("a: !!int '1'", "policy, line 1: the tag '!!int'; expected YAML."),
        ("a: !x 1", "policy, line 1: the tag '!x'; expected YAML."),
        ("a: 1\nb: 2\na: 3", "policy, line 3: 'a' twice; expected each key once."),
        ("a: 1\n'a': 3", "policy, line 2: 'a' twice; expected each key once."),
        ("? [a]\n: 1", "policy, line 1: a key that is no name; expected a name."),
        ("a:\n\t- 1", "policy, line 2: found character '\\t' that cannot start any token; expected spaces"),
        ("a: 1\n--- \nb: 2", "policy, line 2: found another document; expected one document in a file."),
        ("a: [1", "policy, line 1: expected ',' or ']', but got '<stream end>'; expected YAML."),
        ("a: 2026-02-30", "policy, line 1: '2026-02-30'; expected a day of the calendar."),
        ("a: " + "9" * 401, "policy, line 1: a number of hundreds of digits; expected a number."),
        ('a: "\\ud800"', "policy, line 1: half of a pair of surrogates; expected text."),
        ('"\\udc00": 1', "policy, line 1: half of a pair of surrogates; expected text."),
        ('a: "\\UFFFFFFFF"', "policy: an escape that is no character; expected text."),
        ("a: \x00", "policy: unacceptable character #x0000"),
        ("[" * 100 + "]" * 100, "policy, line 1: too many levels; expected at most 32."),
        ("[" * 20_000, "policy: too many levels; expected at most 32."),
        ("".join(" " * i + "a:\n" for i in range(60)), "policy, line 34: too many levels; expected at most 32."),
    ],
)  # fmt: skip
def test_what_a_policy_does_not_need_is_refused_with_its_line(text, said):
    assert wrong(text).startswith(said)


def test_a_merge_key_is_a_key_like_any_other():
    assert data("a:\n  <<: {b: 1}") == {"a": {"<<": {"b": 1}}}


def test_text_is_read_as_it_stands_but_for_a_byte_order_mark(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_bytes("\ufeffa: 🙂\r\n".encode())
    assert read_text(path, where="policy") == "a: 🙂\r\n"


def test_a_file_that_is_no_text_is_one_sentence(tmp_path):
    latin, large = tmp_path / "latin.yaml", tmp_path / "large.yaml"
    latin.write_bytes("é".encode("latin-1"))
    large.write_bytes(b"#" * (2 << 20))
    said = {}
    for path in (latin, large, tmp_path, tmp_path / "none.yaml", Path("a\0b"), Path("x" * 5000)):
        with pytest.raises(PolicyError) as caught:
            read_text(path, where="policy")
        said[path] = str(caught.value)
    assert list(said.values()) == [
        "policy: no UTF-8; expected text.",
        "policy: more than 1 MB; expected a smaller file.",
        "policy: is a directory; expected a file that can be read.",
        "policy: no such file or directory; expected a file that can be read.",
        "policy: embedded null byte; expected the path of a file.",
        "policy: file name too long; expected a file that can be read.",
    ]
