"""Answers at once: a scenario scored on a walk already made, with both spreads.

What ``simulate`` gives in seconds a page needs in a tenth of one. Expected counts come from
``policy_score`` under the central beliefs and under draws of the assumptions; luck is drawn from
the counts' own distributions (docs/model/studies.md, S7). ``InstantStreet`` holds one walk and
answers many scenarios on it, always on the same people.

State:  ``InstantStreet`` keeps what it has worked out for the walk.
Shapes: draws of the assumptions are rows ``(j,)``.
"""

from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import __version__
from sim import columns as col
from sim.analysis.intervals import binomial_disparity
from sim.analysis.outcomes import Spread, poisson_counts, quantile_interval, ratios
from sim.answer.assumption_draws import drawn_values
from sim.answer.comparison import changes, difference_row, sentence
from sim.answer.counts import (
    DENOMINATORS,
    Count,
    assumption_luck,
    day_factors_of,
    spreads_of,
)
from sim.answer.policy_score import PolicyScore, policy_score
from sim.answer.report import count_json, ratio_json, tidy
from sim.answer.walked_street import WalkedStreet
from sim.errors import SimError
from sim.groups import AGE_BANDS, ETHNICITIES, GROUPS, SEXES
from sim.kernels.draws import ASSUMPTION, uniforms
from sim.model.passages import Passages
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.identity import scenario_hash, walk_hash
from sim.scenario.schema import Assumptions, Scenario
from sim.words.comparison import COMPARED

Floats = NDArray[np.float64]

ASSUMPTION_DRAWS = 200
_SAMPLED_LUCK = (10, 11)  # the k, within ASSUMPTION, of one deployment's true and false alerts
_HEADINGS = {col.SEX: (SEXES, 0), col.ETHNICITY: (ETHNICITIES, 1), col.AGE_BAND: (AGE_BANDS, 2)}


@dataclass(frozen=True)
class Instant:
    """A scenario's expected counts: under the central beliefs, and under each draw of them.

    drawn  : one score a draw of the assumptions
    values : entry -> (j,) what was drawn
    """

    scenario: Scenario
    believed: Beliefs
    score: PolicyScore
    drawn: tuple[PolicyScore, ...]
    values: dict[str, Floats]

    @cached_property
    def counted(self) -> dict[str, Count]:
        """Every count with its luck and its beliefs, named as in ``counts``, equation S7."""
        own = _events(self.score)
        drawn = [_events(score) for score in self.drawn]
        found: dict[str, Count] = {}
        for name, estimate in own.items():
            is_false = name in _OF_FALSE or name.startswith("false_")
            means = np.array([events[name] for events in drawn])
            held = np.full(len(drawn), estimate)
            sampled = poisson_counts(held, self._coins(is_false=is_false))
            found[name] = Count(estimate, sampled, means, means if is_false else 0.0 * means)
        return found | self._burdens(found)

    def _burdens(self, found: dict[str, Count]) -> dict[str, Count]:
        """Return minutes and hours: their luck is that of the stops, each as long as the mean."""
        score, drawn = self.score, self.drawn
        minutes = np.array([one.outcomes[col.MISTAKEN_MINUTES] for one in drawn])
        hours = np.array([one.outcomes[col.OFFICER_HOURS_ON_ALERTS] for one in drawn])
        stops, length = found["mistaken"].sampled, score.mean_stop_min(is_true=False)
        pursued = score.outcomes[col.OFFICER_HOURS_ON_ALERTS] * 60 - (
            found["mistaken"].estimate * length
            + found["correct"].estimate * score.mean_stop_min(is_true=True)
            + found["arrests"].estimate * score.response.arrest_away_min
        )
        sampled = (
            pursued
            + stops * length
            + found["correct"].sampled * score.mean_stop_min(is_true=True)
            + found["arrests"].sampled * score.response.arrest_away_min
        ) / 60
        own = score.outcomes
        return {
            "minutes_of_mistaken_stops": Count(
                own[col.MISTAKEN_MINUTES], stops * length, minutes, minutes
            ),
            "officer_hours_on_alerts": Count(
                own[col.OFFICER_HOURS_ON_ALERTS], sampled, hours, 0.0 * hours
            ),
        }

    @cached_property
    def spreads(self) -> dict[str, Spread]:
        """Every count with its spreads, and mistaken stops by the four denominators."""
        draws = len(self.drawn)
        return spreads_of(
            self.counted,
            faces=float(self.score.faces.sum()),
            level=self.scenario.run.interval_level,
            luck=assumption_luck(self._seed, draws),
            day=day_factors_of(self._seed, self.believed, self.values, draws),
        )

    @property
    def _seed(self) -> int:
        return self.scenario.run.seed

    def _coins(self, *, is_false: bool) -> Floats:
        rows = np.arange(len(self.drawn))
        return uniforms(self._seed, ASSUMPTION, rows, _SAMPLED_LUCK[int(is_false)])


