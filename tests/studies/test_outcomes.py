"""Outcomes that a study may ask for."""

from sim import columns as col
from sim.answer.outcomes import OUTCOMES


def test_every_outcome_has_a_unit_and_a_meaning_of_its_own():  # unit
    meanings = [outcome.meaning for outcome in OUTCOMES.values()]
    assert all(outcome.unit for outcome in OUTCOMES.values())
    assert len(set(meanings)) == len(meanings)


def test_the_parts_of_a_ratio_are_outcomes_that_are_no_ratios():  # unit
    ratios = {name: one.is_ratio_of for name, one in OUTCOMES.items() if one.is_ratio_of}
    assert ratios[col.PER_TRUE_MATCH] == (col.MISTAKEN_STOPS, col.TRUE_ALERTS)
    for parts in ratios.values():
        assert all(OUTCOMES[part].is_ratio_of is None for part in parts)
