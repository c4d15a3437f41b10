"""What the Frontier page says and does without a browser: limits, who keeps them, an option."""

import pytest
from streamlit.testing.v1 import AppTest

from sim import columns as col
from sim.analysis.ceilings import Limit, kept_limits
from sim.scenario.identity import canonical_json
from sim.studies.judge.shipped_frontier import shipped_policies
from sim.ui import state
from sim.ui.views import frontier
from sim.words.levers import policy_words
from sim.words.policies import (
    in_ten,
    limit_words,
    limits_headline,
    means_in_days,
    obstacle_words,
)

pytestmark = pytest.mark.whole


def open_frontier():
    import streamlit as st

    from sim.ui import state
    from sim.ui.views import frontier

    state.begin()
    st.session_state.setdefault(state.PAGES, {})
    frontier.view()


@pytest.fixture
def visit():
    return AppTest.from_function(open_frontier, default_timeout=60).run()


def words_of(visit):
    return " ".join(block.proto.body for block in visit.get("html"))


def slider(visit, label):
    return next(one for one in visit.select_slider if one.label.startswith(label))


def test_the_page_opens_with_how_many_policies_keep_the_limits(visit):
    assert not visit.exception
    kept = kept_limits(
        shipped_policies().table,
        [Limit(col.PER_TRUE_MATCH, 0.2), Limit(col.TRUE_ALERTS, 0.2, is_floor=True)],
    )
    assert f"{int(kept.meets.sum())} of 480 policies keep" in words_of(visit)
    assert "9 in 10 of the cases" in words_of(visit)


def test_a_stricter_limit_lights_no_more_policies(visit):
    counts = []
    for limit in (5.0, 1.0, 0.2, 0.05, 0.01):
        slider(visit, "Mistaken stops").set_value(limit).run()
        words = words_of(visit)
        lit = words.partition(" of 480 policies keep")[0].rpartition(">")[2]
        counts.append(0 if "None meets these" in words else int(lit))
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_none_meets_these_is_said_with_the_nearest_and_what_is_in_its_way(visit):
    slider(visit, "Mistaken stops").set_value(0.01).run()
    slider(visit, "People rightly matched").set_value(5.0).run()
    words = words_of(visit)
    assert "None meets these" in words
    assert "The nearest does so in" in words
    assert "What stands in its way most" in words
    assert not visit.exception


def test_without_any_limit_every_policy_is_lit(visit):
    slider(visit, "Mistaken stops").set_value(frontier.NO_LIMIT).run()
    slider(visit, "People rightly matched").set_value(0.0).run()
    assert "480 of 480 policies keep" in words_of(visit)


def test_the_policy_looked_at_becomes_the_option(visit, monkeypatch):
    gone_to = []
    monkeypatch.setattr("streamlit.switch_page", gone_to.append)
    visit.session_state[state.PAGES] = {"explore": "explore"}
    visit.session_state[frontier.LOOKED_AT] = 100
    visit.run()
    next(one for one in visit.button if one.label == "Make it my option").click().run()
    assert not visit.exception
    wanted = shipped_policies().scenario(100)
    assert visit.session_state[state.OPTION] == canonical_json(wanted)
    assert visit.session_state[state.BASE] != visit.session_state[state.OPTION]
    assert gone_to == ["explore"]


def test_a_slider_answers_from_the_table_alone(visit, monkeypatch):
    """Nothing is walked or scored: the shipped policies are read once."""
    monkeypatch.setattr(
        "sim.storage.shipped_tables.TableFile.read", lambda file: pytest.fail("read again")
    )
    slider(visit, "Staff hours").set_value(20.0).run()
    assert not visit.exception


def test_chances_are_never_called_certain_or_impossible_by_rounding():
    assert [in_ten(share) for share in (0.0, 1 / 30, 0.9, 29 / 30, 1.0)] == [
        "no draw",
        "3 in 100",
        "9 in 10",
        "97 in 100",
        "all draws",
    ]


def test_limits_are_in_whole_people():
    assert limit_words(Limit(col.PER_TRUE_MATCH, 0.05)) == (
        "at most 5 mistaken stops for every 100 right matches"
    )
    assert limit_words(Limit(col.PER_TRUE_MATCH, 1.0)) == (
        "at most 1 mistaken stop for each right match"
    )
    assert limit_words(Limit(col.TRUE_ALERTS, 0.2, is_floor=True)) == (
        "at least 20 right matches in 100 such days"
    )
    assert limit_words(Limit(col.STAFF_HOURS, 20.0)) == "at most 20 staff hours"


def test_policies_in_a_table_have_one_unit():
    heads, rows = means_in_days({col.TRUE_ALERTS: [6.8, 4.1], col.MISTAKEN_STOPS: [0.21, 0.26]})
    assert heads == ["right matches, in 100 such days", "mistaken stops, in 100 such days"]
    assert rows == [["680", "21"], ["410", "26"]]


def test_every_policy_has_words_of_its_own():
    table = shipped_policies().table
    said = {policy_words(table.policy(place)) for place in range(len(table.policies))}
    assert len(said) == 480
    assert "policy." not in " ".join(said)


def test_what_keeps_every_limit_in_every_draw_has_nothing_in_its_way():
    kept = kept_limits(shipped_policies().table, [Limit(col.STAFF_HOURS, 1000.0)])
    assert obstacle_words(kept, 0) == ["It keeps every limit in every case that we think possible."]
    assert limits_headline(kept).startswith("480 of 480 policies keep")
