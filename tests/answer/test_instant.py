"""Instant answers against the full run of the same scenario on the same walk."""

import numpy as np
import pytest

from sim.answer.counts import spreads
from sim.answer.instant import InstantStreet, as_json
from sim.answer.report import as_json as answer_of
from sim.answer.single import simulate
from sim.errors import SimError


@pytest.fixture(scope="module")
def told(busy_street):
    return simulate(busy_street("street.footfall.people=1500.0", "run.assumption_draws=400"))


@pytest.fixture(scope="module")
def instant(told):
    return InstantStreet(told.scenario, told.passages).answer(told.scenario, draws=400)


@pytest.mark.parametrize("name", ["false_alerts", "true_alerts", "mistaken", "correct", "arrests"])
def test_an_instant_answer_is_that_of_the_run(told, instant, name):
    full, quick = spreads(told)[name], instant.spreads[name]
    # The run's shares rest on 400 tagged alerts or more: 10 % is four standard errors of a half.
    assert quick.estimate == pytest.approx(full.estimate, rel=0.1)
    # Ends over 400 draws are the tenth smallest and largest; a fifth is three standard errors.
    assert quick.unknown == pytest.approx(full.unknown, rel=0.2)
    assert quick.both[1] == pytest.approx(full.both[1], rel=0.2, abs=2)


def test_the_ratio_has_the_runs_interval(told, instant):
    full, quick = spreads(told)["per_true_match"], instant.spreads["per_true_match"]
    assert quick.estimate == pytest.approx(full.estimate, rel=0.1)
    assert quick.unknown == pytest.approx(full.unknown, rel=0.25)


def test_fates_add_up_to_the_alerts(instant):
    counted = instant.counted
    for kind, stops in (("false", "mistaken"), ("true", "correct")):
        fates = [f"{kind}_{name}" for name in ("unread", "dismissed", "no_officer", "lost")]
        total = sum(counted[name].estimate for name in [*fates, stops])
        assert total == pytest.approx(counted[f"{kind}_alerts"].estimate, rel=1e-12)
        assert all(counted[name].estimate >= 0 for name in fates)


def test_an_instant_answer_shares_the_keys_of_a_run(told, instant):
    quick, full = as_json(instant), answer_of(told)
    for key in ("people", "faces_usable", "seed", "hash", "staff_hours"):
        assert quick[key] == full[key]
    assert set(quick["denominators"]) == set(full["denominators"])
    assert set(quick["stops"]) == set(full["stops"])


def test_groups_add_up(instant):
    answer = as_json(instant)
    for rows in answer["by_group"].values():
        stops = sum(row["mistaken_stops"]["estimate"] for row in rows)
        assert stops == pytest.approx(answer["stops"]["mistaken"]["mean"])
        assert sum(row["faces_usable"] for row in rows) == answer["faces_usable"]


def test_the_same_street_answers_other_policies_on_the_same_draws(told, quiet_street, busy_street):
    street = InstantStreet(told.scenario, told.passages)
    settings = ("street.footfall.people=1500.0", "run.assumption_draws=400")
    strict = busy_street(*settings, "policy.threshold=0.58")
    first, second = street.answer(told.scenario, draws=50), street.answer(strict, draws=50)
    assert first.values.keys() == second.values.keys()
    for name, values in first.values.items():
        np.testing.assert_array_equal(values, second.values[name])
    assert all(
        two.false_alerts.sum() < one.false_alerts.sum()
        for one, two in zip(first.drawn, second.drawn, strict=True)
    )


def test_another_street_is_refused(told, busy_street):
    street = InstantStreet(told.scenario, told.passages)
    with pytest.raises(SimError, match="walked anew"):
        street.answer(busy_street("street.footfall.people=1400.0"))
