"""The page of a profile: complete, escaped, small, sealed, and made of the profile's own numbers."""

import html
import re
from itertools import pairwise

import pytest

import rai
from rai.reports.data_facts import collect_data
from rai.reports.data_page import data_page


@pytest.fixture(scope="module")
def shown(data_facts, read_html):
    return read_html(data_page(data_facts))


@pytest.fixture(scope="module")
def hostile(hostile_facts, read_html):
    return read_html(data_page(hostile_facts))


@pytest.fixture(params=["shown", "hostile"])
def either(request):
    return request.getfixturevalue(request.param)


def test_every_page_is_whole(either):
    assert either.open == []
    assert len(either.ids) == len(set(either.ids))
    links = [attrs["href"] for tag, attrs in either.tags if tag == "a"]
    assert [link for link in links if link.removeprefix("#") not in either.ids] == []


def test_no_page_loads_anything(either):
    loads = re.findall(r"""(?:\bsrc|\bhref|\bxlink:href)\s*=\s*["'](?!#)[^"']*""", either.source)
    assert loads == []
    assert re.findall(r"@import|url\(|<link|<iframe|<object|fetch\(|XMLHttpRequest", either.source) == []


def test_headings_follow_one_another(either):
    levels = [int(tag[1]) for tag, _ in either.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []


def test_drawings_are_told_or_hidden(either):
    tags = either.tags
    outer = [a for tag, a in tags if tag == "svg" and "x" not in a and "viewbox" not in a]
    told = [a for a in outer if a.get("role") == "img" and a.get("aria-label")]
    assert len(told) + len([a for a in outer if a.get("aria-hidden") == "true"]) == len(outer)


def test_no_page_judges(either):
    assert re.findall(r"\b(?:un)?(?:fair|biased|compliant)\b", either.words, re.IGNORECASE) == []


def test_the_usual_page_is_small(shown):
    assert len(shown.source.encode()) < 100_000


def test_problems_come_first_the_worst_of_them_above(shown):
    words = shown.words
    order = ["Problems", "Income is missing more often for F.", "Job 00 is rare.", "Not checked",
             "Numeric features", "Categorical features", "Differences between data sets", "Proxies",
             "Columns that may be sensitive", "Worksheet", "Method"]  # fmt: skip
    places = [words.index(text, words.index("Worksheet", 200)) for text in order[:1]]
    places = [words.rindex("Problems"), *(words.index(text, places[0]) for text in order[1:])]
    assert places == sorted(places)


def test_a_problem_has_its_evidence_and_a_link_to_its_feature(shown):
    assert (
        "income · train, sex = F · 0.280 [0.200, 0.370]; limit 0.05; p < 0.001; n = 240"
    ) in shown.words.replace("\xa0", " ")
    (anchor,) = [a for a in shown.ids if a == "f1"]
    assert shown.source.count(f'href="#{anchor}"') >= 2
    assert re.search(r'id="f1".*?<h3><bdi>income</bdi>', shown.source, re.DOTALL)


def test_what_one_check_found_stands_together_and_the_rest_is_folded(shown):
    assert "warning, 6 times" in shown.words
    assert "<summary>2 more</summary>" in shown.source
    assert "Overlap, shared ids : No ids were named." in shown.words
    assert "1 check passed" in shown.words


@pytest.mark.parametrize(
    ("severities", "says"),
    [
        ([], "Nothing could be checked."),
        (["passed"], "No problems were found by 1 check."),
        (["passed", "note"], "No problems were found by 2 checks, but 1 note."),
        (["passed", "not_checked"],
         "No problems were found by 1 check. 1 check could not be run, which is not the same as having "
         "passed."),
        (["passed", "passed"], "No problems were found by 1 check."),
        (["serious", "warning", "warning"], "1 serious problem and 2 warnings."),
    ],
)  # fmt: skip
def test_the_headline_counts(severities, says):
    from rai.reports.data_problems import checks_headline

    rows = tuple({"check": s, "severity": s, "sentence": "So it is."} for s in severities)
    assert checks_headline(rows) == says


def test_no_checks_is_said_and_marked_numbers_are_named(two_sets, read_html):
    words = read_html(data_page(collect_data(two_sets[1]))).words
    assert "No data checks were run." in words
    assert "1 feature has marked numbers: income." in words


def test_the_numbers_are_those_of_pandas(shown, two_sets):
    frames, _ = two_sets
    for name, frame in frames.items():
        income = frame["income"]
        text = " ".join(
            (name, f"{income.count():,}", f"{100 * income.isna().mean():.3g}%", f"{income.mean():.3g}",
             f"{income.std():.3g}", "0%", f"{income.min():.3g}", f"{income.median():.3g}",
             f"{income.max():.3g}")
        )  # fmt: skip
        assert text in shown.words
        job = frame["job"]
        top = job.value_counts().sort_index(kind="stable").sort_values(ascending=False, kind="stable")
        assert f"{name} {len(job)} 0% {job.nunique()} {top.index[0]} {top.iloc[0]} 6" in shown.words
        since = frame["since"]
        assert f"{since.nunique()} {since.min().date()}" in shown.words


def test_other_and_missing_are_counted_and_shares_sum_to_all(shown, two_sets):
    frames, _ = two_sets
    counts = frames["train"]["job"].value_counts() + frames["test"]["job"].value_counts()
    assert len(counts) == 14
    assert "other (4 values)" in shown.words
    rows = re.findall(
        r"<li[^>]*><bdi>(?:job \d+|other \(4 values\))</bdi>.*?</li>", shown.source, re.DOTALL
    )
    shares = [[float(x) for x in re.findall(r"<i>([\d.]+)%</i>", row)] for row in rows]
    assert len(shares) == 11
    assert [round(sum(column)) for column in zip(*shares, strict=True)] == [100, 100]


def test_red_numbers_go_by_limits(two_sets):
    _, profile = two_sets
    red = '<strong class="red">'
    assert data_page(collect_data(profile, distances=None)).count(red) == 2
    lax = data_page(collect_data(profile, highlight={"missing": 0.5}))
    assert lax.count(red) == 0
    assert "more than 50% missing" in lax


def test_a_feature_that_a_data_set_lacks_is_told(hostile):
    assert hostile.words.count("Not in </title>.") == 6
    assert "Not in every data set: <script>alert(1)</script>" in hostile.words


def test_names_and_values_from_the_data_are_text(hostile):
    tags = [tag for tag, _ in hostile.tags]
    assert tags.count("script") == 1
    assert "<script>alert(1)</script>" in hostile.words
    assert html.escape("<b>x</b>") in hostile.source
    assert "{{ 7*7 }}" in hostile.words
    assert "\x1b" not in hostile.source
    assert "\u202e" not in hostile.source
    assert "x" * 300 not in hostile.source
    assert "y" * 300 not in hostile.source
    assert not re.search(r'="[^"]*(?:inf|nan)%', hostile.source)


def test_data_sets_keep_their_colour_everywhere(shown):
    colours = re.findall(r'<svg class="mark (c\d)"[^>]*>.*?</svg><bdi>(train|test)</bdi>', shown.source)
    assert set(colours) == {("c0", "train"), ("c1", "test")}
    assert re.findall(r'<path class="(c\d)" d="M0 1000', shown.source)[:2] == ["c0", "c1"]


def test_distances_are_ranked_with_interval_and_chance(shown):
    table = shown.source[shown.source.index('id="distances"') :]
    assert re.findall(r'<th scope="row"><a[^>]*><bdi>(\w+)</bdi>', table)[:3] == ["income", "job", "age"]
    assert 'aria-label="income: 0.310 [0.200, 0.400], by chance about 0.0500, p &lt; 0.001"' not in table
    assert 'aria-label="income: 0.310 [0.200, 0.400], by chance about 0.0500, p = 0.001"' in table
    assert "Jensen-Shannon 0.310 [0.200, 0.400], p = 0.001" in shown.words.replace("\xa0", " ")


def test_proxies_are_ranked_against_one_half(shown):
    part = shown.source[shown.source.index('id="proxies"') : shown.source.index('id="candidates"')]
    assert re.findall(r'<th scope="row"><a[^>]*><bdi>(\w+)</bdi>', part) == ["income", "job"]
    assert part.count('class="drawn sure"') == 1
    assert '<line class="parity" x1="50.0%"' in part


def test_questions_and_their_answers_are_kept(shown):
    assert "1 of 2 questions answered." in shown.words
    assert "People without a phone. Ada, 2026-11-25" in shown.words
    assert "No answer yet." in shown.words


def test_groups_are_drawn_side_by_side(shown, two_sets):
    frames, _ = two_sets
    rows = sum((frame["sex"] == "F").sum() for frame in frames.values())
    gone = sum(frame.loc[frame["sex"] == "F", "income"].isna().sum() for frame in frames.values())
    assert f"F {rows} rows, {100 * gone / rows:.3g}% missing" in shown.words
    assert shown.source.count("<summary>By sex, hired</summary>") == 5


def test_one_data_set_has_no_legend_and_no_differences(read_html):
    page = read_html(data_page(collect_data(rai.profile({"age": [20, 30, None]}))))
    assert "The data" in page.words
    assert "distances" not in page.ids
    assert '<p class="legend"' not in page.source


def test_many_features_are_counted_not_drawn(read_html):
    wide = rai.profile({f"feature {k}": [k, k + 1, k + 2] for k in range(520)})
    page = read_html(data_page(collect_data(wide)))
    assert len([i for i in page.ids if re.fullmatch(r"f\d+", i)]) == 500
    assert "20 more features are in the JSON report." in page.words
    assert len(page.source) < 1_500_000


def test_the_same_profile_gives_the_same_bytes(data_facts):
    assert data_page(data_facts) == data_page(data_facts)
