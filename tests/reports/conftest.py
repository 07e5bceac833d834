"""Audits to show: published tables, and the cases that break pages. All are made from counts."""

import difflib
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from rai import Audit, Moments, Roles, Tally, audit, optimize_thresholds
from rai.reports.facts import collect_all
from rai.reports.words import estimated
from rai.values.levels import key_order
from rai.values.moments import TERMS

GOLDEN = Path(__file__).resolve().parent.parent / "golden"

PROVENANCE = {"fingerprint": "sha256:5f2ab7c0de11", "rai": "0.0.0", "numpy": "0.0.0", "python": "0.0.0"}

HOSTILE = (
    "<script>alert(1)</script>",
    "x" * 180,
    'a | b \\ "q" & <b>',
    "two\nlines \x1b[31mred",
    "{{ 7*7 }}",
    "![x](http://example.invalid/x.png)",
)


def audit_of(
    axes,
    table,
    *,
    labels=("no", "yes"),
    threshold=0.5,
    y="label",
    dropped=None,
    sensitive=None,
    control=(),
    **roles,
):
    """An audit of a table: group key to (TN, FP, FN, TP)."""
    keys = tuple(sorted(table, key=key_order))
    n = np.array([np.array(table[key]).reshape(2, 2) for key in keys])
    tally = Tally(tuple(axes), keys, labels, np.array([threshold]), (), n, dropped=dropped or {})
    named = Roles(
        y_true=y,
        y_score="score",
        sensitive_features=tuple(sensitive or axes),
        control_features=control,
        positive_label=labels[1],
        **roles,
    )
    read = int(n.sum()) + sum((dropped or {}).values())
    return Audit(
        tally=tally,
        task="binary",
        roles=named,
        thresholds=(threshold,),
        provenance={**PROVENANCE, "rows_read": read},
    )


def propublica():
    """Two-year recidivism in Broward County, medium or high risk as the prediction."""
    table = {
        ("African-American",): (990, 805, 532, 1369),
        ("Caucasian",): (1139, 349, 461, 505),
        ("Hispanic",): (318, 87, 129, 103),
        ("Other",): (208, 36, 90, 43),
        ("Asian",): (21, 2, 3, 6),
        ("Native American",): (5, 3, 1, 9),
    }
    labels = ("no recidivism", "recidivism")
    return audit_of(("race",), table, labels=labels, threshold=5.0, y="two_year_recid")


def two_races():
    """The two largest groups of the same table, twice over: by race, and by a coin."""
    table = {
        ("African-American", "heads"): (495, 402, 266, 685),
        ("African-American", "tails"): (495, 403, 266, 684),
        ("Caucasian", "heads"): (570, 174, 230, 253),
        ("Caucasian", "tails"): (569, 175, 231, 252),
    }
    return audit_of(("race", "coin"), table, y="two_year_recid", dropped={"missing y_true": 12})


def berkeley():
    """Graduate admissions of 1973, with the department held fixed."""
    male = {
        "A": (512, 313),
        "B": (353, 207),
        "C": (120, 205),
        "D": (138, 279),
        "E": (53, 138),
        "F": (22, 351),
    }
    female = {
        "A": (89, 19),
        "B": (17, 8),
        "C": (202, 391),
        "D": (131, 244),
        "E": (94, 299),
        "F": (24, 317),
    }
    table = {
        (sex, department): (rejected, 0, 0, admitted)
        for sex, counts in (("Male", male), ("Female", female))
        for department, (admitted, rejected) in counts.items()
    }
    return audit_of(
        ("sex", "department"),
        table,
        labels=("rejected", "admitted"),
        y="admitted",
        sensitive=("sex",),
        control=("department",),
    )


