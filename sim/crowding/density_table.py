"""The density study as one tidy table: estimates, what luck does, what is not known.

Equations C11 and C12 of ``docs/model/density.md``. A row is one measure of one density: of a part
of the crowd under one setting of the cameras, or of a policy under one. Rows of a single seed have
the estimate alone; seed 0 stands for all seeds together and has the intervals.

State:  none.
Shapes: in functions, ``(levels, seeds, ...)`` or ``(seeds, levels, ...)`` as they say.
"""

from collections.abc import Callable, Sequence
from math import inf, nan
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import t as student

from sim import columns as col
from sim.analysis.outcomes import quantile_interval
from sim.crowding.crowd_parts import WHO
from sim.crowding.density import (
    FOOTFALLS_PER_H,
    POLICIES,
    SEEDS,
    DensityCell,
    DensityPlan,
    density_cell,
)
from sim.crowding.density_reasons import (
    ALL_ON,
    REASONS,
    WHO_CAME,
    in_stops,
    parts_since_empty,
    sixteen_ratios,
)

Floats = NDArray[np.float64]
Progress = Callable[[str], None]

ALL_SEEDS = 0
SEEN_WELL, NOT_HIDDEN = "seen_well", "not_hidden"
FOUND = "correct_stops_per_true_match"  # of right matches, how many end in a stop
PARTS = (*REASONS, WHO_CAME)
LOG_PART, SHARE_PART = "log_", "share_"  # before the name of a reason
CHANGE = "change"  # of all reasons together
_COUNTS = (col.MISTAKEN_STOPS, col.TRUE_ALERTS)
COLUMNS = (
    col.CAMERA_HEIGHT,
    col.DEPRESSION,
    col.FOOTFALL,
    col.DENSITY,
    col.SEED,
    col.SEX,
    col.AGE_BAND,
    col.ERROR_MODEL,
    col.THRESHOLD,
    col.PEOPLE,
    col.MEASURE,
    col.ESTIMATE,
    col.LUCK_LOW,
    col.LUCK_HIGH,
    col.UNKNOWN_LOW,
    col.UNKNOWN_HIGH,
)


