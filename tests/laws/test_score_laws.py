"""Laws of metrics of scores and of curves, whatever the rows: merging, order, weights, and bins.

Rows are few and scores tie often, on purpose.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rai
from rai.measure.roc_auc import roc_areas

RANKINGS = ("roc_auc", "average_precision")
SCORE = st.one_of(
    st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), st.floats(0, 1).map(lambda x: round(x, 3))
)

few = settings(max_examples=20)
some = settings(max_examples=60)


@st.composite
def frames(draw, most=40):
    n = draw(st.integers(2, most))

    def column(values):
        return draw(st.lists(values, min_size=n, max_size=n))

    frame = pd.DataFrame(
        {"y": column(st.integers(0, 1)), "s": column(SCORE), "sex": column(st.sampled_from("FM")),
         "w": column(st.sampled_from([0.5, 1.0, 2.0, 3.0]))}
    )  # fmt: skip
    assume(set(frame["y"]) == {0, 1})
    return frame


def audited(frame, bins="exact", **options):
    return rai.audit(
        frame, y_true="y", y_score="s", sensitive_features="sex", positive_label=1, bins=bins, **options
    )


def close(ours, theirs):
    """Two tables hold the same words and, up to rounding, the same numbers."""
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert one.keys() == other.keys()
        for key, value in one.items():
            expected = other[key]
            assert value == (
                pytest.approx(expected, abs=1e-9) if isinstance(expected, float) else expected
            )


def tables(audit):
    """Everything that is made from scores, as rows."""
    return [
        audit.metrics(*RANKINGS).to_dicts(),
        audit.curves().to_dicts(),
        audit.curves("tpr", "ppv", "mcc").to_dicts(),
        audit.score_distributions().to_dicts(),
    ]


@few
@given(frame=frames(), cut=st.integers(1, 39), weights=st.booleans())
def test_merging_is_counting_all_rows(frame, cut, weights):
    assume(cut < len(frame))
    parts = (frame[:cut], frame[cut:])
    assume(all(set(part["y"]) == {0, 1} for part in parts))
    options = {"sample_weight": "w"} if weights else {}
    first, second, whole = (audited(part, **options) for part in (*parts, frame))
    for both in (first + second, second + first):
        for ours, theirs in zip(tables(both), tables(whole), strict=True):
            close(ours, theirs)
    close((first + second).gaps("abroca").to_dicts(), whole.gaps("abroca").to_dicts())


@few
@given(frame=frames(), seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(frame, seed):
    mixed = frame.sample(frac=1, random_state=seed)
    for ours, theirs in zip(tables(audited(frame)), tables(audited(mixed)), strict=True):
        assert ours == theirs


@few
@given(frame=frames())
def test_weights_of_one_are_no_weights(frame):
    plain, weighted = audited(frame), audited(frame.assign(w=1.0), sample_weight="w")
    for ours, theirs in zip(tables(weighted), tables(plain), strict=True):
        close(ours, theirs)
    close(weighted.gaps("abroca").to_dicts(), plain.gaps("abroca").to_dicts())


@few
@given(frame=frames(most=20), times=st.lists(st.integers(1, 3), min_size=20, max_size=20))
def test_whole_weights_are_repeated_rows(frame, times):
    """For values; rows that are weighted say less than as many rows, so intervals are another matter."""
    times = np.array(times[: len(frame)])
    weighted = audited(frame.assign(w=times.astype(float)), sample_weight="w")
    repeated = audited(frame.loc[frame.index.repeat(times)])
    for name in RANKINGS:
        ours, theirs = ([row.value for row in a.metrics(name)] for a in (weighted, repeated))
        assert ours == pytest.approx(theirs, nan_ok=True)
    for ours, theirs in zip(weighted.curves(), repeated.curves(), strict=True):
        np.testing.assert_allclose(ours.x, theirs.x, atol=1e-12)
        np.testing.assert_allclose(ours.y, theirs.y, atol=1e-12)
    ours, theirs = (a.gaps("abroca")[0].value for a in (weighted, repeated))
    assert ours == pytest.approx(theirs)


@some
@given(frame=frames(), bins=st.integers(1, 12), weights=st.booleans())
def test_bins_are_within_their_stated_bound(frame, bins, weights):
    """The exact value lies within what the note says, and inside the interval even at the lowest level."""
    options = {"sample_weight": "w"} if weights else {}
    exact, binned = audited(frame, **options), audited(frame, bins=bins, **options)
    narrow = replace(binned, level=1e-9)
    for name in RANKINGS:
        for true, row, tight in zip(
            exact.metrics(name), binned.metrics(name), narrow.metrics(name), strict=True
        ):
            assert (true.value is None) == (row.value is None)
            if true.value is None:
                assert true.note == row.note
                continue
            stated = float(row.note.split()[2]) if row.note else 0.0
            assert abs(true.value - row.value) <= stated + 1e-12
            assert row.note == "" or row.note.endswith(" of the exact value")
            assert tight.low - 1e-9 <= true.value <= tight.high + 1e-9


@few
@given(frame=frames(), bins=st.integers(1, 12))
def test_the_area_between_curves_is_within_its_stated_bound(frame, bins):
    exact, binned = (audited(frame, bins=b).gaps("abroca")[0] for b in ("exact", bins))
    assert (exact.value is None) == (binned.value is None)
    if exact.value is not None:
        notes = [note for note in binned.note.split("; ") if note.startswith("binned: ")]
        stated = float(notes[0].split()[2]) if notes else 0.0
        assert abs(exact.value - binned.value) <= stated + 1e-12
        assert binned.low - 1e-12 <= exact.value <= binned.high + 1e-12


@some
@given(frame=frames())
def test_turning_labels_and_scores_round_changes_no_area(frame):
    turned = frame.assign(y=1 - frame["y"], s=1 - frame["s"])
    ours, theirs = roc_areas(audited(frame).tally), roc_areas(audited(turned).tally)
    np.testing.assert_allclose(ours.value, theirs.value, atol=1e-12)
    np.testing.assert_allclose(ours.variance, theirs.variance, atol=1e-12)


@some
@given(frame=frames(), power=st.sampled_from([0.5, 2.0, 3.0]))
def test_only_the_order_of_scores_matters(frame, power):
    """A rising function of the scores moves the thresholds and nothing else."""
    moved = frame.assign(s=frame["s"] ** power)
    assume(moved["s"].nunique() == frame["s"].nunique())
    ours, theirs = audited(frame), audited(moved)
    assert ours.metrics(*RANKINGS).to_dicts() == theirs.metrics(*RANKINGS).to_dicts()
    for one, other in zip(ours.curves(), theirs.curves(), strict=True):
        assert one.x.tolist() == other.x.tolist()
        assert one.y.tolist() == other.y.tolist()
    assert ours.gaps("abroca").to_dicts() == theirs.gaps("abroca").to_dicts()


@some
@given(frame=frames())
def test_areas_and_curves_keep_their_bounds(frame):
    audit = audited(frame)
    for row in audit.metrics(*RANKINGS):
        if row.value is None:
            assert row.note.startswith("undefined: no rows with a ")
        else:
            assert 0 <= row.low <= row.value <= row.high <= 1
            assert row.low < row.high
    for curve in audit.curves():
        assert (curve.low <= curve.y).all()
        assert (curve.y <= curve.high).all()
        assert bool(len(curve.x)) != curve.note.startswith("undefined: ")
        assert (np.diff(curve.x) >= 0).all()
        assert (np.diff(curve.threshold) < 0).all()


@few
@given(frame=frames())
def test_abroca_is_at_least_the_gap_in_areas_and_at_most_one(frame):
    audit = audited(frame)
    between, area = audit.gaps("abroca", "auc")
    assert (between.value is None) == (area.value is None)
    if between.value is not None:
        assert area.value - 1e-9 <= between.value <= 1
        assert 0 <= between.low <= between.value <= between.high <= 1
        assert 0 < between.p_value <= 1
        assert 0 <= between.null <= 1


@few
@given(frame=frames(), bins=st.sampled_from(["exact", 7]))
def test_nothing_is_nan_or_infinite(frame, bins):
    audit = audited(frame, bins=bins)
    found = [*tables(audit), audit.gap_curves().to_dicts(), audit.gaps("abroca", *RANKINGS).to_dicts()]
    for rows in found:
        assert len({tuple(row) for row in rows}) == 1
        for row in rows:
            assert not any(isinstance(v, float) and not math.isfinite(v) for v in row.values()), row
    assert json.loads(audit.curves().to_json()) == audit.curves().to_dicts()


@some
@given(
    frame=frames(),
    bins=st.integers(1, 30),
    kept=st.sampled_from(["exact", 10, 64]),
    weights=st.booleans(),
)
def test_shares_add_up_to_one_and_rows_to_all(frame, bins, kept, weights):
    options = {"sample_weight": "w"} if weights else {}
    for part in audited(frame, bins=kept, **options).score_distributions(bins=bins):
        (sex,) = (level for _, level in part.group)
        rows = frame[(frame["sex"] == sex) & (frame["y"] == part.label)]
        assert part.n.sum() == len(rows)
        assert np.isnan(part.share).all() if part.note else part.share.sum() == pytest.approx(1)
        assert bool(part.note) == (not len(rows))
        assert (part.low[1:] == part.high[:-1]).all()
        for low, high, n in zip(part.low, part.high, part.n, strict=True):
            last = high == part.high[-1]
            assert (
                n == ((rows["s"] >= low) & ((rows["s"] <= high) if last else (rows["s"] < high))).sum()
            )
