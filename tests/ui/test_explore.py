"""What the first page says and how its levers answer, without a browser."""

import json
import re

import pytest

from sim.errors import SimError
from sim.scenario.link import scenario_from_share
from sim.scenario.link_text import packed, unpacked
from sim.ui import state
from sim.ui.explore_tabs import lists_of
from sim.ui.glossary import WORDS
from sim.ui.levers import levers_of
from sim.words.explore import icons
from tests.reading import grade

pytestmark = pytest.mark.whole


def words_of(visit):
    return " ".join(block.proto.body for block in visit.get("html"))


def lever(visit, kind, label):
    found = [one for one in getattr(visit.sidebar, kind) if one.label.startswith(label)]
    assert len(found) == 1, [one.label for one in getattr(visit.sidebar, kind)]
    return found[0]


def test_the_first_page_answers_at_once(visit):
    assert not visit.exception
    assert "people who walk past" in words_of(visit)
    assert "stopped by mistake" in words_of(visit)
    assert "rightly matched" in words_of(visit)


def test_a_lever_changes_the_option_and_not_the_baseline(visit):
    before = visit.session_state[state.BASE]
    lever(visit, "selectbox", "How sure").set_value(0.64).run()
    assert visit.session_state[state.BASE] == before
    assert json.loads(visit.session_state[state.OPTION])["policy"]["threshold"] == 0.64
    assert "Raising the threshold from 0.60 to 0.64" in words_of(visit)
    assert "on the same people" in words_of(visit)


def test_the_link_carries_the_option(visit):
    lever(visit, "number_input", "Officers").set_value(3).run()
    text = visit.query_params[state.LINK]
    shared = scenario_from_share(text if isinstance(text, str) else text[0])
    assert shared.scenario.policy.officers == 3


def test_reset_makes_the_option_the_baseline_again(visit):
    lever(visit, "number_input", "Operators").set_value(1).run()
    next(button for button in visit.sidebar.button if button.label == "Reset").click().run()
    assert visit.session_state[state.OPTION] == visit.session_state[state.BASE]
    assert "Pull a lever" in words_of(visit)


def test_keep_makes_the_option_the_baseline(visit):
    lever(visit, "number_input", "Operators").set_value(1).run()
    next(button for button in visit.sidebar.button if button.label == "Keep").click().run()
    assert json.loads(visit.session_state[state.BASE])["policy"]["operators"] == 1


def test_a_lever_of_the_street_asks_for_a_walk(visit):
    lever(visit, "selectbox", "Crowd").set_value(0.5).run()
    assert "has not been walked yet" in words_of(visit)
    assert any(button.label == "Run the street" for button in visit.button)


def test_a_damaged_link_is_said_and_the_page_starts_anew(visit):
    visit.query_params[state.LINK] = "1.nonsense"
    for name in (state.BASE, state.OPTION):
        del visit.session_state[name]
    visit.run()
    assert not visit.exception
    assert "could not be read" in visit.info[0].value


def test_nobody_on_the_list_is_no_alert_and_no_error(visit):
    lever(visit, "number_input", "People on the list").set_value(0).run()
    assert not visit.exception
    assert "nobody can set off an alert" in words_of(visit)


def test_a_link_of_an_older_model_opens_and_warns(visit):
    lever(visit, "number_input", "Officers").set_value(3).run()
    text = visit.query_params[state.LINK]
    link = unpacked(text if isinstance(text, str) else text[0])
    visit.query_params[state.LINK] = packed(link | {"by": "0.0.9"})
    for name in (state.BASE, state.OPTION):
        del visit.session_state[name]
    visit.run()
    assert not visit.exception
    assert "made with Passerby 0.0.9" in visit.info[0].value
    assert json.loads(visit.session_state[state.OPTION])["policy"]["officers"] == 3


def test_the_tabs_hold_charts_by_group_and_denominators(visit):
    for tab, said in (
        ("Who is stopped", "Could one such day show a difference?"),
        ("What changed", "Nothing differs"),
        ("All denominators", "no one of them is the right one"),
        ("From alert to stop", "Alerts on people not on the list"),
    ):
        visit.session_state["explore-tabs"] = tab
        visit.run()
        assert not visit.exception
        assert said in words_of(visit)


