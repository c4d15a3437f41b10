"""The printed page: what it says, that it is one page, and that nobody can write its program."""

import io
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from sim.answer.counts import Count
from sim.answer.report import as_json
from sim.answer.result import simulate
from sim.answer.several import simulate_same_people
from sim.errors import OutputError, SimError
from sim.printing import brief
from sim.printing.brief import brief_content
from sim.printing.brief_numbers import luck
from sim.printing.brief_page import brief_pdf, checked_page, printable
from sim.scenario.identity import scenario_hash
from sim.scenario.link import scenario_from_share
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_path, shipped_scenarios
from sim.words.headline import headline
from sim.words.printed import LONGEST, in_lines

pytestmark = pytest.mark.whole

MINIMAL = Path(__file__).parents[1] / "scenario" / "minimal.yaml"
HOSTILE = "#evil [x] $y$ @z *b* _i_ <script> \\ `c` #import // /* = + - ~ \" '"
LOADED = r"\b(only|just|merely|as many as|as few as)\b"  # words that take a side
BARE_ZERO = r"(?<![\d.,])0(\.0+)?(?![\d.,]*\d)"
FEW = ("run.assumption_draws=20", "run.draws=60")
PAIRS = (
    ("high_street", "broad_list"),
    ("high_street", "no_deployment"),
    ("no_deployment", "high_street"),
    ("high_street", "carnival"),
    ("oxford_circus_2020", "oxford_circus_2022"),
    ("market_square", "shopping_centre"),
)


@pytest.fixture(scope="module", autouse=True)
def date():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        yield


@pytest.fixture(scope="module")
def option():
    return simulate(load_scenario(MINIMAL, settings=["policy.threshold=0.60"]))


@pytest.fixture(scope="module")
def baseline(option):
    return simulate(load_scenario(MINIMAL), passages=option.passages)


@pytest.fixture(scope="module")
def alone(option):
    return brief_content(option)


@pytest.fixture(scope="module")
def compared(option, baseline):
    return brief_content(option, baseline)


@pytest.fixture(scope="module")
def empty(option):
    """Nobody is scanned: the page of a place without cameras."""
    nothing = ["policy.cameras=[]", "policy.watchlist.size=0", "policy.officers=0"]
    return brief_content(simulate(load_scenario(MINIMAL, settings=nothing)))


@pytest.fixture(params=["alone", "compared", "empty"])
def content(request):
    return request.getfixturevalue(request.param)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join(read(pdf).pages[0].extract_text().split())


def with_everywhere(value, text: str):
    """Put a text into every string of a content but the drawing and the date."""
    if isinstance(value, dict):
        return {
            key: item if key in ("svg", "date") else with_everywhere(item, text)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [with_everywhere(item, text) for item in value]
    return text if isinstance(value, str) else value


def words_of(value) -> str:
    """All that a content says in words of ours: not titles, purposes, sources, links."""
    if isinstance(value, dict):
        others = ("svg", "title", "against", "purpose", "sources", "hash", "link", "link_shown")
        kept = (item for key, item in value.items() if key not in (*others, "version", "footer"))
        return "\n".join(map(words_of, kept))
    if isinstance(value, list):
        return "\n".join(map(words_of, value))
    return value if isinstance(value, str) else ""


def test_the_page_is_one_tagged_page_of_a4(content):
    document = read(brief_pdf(content))
    assert len(document.pages) == 1
    width, height = document.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842)  # points: 210 mm by 297 mm
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert document.metadata.title == f"Briefing: {content['title']}"


def test_the_page_has_headings_tables_and_a_drawing_with_words(alone):
    kinds, alternatives = [], []

    def walk(element) -> None:
        element = element.get_object()
        if not isinstance(element, dict):
            return
        kinds.append(element.get("/S"))
        if "/Alt" in element:
            alternatives.append(element["/Alt"])
        inner = element.get("/K", [])
        for child in inner if isinstance(inner, list) else [inner]:
            if not isinstance(child, int):
                walk(child)

    walk(read(brief_pdf(alone)).trailer["/Root"]["/StructTreeRoot"])
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") >= 6
    assert kinds.count("/Table") == 3
    assert kinds.count("/TH") >= 12
    assert alternatives == [alone["chart"]["alt"]]


def test_the_page_says_what_a_committee_needs(alone, option):
    text = text_of(brief_pdf(alone))
    assert alone["answer"] == headline(as_json(option))
    assert alone["answer"] in text
    for heading in (
        "The option",
        "Four numbers",
        "counted four ways",
        "What would change the answer",
        "What this cannot tell you",
        "Sources",
        "Open it again",
    ):
        assert heading in text
    assert scenario_hash(option.scenario) in text
    assert "2023-11-14" in text  # SOURCE_DATE_EPOCH
    assert "Passerby" in text
    assert alone["options"][0]["link"] in text.replace(" ", "")
    assert len(alone["moves"]) == 3
    assert {move["grade"] for move in alone["moves"]} >= {"guess"}


