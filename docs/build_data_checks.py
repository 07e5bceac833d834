"""The page of data checks, written from the table in rai/explore/data_checks/.

build_data_checks.py          write docs/data-checks.md again
build_data_checks.py --check  fail where the page differs from what would be written
"""

import argparse
import sys
from pathlib import Path

import rai
from rai.explore.data_checks.check import Check, Need
from rai.explore.data_checks.table import CHECKS, SECTIONS
from rai.ground.formatting import markdown_table, number
from rai.ground.records import Row

WORDS: dict[Need, str] = {
    "axes": "labels or groups",
    "classes": "labels",
    "data_sets": "two data sets",
    "outcome_time": "dates of outcomes",
    "population": "a population",
    "scores_or_model": "scores, or scikit-learn",
}
PAGE = Path(__file__).resolve().parent / "data-checks.md"

INTRODUCTION = """\
<!-- Written by docs/build_data_checks.py from the table of checks. Change that, not this page. -->

# Data checks

`rai.check_data` puts {count} questions to data before there is a model. This page is their table: what
each asks, from where on the answer is a problem, and why there. To add one see [Add a data
check](how-to/add-a-data-check.md).

```python
import rai

adult = rai.load_dataset("adult").frame.drop(columns="split")
found = rai.check_data(
    adult, y_true="income", sensitive_features="race", checks=["missing", "missing_by_group", "infinite"]
)
print(found)
```

```text
{shown}
```

A finding also has the rows and values to look at:

```python
print(found[0].value, found[0].threshold, found[0].rows[:5])
```

```text
{first}
```

## How bad it is

A check looks at every place that its question is about: every column, or every group of every sensitive
feature. Each look gives a value, mostly with an interval and a p-value. One rule, the same for all
checks, makes a severity of it:

| severity | when |
| :--- | :--- |
| `serious` | the whole interval is beyond the limit, and chance is no explanation |
| `warning` | the value is beyond the limit |
| `note` | worth knowing; or beyond the limit, where chance could do as much |
| `passed` | looked at, and within the limit; one finding for each data set, with what comes nearest |
| `not_checked` | there was nothing to look at, or something has to be named first |

A check goes no further than its *at most*: rare categories are never more than a note. Some say less in
places where chance is likely: rows that are equal are noted and no more where columns hold so few
values that one pair or more had to be expected.

**Intervals.** Shares of rows have Wilson's interval, differences of shares Newcombe's, and distances
and areas those of `Profile.distances` and of the measures. A value without an interval is beyond the
limit or is not.

**Many looks.** With 50 columns and 10 groups something is always odd by chance. So p-values are
adjusted (Holm) and intervals widened (Bonferroni) for all looks of a check: data without a problem
raise a warning of a check that tests no oftener than 1 − `level`, 5% unless you say otherwise. Checks
that count, such as that of missing values, test nothing: what they say is so in the rows at hand.

**Limits** are conventions, and yours may differ: `limits={{"missing": 0.2, ("missing", "age"): 0.01}}`
gives another for a check, or for one column. `checks=[...]` chooses. A finding says its `value`, `low`,
`high`, `p_value`, `threshold` and `n`, so that you can judge for yourself.

**What is not checked** is said, never passed over: without labels, groups, a second data set, ids,
dates or a declared population the checks that need them are `not_checked`, with the argument to pass.
That a check has passed does not mean that data are right: no check knows how they came to be.
"""


def page() -> str:
    """The whole page."""
    shown, first = _shown()
    parts = [INTRODUCTION.format(count=len(CHECKS), shown=shown, first=first)]
    for head, checks in SECTIONS.items():
        parts.append(f"## {head}\n\n{markdown_table([row_of(check) for check in checks])}\n")
    return "\n".join(parts)


def row_of(check: Check) -> Row:
    """A check, as the page tells it."""
    side = "below" if check.worse == "lower" else "above"
    return {
        "check": f"`{check.kind}`",
        "what it asks": check.asks,
        "a problem": f"{side} {number(check.limit)}: {check.unit}",
        "at most": check.most,
        "needs": ", ".join(WORDS.get(need, need) for need in check.needs) or "nothing",
        "source": check.source,
    }


def _shown() -> tuple[str, str]:
    """What the example prints."""
    adult = rai.load_dataset("adult").frame.drop(columns="split")
    kinds = ["missing", "missing_by_group", "infinite"]
    found = rai.check_data(adult, y_true="income", sensitive_features="race", checks=kinds)
    return str(found), f"{found[0].value} {found[0].threshold} {found[0].rows[:5]}"


def main(arguments: list[str] | None = None) -> int:
    """Check or write; the number is the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    chosen = parser.parse_args(arguments)
    if not chosen.check:
        PAGE.write_text(page(), encoding="utf-8", newline="\n")
        return 0
    if PAGE.exists() and PAGE.read_text("utf-8") == page():
        print("docs/data-checks.md follows rai/explore/data_checks/")
        return 0
    print("docs/data-checks.md differs from rai/explore/data_checks/")
    print("Run: python docs/build_data_checks.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
