"""The checks of data: one literal table. To add a check, write one `Check` and add its line."""

from __future__ import annotations

from rai.explore.data_checks import (
    balance,
    data_sets,
    digits,
    duplicates,
    group_sizes,
    identifiers,
    labels,
    leakage,
    missing,
    odd_dates,
    odd_numbers,
    odd_texts,
    placeholders,
    shifts,
)
from rai.explore.data_checks.check import Check

SECTIONS: dict[str, tuple[Check, ...]] = {
    "Unexpected values": (
        placeholders.PLACEHOLDERS,
        digits.TOP_CODED,
        digits.HEAPED,
        odd_numbers.MIXED_UNITS,
        odd_numbers.INFINITE,
        odd_numbers.NEGATIVE,
        odd_numbers.IMPLAUSIBLE_AGES,
        odd_dates.IMPLAUSIBLE_DATES,
        odd_texts.NUMBERS_AS_TEXT,
        odd_texts.MIXED_TYPES,
        odd_texts.SPELLINGS,
        odd_texts.NEAR_MISSES,
        odd_texts.BROKEN_LETTERS,
    ),
    "Missing values": (
        missing.MISSING_VALUES,
        missing.MISSING_BY_GROUP,
        missing.MISSING_WITH_LABEL,
        missing.MISSING_SENSITIVE,
        missing.MISSING_LABELS,
    ),
    "Too much of one thing": (
        data_sets.SMALL_DATA,
        balance.LABEL_BALANCE,
        balance.NEAR_CONSTANT,
        balance.RARE_CATEGORIES,
        balance.SKEWED,
    ),
    "Between data sets": (
        data_sets.LACKING_COLUMNS,
        data_sets.UNLIKE_KINDS,
        data_sets.NEW_CATEGORIES,
        data_sets.OUT_OF_RANGE,
        shifts.SHIFTED,
        shifts.MISSING_SHIFTED,
        shifts.LABEL_SHIFTED,
        shifts.GROUPS_SHIFTED,
        shifts.UNEVEN_SHIFT,
    ),
    "Rows twice": (
        duplicates.DUPLICATE_ROWS,
        duplicates.DUPLICATES_BY_GROUP,
        duplicates.CONFLICTING_LABELS,
        duplicates.DUPLICATE_IDS,
        duplicates.OVERLAP,
        duplicates.SHARED_IDS,
    ),
    "Leakage": (
        leakage.LABEL_LEAK,
        leakage.CONSTANT_IN_LABEL,
        leakage.SENSITIVE_COPY,
        identifiers.IDENTIFIERS,
        identifiers.UNNAMED_ROLES,
        identifiers.ORDERED,
        identifiers.AFTERWARDS,
    ),
    "Groups of people": (
        group_sizes.SMALL_GROUPS,
        group_sizes.FEW_LABELS,
        group_sizes.ABSENT_GROUPS,
        group_sizes.REPRESENTATION,
        labels.BASE_RATE_GAP,
        labels.LABEL_NOISE,
        leakage.CONSTANT_IN_GROUP,
        digits.PRECISION_BY_GROUP,
    ),
}

CHECKS: tuple[Check, ...] = tuple(check for checks in SECTIONS.values() for check in checks)
