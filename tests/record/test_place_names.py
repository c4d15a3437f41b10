"""Unit: names of places."""

import pytest

from sim.record.place_names import place_parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Croydon, Northend", "North End, Croydon"),
        ("Tooting B’way", "Tooting Broadway"),
        ("Clapham Junc", "Clapham Junction"),
        ("Powis St, Woolwich", "Woolwich, Powis Street"),
    ],
)
def test_two_spellings_of_a_place_have_the_same_parts(one, other):
    assert set(place_parts(one)) == set(place_parts(other))


def test_a_part_that_every_town_has_says_nothing():
    assert place_parts("High St, Ilford") == ("ilford",)
    assert place_parts("Broadway, Stratford") == ("stratford",)


def test_a_name_of_nothing_but_a_common_part_keeps_it():
    assert place_parts("High Street") == ("high street",)


def test_saints_stay_saints():
    assert place_parts("St Ann’s, Harrow") == ("st ann's", "harrow")


def test_an_empty_name_has_no_parts():
    assert place_parts("") == ()
    assert place_parts(" , ") == ()


def test_what_stands_in_brackets_is_left_out():
    assert place_parts("Oxford Circus (aborted: technical fault)") == ("oxford circus",)
