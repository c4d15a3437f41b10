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

from sim import columns as col
from sim.analysis.outcomes import quantile_interval, ratios
from sim.answer.held_streets import instant
from sim.answer.instant import Instant, groups
from sim.groups import ETHNICITIES, GROUPS
from sim.scenario.identity import canonical_json
from sim.scenario.schema import Scenario
from sim.scenario.texts import FIRST_PLACE, places, scenario_of
from sim.words.numbers import with_range

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


def found(scenario: Scenario) -> Instant:
    """Return the model's answer for a scenario whose street has been walked."""
    return instant(canonical_json(scenario))


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


def stops_of_100(answer: Instant, by: str, label: str) -> Found:
    """Return how many of 100 people stopped by mistake belong to a group."""
    faces = answer.score.outcomes[col.FACES_USABLE]
    row = next(row for row in groups(answer, by) if row[by] == label)
    share = 100 * row[col.FACES_USABLE] / faces
    ratio = row[col.RATIO]
    return Found(*(share * ratio[name] for name in (col.ESTIMATE, col.LOW, col.HIGH)))


def scanned_of_100(answer: Instant, by: str, label: str) -> float:
    """Return how many of 100 people scanned belong to a group."""
    row = next(row for row in groups(answer, by) if row[by] == label)
    return float(100 * row[col.FACES_USABLE] / answer.score.outcomes[col.FACES_USABLE])


def expected(answer: Instant, count: str) -> Found:
    """Return an expected count of one deployment."""
    known = answer.counted[count]
    low, high = quantile_interval(known.means, answer.scenario.run.interval_level)
    return Found(known.estimate, low, high)


def of_ten(base: Instant, option: Instant, count: str) -> Found:
    """Return what becomes of ten events of the baseline; the draws of both are paired."""
    there, here = base.counted[count], option.counted[count]
    moved = 10 * ratios(here.means, there.means)
    low, high = quantile_interval(moved, base.scenario.run.interval_level)
    return Found(10 * here.estimate / there.estimate, low, high)


def not_arrested_of_100(answer: Instant) -> Found:
    """Return how many of 100 people rightly matched and stopped are not arrested."""
    stops, arrests = answer.counted["correct"], answer.counted["arrests"]
    low, high = quantile_interval(
        100 * (1 - arrests.means / stops.means), answer.scenario.run.interval_level
    )
    return Found(100 * (1 - arrests.estimate / stops.estimate), low, high)


def disparity(answer: Instant) -> Found:
    """Return the highest rate of mistaken stops a face of an ethnic group, everybody's being 1."""
    rows = [row for row in groups(answer, col.ETHNICITY) if row[col.RATIO] is not None]
    worst = max(rows, key=lambda row: float(row[col.RATIO][col.ESTIMATE]))[col.RATIO]
    return Found(worst[col.ESTIMATE], worst[col.LOW], worst[col.HIGH])


def mistaken_of_100_matches(answer: Instant) -> Found:
    """Return mistaken stops for every hundred right matches."""
    stops, matches = answer.counted["mistaken"], answer.counted["true_alerts"]
    drawn = 100 * ratios(stops.means, matches.means)
    low, high = quantile_interval(drawn, answer.scenario.run.interval_level)
    return Found(100 * stops.estimate / matches.estimate, low, high)


def scanned_a_match(answer: Instant) -> Found:
    """Return people scanned for each right match."""
    faces, matches = answer.score.outcomes[col.FACES_USABLE], answer.counted["true_alerts"]
    drawn = ratios(np.full(len(matches.means), float(faces)), matches.means)
    low, high = quantile_interval(drawn, answer.scenario.run.interval_level)
    return Found(faces / matches.estimate, low, high)


def chance_within(answer: Instant, *, mistaken: float, ratio: float, scanned: float) -> float:
    """Return the share of the draws of what is not known that keep three ceilings.

    mistaken : per 100 right matches;  ratio : of the worst-off ethnic group's rate to everybody's
    scanned  : people for each right match
    """
    matches = answer.counted["true_alerts"].means
    faces = answer.score.outcomes[col.FACES_USABLE]
    kept = 100 * answer.counted["mistaken"].means <= mistaken * matches
    kept &= _worst_ratio(answer) <= ratio
    kept &= faces <= scanned * matches
    return float(np.mean(kept))


def _worst_ratio(answer: Instant) -> NDArray[np.float64]:
    """Return each draw's rate of the ethnic group that bears most, everybody's being 1."""
    faces = answer.score.faces
    drawn = np.array([score.mistaken_by_group for score in answer.drawn])
    worst = np.zeros(len(drawn))
    for label in ETHNICITIES:
        members = np.array([group[1] == label for group in GROUPS])
        share = faces[members].sum() / faces.sum()
        if share > 0:
            worst = np.maximum(worst, drawn[:, members].sum(axis=1) / drawn.sum(axis=1) / share)
    return worst