def sixty():
    """Sixty intersections, many of them tiny."""
    rng = np.random.default_rng(2)
    table = {}
    for age in ("18–25", "26–35", "36–45", "46–55", "56+"):
        for race in ("Asian", "Black", "Latino", "Native", "White", "Other"):
            for sex in ("female", "male"):
                n = int(rng.lognormal(4.2, 1.1)) + 3
                positive = rng.binomial(n, 0.3)
                fp, tp = rng.binomial(n - positive, 0.15), rng.binomial(positive, 0.6)
                table[age, race, sex] = (n - positive - fp, fp, positive - tp, tp)
    return audit_of(("age", "race", "sex"), table)


def hostile():
    """Names that would be markup anywhere else."""
    counts = [
        (50, 5, 9, 40),
        (60, 9, 7, 30),
        (20, 5, 3, 10),
        (12, 2, 3, 4),
        (33, 4, 5, 17),
        (44, 5, 6, 20),
    ]
    return audit_of(
        ("<script>alert('axis')</script>",),
        {(name,): cells for name, cells in zip(HOSTILE, counts, strict=True)},
        labels=("<no>", '<yes & "q">'),
        y="<img src=x onerror=alert(2)>",
        dropped={"<b>odd</b> reason": 4},
    )


def undefined():
    """Groups without positive labels, without negative ones, without positive predictions."""
    table = {
        ("North",): (40, 10, 0, 0),
        ("South",): (30, 8, 6, 22),
        ("East",): (0, 0, 12, 5),
        ("West",): (25, 0, 9, 0),
        ("Tiny",): (1, 0, 0, 0),
    }
    return audit_of(("site",), table)


def one_group():
    """Nobody to compare with."""
    return audit_of(("sex",), {("F",): (40, 10, 5, 20)})


def thresholds():
    """Three thresholds."""
    n = np.array(
        [
            [[450, 225, 135, 90], [40, 80, 120, 160]],
            [[420, 140, 105, 35], [40, 60, 60, 40]],
            [[54, 18, 9, 9], [8, 5, 7, 5]],
        ]
    )
    groups = (("Coast",), ("Hills",), ("Valley",))
    edges = np.array([0.3, 0.5, 0.7])
    tally = Tally(("region",), groups, ("repaid", "default"), edges, (), n)
    roles = Roles(
        y_true="loan", y_score="risk", sensitive_features=("region",), positive_label="default"
    )
    return Audit(
        tally=tally, task="binary", roles=roles, thresholds=(0.5, 0.3, 0.7), provenance=PROVENANCE
    )


def multiclass():
    """Three classes, two features."""
    groups = (("Female", "Rural"), ("Female", "Urban"), ("Male", "Rural"), ("Male", "Urban"))
    n = np.array(
        [
            [[204, 52, 22], [100, 195, 32], [15, 5, 10]],
            [[36, 8, 4], [24, 81, 22], [18, 101, 271]],
            [[204, 43, 28], [4, 38, 10], [2, 24, 49]],
            [[233, 76, 42], [6, 33, 5], [9, 62, 145]],
        ]
    )
    classes = ("high", "low", "medium")
    tally = Tally(("sex", "area"), groups, classes, None, classes, n)
    roles = Roles(y_true="risk", y_pred="predicted", sensitive_features=("sex", "area"))
    return Audit(tally=tally, task="multiclass", roles=roles, provenance=PROVENANCE)


def regression():
    """Salaries that are predicted too low for one sex."""
    rng = np.random.default_rng(6)
    n = 600
    female, north = rng.random(n) < 0.5, rng.random(n) < 0.97
    y = np.exp(10.4 + 0.4 * rng.standard_normal(n))
    predicted = 0.8 * y + 0.2 * y.mean() + 5000 * rng.standard_normal(n) - 2500 * female
    keys = tuple((sex, region) for sex in ("Female", "Male") for region in ("North", "South"))
    masks = [(female == (sex == "Female")) & (north == (region == "North")) for sex, region in keys]
    e, u = predicted - y, y - y.min()
    powers = {"e": e, "abs_e": abs(e), "e2": e**2, "e4": e**4, "u": u, "u2": u**2, "u3": u**3}
    powers |= {"u4": u**4, "eu": e * u, "e2u": e**2 * u, "e2u2": e**2 * u**2}
    counts = np.array([mask.sum() for mask in masks])
    sums = np.array([[powers[term][mask].sum() for term in TERMS] for mask in masks])
    moments = Moments(
        ("sex", "region"), keys, float(y.min()), counts, counts.astype(float), counts.astype(float), sums
    )
    roles = Roles(y_true="salary", y_pred="predicted", sensitive_features=("sex", "region"))
    return Audit(tally=moments, task="regression", roles=roles, provenance=PROVENANCE)


