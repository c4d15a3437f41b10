"""The lessons' numbers, worked out again by other means, and what they say of them."""

from math import comb

import numpy as np
import pytest
from scipy.optimize import brentq

from sim.answer.report import answer_json
from sim.answer.result import simulate
from sim.groups import ETHNICITIES, GROUPS, members_of
from sim.lessons import (
    board,
    board_answers,
    board_policies,
    rare,
    rare_answers,
    street_numbers,
    who_answers,
)
from sim.lessons.catalogue import lessons
from sim.lessons.screens import spread
from sim.scenario.identity import canonical_json, walk_hash
from sim.scenario.texts import scenario_of
from sim.storage.walk_cache import walked
from sim.ui.explore_tabs import lists_of
from sim.ui.levers import levers_of

pytestmark = pytest.mark.whole

FACES, ALERTS, FALSE = 3_147_436, 2_077, 10  # as published


@pytest.fixture(scope="module", autouse=True)
def small(small_lessons):
    """Ask of a street with few people: the sums are the same."""


def at_least(events, trials, share):
    """Return the binomial chance of so many events or more: one less that of fewer, by hand."""
    fewer = (comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(events))
    return 1 - sum(fewer)


def exact_ends(events, trials):
    """Return the ends by their definition: each tail has a chance of 2.5 %."""
    low = brentq(lambda share: at_least(events, trials, share) - 0.025, 1e-9, 1 - 1e-9)
    high = brentq(lambda share: 1 - at_least(events + 1, trials, share) - 0.025, 1e-9, 1 - 1e-9)
    return low, high


def test_of_1000_alerts_of_the_year_about_five_were_false():  # theory
    answer = rare_answers.accurate({})
    low, high = exact_ends(FALSE, ALERTS)
    assert answer.value == pytest.approx(1000 * FALSE / ALERTS)
    assert (answer.low, answer.high) == pytest.approx((1000 * low, 1000 * high), rel=1e-6)
    assert round(100 * (1 - FALSE / FACES), 4) == 99.9997


def test_with_as_many_right_alerts_as_false_ones_half_are_wrong():
    answer = rare_answers.half_wrong({})
    assert answer.value == 50
    assert answer.low < 50 < answer.high


def test_the_real_day_is_that_of_the_record():
    answer = rare_answers.one_day({})
    low, _ = exact_ends(1, 8)  # of right alerts; by symmetry of false ones
    assert answer.value == 7
    assert answer.high == pytest.approx(8 * (1 - low), rel=1e-6)
    assert "99.92 %" in " ".join(answer.words)


def test_eight_of_ten_fits_44_to_97_of_100():  # theory
    low, high = exact_ends(8, 10)
    answer = rare_answers.what_ten_can_say({})
    assert answer.value == pytest.approx(100 * low, rel=1e-6)
    assert (round(100 * low), round(100 * high)) == (44, 97)
    assert "44 to 97 of 100" in answer.words[0]


def test_eight_of_ten_by_luck_alone_is_said_as_it_is():
    chance = at_least(8, 10, 0.135)
    (said,) = (words for words in rare_answers.expected_of_ten({}).words if "by luck" in words)
    assert f"1 in {round(1 / chance, -4):,.0f} " in said


def test_the_checks_on_paper_are_right():
    before, after = rare.lesson().before.answer, rare.lesson().after.answer
    assert round(100 * 10 / (10 + 2)) == 83
    assert before.startswith("About 83 of 100")
    assert round(100 * 50 / (50 + 15)) == 77
    assert after.startswith("About 77 of 100")
    assert rare_answers.bags({}).value == pytest.approx(100 * 10 / 14)


def scored(scenario):
    """Return an answer of the model by another way than the page's caches."""
    return simulate(scenario, passages=walked(scenario))


def by_label(answer, place, label):
    members = np.array([group[place] == label for group in GROUPS])
    stops = answer.expected.mistaken
    return 100 * stops[members].sum() / stops.sum()


@pytest.mark.parametrize(
    ("ask", "changes", "place", "label"),
    [
        (
            who_answers.crowd_alone,
            (street_numbers.matcher("flat"), street_numbers.list_as_crowd),
            0,
            "female",
        ),
        (who_answers.the_list, (street_numbers.even_errors,), 0, "female"),
        (who_answers.the_matcher, (), 1, "black"),
        (who_answers.even_matcher, (street_numbers.matcher("low-differential"),), 1, "black"),
    ],
)
def test_shares_of_lesson_two_are_those_of_the_scores(ask, changes, place, label):
    answer = ask({})
    expected = by_label(scored(street_numbers.street(*changes)), place, label)
    assert answer.value == pytest.approx(expected, rel=1e-6)
    assert answer.low - 1e-9 <= answer.value <= answer.high + 1e-9


