"""What the lessons ask of the model: one street, changed one thing at a time.

The street is the first place of Explore, so that a walk serves both. Every number here can be had
from ``passerby run`` with the same scenario.

State: none; walks and answers are kept by ``sim.answer.held_streets``.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.outcomes import quantile_interval, ratios
from sim.answer.held_streets import answered
from sim.answer.result import Result
from sim.groups import ETHNICITIES, members_of
from sim.scenario.identity import canonical_json
from sim.scenario.schema import Scenario
from sim.scenario.texts import FIRST_PLACE, places, scenario_of
from sim.words.numbers import with_range

Floats = NDArray[np.float64]
Tree = dict[str, Any]
Change = Callable[[Tree], None]
WEIGHTS = ("black", "asian", "mixed", "other", "female", "black_female", "child", "older")


@dataclass(frozen=True, slots=True)
class Found:
    """A number of the model with its range: what the assumptions leave open."""

    value: float
    low: float
    high: float


def told(number: Found) -> str:
    """Return a number with its range in brackets, where it has one."""
    return with_range(number.value, number.low, number.high)


def street(*changes: Change) -> Scenario:
    """Return the first place with changes made to it, in order."""
    tree = json.loads(places()[FIRST_PLACE][1])
    for change in changes:
        change(tree)
    return scenario_of(json.dumps(tree, sort_keys=True, ensure_ascii=False))


def found(scenario: Scenario) -> Result:
    """Return the model's answer for a scenario whose street has been walked."""
    return answered(canonical_json(scenario))


def list_as_crowd(tree: Tree) -> None:
    """Make up the list as the people who walk past."""
    tree["policy"]["watchlist"]["composition"] = deepcopy(tree["street"]["crowd"])


def even_errors(tree: Tree) -> None:
    """Let the matcher err alike for all groups, but still mix up people who look alike."""
    preset = tree["assumptions"]["demographic_preset"]
    for name in WEIGHTS:
        tree["assumptions"]["values"][f"demographics.{preset}.w_{name}"] = {
            "value": 1.0,
            "low": 1.0,
            "high": 1.0,
            "why": "the lesson looks at one cause at a time: no group is mistaken more easily",
        }


def matcher(preset: str) -> Change:
    """Return the change to another matcher's differences between groups."""

    def change(tree: Tree) -> None:
        tree["assumptions"]["demographic_preset"] = preset

    return change


def error_rates(model: str) -> Change:
    """Return the change to another account of how often the matcher errs."""

    def change(tree: Tree) -> None:
        tree["assumptions"]["error_model"] = model

    return change


def threshold(value: float) -> Change:
    """Return the change to another threshold."""

    def change(tree: Tree) -> None:
        tree["policy"]["threshold"] = value

    return change


def list_size(people: int) -> Change:
    """Return the change to a list of another length."""

    def change(tree: Tree) -> None:
        tree["policy"]["watchlist"]["size"] = people

    return change


def camera_height(height_m: float) -> Change:
    """Return the change to cameras at another height."""

    def change(tree: Tree) -> None:
        for camera in tree["policy"]["cameras"]:
            camera["height_m"] = height_m

    return change


def crowd(times: float) -> Change:
    """Return the change to so many times as many people."""

    def change(tree: Tree) -> None:
        tree["street"]["footfall"]["people"] *= times

    return change


def stops_of_100(answer: Result, by: str, label: str) -> Found:
    """Return how many of 100 people stopped by mistake belong to a group."""
    drawn = answer.drawn.mistaken
    return _share(answer, drawn[:, members_of(**{by: label})].sum(axis=1), drawn.sum(axis=1), 100)


def scanned_of_100(answer: Result, by: str, label: str) -> float:
    """Return how many of 100 people scanned belong to a group."""
    faces = answer.drawn.faces
    return float(100 * faces[members_of(**{by: label})].sum() / faces.sum())


def _share(answer: Result, top: Floats, bottom: Floats, times: float) -> Found:
    """Return a ratio of what is expected, so many times, with the range of its draws."""
    low, high = quantile_interval(times * ratios(top, bottom), answer.level)
    return Found(float(times * top.mean() / bottom.mean()), low, high)


def expected(answer: Result, count: str) -> Found:
    """Return an expected count of one deployment."""
    known = answer.counted[count]
    return Found(known.estimate, *quantile_interval(known.means, answer.level))


def of_ten(base: Result, option: Result, count: str) -> Found:
    """Return what becomes of ten events of the baseline; the draws of both are paired."""
    return _share(base, option.counted[count].means, base.counted[count].means, 10)


def not_arrested_of_100(answer: Result) -> Found:
    """Return how many of 100 people rightly matched and stopped are not arrested."""
    stops, arrests = answer.counted["correct"].means, answer.counted["arrests"].means
    return _share(answer, stops - arrests, stops, 100)


def disparity(answer: Result) -> Found:
    """Return the highest rate of mistaken stops a face of an ethnic group, everybody's being 1."""
    return max(_ethnic_ratios(answer).values(), key=lambda found: found.value)


def mistaken_of_100_matches(answer: Result) -> Found:
    """Return mistaken stops for every hundred right matches."""
    stops, matches = answer.counted["mistaken"], answer.counted["true_alerts"]
    return _share(answer, stops.means, matches.means, 100)


def scanned_a_match(answer: Result) -> Found:
    """Return people scanned for each right match."""
    matches = answer.counted["true_alerts"].means
    return _share(answer, np.full(len(matches), answer.drawn.faces.sum()), matches, 1)


def chance_within(answer: Result, *, mistaken: float, ratio: float, scanned: float) -> float:
    """Return the share of the draws of what is not known that keep three ceilings.

    mistaken : per 100 right matches;  ratio : of the worst-off ethnic group's rate to everybody's
    scanned  : people for each right match
    """
    matches = answer.counted["true_alerts"].means
    faces = answer.drawn.faces.sum()
    kept = 100 * answer.counted["mistaken"].means <= mistaken * matches
    kept &= _worst_ratio(answer) <= ratio
    kept &= faces <= scanned * matches
    return float(np.mean(kept))


def _ethnic_ratios(answer: Result) -> dict[str, Found]:
    """Return each ethnic group's rate of mistaken stops a face, everybody's being 1."""
    return {
        label: _share(answer, own, everybody, 1 / share)
        for label, own, everybody, share in _ethnic_draws(answer)
    }


def _worst_ratio(answer: Result) -> Floats:
    """Return each draw's rate of the ethnic group that bears most, everybody's being 1."""
    found = [ratios(own, everybody) / share for _, own, everybody, share in _ethnic_draws(answer)]
    return np.asarray(np.max(found, axis=0))


def _ethnic_draws(answer: Result) -> list[tuple[str, Floats, Floats, float]]:
    """Return of each ethnic group scanned its stops and everybody's, by draw, and its faces."""
    faces, drawn = answer.drawn.faces, answer.drawn.mistaken
    rows = []
    for label in ETHNICITIES:
        members = members_of(ethnicity=label)
        if faces[members].any():
            share = float(faces[members].sum() / faces.sum())
            rows.append((label, drawn[:, members].sum(axis=1), drawn.sum(axis=1), share))
    return rows
