"""Where a policy came from: its digest changes with every text that it rests on."""

from hashlib import sha256

from rai.gates.sources import Extended, Source


def test_a_digest_of_a_policy_alone_is_that_of_its_file():
    assert Source(text="version: 1").digest == sha256(b"version: 1").hexdigest()
    assert Extended(name="a", text="é").digest == sha256("é".encode()).hexdigest()


def test_a_digest_changes_with_what_is_extended_and_planned():
    part, other = Extended(name="a", text="1"), Extended(name="a", text="2")
    sources = [
        Source(text="x"), Source(text="y"), Source(text="x", extended=(part,)), Source(text="x", extended=(other,)),
        Source(text="x", extended=(part, other)), Source(text="x", extended=(other, part)),
        Source(text="x", plans={"p": "1"}), Source(text="x", plans={"p": "2"}),
    ]  # fmt: skip
    assert len({source.digest for source in sources}) == len(sources)


def test_a_digest_does_not_depend_on_where_a_policy_lies():
    assert (
        Source(path="a/p.yaml", text="x").digest
        == Source(path="p.yaml", text="x", lines={"a": 3}).digest
    )
