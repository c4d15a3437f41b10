"""Validation: the four published ratios against the model, inputs from the register alone."""

import pytest

from scripts.validation.published_ratios import SETTINGS, published_ratios

INSIDE = {
    "London trials 2018-19",
    "London, February 2020 to July 2022",
    "London, September 2024 to September 2025",
}


@pytest.fixture(scope="module")
def table():
    return published_ratios().set_index("setting")


@pytest.mark.slow
def test_three_of_the_four_ratios_lie_inside_the_80_per_cent_interval(table):
    assert set(table.index[table["inside"]]) == INSIDE


@pytest.mark.slow
def test_cardiff_is_missed_narrowly_and_on_the_high_side(table):
    """Said and explained in docs/model/validation.md; a fix must change both."""
    row = table.loc["Cardiff, Champions League week 2017"]
    assert row["published"] < row["low"] < 1.6 * row["published"]
    assert row["luck_low"] < row["published"]


def test_the_published_ratios_are_those_of_the_record():
    assert [round(setting.published, 4) for setting in SETTINGS] == [1.75, 0.4444, 0.0289, 0.0029]


def test_the_deployments_of_a_setting_are_as_many_as_were_published():
    assert [sum(part.deployments for part in setting.parts) for setting in SETTINGS] == [
        6,
        8,
        4,
        207,
    ]