def density_table(
    plan: DensityPlan,
    *,
    footfalls_per_h: Sequence[float] = FOOTFALLS_PER_H,
    seeds: Sequence[int] = SEEDS,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Walk every footfall with every seed and return the table; columns ``COLUMNS``.

    The first footfall is the street that the others are compared with.
    """
    cells = []
    for footfall in footfalls_per_h:
        for seed in seeds:
            cells.append(density_cell(plan, footfall, seed))
            if progress is not None:
                progress(
                    f"{footfall:,.0f} an hour, seed {seed}: {cells[-1].density_per_m2:.3f} people "
                    f"a square metre ({len(cells)} of {len(footfalls_per_h) * len(seeds)})"
                )
    return table_of_cells(plan, cells)


def table_of_cells(plan: DensityPlan, cells: Sequence[DensityCell]) -> pd.DataFrame:
    """Return the table of cells that were walked: every footfall with the same seeds."""
    footfalls = list(dict.fromkeys(cell.footfall_per_h for cell in cells))
    seeds = list(dict.fromkeys(cell.seed for cell in cells))
    by_place = {(cell.footfall_per_h, cell.seed): cell for cell in cells}
    grid = [[by_place[footfall, seed] for seed in seeds] for footfall in footfalls]
    density = np.array([[cell.density_per_m2 for cell in row] for row in grid])
    sums = np.array([[cell.sums for cell in row] for row in grid])
    stops = np.array([[cell.stops for cell in row] for row in grid])
    rows: list[dict[str, Any]] = []
    for place in range(len(plan.settings)):
        where = _where(plan, place)
        for part, (sex, band) in enumerate(WHO):
            of_part = sums[:, :, place, part]
            named = where | {col.SEX: sex, col.AGE_BAND: band}
            people = of_part[..., 0]
            found = capture_measures(of_part, plan.scenario.run.interval_level)
            rows += _rows(named, footfalls, seeds, density, people, found)
        for which, policy in enumerate(POLICIES):
            named = where | {
                col.ERROR_MODEL: policy.error_model,
                col.THRESHOLD: policy.threshold,
            }
            level = plan.scenario.run.interval_level
            found = stop_measures(stops[:, :, place, which], level)
            rows += _rows(named, footfalls, seeds, density, sums[:, :, place, 0, 0], found)
    return pd.DataFrame(rows, columns=list(COLUMNS))


class Measured(NamedTuple):
    """One measure at every density.

    of_seed  : (levels, seeds)
    estimate : (levels,) of all seeds together
    luck, unknown : (levels, 2) ends of the intervals, nan where there is none
    """

    of_seed: Floats
    estimate: Floats
    luck: Floats
    unknown: Floats


def capture_measures(sums: Floats, level: float) -> dict[str, Measured]:
    """Return shares of a part of the crowd from its sums, ``(levels, seeds, 4)``, C5 and C6."""
    found = {}
    for name, top, bottom in ((SEEN_WELL, 1, 0), (NOT_HIDDEN, 2, 3)):
        of_seed, pooled, left_out = (
            np.asarray(values[..., top] / values[..., bottom])
            for values in (sums, sums.sum(axis=1), _left_out(sums))
        )
        luck = _luck_of_share(pooled, left_out, level)
        found[name] = Measured(of_seed, pooled, luck, np.full_like(luck, nan))
    return found


def stop_measures(stops: Floats, level: float) -> dict[str, Measured]:
    """Return ratios and reasons of one policy, ``(levels, seeds, 1 + draws, 16, 3)``."""
    # What is expected is the mean over the draws; a plan without draws has the central beliefs.
    expected = stops[:, :, 1:].mean(axis=2) if stops.shape[2] > 1 else stops[:, :, 0]
    pooled, left_out = _measures(expected.sum(axis=1)), _measures(_left_out(expected))
    by_seed = _measures(np.moveaxis(expected, 1, 0))
    drawn = _drawn_measures(np.moveaxis(stops[:, :, 1:].sum(axis=1), 1, 0))
    found = {}
    for name, estimate in pooled.items():
        luck = jackknife(estimate, left_out[name], level)
        if name in {col.PER_TRUE_MATCH, FOUND, *_COUNTS}:  # positive: an interval of its logarithm
            luck = np.exp(jackknife(np.log(estimate), np.log(left_out[name]), level))
        unknown = np.array(
            [quantile_interval(drawn[name][:, k], level) for k in range(len(estimate))]
            if len(drawn[name])
            else np.full((len(estimate), 2), nan)
        )
        found[name] = Measured(by_seed[name].T, estimate, luck, unknown)
    seeds = stops.shape[1]
    for name in _COUNTS:  # of one shift, not of all seeds' shifts
        one = found[name]
        found[name] = Measured(
            one.of_seed, one.estimate / seeds, one.luck / seeds, one.unknown / seeds
        )
    return found


def jackknife(estimate: Floats, left_out: Floats, level: float) -> Floats:
    """Return the delete-one interval of each estimate, ``(levels, 2)``, equation C11.

    estimate : (levels,) from all seeds; left_out : (seeds, levels) without each in turn
    """
    seeds = len(left_out)
    if seeds < 2:
        return np.full((len(estimate), 2), nan)
    spread = (left_out - left_out.mean(axis=0)) ** 2
    error = np.sqrt((seeds - 1) / seeds * spread.sum(axis=0))
    reach = float(student.ppf((1 + level) / 2, seeds - 1)) * error
    return np.column_stack([estimate - reach, estimate + reach])


def _luck_of_share(share: Floats, left_out: Floats, level: float) -> Floats:
    """Return the interval of shares, on the scale of log odds where none of them is 0 or 1."""
    is_plain = (left_out <= 0).any(axis=0) | (left_out >= 1).any(axis=0)
    found: Floats = np.clip(jackknife(share, left_out, level), 0.0, 1.0)
    inner = ~is_plain
    odds = jackknife(logit(share[inner]), logit(left_out[:, inner]), level)
    found[inner] = np.asarray(expit(odds))
    return found


def _left_out(values: Floats) -> Floats:
    """Return sums over seeds without each in turn: (levels, seeds, ...) -> (seeds, levels, ...)."""
    seeds = values.shape[1]
    if seeds < 2:
        return np.empty((0, len(values), *values.shape[2:]))
    sums = [np.delete(values, seed, axis=1).sum(axis=1) for seed in range(seeds)]
    found: Floats = np.asarray(sums) * (seeds / (seeds - 1))  # of as many as the estimate
    return found


def _drawn_measures(stops: Floats) -> dict[str, Floats]:
    """Return every measure of each draw ``(draws, levels, 16, 3)``, each ``(draws, levels)``.

    Under some draws the matcher recognises nobody: then stops for a right match have no limit,
    and what has no meaning (reasons, the share of right matches that end in a stop) leaves such
    draws out.
    """
    has_matches = (stops[..., 1] > 0).all(axis=(1, 2))
    found = _measures(stops[has_matches])
    none = stops[~has_matches]
    at_most = np.full(none.shape[:2], inf)
    found[col.PER_TRUE_MATCH] = np.concatenate([found[col.PER_TRUE_MATCH], at_most])
    found[col.MISTAKEN_STOPS] = np.concatenate([found[col.MISTAKEN_STOPS], none[..., ALL_ON, 0]])
    found[col.TRUE_ALERTS] = np.concatenate([found[col.TRUE_ALERTS], none[..., ALL_ON, 1]])
    return found


def _measures(stops: Floats) -> dict[str, Floats]:
    """Return every measure of ``(..., levels, 16, 3)``, each ``(..., levels)``."""
    ratios = sixteen_ratios(stops)
    whole = ratios[..., ALL_ON]
    parts = parts_since_empty(ratios, ratios[..., :1, :])
    shares = in_stops(parts, whole, whole[..., :1]) / whole[..., :1, None]
    found = {
        col.PER_TRUE_MATCH: whole,
        col.MISTAKEN_STOPS: stops[..., ALL_ON, 0],
        col.TRUE_ALERTS: stops[..., ALL_ON, 1],
        FOUND: stops[..., ALL_ON, 2] / stops[..., ALL_ON, 1],
        LOG_PART + CHANGE: np.log(whole) - np.log(whole[..., :1]),
        SHARE_PART + CHANGE: whole / whole[..., :1] - 1.0,
    }
    for place, name in enumerate(PARTS):
        found[LOG_PART + name] = parts[..., place]
        found[SHARE_PART + name] = shares[..., place]
    return found


def _where(plan: DensityPlan, place: int) -> dict[str, Any]:
    """Return the height of a setting's cameras and how steeply they look down."""
    camera = plan.settings[place].cameras[0]
    return {
        col.CAMERA_HEIGHT: camera.height_m,
        col.DEPRESSION: round(camera.tilt_deg, 2),
    }


def _rows(
    named: dict[str, Any],
    footfalls: Sequence[float],
    seeds: Sequence[int],
    density: Floats,
    people: Floats,
    found: dict[str, Measured],
) -> list[dict[str, Any]]:
    rows = []
    for place, footfall in enumerate(footfalls):
        for measure, one in found.items():
            of_all = {
                col.FOOTFALL: footfall,
                col.DENSITY: density[place].mean(),
                col.SEED: ALL_SEEDS,
                col.PEOPLE: int(people[place].sum()),
                col.MEASURE: measure,
                col.ESTIMATE: one.estimate[place],
                col.LUCK_LOW: one.luck[place, 0],
                col.LUCK_HIGH: one.luck[place, 1],
                col.UNKNOWN_LOW: one.unknown[place, 0],
                col.UNKNOWN_HIGH: one.unknown[place, 1],
            }
            rows.append(named | of_all)
            if measure.startswith(SHARE_PART):
                continue  # follows from the logarithmic parts
            for which, seed in enumerate(seeds):
                of_seed = {
                    col.DENSITY: density[place, which],
                    col.SEED: seed,
                    col.PEOPLE: int(people[place, which]),
                    col.ESTIMATE: one.of_seed[place, which],
                }
                blank = dict.fromkeys(
                    (col.LUCK_LOW, col.LUCK_HIGH, col.UNKNOWN_LOW, col.UNKNOWN_HIGH), nan
                )
                rows.append(named | of_all | of_seed | blank)
    return rows
