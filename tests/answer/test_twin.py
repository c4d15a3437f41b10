"""The engine against its independent twin: shifts drawn and played one by one (``Response``)."""

import numpy as np
import pytest

from sim import columns as col
from sim.answer.expected import FATES
from sim.answer.policy_draws import policy_draws
from sim.answer.policy_score import PLAYED_ALERTS, played_stops
from sim.answer.walked_street import WalkedStreet
from sim.model.matching import matching_parameters, score
from sim.model.presence import Catch
from sim.model.shift_draws import shift_draws
from sim.scenario.beliefs import beliefs
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_scenarios
from sim.storage.walk_cache import walked

SHIPPED = {path.stem: path for path in shipped_scenarios()}
ENDS = {
    "mistaken": ("mistaken stop",),
    "correct": ("arrest", "no further action", "out of date"),
    "arrests": ("arrest",),
    "out_of_date": ("out of date",),
    "no_action": ("no further action",),
}
SE = 4.0


def shares(table, is_true):
    """Return the share of each outcome among alerts of a kind, and how many alerts there are."""
    kind = table[table[col.IS_TRUE] == is_true]
    return kind[col.OUTCOME].value_counts(normalize=True), len(kind)


def check(scenario, passages):
    """Hold every outcome of the engine against the played shifts, at four standard errors.

    Compared are shares of the alerts of a kind: alerts themselves are sums of chances in both.
    The standard error is that of both: ours rests on ``PLAYED_ALERTS`` played alerts and slices of
    a review's distribution, theirs on the alerts of the drawn shifts.
    """
    shifts = shift_draws(scenario, passages)
    street, believed = WalkedStreet(scenario, passages), beliefs(scenario)
    drawn = policy_draws(street, scenario, [believed])
    compared = 0
    for kind, is_true in (("false", False), ("true", True)):
        alerts = float(drawn.event(f"{kind}_alerts")[0])
        found, count = shares(shifts.alerts, is_true)
        if not count or not alerts:
            continue
        events = {f"{kind}_{fate}": (fate.replace("_", " "),) for fate in FATES}
        events |= {name: ends for name, ends in ENDS.items() if is_true != (name == "mistaken")}
        for name, outcomes in events.items():
            ours = float(drawn.event(name)[0]) / alerts
            theirs = float(sum(found.get(outcome, 0.0) for outcome in outcomes))
            share = min(max((ours + theirs) / 2, 0.5 / count), 1 - 0.5 / count)
            error = np.sqrt(share * (1 - share) * (1 / count + 1 / PLAYED_ALERTS))
            assert abs(ours - theirs) <= SE * error, (kind, name, ours, theirs, count)
            compared += 1
    stopped = shifts.alerts[shifts.alerts[col.STOP_MINUTES] > 0]
    if len(stopped) > 30:
        stops, pursued = played_stops(street, scenario, believed)
        radius = believed.value("response.witness_radius_m")
        ours = np.array(
            [
                street.presence.near(
                    person, at=Catch(at_s, *street.presence.position(person, at_s)), radius_m=radius
                )
                for person, at_s in zip(stops.person.tolist(), stops.time_s.tolist(), strict=True)
            ]
        )
        theirs = stopped[col.WITNESSES].to_numpy(dtype=float)
        # Stops of one shift have some of their witnesses in common: twice the naive error.
        error = 2 * np.hypot(ours.std() / np.sqrt(len(ours)), theirs.std() / np.sqrt(len(theirs)))
        assert abs(np.average(ours, weights=pursued) - theirs.mean()) <= SE * error
        hours = float(drawn.event("officer_hours_on_alerts")[0])
        own = shifts.alerts.groupby(col.DRAW)[col.OFFICER_MINUTES].sum() / 60
        own = own.reindex(range(shifts.draws), fill_value=0.0)
        total = float(drawn.event("false_alerts")[0] + drawn.event("true_alerts")[0])
        played = hours * 1.0 / np.sqrt(min(PLAYED_ALERTS, max(total, 1.0) * 512))
        error = np.hypot(own.std() / np.sqrt(len(own)), played)
        assert abs(hours - own.mean()) <= SE * error
    return compared


@pytest.mark.slow
@pytest.mark.statistical
@pytest.mark.parametrize("name", SHIPPED)
def test_every_outcome_of_every_shipped_scenario_agrees_with_the_twin(name):  # theory
    """Some 20 comparisons a scenario at four standard errors each: false alarms 1e-3 a scenario,
    fixed by the seed."""
    scenario = load_scenario(SHIPPED[name])
    check(scenario, walked(scenario))


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("operators", "officers"),
    [(3, 6), (1, 1), (1, 4)],
    ids=["enough", "one of each", "one operator"],
)
def test_busy_staff_agree_with_the_twin(busy_street, operators, officers):  # theory
    scenario = busy_street(
        "run.draws=1500",
        "street.footfall.people=1500.0",
        f"policy.operators={operators}",
        f"policy.officers={officers}",
    )
    assert check(scenario, walked(scenario)) >= 10


def test_alerts_are_the_sum_of_everybodys_chances(busy_street):
    scenario = busy_street()
    passages = walked(scenario)
    scored = score(passages, matching_parameters(scenario, beliefs(scenario)))
    drawn = policy_draws(WalkedStreet(scenario, passages), scenario, [beliefs(scenario)])
    assert drawn.event("false_alerts")[0] == pytest.approx(scored.false_alerts.sum(), rel=1e-9)
    assert drawn.event("true_alerts")[0] == pytest.approx(scored.true_alerts.sum(), rel=1e-9)


@pytest.mark.statistical
def test_drawn_alerts_are_as_many_as_the_chances_say(busy_street):
    """Two means at 4 SE: false-alarm rate 1.3e-4."""
    scenario = busy_street("run.draws=1000")
    shifts = shift_draws(scenario, walked(scenario))
    for is_true, expected in (
        (False, shifts.scored.false_alerts),
        (True, shifts.scored.true_alerts),
    ):
        kind = shifts.alerts[shifts.alerts[col.IS_TRUE] == is_true]
        counts = np.bincount(kind[col.DRAW], minlength=shifts.draws)
        error = counts.std() / np.sqrt(shifts.draws)
        assert abs(counts.mean() - expected.sum()) < SE * error
        assert error < 0.1 * expected.sum()  # else it could not fail