def test_the_link_on_the_page_opens_the_scenario(compared, baseline, option):
    links = [scenario_from_share(row["link"]).scenario for row in compared["options"]]
    assert links == [baseline.scenario, option.scenario]


def test_a_comparison_says_what_was_changed_and_what_it_did(compared):
    assert compared["change"].startswith("Lowering the threshold from 0.62 to 0.60")
    assert compared["change"] in text_of(brief_pdf(compared))
    assert compared["difference_head"] == "Difference, same people"
    assert [row["role"] for row in compared["options"]] == ["Baseline", "Option"]
    assert compared["against"] == "the same scenario, unchanged"


def test_all_counts_of_a_page_have_one_denominator(compared, option, baseline):
    shown = compared["deployments"]
    assert shown > 1
    assert compared["denominator"] in compared["chart"]["alt"]
    assert compared["answer"].lower().startswith(compared["denominator"])
    for place, result in enumerate((baseline, option)):
        expected = float(compared["numbers"][0]["cells"][place]["value"].replace(",", ""))
        assert expected == pytest.approx(
            result.counted["true_alerts"].estimate * shown, rel=0.05
        )  # two figures


def test_benefit_and_harm_come_first_and_both_have_what_is_not_known(alone):
    assert [row["label"] for row in alone["numbers"][:2]] == [
        "Rightly matched",
        "Stopped by mistake",
    ]
    for row in alone["numbers"]:
        assert row["cells"][0]["spread"]


def test_a_page_has_no_bare_zero_and_takes_no_side(content):
    judged = {key: item for key, item in content.items() if key not in ("moves", "date")}
    said = words_of(judged)
    assert not re.search(BARE_ZERO, said), re.search(f".*{BARE_ZERO}.*", said)
    assert not re.search(LOADED, said, re.IGNORECASE)
    assert "nan" not in said.split()
    assert "inf" not in said.split()


def test_where_nothing_can_happen_the_page_says_so(empty):
    assert empty["deployments"] == 1
    assert "no face is scanned" in empty["answer"]
    assert {row["cells"][0]["value"] for row in empty["numbers"]} == {"none", "no ratio"}
    assert empty["moves"] == []
    assert empty["sources"] == []
    assert "no ratio" in empty["moves_note"]


@pytest.mark.slow
def test_against_nothing_happening_the_page_says_what_moves_the_baseline(baseline):
    nothing = ["policy.cameras=[]", "policy.watchlist.size=0", "policy.officers=0"]
    banned = simulate(load_scenario(MINIMAL, settings=nothing))
    content = brief_content(banned, baseline)
    assert content["moves_note"] == "The option brings no right match. In the baseline:"
    assert len(content["moves"]) == 3
    assert len(content["sources"]) >= 3
    assert content["groups"]
    text = text_of(brief_pdf(content))
    assert content["moves_note"] in text
    assert not re.search(BARE_ZERO, words_of(content | {"moves": [], "date": ""}))


def test_the_same_content_gives_the_same_bytes(compared):
    assert brief_pdf(compared) == brief_pdf(json.loads(json.dumps(compared)))


def test_signs_of_the_typesetter_come_out_as_they_are_written(alone):
    short = "#e[x]$y$*b*"
    pdf = brief_pdf(with_everywhere(alone, short) | {"title": HOSTILE, "purpose": HOSTILE})
    text = text_of(pdf)
    assert text.count(HOSTILE) == 2
    assert text.count(short) > 30
    assert read(pdf).metadata.title == f"Briefing: {HOSTILE}"


@pytest.mark.slow
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
@settings(max_examples=25)
def test_no_letter_of_any_script_stops_the_page(alone, text):  # property
    assert len(read(brief_pdf(alone | {"title": text, "purpose": text})).pages) == 1


def test_a_letter_that_cannot_be_printed_becomes_a_square():
    assert printable("Café – 漢\x07") == "Café – \N{WHITE SQUARE}\N{WHITE SQUARE}"