class InstantStreet:
    """One walk that answers many scenarios at once, each on the same people."""

    def __init__(self, scenario: Scenario, passages: Passages) -> None:
        self.walk = walk_hash(scenario)
        self.street = WalkedStreet(scenario, passages)
        self._drawn: dict[str, tuple[dict[str, Floats], list[Beliefs]]] = {}
        self._lock = Lock()  # many visitors may ask one street

    def answer(self, scenario: Scenario, *, draws: int = ASSUMPTION_DRAWS) -> Instant:
        """Return the answer for a scenario of this walk; others are refused."""
        if walk_hash(scenario) != self.walk:
            raise SimError(f"{scenario.name}: this street has to be walked anew for that")
        believed = beliefs(scenario)
        with self._lock:
            values, drawn = self._beliefs(scenario.assumptions, believed, scenario.run.seed, draws)
            return Instant(
                scenario=scenario,
                believed=believed,
                score=policy_score(self.street, scenario, believed),
                drawn=tuple(policy_score(self.street, scenario, one) for one in drawn),
                values=values,
            )

    def _beliefs(
        self, assumptions: Assumptions, believed: Beliefs, seed: int, draws: int
    ) -> tuple[dict[str, Floats], list[Beliefs]]:
        """Return what is drawn and believed, kept for the assumptions asked about last."""
        key = f"{assumptions.model_dump_json()}/{draws}"
        if key not in self._drawn:
            values = drawn_values(believed, seed, draws)
            drawn = [
                believed.replaced({name: float(column[j]) for name, column in values.items()})
                for j in range(draws)
            ]
            if len(self._drawn) >= 4:
                self._drawn.pop(next(iter(self._drawn)))
            self._drawn[key] = values, drawn
        return self._drawn[key]


_OF_FALSE = ("false_alerts", "mistaken")


def _events(score: PolicyScore) -> dict[str, float]:
    """Return expected counts of one score, named as in ``counts``; fates by kind of alert."""
    found, given = score.outcomes, score.response
    correct = found[col.CORRECT_STOPS]
    events = {
        "false_alerts": found[col.FALSE_ALERTS],
        "true_alerts": found[col.TRUE_ALERTS],
        "mistaken": found[col.MISTAKEN_STOPS],
        "correct": correct,
        "no_action": correct * (1 - given.arrest_share - given.out_of_date_share),
        "out_of_date": found[col.OUT_OF_DATE_STOPS],
        "arrests": found[col.ARRESTS],
    }
    for kind, alerts, pursue, stops in (
        ("false", found[col.FALSE_ALERTS], score.pursue_false, found[col.MISTAKEN_STOPS]),
        ("true", found[col.TRUE_ALERTS], given.pursue_true, correct),
    ):
        # Shares read and answered come from played shifts, those met from everybody: what is met
        # was answered, what is answered was read, and the fates add up to the alerts.
        met = stops / (alerts * pursue) if alerts * pursue > 0 else 0.0
        answered = max(score.busy.answered, met)
        read = max(score.busy.read, answered)
        events[f"{kind}_unread"] = alerts * (1 - read)
        events[f"{kind}_dismissed"] = alerts * read * (1 - pursue)
        events[f"{kind}_no_officer"] = alerts * pursue * (read - answered)
        events[f"{kind}_lost"] = alerts * pursue * (answered - met)
    return events