def ages():
    """Ranges of a number, weights, and groups that are not known."""
    table = {
        ("< 25",): (300, 100, 60, 140),
        ("25 to < 45",): (500, 90, 80, 180),
        ("≥ 45",): (400, 50, 70, 110),
        ("(missing)",): (9, 3, 2, 4),
    }
    plain = audit_of(("age",), table, cuts={"age": (25.0, 45.0)}, sample_weight="w")
    n = plain.tally.n
    tally = Tally(
        ("age",), plain.tally.groups, ("no", "yes"), np.array([0.5]), (), n, n * 1.5, n * 1.5**2 * 1.2
    )
    return Audit(tally=tally, task="binary", roles=plain.roles, thresholds=(0.5,), provenance=PROVENANCE)


def scores_of(shape, *, seed=11, edges=20):
    """An audit of scores in bins: group to (rows with a negative and a positive label, their lift)."""
    rng = np.random.default_rng(seed)
    cuts = np.arange(1, edges) / edges
    middles = (np.arange(edges) + 0.5) / edges
    n = []
    for negative, positive, lift in shape.values():
        chances = [middles ** (0.5 + lift * k) * (1 - middles) ** (1.6 - lift * k) for k in (0, 1)]
        n.append(
            [rng.multinomial(m, p / p.sum()) for m, p in zip((negative, positive), chances, strict=True)]
        )
    tally = Tally(("region",), tuple((name,) for name in shape), ("no", "yes"), cuts, (), np.array(n))
    roles = Roles(y_true="loan", y_score="risk", sensitive_features=("region",), positive_label="yes")
    provenance = {**PROVENANCE, "fingerprint": f"sha256:{seed}", "rows_read": int(tally.rows)}
    return Audit(tally=tally, task="binary", roles=roles, thresholds=(0.5,), provenance=provenance)


SCORED = {"Coast": (700, 300, 1.1), "Hills": (500, 140, 0.8), "Isle": (9, 4, 0.9), "Moor": (30, 0, 1.0)}


def scored():
    """Scores of four regions: one of them small, one without a positive label."""
    return scores_of(SCORED)


def ranges():
    """Scores of forty groups of two features, so that charts can't name them all."""
    rng = np.random.default_rng(8)
    shape = {
        f"{letter}{i}": (
            int(rng.integers(20, 400)),
            int(rng.integers(1, 200)),
            float(rng.uniform(0.5, 1.1)),
        )
        for letter in "abcd"
        for i in range(10)
    }
    return scores_of(shape, seed=9)


def predicted():
    """A regression with its histograms."""
    rng = np.random.default_rng(6)
    y = rng.normal(50_000, 9_000, 900)
    sex, site = (
        rng.choice(["F", "M"], 900),
        rng.choice(["North", "South", "West"], 900, p=(0.6, 0.38, 0.02)),
    )
    found = audit(
        y_true=y,
        y_pred=y + rng.normal(900, 4_000, 900) * (1 + (sex == "M")),
        sensitive_features={"sex": sex, "site": site},
    )
    return replace(found, provenance=PROVENANCE)


MAKERS = (
    propublica,
    two_races,
    berkeley,
    sixty,
    hostile,
    undefined,
    one_group,
    thresholds,
    multiclass,
    regression,
    ages,
    scored,
    ranges,
    predicted,
)