@pytest.mark.parametrize("kind", ["alone", "compared"])
def test_the_fullest_page_is_one_page(kind, request):
    """Every text as long as it is let through: no scenario has more."""
    wide = "Wordy heading of a place "

    def long(length: int) -> str:
        return (wide * 40)[: length - 1].strip() + "."

    full = json.loads(json.dumps(request.getfixturevalue(kind)))
    full["title"] = long(120)
    if kind == "compared":
        full["against"] = long(120)
        full["change"] = long(LONGEST["change"])
    else:
        full["purpose"] = long(LONGEST["purpose"])
    full["notes"] = [long(LONGEST["warning"])] * 2
    full["sources"] = [long(LONGEST["source"])] * 6
    full["recorded"] = long(LONGEST["recorded"])
    for row in full["options"]:
        row["title"] = long(120)
        row["policy"] = row["policy"] + long(90)
        row["link_shown"] = in_lines("aM" * (brief.LONGEST_LINK[len(full["options"])] // 2))
    for row in full["moves"]:
        row["name"] = long(70)
    full["groups"] = full["groups"] + " " + long(200)
    assert len(read(brief_pdf(full)).pages) == 1


@pytest.mark.slow
def test_texts_of_any_length_are_cut_to_what_the_page_holds(option):
    long = option.scenario.model_copy(
        update={
            "title": "W" * 120,
            "purpose": "purpose " * 500,
            "street": option.scenario.street.model_copy(update={"place": "M" * 80}),
        }
    )
    content = brief_content(type(option)(**{
        name: getattr(option, name) for name in option.__dataclass_fields__
    } | {"scenario": long}))  # fmt: skip
    assert len(content["purpose"]) <= 300
    assert content["purpose"].endswith("…")
    assert len(read(brief_pdf(content)).pages) == 1


def test_a_link_too_long_for_a_page_stays_in_the_json(option):
    purpose = np.random.default_rng(1).integers(33, 0x2FFF, 900)  # packs badly
    long = option.scenario.model_copy(update={"purpose": "".join(map(chr, purpose))})
    row = brief._option(_with_scenario(option, long), "Option", brief.LONGEST_LINK[1])
    assert "too long for a page" in row["link_shown"][0]
    assert scenario_from_share(row["link"]).scenario == long


def _with_scenario(result, scenario):
    fields = {name: getattr(result, name) for name in result.__dataclass_fields__}
    return type(result)(**fields | {"scenario": scenario})


def test_luck_of_one_deployment_is_that_of_the_run(option):
    answer = as_json(option)
    count = answer["alerts"]["true"]
    assert list(luck(option, count, "true_alerts", 1)) == count["luck"]


@pytest.mark.parametrize("shape", [np.inf, 0.7], ids=["as Poisson", "more than Poisson"])
def test_luck_of_many_deployments_is_that_of_their_sum(shape):  # theory
    rng = np.random.default_rng(20)
    rates = 0.4 if np.isinf(shape) else rng.gamma(shape, 0.4 / shape, 200_000)
    sampled = rng.poisson(rates, 200_000).astype(float)
    drawn = Count(sampled, sampled, sampled)
    option = SimpleNamespace(counted={"true_alerts": drawn}, level=0.95)
    low, high = luck(option, {}, "true_alerts", 100)
    sums = sampled.reshape(2_000, 100).sum(axis=1)
    inside = np.mean((sums >= low) & (sums <= high))
    # 0.95 to 0.97 of 2,000 sums (an interval of whole numbers holds a little more); their own
    # error is 0.005, so that four of it on either side fail by chance in less than 1e-4.
    assert 0.93 < inside < 0.99


def test_luck_of_hours_is_that_of_their_sum():  # theory
    rng = np.random.default_rng(21)
    sampled = rng.poisson(0.5, 200_000) * rng.gamma(2.0, 0.7, 200_000)
    drawn = Count(sampled, sampled, sampled)
    option = SimpleNamespace(counted={"officer_hours_on_alerts": drawn}, level=0.95)
    low, high = luck(option, {}, "officer_hours_on_alerts", 100)
    sums = sampled.reshape(2_000, 100).sum(axis=1)
    assert 0.93 < np.mean((sums >= low) & (sums <= high)) < 0.97  # as above, without whole numbers


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("page.svg", "the page is a PDF; give a name that ends in .pdf"),
        ("page", "the page is a PDF"),
        ("nowhere/page.pdf", "there is no folder"),
        ("folder.pdf", "is a folder; give the name of a file"),
    ],
)
def test_a_page_that_cannot_be_written_says_why(tmp_path, name, words):
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises(OutputError, match=re.escape(words)):
        checked_page(tmp_path / name)


def test_without_the_typesetter_the_page_says_what_to_install(alone, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(SimError, match="install the Python package 'typst'"):
        brief_pdf(alone)


def few_people(name: str):
    path = shipped_path(Path(name))
    people = min(load_scenario(path).street.footfall.people, 250.0)
    return load_scenario(path, settings=[*FEW, f"street.footfall.people={people}"])


@pytest.mark.slow
@pytest.mark.parametrize("name", [path.stem for path in shipped_scenarios()])
def test_every_shipped_scenario_fits_one_page(name):
    content = brief_content(simulate(few_people(name)))
    assert len(read(brief_pdf(content)).pages) == 1
    judged = {key: item for key, item in content.items() if key not in ("moves", "date")}
    assert not re.search(BARE_ZERO, words_of(judged))


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_pairs_of_shipped_scenarios_fit_one_page(pair):
    results, failures = simulate_same_people([few_people(name) for name in pair])
    assert failures == []
    content = brief_content(results[1], results[0])
    assert len(read(brief_pdf(content)).pages) == 1
    assert len(content["numbers"][0]["cells"]) == 2