def test_share_holds_the_link_as_text_and_says_its_version(visit):
    lever(visit, "number_input", "Officers").set_value(3).run()
    visit.session_state["explore-share"] = True
    visit.run()
    assert not visit.exception
    link = visit.code[0].value
    assert scenario_from_share(link.split("s=")[1]).scenario.policy.officers == 3
    assert "Made with Passerby" in words_of(visit)


def test_print_says_how_long_it_takes_before_it_starts(visit):
    visit.session_state["explore-print"] = True
    visit.run()
    assert not visit.exception
    assert "seconds" in words_of(visit)
    assert any(button.label == "Make the page" for button in visit.button)


def test_a_page_that_cannot_be_made_is_said_and_nothing_is_lost(visit, monkeypatch):
    def fail(base, option):
        raise SimError("Others are printing; please try again in a minute.")

    monkeypatch.setattr("sim.ui.share_and_save.PRINTER.page", fail)
    visit.session_state["explore-print"] = True
    visit.run()
    next(one for one in visit.button if one.label == "Make the page").click().run()
    assert not visit.exception
    assert "Others are printing" in visit.error[0].value


def test_the_words_of_the_field_stand_once_with_a_link(visit):
    for _, word in WORDS["explore"]:
        assert f">{word}</a>)" in words_of(visit)


def test_levers_are_read_at_the_age_of_fourteen(small_place):
    for one in levers_of(small_place, lists_of(small_place)):
        assert grade(f"{one.words.control}. {one.words.description}") <= 9, one.field


@pytest.mark.parametrize("tab", ["From alert to stop", "Who is stopped", "All denominators"])
def test_the_page_is_read_at_the_age_of_fourteen(visit, tab):
    visit.session_state["explore-tabs"] = tab
    visit.run()
    notes = [
        block.proto.body for block in visit.get("html") if 'class="p-note"' in block.proto.body
    ]
    text = ". ".join(re.sub(r"<[^>]+>", " ", one) for one in notes if "hash" not in one)
    assert grade(text) <= 9, (grade(text), text)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("The cat sat on the mat. The dog ran to the cat.", -2.0, 2.0),
        (
            "Institutional accountability necessitates comprehensive documentation of "
            "algorithmically determined identification procedures.",
            20.0,
            50.0,
        ),
    ],
)
def test_the_reading_age_tells_easy_from_hard(text, least, most):
    assert least < grade(text) < most


def answer_of(right, mistaken):
    return {"alerts": {"true": {"mean": right}}, "stops": {"mistaken": {"mean": mistaken}}}


@pytest.mark.parametrize(
    ("right", "mistaken", "drawn"),
    [(11.0, 0.8, (50, 4)), (0.5, 1.5, (1, 3)), (1.0, 1.0, (1, 1)), (1.0, 1.6, (2, 3))],
)
def test_icons_keep_the_ratio_in_whole_people(right, mistaken, drawn):
    [row] = icons({"": answer_of(right, mistaken)})
    assert row[:2] == drawn


def test_icons_of_baseline_and_option_are_for_as_many_right_matches():
    rows = icons({"Baseline": answer_of(10.0, 1.0), "Your option": answer_of(8.0, 0.4)})
    assert [row[:2] for row in rows] == [(20, 2), (20, 1)]
    assert rows[1][2].startswith("Your option: for 20 rightly matched people, 1 stopped by mistake")


@pytest.mark.parametrize(("right", "mistaken"), [(0.0, 1.0), (1.0, 1000.0), (1000.0, 0.1)])
def test_no_icons_where_no_eye_could_count(right, mistaken):
    assert icons({"": answer_of(right, mistaken)}) == []


def test_the_headline_compares_once_a_lever_is_pulled(visit):
    assert re.search(r"on the list and [\d,]+ others set off an alert; for every", words_of(visit))
    lever(visit, "selectbox", "How sure").set_value(0.64).run()
    assert re.search(
        r"In [\d,]+ such days, [\d,]+ people \([^)]+\) are rightly matched and [\d,]+ \([^)]+\) "
        r"stopped by mistake in the baseline; in the option,",
        words_of(visit),
    )