def as_json(instant: Instant) -> dict[str, Any]:
    """Return the answer as plain data: the keys of ``run --json`` that an instant answer has."""
    score, spread = instant.score, instant.spreads
    found = score.outcomes
    faces = int(found[col.FACES_USABLE])

    def count(name: str) -> dict[str, Any]:
        return count_json(spread[name], 0.0 if spread[name].estimate == 0 else None)

    answer: dict[str, Any] = tidy(
        {
            "scenario": instant.scenario.name,
            "title": instant.scenario.title,
            "hash": scenario_hash(instant.scenario),
            "seed": instant.scenario.run.seed,
            "version": __version__,
            "interval_level": instant.scenario.run.interval_level,
            "assumption_draws": len(instant.drawn),
            "people": int(found[col.PEOPLE]),
            "faces_usable": faces,
            "alerts": {"false": count("false_alerts"), "true": count("true_alerts")},
            "stops": {
                name: count(name)
                for name in ("mistaken", "correct", "no_action", "out_of_date", "arrests")
            },
            "missed": {
                kind: {
                    name: count(f"{kind}_{name}")
                    for name in ("unread", "dismissed", "no_officer", "lost")
                }
                for kind in ("false", "true")
            },
            "burden": {
                name: count(name)
                for name in ("minutes_of_mistaken_stops", "officer_hours_on_alerts")
            },
            "staff_hours": found[col.STAFF_HOURS],
            "false_stops_per_true_match": {
                **ratio_json(spread["per_true_match"]),
                "p_no_true_match": found[col.NO_TRUE_MATCH],
            },
            "denominators": {name: ratio_json(spread[name]) for name in DENOMINATORS},
            "by_group": {by: groups(instant, by) for by in _HEADINGS},
        }
    )
    return answer


def against(base: Instant, other: Instant) -> dict[str, Any]:
    """Return what changed between two answers and what it did, as ``compare`` says it.

    Draws of the assumptions are paired where both were asked with the same seed and number.
    """
    one, two = base.counted, other.counted
    level = base.scenario.run.interval_level
    is_paired = base.scenario.run.seed == other.scenario.run.seed
    is_paired = is_paired and len(base.drawn) == len(other.drawn)

    def row(name: str) -> dict[str, float | None]:
        moved = two[name].means - one[name].means if is_paired else None
        interval = None if moved is None else quantile_interval(moved, level)
        return difference_row(one[name].estimate, two[name].estimate, interval)

    table = {name: row(name) for name in COMPARED if name in one}
    for name, column in (("people", col.PEOPLE), ("faces_usable", col.FACES_USABLE)):
        values = [answer.score.outcomes[column] for answer in (base, other)]
        table[name] = difference_row(values[0], values[1], None)
    there, here = (
        ratios(counted["mistaken"].means, counted["true_alerts"].means) for counted in (one, two)
    )
    is_finite = is_paired and np.isfinite(there).all() and np.isfinite(here).all()
    interval = quantile_interval(here - there, level) if is_finite else None
    values = [answer.spreads["per_true_match"].estimate for answer in (base, other)]
    table["per_true_match"] = difference_row(values[0], values[1], interval)
    changed = changes(base.scenario, other.scenario)
    is_same = walk_hash(base.scenario) == walk_hash(other.scenario)
    return {
        "same_people": is_same,
        "changed": [{"field": field, "baseline": a, "here": b} for field, a, b in changed],
        "differences": table,
        "sentence": sentence(changed, table, same_people=is_same),
    }


def groups(instant: Instant, by: str) -> list[dict[str, Any]]:
    """Return one row a label of ``by``: who is scanned, matched and stopped, with intervals.

    ratio : mistaken stops a face scanned, by the rate of everybody; detectable_ratio: the
            smallest such ratio that the stops of one deployment could tell from chance
    """
    labels, place = _HEADINGS[by]
    level, score = instant.scenario.run.interval_level, instant.score
    drawn = np.array([one.mistaken_by_group for one in instant.drawn])
    true_drawn = np.array([one.true_alerts for one in instant.drawn])
    faces = score.faces
    rows = []
    for label in labels:
        members = np.array([group[place] == label for group in GROUPS])
        own = float(score.mistaken_by_group[members].sum())
        share = float(faces[members].sum() / faces.sum()) if faces.sum() else 0.0
        total = score.mistaken_by_group.sum()
        stops, matches = drawn[:, members].sum(axis=1), true_drawn[:, members].sum(axis=1)
        row: dict[str, Any] = {
            by: label,
            col.FACES_USABLE: int(faces[members].sum()),
            col.TRUE_ALERTS: _interval(float(score.true_alerts[members].sum()), matches, level),
            col.MISTAKEN_STOPS: _interval(own, stops, level),
            col.RATIO: None,
            col.DETECTABLE: binomial_disparity(float(total), share),
        }
        if share > 0 and total > 0:
            shares = stops / np.maximum(drawn.sum(axis=1), 1e-300) / share
            row[col.RATIO] = _interval(own / total / share, shares, level)
        rows.append(row)
    return rows


def _interval(estimate: float, drawn: Floats, level: float) -> dict[str, float]:
    low, high = quantile_interval(drawn, level)
    return {col.ESTIMATE: estimate, col.LOW: low, col.HIGH: high}