@pytest.mark.parametrize(
    ("ask", "change", "block", "name"),
    [
        (who_answers.higher_cameras, street_numbers.camera_height(5.0), "alerts", "true"),
        (who_answers.busier_street, street_numbers.crowd(1.5), "stops", "mistaken"),
        (who_answers.surer, street_numbers.threshold(0.64), "stops", "mistaken"),
    ],
)
def test_ten_events_become_as_many_as_the_answers_of_both_streets_say(ask, change, block, name):
    there, here = (
        answer_json(scored(street_numbers.street(*changes)))[block][name]["mean"]
        for changes in ((), (change,))
    )
    assert ask({}).value == pytest.approx(10 * here / there, rel=1e-6)


def test_with_nothing_to_tell_people_apart_mistakes_fall_on_everybody_alike():
    answer = scored(street_numbers.street(street_numbers.matcher("flat")))
    for place, label in ((0, "female"), (1, "black"), (2, "older")):
        members = np.array([group[place] == label for group in GROUPS])
        scanned = 100 * answer.drawn.faces[members].sum() / answer.drawn.faces.sum()
        assert by_label(answer, place, label) == pytest.approx(
            scanned, rel=0.05
        )  # older people are looked at longer


def test_the_streets_of_the_lessons_are_those_of_explores_levers():
    base = street_numbers.street()
    levers = {lever.field: lever for lever in levers_of(base, lists_of(base))}
    for name, field, value in (
        ("cameras at 5 m", "camera_height", 5.0),
        ("half as many people again", "street.footfall.people", 1.5),
    ):
        tree = base.model_dump(mode="json")
        levers[field].apply(tree, value)
        moved = scenario_of(canonical_json(type(base).model_validate_json(_json(tree))))
        assert walk_hash(moved) == walk_hash(who_answers.streets()[name])


def _json(tree):
    import json

    return json.dumps(tree)


def test_a_policy_keeps_its_ceilings_where_its_numbers_do():
    for one in board_policies.measured():
        found = scored(one.policy.scenario())
        answer, faces = answer_json(found), found.drawn.faces
        mistaken = answer["stops"]["mistaken"]["mean"] / answer["alerts"]["true"]["mean"]
        assert one.mistaken.value == pytest.approx(100 * mistaken, rel=1e-6)
        ratios = [
            by_label(found, 1, label)
            / (100 * faces[members_of(ethnicity=label)].sum() / faces.sum())
            for label in ETHNICITIES
        ]
        assert one.ratio.value == pytest.approx(max(ratios), rel=1e-6)
        exact = (one.mistaken.value, one.ratio.value, one.scanned.value)
        assert one.over(exact) == ()
        assert len(one.over([0.99 * value for value in exact])) == 3


def test_the_chance_to_keep_all_ceilings_is_none_and_certain_at_the_ends():
    for one in board_policies.measured():
        assert one.chance((0.0, 0.0, 0.0)) == 0
        assert one.chance((1e12, 1e12, 1e12)) > 0.9  # a draw without any match keeps none


def test_stricter_ceilings_keep_no_more_policies():
    kept = [
        board_answers.how_many(
            {"mistaken": (stops,), "ratio": (5.0,), "scanned": (50_000.0,)}
        ).value
        for stops in (0.0, 1.0, 5.0, 30.0, 200.0)
    ]
    assert kept == sorted(kept)
    assert kept[0] < kept[-1]


def test_the_boards_ceiling_is_the_middle_one():
    guesses = {"mistaken": (1.0, 2.0, 100.0), "ratio": (2.0, 4.0), "scanned": (5.0,)}
    assert board_answers.ceilings_of(guesses) == (2.0, 3.0, 5.0)
    assert board_answers.ceilings_of({**guesses, "scanned": ()}) is None


def test_the_ballot_has_every_threshold_list_and_matcher_and_no_cameras():
    words = " ".join(board_policies.ballot())
    for part in ("0.60", "0.62", "0.64", "long list", "short list", "median", "even", "No cameras"):
        assert part in words


def test_role_cards_give_gain_and_loss_like_weight():
    for role in board.ROLES:
        shares = sorted((len(role.benefit), len(role.harm)))
        assert shares[0] >= 0.4 * shares[1], role.name


@pytest.mark.parametrize("name", list(lessons()))
def test_a_lesson_lasts_as_long_as_its_screens(name):
    lesson = lessons()[name]
    assert sum(screen.minutes for screen in lesson.screens) == lesson.minutes


@pytest.mark.parametrize("name", ["who", "board"])
def test_suppose_it_never_erred_is_a_step_of_the_lesson(name):
    assert any("never erred" in screen.title for screen in lessons()[name].screens)


def test_a_range_that_does_not_vary_is_said_in_words():
    assert spread(who_answers.crowd_alone({})) == "the same whatever is assumed"