VOID = {"meta", "br", "hr", "img", "input", "link"}


class Reader(HTMLParser):
    """Tags that open and close, what they carry, and the text between them."""

    def __init__(self, source):
        super().__init__()
        self.open, self.tags, self.text, self.ids, self.source = [], [], [], [], source
        self.feed(source)
        self.close()
        self.words = " ".join(" ".join(self.text).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="session")
def compare():
    """`compare(name, text)`: a whole report is what it was; RAI_REWRITE_GOLDENS=1 writes it again."""

    def compare(name, text):
        path = GOLDEN / name
        if os.environ.get("RAI_REWRITE_GOLDENS") == "1":
            path.write_text(text, "utf-8", newline="\n")
        kept, text = shortened(path.read_text("utf-8")), shortened(text)
        lines = kept.splitlines(), text.splitlines()
        changes = difflib.unified_diff(*lines, name, "now", n=1, lineterm="")
        assert kept == text, "\n".join(list(changes)[:40])

    return compare


def shortened(text):
    """Numbers to twelve digits: the last ones hang on the processor."""
    return re.sub(r"-?\d+\.\d{12,}", lambda found: f"{float(found[0]):.12g}", text)


@pytest.fixture(scope="session")
def read_html():
    """`read_html(source)`: a page read to its end, each tag closed where it should be."""
    return Reader


@pytest.fixture(scope="session")
def made():
    """`made(name)`: one of the audits to show."""
    makers = {maker.__name__: maker for maker in MAKERS}
    kept = {}

    def give(name):
        if name not in kept:
            kept[name] = makers[name]()
        return kept[name]

    return give


@pytest.fixture(scope="session")
def hostile_names():
    return HOSTILE


@pytest.fixture(scope="session")
def facts(made):
    """`facts(name)`: what reports show of one of them, asked once."""
    kept = {}

    def give(name):
        if name not in kept:
            kept[name] = collect_all(made(name))
        return kept[name]

    return give


@pytest.fixture(scope="session")
def plans(made):
    """Plans along regions: one chosen on other rows, one on the rows of `scored` themselves."""
    others = scores_of({name: (n * 2, m * 2, lift) for name, (n, m, lift) in SCORED.items()}, seed=12)
    return tuple(
        optimize_thresholds(rows, strategy="demographic_parity", along="region")
        for rows in (others, made("scored"))
    )


@pytest.fixture(scope="session")
def judged(made, plans):
    """What reports show of `scored` with both plans."""
    return collect_all(made("scored"), plans)


@pytest.fixture(scope="session")
def gap_of(facts):
    """`gap_of(name, metric, along)`: the gap as text, with its interval."""

    def give(name, metric, along, label=None):
        found = [gap for gap in facts(name).gaps if (gap.metric, gap.along) == (metric, along)]
        if label is not None:
            found = [gap for gap in found if dict(gap.within)["label"] == label]
        return estimated(found[0])

    return give


def pytest_generate_tests(metafunc):
    """A test that asks for `every` runs on the facts of each of them."""
    if "every" in metafunc.fixturenames:
        names = [maker.__name__ for maker in MAKERS]
        metafunc.parametrize("every", names, indirect=True, ids=names)


@pytest.fixture
def every(request, facts):
    return facts(request.param)


@pytest.fixture
def shown(browser, site, request):
    """`shown(name, width=..., dark=..., scripts=...)`: a page of the module's `site`, with its complaints."""
    contexts, usual = [], request.module.WIDTHS[0]

    def open_page(name, *, width=usual, dark=False, scripts=True):
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        tab = context.new_page()
        tab.complaints, tab.asked = [], []
        tab.on("console", lambda message: tab.complaints.append(message.text))
        tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.on("dialog", lambda dialog: (tab.complaints.append(dialog.message), dialog.dismiss()))
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.goto(site(name))
        return tab

    yield open_page
    for context in contexts:
        context.close()
